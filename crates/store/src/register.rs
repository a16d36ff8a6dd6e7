//! Beside the record: documents, settings, and the register of particulars.

use crate::backend::{Kind, Look, Row, Rows, Table, Turn, Value};
use crate::error::StoreError;
use crate::node::{LOG_KEY, Node};
use crate::transfer::MOVED_TO;
use domain::{Commitment, PersonId};

/// A file that belongs to the operation: a scenario file, the cohort, a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// As `scenario/sites.toml` or `plan/<sha-256>`. A name keeps its content for ever.
    pub name: String,
    pub media_type: String,
    pub bytes: Vec<u8>,
}

/// One section of what is kept apart about a person, with what its commitment is made of.
#[derive(Clone, PartialEq, Eq)]
pub struct Particulars {
    pub person: PersonId,
    /// As `identity`; part of the commitment.
    pub section: String,
    pub salt: [u8; 32],
    /// The canonical plaintext, or that sealed under the person's key.
    pub bytes: Vec<u8>,
    pub sealed: bool,
    /// As a fact holds it.
    pub commitment: Commitment,
}

impl Particulars {
    /// Plain bytes with the commitment to them.
    pub fn plain(person: PersonId, section: &str, salt: [u8; 32], bytes: Vec<u8>) -> Self {
        let commitment = log::commitment(section, &salt, &bytes);
        Self { person, section: section.to_owned(), salt, bytes, sealed: false, commitment }
    }
}

impl std::fmt::Debug for Particulars {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(f, "{} {} ({} bytes ***)", self.person, self.section, self.bytes.len())
    }
}

const SELECT: &str = "select person, section, salt, bytes, sealed, commitment from particulars";

pub(crate) const SETTING: Table = Table {
    name: "setting",
    columns: &[("key", Kind::Text), ("value", Kind::Text)],
    order: "key",
    conflict: "",
};

pub(crate) const DOCUMENT: Table = Table {
    name: "document",
    columns: &[
        ("name", Kind::Text),
        ("hash", Kind::Bytes),
        ("media_type", Kind::Text),
        ("bytes", Kind::Bytes),
    ],
    order: "name",
    conflict: "",
};

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
    conflict: "on conflict (person, section, commitment) do update set salt = excluded.salt, \
               bytes = excluded.bytes, sealed = excluded.sealed",
};

fn particulars_of_row(row: &Row) -> Result<Particulars, StoreError> {
    let person: String = row.get(0)?;
    let person = PersonId::parse(&person)
        .map_err(|e| StoreError::Damaged(format!("particulars of '{person}': {e}")))?;
    Ok(Particulars {
        person,
        section: row.get(1)?,
        salt: row.hash(2)?,
        bytes: row.get(3)?,
        sealed: row.get(4)?,
        commitment: Commitment(row.hash(5)?),
    })
}

/// Everybody's particulars, oldest version first.
pub(crate) fn each_particulars(
    look: &dyn Look,
    each: &mut dyn FnMut(Particulars) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let sql = format!("{SELECT} order by rowid");
    look.query("read particulars", &sql, &[], &mut |row| each(particulars_of_row(row)?))
}

pub(crate) fn insert_particulars(
    turn: &dyn Turn,
    sections: &[Particulars],
) -> Result<(), StoreError> {
    let people: Vec<_> = sections.iter().map(|p| p.person.to_string()).collect();
    let rows: Vec<Vec<Value>> = sections
        .iter()
        .zip(&people)
        .map(|(p, person)| {
            vec![
                person.into(),
                (&p.section).into(),
                Value::Bytes(&p.salt),
                (&p.bytes).into(),
                Value::Bool(p.sealed),
                Value::Bytes(&p.commitment.0),
            ]
        })
        .collect();
    turn.insert("keep particulars", &PARTICULARS, &rows)
}

pub(crate) fn insert_document(turn: &dyn Turn, document: &Document) -> Result<(), StoreError> {
    let hash = log::hash_of(&document.bytes).0;
    let sql = "insert into document (name, hash, media_type, bytes) values ($1, $2, $3, $4) \
               on conflict do nothing";
    let Document { name, media_type, bytes } = document;
    let row = [name.into(), Value::Bytes(&hash), media_type.into(), bytes.into()];
    if turn.execute("keep a document", sql, &row)? == 1 {
        return Ok(());
    }
    let sql = "select hash from document where name = $1";
    let there = turn.one("read a document", sql, &[name.into()], |row| row.hash(0))?;
    if there == Some(hash) { Ok(()) } else { Err(StoreError::DocumentTaken(name.clone())) }
}

