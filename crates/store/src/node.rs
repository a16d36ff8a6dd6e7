//! An open record: one writer, many readers, in this process and beside others on the same file.

use crate::append;
use crate::database::{self, Doing, OpenError, StoreError};
use crate::replay::replay;
use crate::state::{Entry, State};
use crate::submit::Job;
use domain::{FactHash, OperationId};
use log::{Checkpoint, LogKey, merkle::Hash};
use rusqlite::{Connection, OpenFlags, OptionalExtension};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

/// How much of the record is checked when it is opened. The tree is in any case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Check {
    /// Refold; signatures were checked when the entries came in.
    Fold,
    /// Check every signature again.
    Signatures,
}

/// A record on disk and what it folds to.
///
/// Writers fold into a copy that is ahead of what readers see until the transaction has committed:
/// nobody is shown what a power cut could take away.
pub struct Node {
    url: String,
    path: PathBuf,
    origin: String,
    operation: OperationId,
    log_key: Option<LogKey>,
    writer: Mutex<Writer>,
    pub(crate) pending: Mutex<Vec<Job>>,
    shown: RwLock<State>,
    position: AtomicU64,
    readers: Mutex<Vec<Connection>>,
}

pub(crate) struct Writer {
    pub conn: Connection,
    /// At or beyond `shown`; equal to it between transactions.
    pub ahead: State,
    /// Set when the books were off or the file was not as this process left it.
    pub stopped: bool,
}

/// Proof that an entry is in the tree of a size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inclusion {
    /// The entry's index.
    pub position: u64,
    pub size: u64,
    pub root: Hash,
    /// Leaf to root, RFC 6962 section 2.1.1.
    pub proof: Vec<Hash>,
}

/// The log key's file beside the database.
pub(crate) fn key_path(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".key");
    name.into()
}

pub(crate) fn setting(conn: &Connection, key: &str) -> Result<String, StoreError> {
    let sql = "select value from setting where key = ?1";
    let value = conn.query_row(sql, [key], |row| row.get(0)).optional().doing("read a setting")?;
    value.ok_or_else(|| StoreError::Damaged(format!("setting '{key}' is missing")))
}

/// The origin and operation of the record in a database.
pub(crate) fn identity(conn: &Connection) -> Result<(String, OperationId), StoreError> {
    let operation = setting(conn, "operation")?;
    let operation = OperationId::new(&operation).map_err(|e| StoreError::Damaged(e.to_string()))?;
    Ok((setting(conn, "origin")?, operation))
}

impl Node {
    /// Opens the record and refolds it; see [`Check::Fold`].
    pub fn open(url: &str) -> Result<Node, OpenError> {
        Self::open_with(url, Check::Fold)
    }

    /// Opens the record, refolds it from its entries and compares with its head.
    pub fn open_with(url: &str, check: Check) -> Result<Node, OpenError> {
        let path = database::path_of(url)?;
        let conn = database::open(&path)?;
        let (origin, operation) = identity(&conn)?;
        let log_key = read_log_key(&path)?;
        let mut ahead = State::default();
        let tx = conn.unchecked_transaction().doing("begin reading")?;
        let signatures = (check == Check::Signatures).then_some(origin.as_str());
        let findings = replay(&tx, &operation, signatures, &mut ahead, &mut |_| {})?;
        if let Some(finding) = findings.first() {
            return Err(StoreError::Damaged(finding.to_string()).into());
        }
        at_head(&tx, &ahead)?;
        tx.finish().doing("end reading")?;
        Ok(Node {
            url: url.to_owned(),
            path,
            origin,
            operation,
            log_key,
            pending: Mutex::default(),
            position: AtomicU64::new(ahead.position()),
            shown: RwLock::new(ahead.clone()),
            writer: Mutex::new(Writer { conn, ahead, stopped: false }),
            readers: Mutex::default(),
        })
    }

    pub fn url(&self) -> &str {
        &self.url
    }
    /// The log's name, which every signature in the record binds.
    pub fn origin(&self) -> &str {
        &self.origin
    }
    pub fn operation(&self) -> &OperationId {
        &self.operation
    }
    /// The number of entries that readers see. Takes no lock.
    pub fn position(&self) -> u64 {
        self.position.load(Ordering::Acquire)
    }

