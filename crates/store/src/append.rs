//! Rows of the record and its read models, written inside the caller's transaction.

use crate::backend::{Kind, Look, Row, Rows, Table, Turn, Value};
use crate::error::StoreError;
use crate::refusal::timestamp;
use domain::{Account, Custody, Fact, PersonId, Standing};
use jiff::Timestamp;
use ledger::Posting;
use log::Edge;

/// A fact on its way into the record.
pub(crate) struct NewEntry {
    pub position: u64,
    pub hash: [u8; 32],
    pub bytes: Vec<u8>,
    pub recorded_at: Timestamp,
    pub device: [u8; 32],
    pub sequence: u64,
}

impl NewEntry {
    pub fn of(position: u64, fact: &Fact, bytes: Vec<u8>, recorded_at: Timestamp) -> Self {
        let Fact { hash, device, sequence, .. } = fact;
        Self { position, hash: hash.0, bytes, recorded_at, device: device.0, sequence: *sequence }
    }
}

pub(crate) const ENTRY: Table = Table {
    name: "entry",
    columns: &[
        ("position", Kind::Int),
        ("hash", Kind::Bytes),
        ("bytes", Kind::Bytes),
        ("recorded_at", Kind::Int),
        ("device", Kind::Bytes),
        ("sequence", Kind::Int),
    ],
    order: "position",
    conflict: "",
};

pub(crate) fn entries(turn: &dyn Turn, entries: &[NewEntry]) -> Result<(), StoreError> {
    let rows: Vec<_> = entries
        .iter()
        .map(|e| {
            vec![
                Value::Int(e.position as i64),
                Value::Bytes(&e.hash),
                Value::Bytes(&e.bytes),
                Value::Int(e.recorded_at.as_millisecond()),
                Value::Bytes(&e.device),
                // The device's own number; above i64 only a device that lies gets.
                Value::Int(e.sequence.min(i64::MAX as u64) as i64),
            ]
        })
        .collect();
    turn.insert("append entries", &ENTRY, &rows)
}

/// An entry as the database has it; nothing about it is checked.
pub(crate) struct KeptEntry {
    pub position: i64,
    pub hash: [u8; 32],
    pub bytes: Vec<u8>,
    pub recorded_at: Timestamp,
}

/// Entries read at a time, so that a long record does not have to fit into memory.
const PAGE: usize = 1_000;

/// Hands every entry from that position on to `each`, in order.
pub(crate) fn each_entry(
    look: &dyn Look,
    from: u64,
    each: &mut dyn FnMut(KeptEntry) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    each_page(look, from, each, &mut || Ok(()))
}

/// As [`each_entry`], with leave for `turned` to use the transaction after each page.
pub(crate) fn each_page(
    look: &dyn Look,
    from: u64,
    each: &mut dyn FnMut(KeptEntry) -> Result<(), StoreError>,
    turned: &mut dyn FnMut() -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let sql = "select position, hash, bytes, recorded_at from entry where position >= $1 \
               order by position limit $2";
    let mut due = from as i64;
    loop {
        let mut read = 0;
        let page = [Value::Int(due), Value::Int(PAGE as i64)];
        look.query("read the entries", sql, &page, &mut |row| {
            let entry = KeptEntry {
                position: row.get(0)?,
                hash: row.hash(1)?,
                bytes: row.get(2)?,
                recorded_at: timestamp(row.get(3)?),
            };
            (read, due) = (read + 1, entry.position + 1);
            each(entry)
        })?;
        turned()?;
        if read < PAGE {
            return Ok(());
        }
    }
}

pub(crate) const HEAD: Table = Table {
    name: "head",
    columns: &[
        ("only_row", Kind::Int),
        ("size", Kind::Int),
        ("root", Kind::Bytes),
        ("edge", Kind::Bytes),
    ],
    order: "only_row",
    conflict: "",
};

/// Size, root and edge of the tree in the database; `None` before the first entry.
pub(crate) fn head(look: &dyn Look) -> Result<Option<(Edge, [u8; 32])>, StoreError> {
    let sql = "select size, root, edge from head";
    look.one("read the head of the record", sql, &[], |row| {
        let (size, root, edge): (u64, _, Vec<u8>) = (row.count(0)?, row.hash(1)?, row.get(2)?);
        let edge = Edge::from_bytes(size, &edge);
        let edge =
            edge.ok_or_else(|| StoreError::Damaged(format!("head has no edge for {size}")))?;
        Ok((edge, root))
    })
}

pub(crate) fn first_head(turn: &dyn Turn, edge: &Edge) -> Result<(), StoreError> {
    let sql = "insert into head (only_row, size, root, edge) values (0, $1, $2, $3)";
    let (root, hashes) = (edge.root(), edge.to_bytes());
    let row = [Value::Int(edge.size as i64), Value::Bytes(&root), Value::Bytes(&hashes)];
    turn.execute("write the first head", sql, &row).map(|_| ())
}

