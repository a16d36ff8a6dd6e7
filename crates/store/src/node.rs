//! An open record: one writer, many readers, in this process and beside others on the same file.

use crate::append;
use crate::backend::{self, Location, Look, Rows, Store, Turn, Value};
use crate::documents::setting;
use crate::error::{OpenError, StoreError};
use crate::particulars::Keeper;
use crate::refusal::Waiting;
use crate::replay::replay;
use crate::signed::{Signed, SignedHead};
use crate::state::{Entry, State};
use crate::submit::Job;
use crate::transfer::MOVED_TO;
use domain::{FactHash, OperationId};
use log::{Checkpoint, LogKey, NoteVerifier, merkle::Hash};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

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
/// Writers fold into a state that is ahead of what readers see until the transaction has committed:
/// nobody is shown what a power cut could take away. The two share all but the difference (ADR 34).
pub struct Node {
    url: String,
    key_file: PathBuf,
    signed: SignedHead,
    /// The head that this process signed last.
    signed_lately: Mutex<Option<Arc<Signed>>>,
    pub(crate) store: Box<dyn Store>,
    origin: String,
    log_name: String,
    operation: OperationId,
    log_key: Option<LogKey>,
    pub(crate) keeper: Keeper,
    writer: Mutex<Writer>,
    pub(crate) pending: Mutex<Vec<Job>>,
    pub(crate) refused: Mutex<Waiting>,
    shown: RwLock<Arc<State>>,
    position: AtomicU64,
}

pub(crate) struct Writer {
    /// At or beyond `shown`; equal to it between transactions.
    pub ahead: State,
    /// Why this process writes no more: the books were off, the database was not as this process
    /// left it, its disk failed, or it is older than what was signed.
    pub stopped: Option<StoreError>,
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

/// The setting that names the key which signs checkpoints, as others configure it.
pub(crate) const LOG_KEY: &str = "log.vkey";

/// The origin and operation of the record in a database.
pub(crate) fn identity(look: &dyn Look, at: &Location) -> Result<(String, OperationId), OpenError> {
    let origin = setting(look, "origin")?.ok_or_else(|| OpenError::Missing(at.to_string()))?;
    let operation = setting(look, "operation")?
        .ok_or_else(|| StoreError::Damaged("setting 'operation' is missing".to_owned()))?;
    let operation = OperationId::new(&operation).map_err(|e| StoreError::Damaged(e.to_string()))?;
    Ok((origin, operation))
}

impl Node {
    /// Opens the record and refolds it; see [`Check::Fold`].
    pub fn open(url: &str) -> Result<Node, OpenError> {
        Self::open_with(url, Check::Fold)
    }

    /// Opens the record, refolds it from its entries and compares with its head.
    pub fn open_with(url: &str, check: Check) -> Result<Node, OpenError> {
        let at = Location::parse(url)?;
        let store = backend::open(&at)?;
        let look = store.look()?;
        let (origin, operation) = identity(&*look, &at)?;
        let mut ahead = State::default();
        let signatures = (check == Check::Signatures).then_some(origin.as_str());
        let findings = replay(&*look, &operation, signatures, &mut ahead, &mut |_| {})?;
        if let Some(finding) = findings.first() {
            return Err(StoreError::Damaged(finding.to_string()).into());
        }
        at_head(&*look, &ahead)?;
        let vkey = setting(&*look, LOG_KEY)?.unwrap_or_default();
        let key_file = at.key_file(&vkey);
        let log_name =
            NoteVerifier::parse(&vkey).map_or_else(|_| origin.clone(), |key| key.name().to_owned());
        drop(look);
        let mut node = Node {
            url: url.to_owned(),
            log_key: read_log_key(&key_file)?,
            keeper: Keeper::at(at.register_file(&vkey)),
            signed: SignedHead::beside(&key_file),
            signed_lately: Mutex::default(),
            key_file,
            store,
            origin,
            log_name,
            operation,
            pending: Mutex::default(),
            refused: Mutex::default(),
            position: AtomicU64::new(ahead.position()),
            shown: RwLock::new(Arc::new(ahead.clone())),
            writer: Mutex::new(Writer { ahead, stopped: None }),
        };
        if let Err(error) = node.last_signed() {
            node.writer.get_mut().unwrap_or_else(PoisonError::into_inner).stopped = Some(error);
        }
        Ok(node)
    }

