//! The register's tables.

use super::CHANGES;
use crate::backend::{Kind, Look, Row, Rows, Table, Turn, Value};
use crate::documents::{put_setting, setting};
use crate::error::StoreError;
use domain::{Commitment, PersonId, Section};
use register::Sealed;

pub(crate) const PERSON_KEY: Table = Table {
    name: "person_key",
    columns: &[("person", Kind::Text), ("register_key", Kind::Text), ("wrapped", Kind::Bytes)],
    order: "person",
    conflict: "",
};

pub(crate) const SEALED_SECTION: Table = Table {
    name: "sealed_section",
    columns: &[
        ("person", Kind::Text),
        ("section", Kind::Text),
        ("version", Kind::Int),
        ("commitment", Kind::Bytes),
        ("section_key", Kind::Bytes),
        ("bytes", Kind::Bytes),
    ],
    order: "person, section, version",
    conflict: "",
};

/// What earlier versions kept, plain.
pub(crate) const PARTICULARS: Table = Table {
    name: "particulars",
    columns: &[
        ("person", Kind::Text),
        ("section", Kind::Text),
        ("salt", Kind::Bytes),
        ("bytes", Kind::Bytes),
        ("sealed", Kind::Bool),
        ("commitment", Kind::Bytes),
    ],
    order: "rowid",
    conflict: "",
};

/// A person's key, as it is kept.
pub(super) struct KeyRow {
    pub person: PersonId,
    /// Name of the register key that wraps it.
    pub register_key: String,
    pub wrapped: Vec<u8>,
}

/// A version of a section, as it is kept.
pub(super) struct SectionRow {
    pub person: PersonId,
    pub section: Section,
    pub version: u32,
    pub commitment: Commitment,
    pub sealed: Sealed,
}

pub(super) fn person_of(text: &str) -> Result<PersonId, StoreError> {
    PersonId::parse(text).map_err(|e| StoreError::Damaged(format!("register of '{text}': {e}")))
}

pub(super) fn section_of(text: &str) -> Result<Section, StoreError> {
    let unknown = || StoreError::Damaged(format!("the register has a section '{text}'"));
    Section::from_code(text).ok_or_else(unknown)
}

fn key_row(row: &Row) -> Result<KeyRow, StoreError> {
    let person: String = row.get(0)?;
    Ok(KeyRow { person: person_of(&person)?, register_key: row.get(1)?, wrapped: row.get(2)? })
}

fn section_row(row: &Row) -> Result<SectionRow, StoreError> {
    let (person, section): (String, String) = (row.get(0)?, row.get(1)?);
    let version = row.count(2)?;
    Ok(SectionRow {
        person: person_of(&person)?,
        section: section_of(&section)?,
        version: u32::try_from(version)
            .map_err(|_| StoreError::Damaged(format!("a section has version {version}")))?,
        commitment: Commitment(row.hash(3)?),
        sealed: Sealed { key: row.get(4)?, bytes: row.get(5)? },
    })
}

pub(super) fn key(look: &dyn Look, person: PersonId) -> Result<Option<KeyRow>, StoreError> {
    let sql = "select person, register_key, wrapped from person_key where person = $1";
    look.one("read a person's key", sql, &[(&person.to_string()).into()], key_row)
}

pub(super) fn all_keys(look: &dyn Look) -> Result<Vec<KeyRow>, StoreError> {
    look.all("read the people's keys", &PERSON_KEY.select(), &[], key_row)
}

/// All versions of all sections about a person: each section's oldest first.
pub(super) fn sections_about(
    look: &dyn Look,
    person: PersonId,
) -> Result<Vec<SectionRow>, StoreError> {
    let sql = "select person, section, version, commitment, section_key, bytes from sealed_section \
               where person = $1 order by section, version";
    look.all("read sealed sections", sql, &[(&person.to_string()).into()], section_row)
}

/// The newest version of one section of everybody.
pub(super) fn newest_of(look: &dyn Look, section: Section) -> Result<Vec<SectionRow>, StoreError> {
    let sql = "select person, section, version, commitment, section_key, bytes \
               from sealed_section s where section = $1 and version = \
               (select max(version) from sealed_section n \
                where n.person = s.person and n.section = s.section) order by person";
    look.all("read a section of everybody", sql, &[section.code().into()], section_row)
}

pub(super) fn each_section(
    look: &dyn Look,
    each: &mut dyn FnMut(SectionRow) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut read = |row: &Row| each(section_row(row)?);
    look.query("read sealed sections", &SEALED_SECTION.select(), &[], &mut read)
}

pub(super) fn insert_key(turn: &dyn Turn, row: &KeyRow) -> Result<(), StoreError> {
    let person = row.person.to_string();
    let values = vec![(&person).into(), (&row.register_key).into(), (&row.wrapped).into()];
    turn.insert("keep a person's key", &PERSON_KEY, &[values])
}

pub(super) fn replace_key(turn: &dyn Turn, row: &KeyRow) -> Result<(), StoreError> {
    let sql = "update person_key set register_key = $1, wrapped = $2 where person = $3";
    let person = row.person.to_string();
    let with = [(&row.register_key).into(), (&row.wrapped).into(), (&person).into()];
    turn.execute("wrap a person's key anew", sql, &with).map(|_| ())
}

pub(super) fn insert_section(turn: &dyn Turn, row: &SectionRow) -> Result<(), StoreError> {
    let person = row.person.to_string();
    let values = vec![
        (&person).into(),
        row.section.code().into(),
        Value::Int(row.version.into()),
        Value::Bytes(&row.commitment.0),
        (&row.sealed.key).into(),
        (&row.sealed.bytes).into(),
    ];
    turn.insert("keep a sealed section", &SEALED_SECTION, &[values])
}

pub(super) fn delete_section(turn: &dyn Turn, row: &SectionRow) -> Result<(), StoreError> {
    let sql = "delete from sealed_section where person = $1 and section = $2 and version = $3";
    let person = row.person.to_string();
    let which = [(&person).into(), row.section.code().into(), Value::Int(row.version.into())];
    turn.execute("destroy a section", sql, &which).map(|_| ())
}

pub(super) fn delete_key(turn: &dyn Turn, person: PersonId) -> Result<(), StoreError> {
    let sql = "delete from person_key where person = $1";
    turn.execute("destroy a person's key", sql, &[(&person.to_string()).into()]).map(|_| ())
}

/// How often the register has changed: what was made of it is good as long as this stays.
pub(super) fn changes(look: &dyn Look) -> Result<u64, StoreError> {
    Ok(setting(look, CHANGES)?.and_then(|n| n.parse().ok()).unwrap_or(0))
}

pub(super) fn count_change(turn: &dyn Turn) -> Result<(), StoreError> {
    put_setting(turn, CHANGES, &(changes(turn)? + 1).to_string())
}