/// Every document with the hash kept beside it, in order of name.
pub(crate) fn each_document(
    look: &dyn Look,
    each: &mut dyn FnMut(Document, [u8; 32]) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let sql = "select name, media_type, bytes, hash from document order by name";
    look.query("read the documents", sql, &[], &mut |row| {
        let document = Document { name: row.get(0)?, media_type: row.get(1)?, bytes: row.get(2)? };
        each(document, row.hash(3)?)
    })
}

impl Node {
    /// Keeps a document. The same again changes nothing; other content under its name is refused.
    pub fn put_document(&self, document: &Document) -> Result<(), StoreError> {
        let turn = self.turn()?;
        insert_document(&*turn, document)?;
        turn.commit("keep a document")
    }

    pub fn document(&self, name: &str) -> Result<Option<Document>, StoreError> {
        let sql = "select name, media_type, bytes from document where name = $1";
        self.store.look()?.one("read a document", sql, &[name.into()], |row| {
            Ok(Document { name: row.get(0)?, media_type: row.get(1)?, bytes: row.get(2)? })
        })
    }

    /// Names of all documents, in order.
    pub fn documents(&self) -> Result<Vec<String>, StoreError> {
        let sql = "select name from document order by name";
        self.store.look()?.all("list the documents", sql, &[], |row| row.get(0))
    }

    pub fn setting(&self, key: &str) -> Result<Option<String>, StoreError> {
        setting(&*self.store.look()?, key)
    }

    /// Those that are the record's own, as `origin` and `operation`, refuse to change.
    pub fn set_setting(&self, key: &str, value: &str) -> Result<(), StoreError> {
        if matches!(key, "origin" | "operation" | LOG_KEY | MOVED_TO) {
            return Err(StoreError::Damaged(format!("setting '{key}' is the record's own")));
        }
        let turn = self.turn()?;
        put_setting(&*turn, key, value)?;
        turn.commit("write a setting")
    }

    /// Keeps particulars, all or none. A version with the same commitment is replaced, as when it
    /// is sealed anew.
    pub fn put_particulars(&self, sections: &[Particulars]) -> Result<(), StoreError> {
        let turn = self.turn()?;
        insert_particulars(&*turn, sections)?;
        turn.commit("commit particulars")
    }

    /// All versions of all sections about a person, oldest first.
    pub fn particulars(&self, person: PersonId) -> Result<Vec<Particulars>, StoreError> {
        let sql = format!("{SELECT} where person = $1 order by rowid");
        let person = person.to_string();
        let look = self.store.look()?;
        look.all("read particulars", &sql, &[(&person).into()], particulars_of_row)
    }

    /// One section of everybody, oldest version first.
    pub fn section(&self, section: &str) -> Result<Vec<Particulars>, StoreError> {
        let sql = format!("{SELECT} where section = $1 order by rowid");
        let look = self.store.look()?;
        look.all("read a section of the register", &sql, &[section.into()], particulars_of_row)
    }

    /// Lawful erasure: removes salts and bytes about a person; the chain of custody stays. Returns
    /// how many versions of sections went.
    pub fn erase_particulars(&self, person: PersonId) -> Result<usize, StoreError> {
        let turn = self.turn()?;
        let person = person.to_string();
        let sql = "delete from particulars where person = $1";
        let gone = turn.execute("erase particulars", sql, &[(&person).into()])?;
        turn.commit("erase particulars")?;
        Ok(gone as usize)
    }
}

pub(crate) fn setting(look: &dyn Look, key: &str) -> Result<Option<String>, StoreError> {
    let sql = "select value from setting where key = $1";
    look.one("read a setting", sql, &[key.into()], |row| row.get(0))
}

pub(crate) fn put_setting(turn: &dyn Turn, key: &str, value: &str) -> Result<(), StoreError> {
    let sql = "insert into setting (key, value) values ($1, $2) \
               on conflict (key) do update set value = excluded.value";
    turn.execute("write a setting", sql, &[key.into(), value.into()]).map(|_| ())
}