    pub fn url(&self) -> &str {
        &self.url
    }
    /// The operation's name, which every signature in the record binds.
    pub fn origin(&self) -> &str {
        &self.origin
    }
    /// The name of the log kept here: the operation's, or for a node that joined, its own.
    pub fn log_name(&self) -> &str {
        &self.log_name
    }
    pub fn operation(&self) -> &OperationId {
        &self.operation
    }
    /// The number of entries that readers see. Takes no lock.
    pub fn position(&self) -> u64 {
        self.position.load(Ordering::Acquire)
    }

    /// The record as it stands now. It stays so for whoever holds it; nobody waits for them.
    pub fn state(&self) -> Arc<State> {
        self.shown.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Looks at the record as it stands now.
    pub fn read<T>(&self, look: impl FnOnce(&State) -> T) -> T {
        look(&self.state())
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
            "select bytes from entry where position >= $1 and position < $2 order by position";
        let start = range.start.min(i64::MAX as u64) as i64;
        let look = self.store.glance();
        look.all("read entries", sql, &[Value::Int(start), Value::Int(end)], |row| row.get(0))
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
    ///
    /// What is signed is noted beside the key first. A record that does not begin with what was
    /// signed before is refused: two heads that contradict each other can never be taken back.
    pub fn checkpoint(&self) -> Result<String, StoreError> {
        Ok(self.sign_head()?.note.clone())
    }

    /// A signed head with the entry at a position under it: one signed before if there is one at hand,
    /// so that reading signs next to nothing. `None` when the record does not reach there.
    pub fn head_over(&self, position: u64) -> Result<Option<Arc<Signed>>, StoreError> {
        let lately = self.signed_lately.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let head = match lately.filter(|head| head.checkpoint.size > position) {
            Some(head) => head,
            None => self.sign_head()?,
        };
        Ok(Some(head).filter(|head| head.checkpoint.size > position))
    }

    fn sign_head(&self) -> Result<Arc<Signed>, StoreError> {
        let key = self.log_key()?;
        let _locked = SignedHead::lock(&self.key_file)?;
        let signed = self.last_signed()?;
        let (size, root) = self.read(|state| (state.position(), state.root()));
        let head = match signed {
            Some(signed) if signed.checkpoint.size == size => signed,
            _ => {
                let checkpoint = Checkpoint { origin: self.log_name.clone(), size, root };
                let note = checkpoint.sign(key).map_err(|e| StoreError::Damaged(e.to_string()))?;
                self.signed.write(&note)?;
                Signed { note, checkpoint }
            }
        };
        let head = Arc::new(head);
        let mut lately = self.signed_lately.lock().unwrap_or_else(PoisonError::into_inner);
        *lately = Some(head.clone());
        Ok(head)
    }

    /// The last head signed here, which the record must begin with.
    fn last_signed(&self) -> Result<Option<Signed>, StoreError> {
        let Some(key) = &self.log_key else { return Ok(None) };
        let Some(signed) = self.signed.read(&key.verifier())? else { return Ok(None) };
        if signed.checkpoint.size > self.position() {
            // Another process may have appended and signed since this one looked.
            self.catch_up()?;
        }
        self.read(|state| signed.holds_for(state))?;
        Ok(Some(signed))
    }

    /// What others check checkpoints with.
    pub fn verifier(&self) -> Result<NoteVerifier, StoreError> {
        Ok(self.log_key()?.verifier())
    }

    /// The text others configure to check checkpoints with.
    pub fn vkey(&self) -> Result<String, StoreError> {
        Ok(self.verifier()?.vkey())
    }

    /// The key that signs checkpoints, to sign statements, sheets and exports of the record as it
    /// stands with. Given out only once the head they stand on is itself signed, so a record
    /// restored from an old backup signs none of them either.
    pub fn signing_key(&self) -> Result<&LogKey, StoreError> {
        self.checkpoint()?;
        self.log_key()
    }

    fn log_key(&self) -> Result<&LogKey, StoreError> {
        self.log_key.as_ref().ok_or_else(|| StoreError::LogKey {
            what: "there is no log key".to_owned(),
            path: self.key_file.clone(),
            instead: "go on without checkpoints",
        })
    }

    /// Takes in what other processes wrote to the file. Returns the number of entries.
    pub fn catch_up(&self) -> Result<u64, StoreError> {
        let sql = "select size from head";
        let size =
            self.store.glance().one("read the head of the record", sql, &[], |r| r.count(0))?;
        if size.is_some_and(|size| size > self.position()) {
            let mut writer = self.writer()?;
            // Begun once nobody in this process can append: it shows all that this process wrote.
            let look = self.store.look()?;
            let caught = catch_up(&*look, &self.operation, &mut writer.ahead);
            caught.inspect_err(|error| writer.stopped = Some(error.clone()))?;
            self.show(&writer.ahead)?;
        }
        Ok(self.position())
    }

    /// Lets readers see what has committed.
    pub(crate) fn show(&self, ahead: &State) -> Result<(), StoreError> {
        let next = Arc::new(ahead.clone());
        let mut shown = self.shown.write().map_err(|_| StoreError::Stopped)?;
        let before = std::mem::replace(&mut *shown, next);
        self.position.store(shown.position(), Ordering::Release);
        // What the two do not share goes without anybody waiting for it.
        drop(shown);
        drop(before);
        Ok(())
    }

    /// Takes back what a transaction folded that did not commit.
    pub(crate) fn take_back(&self, ahead: &mut State) {
        *ahead = State::clone(&self.state());
    }

    pub(crate) fn writer(&self) -> Result<MutexGuard<'_, Writer>, StoreError> {
        let writer = self.writer.lock().map_err(|_| StoreError::Stopped)?;
        match &writer.stopped {
            Some(StoreError::Damaged(_)) => Err(StoreError::Stopped),
            Some(error) => Err(error.clone()),
            None => Ok(writer),
        }
    }

    /// Begins a transaction beside the record, unless this process has stopped writing.
    pub(crate) fn turn(&self) -> Result<Box<dyn Turn + '_>, StoreError> {
        drop(self.writer()?);
        self.begin()
    }

