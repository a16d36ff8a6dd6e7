//! The cabinet: what a node keeps beside its record and may change, as accounts and sessions. It is
//! neither part of the record nor proof of anything.

use crate::backend::{Kind, Row, Rows, Table, Value};
use crate::error::StoreError;
use crate::node::Node;
use jiff::Timestamp;

pub(crate) const CABINET: Table = Table {
    name: "cabinet",
    columns: &[
        ("drawer", Kind::Text),
        ("key", Kind::Text),
        ("version", Kind::Int),
        ("value", Kind::Bytes),
        ("until_ms", Kind::Int),
    ],
    order: "drawer, key",
    conflict: "",
};

/// What is kept under a key of a drawer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Grows with each change; hand it back to change what was read and nothing newer.
    pub version: u64,
    pub value: Vec<u8>,
}

impl Node {
    /// What is kept under a key, unless its time is past.
    pub fn kept(
        &self,
        drawer: &str,
        key: &str,
        now: Timestamp,
    ) -> Result<Option<Kept>, StoreError> {
        let sql = "select version, value from cabinet \
                   where drawer = $1 and key = $2 and (until_ms is null or until_ms > $3)";
        let which = [drawer.into(), key.into(), now.as_millisecond().into()];
        self.store.glance().one("look into the cabinet", sql, &which, of_row)
    }

    /// Keeps a value until a time, or for good. `expected` is the version it replaces, `None` when
    /// nothing may be there, past its time or not. False, and nothing kept, when something else is.
    pub fn keep(
        &self,
        drawer: &str,
        key: &str,
        expected: Option<u64>,
        value: &[u8],
        until: Option<Timestamp>,
    ) -> Result<bool, StoreError> {
        let until = until.map_or(Value::Null, |until| until.as_millisecond().into());
        let mut row = vec![drawer.into(), key.into(), value.into(), until];
        let sql = match expected {
            None => {
                "insert into cabinet (drawer, key, version, value, until_ms) \
                 values ($1, $2, 1, $3, $4) on conflict do nothing"
            }
            Some(version) => {
                row.push((version as i64).into());
                "update cabinet set version = version + 1, value = $3, until_ms = $4 \
                 where drawer = $1 and key = $2 and version = $5"
            }
        };
        let turn = self.turn()?;
        let changed = turn.execute("keep in the cabinet", sql, &row)?;
        turn.commit("keep in the cabinet")?;
        Ok(changed == 1)
    }

    /// Takes out what is under a key; of several at once, one gets it.
    pub fn take_kept(&self, drawer: &str, key: &str) -> Result<Option<Kept>, StoreError> {
        let turn = self.turn()?;
        let sql = "delete from cabinet where drawer = $1 and key = $2 returning version, value";
        let taken = turn.one("take from the cabinet", sql, &[drawer.into(), key.into()], of_row)?;
        turn.commit("take from the cabinet")?;
        Ok(taken)
    }

    /// All of a drawer by key, past their time or not.
    pub fn drawer(&self, drawer: &str) -> Result<Vec<(String, Kept)>, StoreError> {
        let sql = "select version, value, key from cabinet where drawer = $1 order by key";
        let read = |row: &Row| Ok((row.get(2)?, of_row(row)?));
        self.store.glance().all("look through the cabinet", sql, &[drawer.into()], read)
    }

    /// Whether a drawer holds anything, past its time or not.
    pub fn drawer_holds(&self, drawer: &str) -> Result<bool, StoreError> {
        let sql = "select 1 from cabinet where drawer = $1 limit 1";
        let read = |_: &Row| Ok(());
        let found =
            self.store.glance().one("look into the cabinet", sql, &[drawer.into()], read)?;
        Ok(found.is_some())
    }

    /// Throws out of a drawer what is soonest past its time, until no more than `most` are in it. Returns
    /// how many.
    pub fn thin_out(&self, drawer: &str, most: u32) -> Result<u64, StoreError> {
        let turn = self.turn()?;
        // SQLite takes no offset without a limit.
        let sql = "delete from cabinet where drawer = $1 and key in (\
                   select key from cabinet where drawer = $1 order by until_ms desc, key \
                   limit 1000000 offset $2)";
        let gone =
            turn.execute("thin out the cabinet", sql, &[drawer.into(), i64::from(most).into()])?;
        turn.commit("thin out the cabinet")?;
        Ok(gone)
    }

    /// Throws out what is past its time. Returns how many.
    pub fn clear_out(&self, now: Timestamp) -> Result<u64, StoreError> {
        let turn = self.turn()?;
        let sql = "delete from cabinet where until_ms <= $1";
        let gone = turn.execute("clear out the cabinet", sql, &[now.as_millisecond().into()])?;
        turn.commit("clear out the cabinet")?;
        Ok(gone)
    }
}

fn of_row(row: &Row) -> Result<Kept, StoreError> {
    Ok(Kept { version: row.count(0)?, value: row.get(1)? })
}
