//! What was sent and not taken in.

use crate::backend::{Kind, Rows, Table, Turn, Value};
use crate::error::StoreError;
use crate::node::Node;
use domain::FactHash;
use jiff::Timestamp;

/// Different refused entries kept with their bytes; beyond these they are only counted.
const REFUSALS_KEPT: u64 = 10_000;

/// An entry that was refused, kept as evidence of what was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub hash: FactHash,
    /// As [`crate::SubmitError::code`].
    pub code: String,
    pub first_at: Timestamp,
    pub last_at: Timestamp,
    pub times: u64,
    /// Of what was sent, in bytes.
    pub length: u64,
    /// At most the first [`log::ENTRY_MAX`] bytes.
    pub bytes: Vec<u8>,
}

pub(crate) const REFUSAL: Table = Table {
    name: "refusal",
    columns: &[
        ("hash", Kind::Bytes),
        ("code", Kind::Text),
        ("first_at", Kind::Int),
        ("last_at", Kind::Int),
        ("times", Kind::Int),
        ("length", Kind::Int),
        ("bytes", Kind::Bytes),
    ],
    order: "hash",
    conflict: "",
};

pub(crate) const REFUSAL_COUNT: Table = Table {
    name: "refusal_count",
    columns: &[("code", Kind::Text), ("times", Kind::Int)],
    order: "code",
    conflict: "",
};

pub(crate) fn record(
    turn: &dyn Turn,
    bytes: &[u8],
    code: &'static str,
    at: Timestamp,
) -> Result<(), StoreError> {
    const DOING: &str = "keep a refused entry";
    let hash = log::hash_of(bytes).0;
    let at = Value::Int(at.as_millisecond());
    let sql = "insert into refusal_count (code, times) values ($1, 1) \
               on conflict (code) do update set times = refusal_count.times + 1";
    turn.execute(DOING, sql, &[code.into()])?;
    let sql = "update refusal set times = times + 1, last_at = $1 where hash = $2";
    if turn.execute(DOING, sql, &[at, Value::Bytes(&hash)])? > 0 {
        return Ok(());
    }
    let kept = turn.one(DOING, "select count(*) from refusal", &[], |row| row.count(0))?;
    if kept.unwrap_or_default() >= REFUSALS_KEPT {
        return Ok(());
    }
    let sql = "insert into refusal (hash, code, first_at, last_at, times, length, bytes) \
               values ($1, $2, $3, $3, 1, $4, $5)";
    let length = Value::Int(bytes.len() as i64);
    let bytes = Value::Bytes(&bytes[..bytes.len().min(log::ENTRY_MAX)]);
    turn.execute(DOING, sql, &[Value::Bytes(&hash), code.into(), at, length, bytes]).map(|_| ())
}

impl Node {
    /// Refused entries, latest first, at most `limit`.
    pub fn refusals(&self, limit: u32) -> Result<Vec<Refusal>, StoreError> {
        let sql = "select hash, code, first_at, last_at, times, length, bytes from refusal \
                   order by last_at desc, hash limit $1";
        self.store.glance().all("read the refusals", sql, &[Value::Int(limit.into())], |row| {
            Ok(Refusal {
                hash: FactHash(row.hash(0)?),
                code: row.get(1)?,
                first_at: timestamp(row.get(2)?),
                last_at: timestamp(row.get(3)?),
                times: row.count(4)?,
                length: row.count(5)?,
                bytes: row.get(6)?,
            })
        })
    }

    /// How many entries were refused, by code; a repeat counts again.
    pub fn refusal_counts(&self) -> Result<Vec<(String, u64)>, StoreError> {
        let sql = "select code, times from refusal_count order by code";
        let look = self.store.glance();
        look.all("count the refusals", sql, &[], |row| Ok((row.get(0)?, row.count(1)?)))
    }
}

/// Our own columns hold what we wrote; a value out of range shows as the epoch.
pub(crate) fn timestamp(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH)
}
