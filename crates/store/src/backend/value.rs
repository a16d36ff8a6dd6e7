//! Values that go into a statement and come out of a row, for either database.

use crate::error::{Doing, StoreError};
use rusqlite::types::{ToSqlOutput, ValueRef};

/// A parameter of a statement.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Value<'a> {
    Null,
    Bool(bool),
    Int(i64),
    Text(&'a str),
    Bytes(&'a [u8]),
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Bool,
    Int,
    Text,
    Bytes,
}

/// A table to insert into.
pub(crate) struct Table {
    pub name: &'static str,
    pub columns: &'static [(&'static str, Kind)],
    /// Columns that put its rows in order.
    pub order: &'static str,
    /// What to do with a row that is there: an `on conflict` clause, or nothing.
    pub conflict: &'static str,
}

impl Table {
    /// `insert into .. (..)`, to be followed by where the rows come from.
    pub fn insert_into(&self) -> String {
        format!("insert into {} ({})", self.name, self.names())
    }

    /// All rows, in order.
    pub fn select(&self) -> String {
        format!("select {} from {} order by {}", self.names(), self.name, self.order)
    }

    /// The rows of which `condition` holds, in order.
    pub fn select_where(&self, condition: &str) -> String {
        let (columns, table, order) = (self.names(), self.name, self.order);
        format!("select {columns} from {table} where {condition} order by {order}")
    }

    fn names(&self) -> String {
        let names: Vec<_> = self.columns.iter().map(|(name, _)| *name).collect();
        names.join(", ")
    }
}

impl From<bool> for Value<'_> {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}
impl From<i64> for Value<'_> {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}
impl<'a> From<&'a str> for Value<'a> {
    fn from(value: &'a str) -> Self {
        Self::Text(value)
    }
}
impl<'a> From<&'a String> for Value<'a> {
    fn from(value: &'a String) -> Self {
        Self::Text(value)
    }
}
impl<'a> From<&'a [u8]> for Value<'a> {
    fn from(value: &'a [u8]) -> Self {
        Self::Bytes(value)
    }
}
impl<'a> From<&'a Vec<u8>> for Value<'a> {
    fn from(value: &'a Vec<u8>) -> Self {
        Self::Bytes(value)
    }
}
impl<'a> From<&'a [u8; 32]> for Value<'a> {
    fn from(value: &'a [u8; 32]) -> Self {
        Self::Bytes(value)
    }
}
impl<'a, T: ?Sized> From<Option<&'a T>> for Value<'a>
where
    &'a T: Into<Value<'a>>,
{
    fn from(value: Option<&'a T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl rusqlite::ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match *self {
            Self::Null => ValueRef::Null,
            Self::Bool(value) => ValueRef::Integer(value.into()),
            Self::Int(value) => ValueRef::Integer(value),
            Self::Text(value) => ValueRef::Text(value.as_bytes()),
            Self::Bytes(value) => ValueRef::Blob(value),
        }))
    }
}

/// A value that was read, whatever it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Owned {
    Null,
    Bool(bool),
    Int(i64),
    Text(String),
    Bytes(Vec<u8>),
}

impl Owned {
    pub fn as_value(&self) -> Value<'_> {
        match self {
            Self::Null => Value::Null,
            Self::Bool(value) => Value::Bool(*value),
            Self::Int(value) => Value::Int(*value),
            Self::Text(value) => Value::Text(value),
            Self::Bytes(value) => Value::Bytes(value),
        }
    }

    /// Bytes that no other value, and no other sequence of values, has.
    pub fn encode(&self, out: &mut Vec<u8>) {
        let mut put = |kind: u8, bytes: &[u8]| {
            out.push(kind);
            out.extend((bytes.len() as u64).to_be_bytes());
            out.extend(bytes);
        };
        match self {
            Self::Null => put(0, &[]),
            Self::Bool(value) => put(1, &[u8::from(*value)]),
            Self::Int(value) => put(2, &value.to_be_bytes()),
            Self::Text(value) => put(3, value.as_bytes()),
            Self::Bytes(value) => put(4, value),
        }
    }
}

/// A row that was read; columns from 0.
pub(crate) enum Row<'a> {
    Sqlite(&'a rusqlite::Row<'a>),
    Postgres(&'a postgres::Row),
}

/// A type that either database can give: `bool`, `i64`, `String`, `Vec<u8>`, or an option of one.
pub(crate) trait Column:
    rusqlite::types::FromSql + for<'a> postgres::types::FromSql<'a>
{
}
impl<T: rusqlite::types::FromSql + for<'a> postgres::types::FromSql<'a>> Column for T {}

impl Row<'_> {
    pub fn get<T: Column>(&self, column: usize) -> Result<T, StoreError> {
        match self {
            Self::Sqlite(row) => row.get(column).doing("read a row"),
            Self::Postgres(row) => row.try_get(column).doing("read a row"),
        }
    }

    /// Whatever a column of that kind holds.
    pub fn value(&self, column: usize, kind: Kind) -> Result<Owned, StoreError> {
        Ok(match kind {
            Kind::Bool => self.get::<Option<_>>(column)?.map_or(Owned::Null, Owned::Bool),
            Kind::Int => self.get::<Option<_>>(column)?.map_or(Owned::Null, Owned::Int),
            Kind::Text => self.get::<Option<_>>(column)?.map_or(Owned::Null, Owned::Text),
            Kind::Bytes => self.get::<Option<_>>(column)?.map_or(Owned::Null, Owned::Bytes),
        })
    }

    /// A number that is never negative, as a size or a position.
    pub fn count(&self, column: usize) -> Result<u64, StoreError> {
        let number: i64 = self.get(column)?;
        u64::try_from(number).map_err(|_| StoreError::Damaged(format!("a count is {number}")))
    }

    /// Thirty-two bytes, as a hash.
    pub fn hash(&self, column: usize) -> Result<[u8; 32], StoreError> {
        let bytes: Vec<u8> = self.get(column)?;
        let length = bytes.len();
        bytes.try_into().map_err(|_| StoreError::Damaged(format!("a hash has {length} bytes")))
    }
}
