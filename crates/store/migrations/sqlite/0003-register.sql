-- Documents by name: scenario files, the cohort, plans. A name keeps its content for ever.
create table document (
  name       text primary key,
  hash       blob not null check (length(hash) = 32),
  media_type text not null,
  bytes      blob not null
) strict;

-- What is kept apart about people. Its loss costs the particulars, never the chain of custody.
create table particulars (
  person     text    not null,
  section    text    not null,
  -- SHA-256("amana/section/v1" || section || salt || plaintext), as a fact holds it.
  commitment blob    not null check (length(commitment) = 32),
  salt       blob    not null check (length(salt) = 32),
  -- 1: bytes are sealed, and the commitment is over what is inside.
  sealed     integer not null,
  bytes      blob    not null,
  primary key (person, section, commitment)
) strict;
