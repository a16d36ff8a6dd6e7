//! What was sent and not taken in.
//!
//! Anybody may send: refusing must cost an outsider's flood neither the writer's time nor the disk. What
//! comes faster than [`WRITTEN_A_SECOND`] waits in memory for the next transaction.

use crate::backend::{Kind, Row, Rows, Table, Turn, Value};
use crate::error::StoreError;
use crate::node::Node;
use domain::FactHash;
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::sync::{MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Different refused entries of one code that are kept with their bytes, and how many bytes; beyond these
/// they are only counted. Of each code apart: what needs no enrolled key crowds out nothing that does.
const KEPT_OF_A_CODE: u64 = 2_000;
const BYTES_OF_A_CODE: u64 = 16 << 20;
/// Transactions in a second for nothing but refusals.
const WRITTEN_A_SECOND: u32 = 16;
/// Refused entries that wait with their bytes, and how many bytes; of more, only the codes are counted.
const WAITING_MOST: usize = 1_000;
const WAITING_BYTES: usize = 4 << 20;

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

/// An entry on its way into the table of refusals.
pub(crate) struct Refused {
    pub hash: FactHash,
    pub code: &'static str,
    pub at: Timestamp,
    length: usize,
    bytes: Vec<u8>,
}

impl Refused {
    pub fn of(entry: &[u8], code: &'static str, at: Timestamp) -> Self {
        let bytes = entry[..entry.len().min(log::ENTRY_MAX)].to_vec();
        Self { hash: log::hash_of(entry), code, at, length: entry.len(), bytes }
    }
}

/// What was refused and is in no transaction yet: lost with the process, no more than a second's worth.
#[derive(Default)]
pub(crate) struct Waiting {
    refused: Vec<Refused>,
    bytes: usize,
    /// Refused beyond those, by code.
    more: BTreeMap<&'static str, u64>,
    /// When the second began, and the transactions in it.
    second: Option<(Instant, u32)>,
}

impl Waiting {
    fn add(&mut self, refused: Refused) {
        let bytes = self.bytes + refused.bytes.len();
        if self.refused.len() < WAITING_MOST && bytes <= WAITING_BYTES {
            self.bytes = bytes;
            self.refused.push(refused);
        } else {
            *self.more.entry(refused.code).or_default() += 1;
        }
    }

    /// Whether another transaction for refusals alone may be now.
    fn is_due(&mut self, now: Instant) -> bool {
        let (begun, used) = self.second.unwrap_or((now, 0));
        let over = now.duration_since(begun) >= Duration::from_secs(1);
        let (begun, used) = if over { (now, 0) } else { (begun, used) };
        self.second = Some((begun, used.saturating_add(1)));
        used < WRITTEN_A_SECOND
    }

    fn take(&mut self) -> Self {
        std::mem::replace(self, Self { second: self.second, ..Self::default() })
    }

    fn is_empty(&self) -> bool {
        self.refused.is_empty() && self.more.is_empty()
    }
}

/// Writes refusals in a turn.
pub(crate) struct Keeping<'t> {
    turn: &'t dyn Turn,
    /// How many of a code are kept, and their bytes; read when first asked for.
    kept: Option<BTreeMap<String, (u64, u64)>>,
}

impl<'t> Keeping<'t> {
    const DOING: &'static str = "keep a refused entry";

    pub fn within(turn: &'t dyn Turn) -> Self {
        Self { turn, kept: None }
    }

    fn all(&mut self, waiting: &Waiting) -> Result<(), StoreError> {
        waiting.refused.iter().try_for_each(|refused| self.one(refused))?;
        waiting.more.iter().try_for_each(|(code, times)| self.count(code, *times))
    }

    pub fn one(&mut self, refused: &Refused) -> Result<(), StoreError> {
        let Refused { hash, code, at, length, bytes } = refused;
        self.count(code, 1)?;
        let at = Value::Int(at.as_millisecond());
        let sql = "update refusal set times = times + 1, last_at = $1 where hash = $2";
        if self.turn.execute(Self::DOING, sql, &[at, Value::Bytes(&hash.0)])? > 0
            || !self.room(code, bytes)?
        {
            return Ok(());
        }
        let sql = "insert into refusal (hash, code, first_at, last_at, times, length, bytes) \
                   values ($1, $2, $3, $3, 1, $4, $5)";
        let length = Value::Int(*length as i64);
        let row = [Value::Bytes(&hash.0), (*code).into(), at, length, Value::Bytes(bytes)];
        self.turn.execute(Self::DOING, sql, &row).map(|_| ())
    }

    fn count(&self, code: &str, times: u64) -> Result<(), StoreError> {
        let sql = "insert into refusal_count (code, times) values ($1, $2) \
                   on conflict (code) do update set times = refusal_count.times + excluded.times";
        self.turn.execute(Self::DOING, sql, &[code.into(), Value::Int(times as i64)]).map(|_| ())
    }

    /// Whether one more of the code is to be kept; it is then counted among them.
    fn room(&mut self, code: &str, bytes: &[u8]) -> Result<bool, StoreError> {
        let kept = match &mut self.kept {
            Some(kept) => kept,
            none => none.insert(kept(self.turn)?),
        };
        let (entries, length) = kept.entry(code.to_owned()).or_default();
        let after = *length + bytes.len() as u64;
        if *entries >= KEPT_OF_A_CODE || after > BYTES_OF_A_CODE {
            return Ok(false);
        }
        (*entries, *length) = (*entries + 1, after);
        Ok(true)
    }
}

fn kept(turn: &dyn Turn) -> Result<BTreeMap<String, (u64, u64)>, StoreError> {
    let sql = "select code, count(*), cast(sum(case when length > 65535 then 65535 else length end) as bigint) \
               from refusal group by code";
    let read = |row: &Row| Ok((row.get(0)?, (row.count(1)?, row.count(2)?)));
    turn.all(Keeping::DOING, sql, &[], read).map(|rows| rows.into_iter().collect())
}

impl Node {
    /// Notes what was refused without a turn of its own: at once, or with what comes next.
    pub(crate) fn refuse(&self, refused: Vec<Refused>) -> Result<(), StoreError> {
        let mut waiting = self.waiting();
        refused.into_iter().for_each(|refused| waiting.add(refused));
        let due = waiting.is_due(Instant::now()).then(|| waiting.take());
        drop(waiting);
        due.map_or(Ok(()), |waiting| self.write_refused(&waiting))
    }

    /// Writes what waits in a turn that is there for something else.
    pub(crate) fn refuse_within(&self, keeping: &mut Keeping) -> Result<(), StoreError> {
        let waiting = self.waiting().take();
        keeping.all(&waiting)
    }

    pub(crate) fn write_waiting(&self) -> Result<(), StoreError> {
        let waiting = self.waiting().take();
        self.write_refused(&waiting)
    }

    fn write_refused(&self, waiting: &Waiting) -> Result<(), StoreError> {
        if waiting.is_empty() {
            return Ok(());
        }
        let turn = self.turn()?;
        Keeping::within(&*turn).all(waiting)?;
        turn.commit("keep refused entries")
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.refused.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Refused entries, latest first, at most `limit`.
    pub fn refusals(&self, limit: u32) -> Result<Vec<Refusal>, StoreError> {
        self.write_waiting()?;
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
        self.write_waiting()?;
        let sql = "select code, times from refusal_count order by code";
        let look = self.store.glance();
        look.all("count the refusals", sql, &[], |row| Ok((row.get(0)?, row.count(1)?)))
    }
}

/// Our own columns hold what we wrote; a value out of range shows as the epoch.
pub(crate) fn timestamp(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH)
}
