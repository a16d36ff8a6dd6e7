-- What is kept apart about people, sealed (docs/formats/register.md). The table particulars is what
-- earlier versions kept plain; `amana register seal` empties it.

-- Whoever destroys a row has destroyed all that is sealed about the person.
create table person_key (
  person       text  collate "C" primary key,
  -- Name of the register key that wraps it. The key itself is never in the database.
  register_key text  not null,
  wrapped      bytea not null
);

create table sealed_section (
  person      text   collate "C" not null,
  section     text   collate "C" not null,
  -- Of this section of this person, from 1; the newest is shown.
  version     bigint not null,
  -- As a fact holds it. The salt is in the box: with it, a commitment to a date could be guessed.
  commitment  bytea  not null check (length(commitment) = 32),
  -- The section's key, wrapped with the person's.
  section_key bytea  not null,
  bytes       bytea  not null,
  primary key (person, section, version)
);

-- Sealed bytes do not compress; do not try.
alter table sealed_section alter column bytes set storage external;
