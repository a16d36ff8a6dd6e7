-- What a node keeps beside its record and may change: accounts, sessions, tickets. Not the record.
create table cabinet (
  drawer   text    not null,
  key      text    not null,
  version  integer not null,
  value    blob    not null,
  -- Milliseconds since 1970; null is for good.
  until_ms integer,
  primary key (drawer, key)
) strict;