/// Moves the head on from exactly where the caller read it.
pub(crate) fn swap_head(turn: &dyn Turn, from: &Edge, to: &Edge) -> Result<(), StoreError> {
    let sql = "update head set size = $1, root = $2, edge = $3 where size = $4 and root = $5";
    let (root, hashes, before) = (to.root(), to.to_bytes(), from.root());
    let with = [
        Value::Int(to.size as i64),
        Value::Bytes(&root),
        Value::Bytes(&hashes),
        Value::Int(from.size as i64),
        Value::Bytes(&before),
    ];
    if turn.execute("move the head of the record", sql, &with)? == 1 {
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

pub(crate) const POSTING: Table = Table {
    name: "posting",
    columns: &[
        ("position", Kind::Int),
        ("person", Kind::Text),
        ("from_authority", Kind::Text),
        ("from_place", Kind::Text),
        ("to_authority", Kind::Text),
        ("to_place", Kind::Text),
        ("registered", Kind::Int),
        ("recovered", Kind::Int),
        ("exits", Kind::Text),
    ],
    order: "position, person",
    conflict: "",
};

pub(crate) fn postings(turn: &dyn Turn, postings: &[Posting]) -> Result<(), StoreError> {
    let rows: Vec<PostingRow> = postings.iter().map(posting_row).collect();
    let rows: Vec<Vec<Value>> = rows.iter().map(posting_values).collect();
    turn.insert("write postings", &POSTING, &rows)
}

fn posting_values(row: &PostingRow) -> Vec<Value<'_>> {
    let (position, person, from, from_place, to, to_place, registered, recovered, exits) = row;
    vec![
        Value::Int(*position),
        person.into(),
        from.as_ref().into(),
        from_place.as_ref().into(),
        to.as_ref().into(),
        to_place.as_ref().into(),
        Value::Int(*registered),
        Value::Int(*recovered),
        exits.into(),
    ]
}

/// The postings in the database of positions from one up to, not with, another; in order.
pub(crate) fn each_posting(
    look: &dyn Look,
    (from, to): (i64, i64),
    each: &mut dyn FnMut(PostingRow) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let sql = POSTING.select_where("position >= $1 and position < $2");
    let range = [Value::Int(from), Value::Int(to)];
    look.query("read the postings", &sql, &range, &mut |row: &Row| {
        each((
            row.get(0)?,
            row.get(1)?,
            row.get(2)?,
            row.get(3)?,
            row.get(4)?,
            row.get(5)?,
            row.get(6)?,
            row.get(7)?,
            row.get(8)?,
        ))
    })
}

/// A row of `custody`.
pub(crate) type CustodyRow = (
    String,
    String,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<[u8; 32]>,
    bool,
);

pub(crate) fn custody_row(person: PersonId, standing: &Standing) -> CustodyRow {
    let (account, offered_to, ended_why) = match &standing.custody {
        Custody::Outside => (None, None, None),
        Custody::Held { by } => (Some(by), None, None),
        Custody::Offered { by, to } => (Some(by), Some(to.to_string()), None),
        Custody::Ended { why, last } => (Some(last), None, Some(why.code().to_owned())),
    };
    (
        person.to_string(),
        standing.custody.state().to_owned(),
        account.map(|a| a.authority.to_string()),
        account.map(|a| a.place.to_string()),
        offered_to,
        ended_why,
        standing.tip().map(|tip| tip.0),
        standing.contest.is_some(),
    )
}

pub(crate) const CUSTODY: Table = Table {
    name: "custody",
    columns: &[
        ("person", Kind::Text),
        ("state", Kind::Text),
        ("authority", Kind::Text),
        ("place", Kind::Text),
        ("offered_to", Kind::Text),
        ("ended_why", Kind::Text),
        ("tip", Kind::Bytes),
        ("contested", Kind::Bool),
    ],
    order: "person",
    conflict: "on conflict (person) do update set state = excluded.state, \
               authority = excluded.authority, place = excluded.place, \
               offered_to = excluded.offered_to, ended_why = excluded.ended_why, \
               tip = excluded.tip, contested = excluded.contested",
};

pub(crate) fn custody(turn: &dyn Turn, people: &[(PersonId, &Standing)]) -> Result<(), StoreError> {
    let rows: Vec<_> = people.iter().map(|(person, s)| custody_row(*person, s)).collect();
    let rows: Vec<_> = rows.iter().map(custody_values).collect();
    turn.insert("write custody", &CUSTODY, &rows)
}

fn custody_values(row: &CustodyRow) -> Vec<Value<'_>> {
    let (person, state, authority, place, offered_to, ended_why, tip, contested) = row;
    vec![
        person.into(),
        state.into(),
        authority.as_ref().into(),
        place.as_ref().into(),
        offered_to.as_ref().into(),
        ended_why.as_ref().into(),
        tip.as_ref().into(),
        Value::Bool(*contested),
    ]
}

/// Everybody's custody in the database, in order of person.
pub(crate) fn each_custody(
    look: &dyn Look,
    each: &mut dyn FnMut(CustodyRow) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    look.query("read custody", &CUSTODY.select(), &[], &mut |row| {
        let tip: Option<Vec<u8>> = row.get(6)?;
        let tip = tip.and_then(|bytes| bytes.try_into().ok());
        each((
            row.get(0)?,
            row.get(1)?,
            row.get(2)?,
            row.get(3)?,
            row.get(4)?,
            row.get(5)?,
            tip,
            row.get(7)?,
        ))
    })
}
