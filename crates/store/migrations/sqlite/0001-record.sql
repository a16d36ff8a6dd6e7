-- The record itself: the only tables that cannot be computed again.

create table entry (
  -- From 0 without gaps: the leaf's index in the Merkle tree.
  position    integer primary key,
  -- SHA-256 of bytes. Without an index: a random key would halve the append rate, and every
  -- process holds hash -> position in memory.
  hash        blob    not null check (length(hash) = 32),
  -- The signed envelope, as it was received (docs/formats/envelope-v1.md).
  bytes       blob    not null,
  -- When this node, or the one it came from, first took it in: ms since 1970.
  recorded_at integer not null,
  -- Copied out of the envelope for exchange by device and sequence.
  device      blob    not null check (length(device) = 32),
  sequence    integer not null
) strict;

-- Not unique: two facts of one device at one sequence are evidence, and both are kept.
create index entry_by_device on entry (device, sequence);

create trigger entry_is_never_changed before update on entry
begin select raise(abort, 'an entry of the record is never changed'); end;
create trigger entry_is_never_deleted before delete on entry
begin select raise(abort, 'an entry of the record is never deleted'); end;

-- The tree over entries, moved on by compare-and-swap in the transaction that appends.
create table head (
  only_row integer primary key check (only_row = 0),
  size     integer not null,
  root     blob    not null check (length(root) = 32),
  -- Roots of the complete subtrees, largest first: one hash for each bit set in size.
  edge     blob    not null
) strict;

create trigger head_is_never_deleted before delete on head
begin select raise(abort, 'the head of the record is never deleted'); end;

create table setting (
  key   text primary key,
  value text not null
) strict, without rowid;

-- What was sent and kept out, so that refusing leaves a trace too.
create table refusal (
  hash     blob    primary key,
  code     text    not null,
  first_at integer not null,
  last_at  integer not null,
  times    integer not null,
  -- Of what was sent; bytes holds at most its first 65,535.
  length   integer not null,
  bytes    blob    not null
) strict, without rowid;

-- Refusals by code, counted on when the table above is full.
create table refusal_count (
  code  text primary key,
  times integer not null
) strict, without rowid;
