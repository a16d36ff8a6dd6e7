-- Heads of this record that were signed and shown to witnesses, with the cosignatures that came back.
create table cosigned_head (
  size   bigint  primary key,
  -- The signed note (c2sp.org/tlog-checkpoint). A later cosignature of the same head replaces it.
  note   text    not null,
  -- Whether the witnesses were as many as the policy of that time asked for: only then is it shown.
  quorum boolean not null
);
