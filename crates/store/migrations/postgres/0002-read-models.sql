-- Computed from the entries in the transaction that appends them; can be dropped and refolded.

create table posting (
  position       bigint not null,
  -- Sorted by bytes, as the refold sorts.
  person         text   collate "C" not null,
  from_authority text,
  from_place     text,
  to_authority   text,
  to_place       text,
  registered     bigint not null,
  recovered      bigint not null,
  -- As 'died:1', reasons in order, separated by spaces; empty when custody did not end.
  exits          text   not null,
  primary key (position, person)
);

create table custody (
  person     text    primary key,
  state      text    not null,
  -- Who answers now, or answered last when custody has ended.
  authority  text,
  place      text,
  offered_to text,
  ended_why  text,
  -- The fact the next one must follow.
  tip        bytea,
  contested  boolean not null
);

create index custody_by_place on custody (place);
