//! What was sent and not taken in.

use crate::database::{Doing, StoreError};
use crate::node::Node;
use domain::FactHash;
use jiff::Timestamp;
use rusqlite::{Connection, params};

/// Different refused entries kept with their bytes; beyond these they are only counted.
const REFUSALS_KEPT: i64 = 10_000;

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

pub(crate) fn record(
    conn: &Connection,
    bytes: &[u8],
    code: &'static str,
    at: Timestamp,
) -> Result<(), StoreError> {
    let hash = log::hash_of(bytes).0;
    let kept = &bytes[..bytes.len().min(log::ENTRY_MAX)];
    let run = || {
        conn.execute(
            "insert into refusal_count (code, times) values (?1, 1) \
             on conflict do update set times = times + 1",
            [code],
        )?;
        let again = conn.execute(
            "update refusal set times = times + 1, last_at = ?2 where hash = ?1",
            params![hash, at.as_millisecond()],
        )?;
        if again == 0 {
            conn.execute(
                "insert into refusal (hash, code, first_at, last_at, times, length, bytes) \
                 select ?1, ?2, ?3, ?3, 1, ?4, ?5 where (select count(*) from refusal) < ?6",
                params![hash, code, at.as_millisecond(), bytes.len() as i64, kept, REFUSALS_KEPT],
            )?;
        }
        Ok(())
    };
    run().doing("keep a refused entry")
}

impl Node {
    /// Refused entries, latest first, at most `limit`.
    pub fn refusals(&self, limit: u32) -> Result<Vec<Refusal>, StoreError> {
        let sql = "select hash, code, first_at, last_at, times, length, bytes from refusal \
                   order by last_at desc, hash limit ?1";
        self.with_reader(|conn| {
            let mut statement = conn.prepare_cached(sql)?;
            let rows = statement.query_map([limit], |row| {
                Ok(Refusal {
                    hash: FactHash(row.get(0)?),
                    code: row.get(1)?,
                    first_at: timestamp(row.get(2)?),
                    last_at: timestamp(row.get(3)?),
                    times: row.get::<_, i64>(4)? as u64,
                    length: row.get::<_, i64>(5)? as u64,
                    bytes: row.get(6)?,
                })
            })?;
            rows.collect()
        })
        .doing("read the refusals")
    }

    /// How many entries were refused, by code; a repeat counts again.
    pub fn refusal_counts(&self) -> Result<Vec<(String, u64)>, StoreError> {
        self.with_reader(|conn| {
            let mut statement = conn.prepare("select code, times from refusal_count order by 1")?;
            let rows = statement.query_map([], |r| Ok((r.get(0)?, r.get::<_, i64>(1)? as u64)))?;
            rows.collect()
        })
        .doing("count the refusals")
    }
}

/// Our own columns hold what we wrote; a value out of range shows as the epoch.
pub(crate) fn timestamp(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH)
}
