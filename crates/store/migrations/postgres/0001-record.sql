-- The record itself: the only tables that cannot be computed again.

create table entry (
  -- From 0 without gaps: the leaf's index in the Merkle tree.
  position    bigint primary key,
  -- SHA-256 of bytes. Without an index: a random key would halve the append rate, and every
  -- process holds hash -> position in memory.
  hash        bytea  not null check (length(hash) = 32),
  -- The signed envelope, as it was received (docs/formats/envelope-v1.md).
  bytes       bytea  not null,
  -- When this node, or the one it came from, first took it in: ms since 1970.
  recorded_at bigint not null,
  -- Copied out of the envelope for exchange by device and sequence.
  device      bytea  not null check (length(device) = 32),
  sequence    bigint not null
);

-- Signatures and hashes do not compress; do not try.
alter table entry alter column bytes set storage external;

-- Not unique: two facts of one device at one sequence are evidence, and both are kept.
create index entry_by_device on entry (device, sequence);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% of the record is never changed or deleted', tg_table_name;
end $$;

create trigger entry_is_never_changed before update or delete or truncate on entry
for each statement execute function refuse_change();

-- The tree over entries, moved on by compare-and-swap in the transaction that appends.
create table head (
  only_row bigint primary key check (only_row = 0),
  size     bigint not null,
  root     bytea  not null check (length(root) = 32),
  -- Roots of the complete subtrees, largest first: one hash for each bit set in size.
  edge     bytea  not null
);

create trigger head_is_never_deleted before delete or truncate on head
for each statement execute function refuse_change();

create table setting (
  key   text primary key,
  value text not null
);

-- What was sent and kept out, so that refusing leaves a trace too.
create table refusal (
  hash     bytea  primary key,
  code     text   not null,
  first_at bigint not null,
  last_at  bigint not null,
  times    bigint not null,
  -- Of what was sent; bytes holds at most its first 65,535.
  length   bigint not null,
  bytes    bytea  not null
);

-- Refusals by code, counted on when the table above is full.
create table refusal_count (
  code  text   primary key,
  times bigint not null
);
