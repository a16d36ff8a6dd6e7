//! Reads entries back from the database and folds them, checking everything an entry must hold.

use crate::append::{self, KeptEntry};
use crate::backend::Look;
use crate::error::StoreError;
use crate::state::{Folded, State};
use domain::{Event, Fact, OperationId};
use log::VerifyingKey;
use std::fmt;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread;

/// Something in the database that should not be so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Stable, as `entry-changed`; `docs/formats/store.md` lists them.
    pub code: &'static str,
    /// The entry it is about, where it is about one.
    pub position: Option<u64>,
    pub what: String,
}

impl Finding {
    pub(crate) fn new(code: &'static str, position: Option<u64>, what: impl Into<String>) -> Self {
        Self { code, position, what: what.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self.position {
            Some(position) => write!(f, "{} at entry {position}: {}", self.code, self.what),
            None => write!(f, "{}: {}", self.code, self.what),
        }
    }
}

/// One entry, folded.
pub(crate) struct Replayed<'a> {
    pub position: u64,
    pub folded: &'a Folded,
}

/// A signature still to be checked.
struct Pending {
    position: u64,
    bytes: Vec<u8>,
    key: VerifyingKey,
    /// A change of key, which holds a second signature.
    change: Option<Box<Fact>>,
}

/// Signatures handed to a thread at a time.
const BATCH: usize = 32;

/// Folds the entries after `state`'s position into it, in order, and lists what does not hold.
///
/// With an origin in `signatures`, other threads check the signatures while this one folds.
pub(crate) fn replay(
    look: &dyn Look,
    operation: &OperationId,
    signatures: Option<&str>,
    state: &mut State,
    visit: &mut dyn FnMut(Replayed),
) -> Result<Vec<Finding>, StoreError> {
    let from = state.position();
    let mut feed = |each: &mut Each| append::each_entry(look, from, each);
    replay_from(&mut feed, operation, signatures, state, visit)
}

/// Takes one entry in.
pub(crate) type Each<'a> = dyn FnMut(KeptEntry) -> Result<(), StoreError> + 'a;
/// Hands over every entry after the state's position, in order.
pub(crate) type Feed<'a> = dyn FnMut(&mut Each) -> Result<(), StoreError> + 'a;

/// As [`replay`], with entries from anywhere.
pub(crate) fn replay_from(
    feed: &mut Feed,
    operation: &OperationId,
    signatures: Option<&str>,
    state: &mut State,
    visit: &mut dyn FnMut(Replayed),
) -> Result<Vec<Finding>, StoreError> {
    let Some(origin) = signatures else {
        return fold_rows(feed, operation, state, visit, &mut |_| {});
    };
    let threads = thread::available_parallelism().map_or(1, |n| n.get());
    let (send, receive): (SyncSender<Vec<Pending>>, _) = sync_channel(4 * threads);
    let receive = Mutex::new(receive);
    thread::scope(|scope| {
        let checks: Vec<_> =
            (0..threads).map(|_| scope.spawn(|| check_signatures(&receive, origin))).collect();
        let mut batch = Vec::with_capacity(BATCH);
        let folded = fold_rows(feed, operation, state, visit, &mut |pending| {
            batch.push(pending);
            if batch.len() == BATCH {
                // Fails only when the checking threads died, which the join below tells.
                let _ = send.send(std::mem::replace(&mut batch, Vec::with_capacity(BATCH)));
            }
        });
        let _ = send.send(batch);
        drop(send);
        let mut findings = folded?;
        for check in checks {
            findings.extend(check.join().map_err(|_| StoreError::Stopped)?);
        }
        findings.sort_by_key(|f| f.position);
        Ok(findings)
    })
}

fn check_signatures(receive: &Mutex<Receiver<Vec<Pending>>>, origin: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    loop {
        let next = receive.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(batch) = next else { return findings };
        for Pending { position, bytes, key, change } in batch {
            let signed = log::verify_signature(&bytes, &key, origin);
            let proven = || change.map_or(Ok(()), |fact| log::key_change::check(&fact, origin));
            if let Err(error) = signed.and_then(|()| proven()) {
                findings.push(Finding::new("bad-signature", Some(position), error.to_string()));
            }
        }
    }
}

fn fold_rows(
    feed: &mut Feed,
    operation: &OperationId,
    state: &mut State,
    visit: &mut dyn FnMut(Replayed),
    check_later: &mut dyn FnMut(Pending),
) -> Result<Vec<Finding>, StoreError> {
    let mut findings = Vec::new();
    let mut due = state.position() as i64;
    feed(&mut |entry| {
        let KeptEntry { position: at, hash, bytes, recorded_at } = entry;
        let position = state.position();
        let mut found =
            |code, what: String| findings.push(Finding::new(code, u64::try_from(at).ok(), what));
        if at != due {
            found("entry-missing", format!("{due} should come before it and is not there"));
        }
        due = at + 1;
        let leaf = log::merkle::leaf_hash(&bytes);
        let envelope = match log::decode(&bytes) {
            Ok(envelope) => envelope,
            Err(error) => {
                found("entry-unreadable", error.to_string());
                state.fold_unreadable(leaf, recorded_at);
                return Ok(());
            }
        };
        let fact = envelope.into_claims();
        if fact.hash.0 != hash {
            found("entry-changed", format!("its bytes hash to {}", fact.hash));
        }
        for (code, what) in misplaced(&fact, operation, state) {
            found(code, what);
        }
        let device = fact.device;
        let mut key = state.key(&device).copied();
        let change = matches!(fact.event, Event::KeyChanged { .. }).then(|| Box::new(fact.clone()));
        let folded = state.fold(fact, leaf, recorded_at);
        if position == 0 {
            // The opening fact names the key that signed it.
            key = state.key(&device).copied();
        }
        match key {
            Some(key) => check_later(Pending { position, bytes, key, change }),
            None => found("unknown-device", format!("nothing before it enrols {device:?}")),
        }
        match folded {
            Ok(folded) => visit(Replayed { position, folded: &folded }),
            Err(error) => found("books-off", error.to_string()),
        }
        Ok(())
    })?;
    Ok(findings)
}

/// What submission would have refused about a fact that is well signed.
fn misplaced(fact: &Fact, operation: &OperationId, state: &State) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    if fact.operation != *operation {
        found.push(("wrong-operation", format!("it is of operation {}", fact.operation)));
    }
    let keys = state.record.keys();
    let enrolled = keys.enrolments(&fact.device).next();
    if let Some(enrolled) = enrolled.filter(|_| !keys.may_sign(&fact.device, &fact.authority)) {
        let what = format!("{} signed with a device of {}", fact.authority, enrolled.authority);
        found.push(("wrong-authority", what));
    }
    if matches!(fact.event, Event::OperationOpened { .. }) != (state.position() == 0) {
        found.push(("wrong-opening", "the first entry, and no other, opens the operation".into()));
    }
    if state.position_of(&fact.hash).is_some() {
        found.push(("entry-twice", format!("{} is in the record already", fact.hash)));
    }
    found
}
