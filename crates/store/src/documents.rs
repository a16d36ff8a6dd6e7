//! Beside the record: documents and settings.

use crate::backend::{Kind, Look, Rows, Table, Turn, Value};
use crate::error::StoreError;
use crate::node::{LOG_KEY, Node};
use crate::particulars::{CHANGES, DEVICES, SEALING_KEY};
use crate::transfer::MOVED_TO;
use domain::FactHash;

/// A file that belongs to the operation: a scenario file, the cohort, a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// As `scenario/sites.toml` or `plan/<sha-256>`. A name keeps its content for ever.
    pub name: String,
    pub media_type: String,
    pub bytes: Vec<u8>,
}

impl Document {
    /// Whether the content is what the name says. A file named by 64 hexadecimal digits and one ending, as
    /// `plan/<sha-256>.json`, is named by its content; any other name says nothing of it.
    pub fn is_of_its_name(&self) -> bool {
        let file = self.name.rsplit('/').next().unwrap_or_default();
        match file.split_once('.') {
            Some((stem, ending)) if !ending.contains('.') => match FactHash::parse(stem) {
                Ok(named) => log::hash_of(&self.bytes) == named,
                Err(_) => true,
            },
            _ => true,
        }
    }
}

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
        self.store.glance().one("read a document", sql, &[name.into()], |row| {
            Ok(Document { name: row.get(0)?, media_type: row.get(1)?, bytes: row.get(2)? })
        })
    }

    /// Names of all documents, in order.
    pub fn documents(&self) -> Result<Vec<String>, StoreError> {
        let sql = "select name from document order by name";
        self.store.glance().all("list the documents", sql, &[], |row| row.get(0))
    }

    pub fn setting(&self, key: &str) -> Result<Option<String>, StoreError> {
        setting(&*self.store.glance(), key)
    }

    /// Those that are the record's own, as `origin` and `operation`, refuse to change.
    pub fn set_setting(&self, key: &str, value: &str) -> Result<(), StoreError> {
        if matches!(
            key,
            "origin" | "operation" | LOG_KEY | MOVED_TO | DEVICES | SEALING_KEY | CHANGES
        ) {
            return Err(StoreError::Damaged(format!("setting '{key}' is the record's own")));
        }
        let turn = self.turn()?;
        put_setting(&*turn, key, value)?;
        turn.commit("write a setting")
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
