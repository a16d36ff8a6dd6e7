//! What the record asks of a database, and no more. Two backends answer, and every statement is
//! written once for both: what they understand alike, parameters as `$1`.

mod location;
mod migrations;
mod pool;
mod postgres;
mod sqlite;
mod value;

use crate::error::{OpenError, StoreError};
pub(crate) use location::Location;
pub use location::without_password;
pub use sqlite::version as sqlite_version;
pub(crate) use value::{Kind, Owned, Row, Table, Value};

/// A database that holds one record.
pub(crate) trait Store: Send + Sync {
    /// Begins a transaction that reads one state of the database, whatever others write meanwhile.
    fn look(&self) -> Result<Box<dyn Look + '_>, StoreError>;

    /// Reads without a transaction: each statement sees one state of the database, the next maybe a
    /// later one. A statement costs one exchange with the database, where a look costs three.
    fn glance(&self) -> Box<dyn Look + '_>;

    /// Waits until no other process appends, and begins a transaction that may. Whoever has the
    /// turn sees all that was ever committed, and nobody else appends until it ends.
    fn turn(&self) -> Result<Box<dyn Turn + '_>, StoreError>;

    /// Cleans the database's files of what was deleted, as far as it can be done from here. Gives
    /// what is left and where, for people to read.
    fn scrub(&self) -> Result<Option<String>, StoreError>;
}

/// A transaction that reads. Ends when it is dropped.
pub(crate) trait Look {
    /// Hands each row to `each`, in order, until it fails. `each` must not use the transaction.
    fn query(
        &self,
        doing: &'static str,
        sql: &str,
        with: &[Value],
        each: &mut dyn FnMut(&Row) -> Result<(), StoreError>,
    ) -> Result<(), StoreError>;

    /// The database's own check of its files, a line for each thing it found.
    fn damage(&self) -> Result<Vec<String>, StoreError>;
}

/// A transaction that writes. Dropped without a commit, it leaves nothing.
pub(crate) trait Turn: Look {
    /// Runs one statement; gives the number of rows it changed.
    fn execute(&self, doing: &'static str, sql: &str, with: &[Value]) -> Result<u64, StoreError>;

    /// Inserts many rows, in order.
    fn insert(
        &self,
        doing: &'static str,
        into: &Table,
        rows: &[Vec<Value>],
    ) -> Result<(), StoreError>;

    /// Runs a script of several statements without parameters.
    fn script(&self, doing: &'static str, sql: &str) -> Result<(), StoreError>;

    /// Returns once everything is durable. After an error nobody knows whether it is; whoever asks
    /// next reads what happened.
    fn commit(self: Box<Self>, doing: &'static str) -> Result<(), StoreError>;
}

/// Rows as values.
pub(crate) trait Rows: Look {
    /// All rows.
    fn all<T>(
        &self,
        doing: &'static str,
        sql: &str,
        with: &[Value],
        mut read: impl FnMut(&Row) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let mut rows = Vec::new();
        self.query(doing, sql, with, &mut |row| {
            rows.push(read(row)?);
            Ok(())
        })?;
        Ok(rows)
    }

    /// The first row, if there is one.
    fn one<T>(
        &self,
        doing: &'static str,
        sql: &str,
        with: &[Value],
        read: impl FnMut(&Row) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        self.all(doing, sql, with, read).map(|rows| rows.into_iter().next())
    }
}

impl<L: Look + ?Sized> Rows for L {}

/// Opens the store for reading and writing, and applies what migrations it lacks.
pub(crate) fn open(at: &Location) -> Result<Box<dyn Store>, OpenError> {
    match at {
        Location::Sqlite(path) => Ok(Box::new(sqlite::Sqlite::open(path)?)),
        Location::Postgres { server, .. } => Ok(Box::new(postgres::Postgres::open(at, server)?)),
    }
}

/// Opens the store without changing anything.
pub(crate) fn open_read_only(at: &Location) -> Result<Box<dyn Store>, OpenError> {
    match at {
        Location::Sqlite(path) => Ok(Box::new(sqlite::Sqlite::open_read_only(path)?)),
        Location::Postgres { server, .. } => {
            Ok(Box::new(postgres::Postgres::open_read_only(at, server)?))
        }
    }
}

/// Makes an empty store with its tables; refuses when something is there.
pub(crate) fn create(at: &Location) -> Result<Box<dyn Store>, OpenError> {
    match at {
        Location::Sqlite(path) => Ok(Box::new(sqlite::Sqlite::create(path)?)),
        Location::Postgres { server, .. } => Ok(Box::new(postgres::Postgres::create(at, server)?)),
    }
}

/// Takes away what [`create`] made, when nothing was committed to it.
pub(crate) fn discard(at: &Location) {
    match at {
        Location::Sqlite(path) => {
            let _ = std::fs::remove_file(path);
        }
        // Empty tables stay; the next creation fills them.
        Location::Postgres { .. } => {}
    }
}
