-- What a node keeps beside its record and may change: accounts, sessions, tickets. Not the record.
create table cabinet (
  drawer   text   collate "C" not null,
  key      text   collate "C" not null,
  version  bigint not null,
  value    bytea  not null,
  -- Milliseconds since 1970; null is for good.
  until_ms bigint,
  primary key (drawer, key)
);