    /// Begins a transaction, unless the record was moved elsewhere.
    pub(crate) fn begin(&self) -> Result<Box<dyn Turn + '_>, StoreError> {
        let turn = self.store.turn()?;
        match setting(&*turn, MOVED_TO)? {
            Some(to) => Err(StoreError::Moved(to)),
            None => Ok(turn),
        }
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        // A store that cannot be written has told so before.
        let _ = self.write_waiting();
    }
}

/// Folds entries that others wrote; the caller holds a transaction, so they agree with the head.
pub(crate) fn catch_up(
    look: &dyn Look,
    operation: &OperationId,
    ahead: &mut State,
) -> Result<(), StoreError> {
    let findings = replay(look, operation, None, ahead, &mut |_| {})?;
    if let Some(finding) = findings.first() {
        return Err(StoreError::Damaged(finding.to_string()));
    }
    at_head(look, ahead)
}

fn at_head(look: &dyn Look, state: &State) -> Result<(), StoreError> {
    let head = append::head(look)?;
    let (edge, root) = head.ok_or_else(|| StoreError::Damaged("there is no head".to_owned()))?;
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
    let wrong = |what: String| StoreError::LogKey {
        what,
        path: path.to_owned(),
        instead: "move it away to open the record without checkpoints",
    };
    match std::fs::read_to_string(path) {
        Ok(text) => LogKey::from_secret_text(&text).map(Some).map_err(|e| wrong(e.to_string())),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(e) => Err(wrong(format!("cannot read the log key ({e})"))),
    }
}
