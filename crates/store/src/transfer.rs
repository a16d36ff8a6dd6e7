//! Moves a record from one store to another, whole or not at all, and proves it.

use crate::append;
use crate::backend::{self, Location, Look, Owned, Store, Table, Turn};
use crate::documents::{put_setting, setting};
use crate::error::{OpenError, StoreError};
use crate::files;
use crate::node::LOG_KEY;
use crate::signed::SignedHead;
use crate::verify::{Progress, VerifyReport, verify};
use log::{LogKey, merkle::Hash};
use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

/// The setting of a record that was moved: where to, without a password. Nothing is appended here
/// any more; two records under one log key would contradict each other.
pub(crate) const MOVED_TO: &str = "moved.to";

/// What was moved, as read back from the new place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfer {
    pub entries: u64,
    pub root: Hash,
    /// By table: how many rows, and one hash over all of them.
    pub tables: BTreeMap<&'static str, (u64, Hash)>,
    /// The full verification of the new place.
    pub verified: VerifyReport,
    /// An earlier run had moved it already; this one compared.
    pub before: bool,
}

/// Why a record was not moved.
#[derive(Debug, thiserror::Error)]
pub enum TransferError {
    #[error("the record at {0} does not hold, so it is not moved: run `amana verify`")]
    Unsound(String),
    #[error("the record at {from} was moved to {to} before: move it from there")]
    Moved { from: String, to: String },
    #[error("'{table}' did not arrive whole: {sent} rows were read, {arrived} came back or differ")]
    Differs { table: &'static str, sent: u64, arrived: u64 },
    #[error("at its new place the record does not hold, which should not be: run `amana verify`")]
    Unproven,
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Every table of a record but `migration`, in an order that keeps references whole.
pub(crate) const TABLES: &[Table] = &[
    append::ENTRY,
    append::HEAD,
    append::POSTING,
    append::CUSTODY,
    crate::documents::SETTING,
    crate::documents::DOCUMENT,
    crate::particulars::PARTICULARS,
    crate::particulars::PERSON_KEY,
    crate::particulars::SEALED_SECTION,
    crate::refusal::REFUSAL,
    crate::refusal::REFUSAL_COUNT,
    crate::heads::COSIGNED_HEAD,
    crate::cabinet::CABINET,
];

/// Rows sent at a time.
const BATCH: usize = 500;

/// Moves the record. From the beginning on nothing is written at the old place.
///
/// Everything goes in one transaction, is read back inside it and compared row by row; after the
/// commit the new place is verified in full. When it fails, the old place goes on. After a crash, run
/// it again: it starts over, or finds that all had arrived.
pub fn transfer(
    from: &str,
    to: &str,
    progress: &mut dyn FnMut(Progress),
) -> Result<Transfer, TransferError> {
    let (from_at, to_at) = (Location::parse(from)?, Location::parse(to)?);
    if !verify(from, &mut |_| {})?.holds() {
        return Err(TransferError::Unsound(from_at.to_string()));
    }
    let source = backend::open(&from_at)?;
    let shown = backend::without_password(to);
    let (first_run, vkey) = freeze(&*source, &from_at, &shown)?;
    let sent = digests(&*source.look()?)?;
    let before = match receive(&*source.look()?, &to_at, &sent) {
        Ok(()) => false,
        Err(TransferError::Open(OpenError::Exists(_))) if is_there(&to_at, &sent)? => true,
        Err(_) if !first_run => {
            return Err(TransferError::Moved { from: from_at.to_string(), to: shown });
        }
        Err(error) => {
            thaw(&*source)?;
            return Err(error);
        }
    };
    if let Some(vkey) = vkey {
        copy_key(&from_at.key_file(&vkey), &to_at.key_file(&vkey))?;
        copy_file(&from_at.register_file(&vkey), &to_at.register_file(&vkey), 0o600)?;
    }
    let verified = verify(to, progress)?;
    let head = append::head(&*source.look()?)?;
    match head {
        Some((edge, root))
            if verified.holds() && (verified.entries, verified.root) == (edge.size, root) =>
        {
            Ok(Transfer { entries: edge.size, root, tables: sent, verified, before })
        }
        _ => Err(TransferError::Unproven),
    }
}

/// From now on nothing is written at the old place. Gives whether this is news, and the public part
/// of the log key.
fn freeze(
    source: &dyn Store,
    from: &Location,
    to: &str,
) -> Result<(bool, Option<String>), TransferError> {
    let turn = source.turn()?;
    let vkey = log_key_of(&*turn, from)?;
    let first_run = match setting(&*turn, MOVED_TO)? {
        None => true,
        Some(there) if there == to => false,
        Some(to) => return Err(TransferError::Moved { from: from.to_string(), to }),
    };
    put_setting(&*turn, MOVED_TO, to)?;
    turn.commit("note that the record is moved")?;
    Ok((first_run, vkey))
}

/// Nothing was moved after all.
fn thaw(source: &dyn Store) -> Result<(), StoreError> {
    let turn = source.turn()?;
    let sql = "delete from setting where key = $1";
    turn.execute("note that the record stays", sql, &[MOVED_TO.into()])?;
    turn.commit("note that the record stays")
}

/// Whether an earlier run brought everything there. A place that the record was itself moved from is
/// no such place: both would then take nothing more.
fn is_there(at: &Location, sent: &Digests) -> Result<bool, TransferError> {
    let target = backend::open(at)?;
    let look = target.look()?;
    Ok(setting(&*look, MOVED_TO)?.is_none() && compare(sent, &digests(&*look)?).is_ok())
}

/// The public part of the log key; noted in the record, if an older version did not.
fn log_key_of(turn: &dyn Turn, from: &Location) -> Result<Option<String>, StoreError> {
    if let Some(vkey) = setting(turn, LOG_KEY)? {
        return Ok(Some(vkey));
    }
    let text = fs::read_to_string(from.key_file("")).unwrap_or_default();
    let Ok(key) = LogKey::from_secret_text(&text) else { return Ok(None) };
    let vkey = key.verifier().vkey();
    put_setting(turn, LOG_KEY, &vkey)?;
    Ok(Some(vkey))
}

/// Copies everything into a new store, in one transaction, and compares before the commit.
fn receive(from: &dyn Look, at: &Location, sent: &Digests) -> Result<(), TransferError> {
    let target = backend::create(at)?;
    let copied = || {
        let turn = target.turn()?;
        if append::head(&*turn)?.is_some() {
            return Err(OpenError::Exists(at.to_string()).into());
        }
        TABLES.iter().try_for_each(|table| copy(table, from, &*turn))?;
        compare(sent, &digests(&*turn)?)?;
        Ok(turn.commit("commit the record that was moved")?)
    };
    let copied: Result<(), TransferError> = copied();
    drop(target);
    copied.inspect_err(|_| backend::discard(at))
}

fn copy(table: &Table, from: &dyn Look, to: &dyn Turn) -> Result<(), StoreError> {
    let mut batch = Vec::with_capacity(BATCH);
    each_row(table, from, &mut |row| {
        batch.push(row);
        if batch.len() < BATCH {
            return Ok(());
        }
        insert(table, to, &std::mem::take(&mut batch))
    })?;
    insert(table, to, &batch)
}

fn insert(table: &Table, to: &dyn Turn, rows: &[Vec<Owned>]) -> Result<(), StoreError> {
    let rows: Vec<Vec<_>> =
        rows.iter().map(|row| row.iter().map(Owned::as_value).collect()).collect();
    to.insert("write what is moved", table, &rows)
}

fn each_row(
    table: &Table,
    look: &dyn Look,
    each: &mut dyn FnMut(Vec<Owned>) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    look.query("read what is moved", &table.select(), &[], &mut |row| {
        let kinds = table.columns.iter().enumerate();
        let values: Vec<_> =
            kinds.map(|(n, (_, kind))| row.value(n, *kind)).collect::<Result<_, _>>()?;
        // That it was moved is true of the old place only.
        let stays = table.name == "setting" && values[0] == Owned::Text(MOVED_TO.to_owned());
        if stays { Ok(()) } else { each(values) }
    })
}

type Digests = BTreeMap<&'static str, (u64, Hash)>;

/// Each table's number of rows, and a hash over the hashes of its rows, sorted: databases sort text
/// each in its own way.
fn digests(look: &dyn Look) -> Result<Digests, StoreError> {
    let digest = |table: &Table| {
        let mut rows = Vec::new();
        each_row(table, look, &mut |row| {
            let mut bytes = Vec::new();
            row.iter().for_each(|value| value.encode(&mut bytes));
            rows.push(log::hash_of(&bytes).0);
            Ok(())
        })?;
        rows.sort_unstable();
        Ok((table.name, (rows.len() as u64, log::hash_of(rows.as_flattened()).0)))
    };
    TABLES.iter().map(digest).collect()
}

fn compare(sent: &Digests, arrived: &Digests) -> Result<(), TransferError> {
    for (table, sent) in sent {
        let there = arrived.get(table).copied().unwrap_or_default();
        if there != *sent {
            return Err(TransferError::Differs { table, sent: sent.0, arrived: there.0 });
        }
    }
    Ok(())
}

/// Copies the log key and the last signed head, where there are any. The old ones stay.
fn copy_key(from: &Path, to: &Path) -> Result<(), OpenError> {
    let signed = |key: &Path| SignedHead::beside(key).path().to_owned();
    copy_file(from, to, 0o600)?;
    copy_file(&signed(from), &signed(to), 0o644)
}

fn copy_file(from: &Path, to: &Path, mode: u32) -> Result<(), OpenError> {
    if from == to {
        return Ok(());
    }
    let bytes = match fs::read(from) {
        Ok(bytes) => bytes,
        Err(e) if e.kind() == ErrorKind::NotFound => return Ok(()),
        Err(source) => return Err(OpenError::File { path: from.to_owned(), source }),
    };
    files::create_or_keep(to, &bytes, mode).map(|_| ())
}