    /// Looks at the state; keep it short, writers wait to show theirs. Do not call the node from
    /// inside.
    pub fn read<T>(&self, look: impl FnOnce(&State) -> T) -> T {
        look(&self.shown.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Entries of those positions, in order, as far as there are.
    pub fn facts(&self, range: Range<u64>) -> Vec<Entry> {
        self.read(|state| state.entries(range).collect())
    }

    /// The position and signed bytes of an entry.
    pub fn entry(&self, hash: &FactHash) -> Result<Option<(u64, Vec<u8>)>, StoreError> {
        let Some(position) = self.read(|state| state.position_of(hash)) else { return Ok(None) };
        let bytes = self.entries(position..position + 1)?.pop();
        Ok(bytes.map(|bytes| (position, bytes)))
    }

    /// The signed bytes of those positions, in order, as far as readers see them.
    pub fn entries(&self, range: Range<u64>) -> Result<Vec<Vec<u8>>, StoreError> {
        let end = range.end.min(self.position()) as i64;
        let sql =
            "select bytes from entry where position >= ?1 and position < ?2 order by position";
        self.with_reader(|conn| {
            let mut statement = conn.prepare_cached(sql)?;
            let rows = statement
                .query_map([range.start.min(i64::MAX as u64) as i64, end], |r| r.get(0))?;
            rows.collect()
        })
        .doing("read entries")
    }

    /// Proof that an entry is in the record as it stands; `None` when it is not.
    pub fn inclusion(&self, hash: &FactHash) -> Option<Inclusion> {
        self.read(|state| {
            let position = state.position_of(hash)?;
            let size = state.position();
            let proof = state.tree.inclusion(position, size).ok()?;
            Some(Inclusion { position, size, root: state.root(), proof })
        })
    }

    /// The record's size and root as a note signed with the log key (C2SP tlog-checkpoint).
    pub fn checkpoint(&self) -> Result<String, StoreError> {
        let (size, root) = self.read(|state| (state.position(), state.root()));
        let checkpoint = Checkpoint { origin: self.origin.clone(), size, root };
        checkpoint.sign(self.log_key()?).map_err(|e| StoreError::Damaged(e.to_string()))
    }

    /// The text others configure to check checkpoints with.
    pub fn vkey(&self) -> Result<String, StoreError> {
        Ok(self.log_key()?.verifier().vkey())
    }

    /// The key that signs checkpoints, to sign statements and exports with.
    pub fn log_key(&self) -> Result<&LogKey, StoreError> {
        self.log_key.as_ref().ok_or_else(|| StoreError::LogKey {
            what: "there is no log key".to_owned(),
            path: key_path(&self.path),
            instead: "go on without checkpoints",
        })
    }

    /// Takes in what other processes wrote to the file. Returns the number of entries.
    pub fn catch_up(&self) -> Result<u64, StoreError> {
        let size: i64 = self
            .with_reader(|conn| {
                conn.prepare_cached("select size from head")?.query_row([], |row| row.get(0))
            })
            .doing("read the head of the record")?;
        if size as u64 > self.position() {
            let mut writer = self.writer()?;
            let Writer { conn, ahead, .. } = &mut *writer;
            let tx = conn.transaction().doing("begin reading")?;
            let caught = catch_up(&tx, &self.operation, ahead);
            tx.finish().doing("end reading")?;
            caught.inspect_err(|_| writer.stopped = true)?;
            self.show(&writer.ahead)?;
        }
        Ok(self.position())
    }

    /// Lets readers see what has committed.
    pub(crate) fn show(&self, ahead: &State) -> Result<(), StoreError> {
        let mut shown = self.shown.write().map_err(|_| StoreError::Stopped)?;
        shown.follow(ahead).map_err(|e| StoreError::Damaged(e.to_string()))?;
        self.position.store(shown.position(), Ordering::Release);
        Ok(())
    }

    /// Takes back what a transaction folded that did not commit.
    pub(crate) fn take_back(&self, ahead: &mut State) {
        *ahead = self.read(State::clone);
    }

    pub(crate) fn writer(&self) -> Result<MutexGuard<'_, Writer>, StoreError> {
        let writer = self.writer.lock().map_err(|_| StoreError::Stopped)?;
        if writer.stopped { Err(StoreError::Stopped) } else { Ok(writer) }
    }

    pub(crate) fn with_writer<T>(
        &self,
        write: impl FnOnce(&mut Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        write(&mut self.writer()?.conn)
    }

    /// Runs a query on a connection of its own, so that readers do not wait for the writer.
    pub(crate) fn with_reader<T>(
        &self,
        query: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<T> {
        let pool = || self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        let spare = pool().pop();
        let conn = match spare {
            Some(conn) => conn,
            None => {
                let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
                let conn = Connection::open_with_flags(&self.path, flags)?;
                conn.busy_timeout(Duration::from_secs(5))?;
                conn
            }
        };
        let found = query(&conn)?;
        pool().push(conn);
        Ok(found)
    }
}

/// Folds entries that others wrote; the caller holds a transaction, so they agree with the head.
pub(crate) fn catch_up(
    conn: &Connection,
    operation: &OperationId,
    ahead: &mut State,
) -> Result<(), StoreError> {
    let findings = replay(conn, operation, None, ahead, &mut |_| {})?;
    if let Some(finding) = findings.first() {
        return Err(StoreError::Damaged(finding.to_string()));
    }
    at_head(conn, ahead)
}

fn at_head(conn: &Connection, state: &State) -> Result<(), StoreError> {
    let (edge, root) = append::head(conn)?;
    if edge == state.tree.edge() && root == state.root() {
        return Ok(());
    }
    Err(StoreError::Damaged(format!(
        "head says {} entries, the {} there fold to another root",
        edge.size,
        state.position()
    )))
}

fn read_log_key(path: &Path) -> Result<Option<LogKey>, StoreError> {
    let path = key_path(path);
    let wrong = |what: String| StoreError::LogKey {
        what,
        path: path.clone(),
        instead: "move it away to open the record without checkpoints",
    };
    match std::fs::read_to_string(&path) {
        Ok(text) => LogKey::from_secret_text(&text).map(Some).map_err(|e| wrong(e.to_string())),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(e) => Err(wrong(format!("cannot read the log key ({e})"))),
    }
}
