-- Documents by name: scenario files, the cohort, plans. A name keeps its content for ever.
create table document (
  name       text  collate "C" primary key,
  hash       bytea not null check (length(hash) = 32),
  media_type text  not null,
  bytes      bytea not null
);

-- What is kept apart about people. Its loss costs the particulars, never the chain of custody.
create table particulars (
  -- Order of arrival. SQLite has a column of this name by nature.
  rowid      bigint  generated always as identity,
  person     text    not null,
  section    text    not null,
  -- SHA-256("amana/section/v1" || section || salt || plaintext), as a fact holds it.
  commitment bytea   not null check (length(commitment) = 32),
  salt       bytea   not null check (length(salt) = 32),
  -- True: bytes are sealed, and the commitment is over what is inside.
  sealed     boolean not null,
  bytes      bytea   not null,
  primary key (person, section, commitment)
);
