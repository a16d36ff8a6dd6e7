//! Beside the record: documents, settings, and the register of particulars.

use crate::database::{Doing, StoreError};
use crate::node::Node;
use domain::{Commitment, PersonId};
use rusqlite::{OptionalExtension, params, types::Type};

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

pub(crate) const PARTICULARS: &str =
    "select person, section, salt, bytes, sealed, commitment from particulars";

pub(crate) fn particulars_of_row(row: &rusqlite::Row) -> rusqlite::Result<Particulars> {
    let person: String = row.get(0)?;
    let person = PersonId::parse(&person)
        .map_err(|e| rusqlite::Error::FromSqlConversionFailure(0, Type::Text, Box::new(e)))?;
    Ok(Particulars {
        person,
        section: row.get(1)?,
        salt: row.get(2)?,
        bytes: row.get(3)?,
        sealed: row.get(4)?,
        commitment: Commitment(row.get(5)?),
    })
}

pub(crate) fn insert_document(
    conn: &rusqlite::Connection,
    document: &Document,
) -> Result<(), StoreError> {
    let hash = log::hash_of(&document.bytes).0;
    let sql = "insert into document (name, hash, media_type, bytes) values (?1, ?2, ?3, ?4) \
               on conflict do nothing";
    let row = params![document.name, hash, document.media_type, document.bytes];
    if conn.execute(sql, row).doing("keep a document")? == 1 {
        return Ok(());
    }
    let there: [u8; 32] = conn
        .query_row("select hash from document where name = ?1", [&document.name], |r| r.get(0))
        .doing("read a document")?;
    if there == hash { Ok(()) } else { Err(StoreError::DocumentTaken(document.name.clone())) }
}

impl Node {
    /// Keeps a document. The same again changes nothing; other content under its name is refused.
    pub fn put_document(&self, document: &Document) -> Result<(), StoreError> {
        self.with_writer(|conn| insert_document(conn, document))
    }

    pub fn document(&self, name: &str) -> Result<Option<Document>, StoreError> {
        let sql = "select name, media_type, bytes from document where name = ?1";
        self.with_reader(|conn| {
            conn.query_row(sql, [name], |row| {
                Ok(Document { name: row.get(0)?, media_type: row.get(1)?, bytes: row.get(2)? })
            })
            .optional()
        })
        .doing("read a document")
    }

    /// Names of all documents, in order.
    pub fn documents(&self) -> Result<Vec<String>, StoreError> {
        self.with_reader(|conn| {
            let mut statement = conn.prepare_cached("select name from document order by name")?;
            statement.query_map([], |row| row.get(0))?.collect()
        })
        .doing("list the documents")
    }

    pub fn setting(&self, key: &str) -> Result<Option<String>, StoreError> {
        self.with_reader(|conn| {
            conn.query_row("select value from setting where key = ?1", [key], |r| r.get(0))
                .optional()
        })
        .doing("read a setting")
    }

    /// `origin` and `operation` are the record's own and refuse to change.
    pub fn set_setting(&self, key: &str, value: &str) -> Result<(), StoreError> {
        if matches!(key, "origin" | "operation") {
            return Err(StoreError::Damaged(format!("setting '{key}' is fixed at creation")));
        }
        self.with_writer(|conn| {
            let sql = "insert or replace into setting (key, value) values (?1, ?2)";
            conn.execute(sql, [key, value]).doing("write a setting").map(|_| ())
        })
    }

    /// Keeps particulars, all or none. A version with the same commitment is replaced, as when it
    /// is sealed anew.
    pub fn put_particulars(&self, sections: &[Particulars]) -> Result<(), StoreError> {
        self.with_writer(|conn| {
            let tx = conn.transaction().doing("begin")?;
            for p in sections {
                tx.prepare_cached(
                    "insert or replace into particulars \
                     (person, section, salt, bytes, sealed, commitment) \
                     values (?1, ?2, ?3, ?4, ?5, ?6)",
                )
                .and_then(|mut s| {
                    let person = p.person.to_string();
                    s.execute(params![person, p.section, p.salt, p.bytes, p.sealed, p.commitment.0])
                })
                .doing("keep particulars")?;
            }
            tx.commit().doing("commit particulars")
        })
    }

    /// All versions of all sections about a person, oldest first.
    pub fn particulars(&self, person: PersonId) -> Result<Vec<Particulars>, StoreError> {
        self.with_reader(|conn| {
            let sql = format!("{PARTICULARS} where person = ?1 order by rowid");
            let mut statement = conn.prepare_cached(&sql)?;
            statement.query_map([person.to_string()], particulars_of_row)?.collect()
        })
        .doing("read particulars")
    }

    /// One section of everybody, oldest version first.
    pub fn section(&self, section: &str) -> Result<Vec<Particulars>, StoreError> {
        self.with_reader(|conn| {
            let sql = format!("{PARTICULARS} where section = ?1 order by rowid");
            let mut statement = conn.prepare_cached(&sql)?;
            statement.query_map([section], particulars_of_row)?.collect()
        })
        .doing("read a section of the register")
    }

    /// Lawful erasure: removes salts and bytes about a person; the chain of custody stays. Returns
    /// how many versions of sections went.
    pub fn erase_particulars(&self, person: PersonId) -> Result<usize, StoreError> {
        self.with_writer(|conn| {
            let sql = "delete from particulars where person = ?1";
            conn.execute(sql, [person.to_string()]).doing("erase particulars")
        })
    }
}
