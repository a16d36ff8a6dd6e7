//! Rows of the record and its read models, written inside the caller's transaction.

use crate::database::{Doing, StoreError};
use domain::{Account, Custody, Fact, PersonId, Standing};
use jiff::Timestamp;
use ledger::Posting;
use log::Edge;
use rusqlite::{Connection, params};

pub(crate) fn entry(
    conn: &Connection,
    position: u64,
    bytes: &[u8],
    recorded_at: Timestamp,
    fact: &Fact,
) -> Result<(), StoreError> {
    let sql = "insert into entry (position, hash, bytes, recorded_at, device, sequence) \
               values (?1, ?2, ?3, ?4, ?5, ?6)";
    let run = || {
        conn.prepare_cached(sql)?.execute(params![
            position as i64,
            fact.hash.0,
            bytes,
            recorded_at.as_millisecond(),
            fact.device.0,
            // The device's own number; above i64 only a device that lies gets.
            fact.sequence.min(i64::MAX as u64) as i64,
        ])
    };
    run().doing("append an entry").map(|_| ())
}

/// Size, root and edge of the tree in the database.
pub(crate) fn head(conn: &Connection) -> Result<(Edge, [u8; 32]), StoreError> {
    let sql = "select size, root, edge from head";
    let row = |row: &rusqlite::Row| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, [u8; 32]>(1)?, row.get::<_, Vec<u8>>(2)?))
    };
    let (size, root, edge) = conn
        .prepare_cached(sql)
        .and_then(|mut s| s.query_row([], row))
        .doing("read the head of the record")?;
    let edge = u64::try_from(size).ok().and_then(|size| Edge::from_bytes(size, &edge));
    let edge = edge.ok_or_else(|| StoreError::Damaged(format!("head has no edge for {size}")))?;
    Ok((edge, root))
}

pub(crate) fn first_head(conn: &Connection, edge: &Edge) -> Result<(), StoreError> {
    conn.execute(
        "insert into head (only_row, size, root, edge) values (0, ?1, ?2, ?3)",
        params![edge.size as i64, edge.root(), edge.to_bytes()],
    )
    .doing("write the first head")
    .map(|_| ())
}

/// Moves the head on from exactly where the caller read it.
pub(crate) fn swap_head(conn: &Connection, from: &Edge, to: &Edge) -> Result<(), StoreError> {
    let sql = "update head set size = ?1, root = ?2, edge = ?3 where size = ?4 and root = ?5";
    let moved = conn
        .prepare_cached(sql)
        .and_then(|mut s| {
            s.execute(params![
                to.size as i64,
                to.root(),
                to.to_bytes(),
                from.size as i64,
                from.root()
            ])
        })
        .doing("move the head of the record")?;
    if moved == 1 {
        return Ok(());
    }
    Err(StoreError::Damaged(format!("the head is not at {} where this node read it", from.size)))
}

/// A row of `posting`, as text and numbers.
pub(crate) type PostingRow =
    (i64, String, Option<String>, Option<String>, Option<String>, Option<String>, i64, i64, String);

pub(crate) fn posting_row(posting: &Posting) -> PostingRow {
    let split = |account: &Option<Account>| match account {
        Some(a) => (Some(a.authority.to_string()), Some(a.place.to_string())),
        None => (None, None),
    };
    let (from_authority, from_place) = split(&posting.from);
    let (to_authority, to_place) = split(&posting.to);
    let exits: Vec<_> = posting.counts.exits.iter().map(|(why, n)| format!("{why}:{n}")).collect();
    (
        posting.position as i64,
        posting.person.to_string(),
        from_authority,
        from_place,
        to_authority,
        to_place,
        posting.counts.registered,
        posting.counts.recovered,
        exits.join(" "),
    )
}

pub(crate) fn posting(conn: &Connection, posting: &Posting) -> Result<(), StoreError> {
    let sql = "insert into posting (position, person, from_authority, from_place, to_authority, \
               to_place, registered, recovered, exits) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    let row = posting_row(posting);
    conn.prepare_cached(sql).and_then(|mut s| s.execute(row)).doing("write a posting").map(|_| ())
}

/// A row of `custody` after the person.
pub(crate) type CustodyRow = (
    String,
    &'static str,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<&'static str>,
    Option<[u8; 32]>,
    bool,
);

pub(crate) fn custody_row(person: PersonId, standing: &Standing) -> CustodyRow {
    let (account, offered_to, ended_why) = match &standing.custody {
        Custody::Outside => (None, None, None),
        Custody::Held { by } => (Some(by), None, None),
        Custody::Offered { by, to } => (Some(by), Some(to.to_string()), None),
        Custody::Ended { why, last } => (Some(last), None, Some(why.code())),
    };
    (
        person.to_string(),
        standing.custody.state(),
        account.map(|a| a.authority.to_string()),
        account.map(|a| a.place.to_string()),
        offered_to,
        ended_why,
        standing.tip().map(|tip| tip.0),
        standing.contest.is_some(),
    )
}

pub(crate) fn custody(
    conn: &Connection,
    person: PersonId,
    standing: &Standing,
) -> Result<(), StoreError> {
    let sql = "insert or replace into custody (person, state, authority, place, offered_to, \
               ended_why, tip, contested) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    let row = custody_row(person, standing);
    conn.prepare_cached(sql).and_then(|mut s| s.execute(row)).doing("write custody").map(|_| ())
}
