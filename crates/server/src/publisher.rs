//! Publishing heads: on a beat, the record's head is signed, shown to the witnesses, and kept with
//! their cosignatures.

use jiff::Timestamp;
use log::{Checkpoint, Note, NoteVerifier, Policy};
use oversight::submit::{Submission, shown};
use oversight::{Fetcher, WitnessFault, submit};
use std::collections::BTreeMap;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, OnceLock};
use std::thread::{self, JoinHandle};
use std::time::Duration;
use store::{KeptHead, Node, StoreError};

/// For one request to one witness, its answer included.
const WITNESS_TIMEOUT: Duration = Duration::from_secs(10);
/// A head of the same size is cosigned again after this long, so that its time stays fresh.
const REFRESH_S: u64 = 3_600;

/// Whether heads are published here, and what stopped it.
#[derive(Default)]
pub struct Publishing {
    /// Only heads with a quorum are published.
    pub witnessed: bool,
    halted: OnceLock<String>,
}

impl Publishing {
    /// Why nothing more is signed here; `None` while all is well.
    pub fn halted(&self) -> Option<&str> {
        self.halted.get().map(String::as_str)
    }
}

/// The thread that publishes; it ends when this is dropped.
pub struct Publisher {
    pub publishing: Arc<Publishing>,
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Publisher {
    /// Publishes every `beat` to the witnesses that `policy` gives addresses for.
    pub fn start(node: Arc<Node>, policy: Policy, beat: Duration) -> Result<Self, StoreError> {
        let publishing =
            Arc::new(Publishing { witnessed: policy.asks_for_witnesses(), ..Default::default() });
        let log = node.verifier()?;
        let round = Round {
            node,
            log,
            policy,
            fetcher: Fetcher::new(WITNESS_TIMEOUT),
            publishing: publishing.clone(),
            last: BTreeMap::new(),
            failing: BTreeMap::new(),
        };
        let (stop, stopped) = channel();
        let thread = thread::spawn(move || round.run(beat, &stopped));
        Ok(Self { publishing, stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for Publisher {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

struct Round {
    node: Arc<Node>,
    log: NoteVerifier,
    policy: Policy,
    fetcher: Fetcher,
    publishing: Arc<Publishing>,
    /// The size that each witness is believed to have cosigned last.
    last: BTreeMap<String, u64>,
    /// What is wrong with a witness, so that it is told once and not at every beat.
    failing: BTreeMap<String, String>,
}

impl Round {
    fn run(mut self, beat: Duration, stopped: &Receiver<()>) {
        let mut asked = false;
        loop {
            if !asked {
                asked = self.compare_with_witnesses();
            }
            match self.publish() {
                Ok(()) => {}
                Err(error) => tracing::error!(%error, "a head could not be published"),
            }
            if self.publishing.halted().is_some() {
                return;
            }
            match stopped.recv_timeout(beat) {
                Err(RecvTimeoutError::Timeout) => {}
                _ => return,
            }
        }
    }

    /// Before anything is signed: does a witness hold a head of ours that this record lost? A record
    /// restored from an old backup would fork the log with its first new head.
    fn compare_with_witnesses(&mut self) -> bool {
        let Ok((note, checkpoint)) = self.head() else { return false };
        let proof = |old| self.proof(old, checkpoint.size);
        let submission = submission(&self.log, &note, &checkpoint, &proof);
        let witnesses = self.policy.witnesses.iter().filter_map(|w| w.url.as_deref());
        let theirs: Vec<_> = thread::scope(|scope| {
            let asks: Vec<_> = witnesses
                .map(|url| scope.spawn(|| shown(&self.fetcher, url, &submission).ok().flatten()))
                .collect();
            asks.into_iter().filter_map(|ask| ask.join().ok().flatten()).collect()
        });
        if let Some(theirs) = theirs.first() {
            self.halt(theirs);
        }
        true
    }

    fn publish(&mut self) -> Result<(), StoreError> {
        if self.publishing.halted().is_some() {
            return Ok(());
        }
        let now_s = u64::try_from(Timestamp::now().as_second()).unwrap_or(0);
        let (mut note, checkpoint) = self.head()?;
        let before = self.node.newest_head(false)?;
        if let Some(before) = &before {
            self.check_continues(before, &checkpoint)?;
            if before.size == checkpoint.size
                && let Ok(held) = Note::parse(&before.note)
            {
                note = held;
            }
        }
        let fresh = |key: &log::Cosigner| {
            let found = key.find(&note).ok().flatten();
            found.is_some_and(|c| now_s.saturating_sub(c.time_s) < REFRESH_S)
        };
        let due: Vec<_> = self
            .policy
            .witnesses
            .iter()
            .filter(|w| !fresh(&w.key))
            .filter_map(|w| Some((w, w.url.clone()?)))
            .collect();
        let kept = before.as_ref().is_some_and(|b| b.size == checkpoint.size);
        if due.is_empty() && kept {
            return Ok(());
        }
        let proof = |old| self.proof(old, checkpoint.size);
        let submission = Submission { now_s, ..submission(&self.log, &note, &checkpoint, &proof) };
        let answers: Vec<_> = thread::scope(|scope| {
            let asks: Vec<_> = due
                .into_iter()
                .map(|(witness, url)| {
                    let mut last = self.last.get(&witness.name).copied().unwrap_or(0);
                    let (fetcher, submission) = (&self.fetcher, &submission);
                    scope.spawn(move || {
                        let got = submit(fetcher, &witness.key, &url, &mut last, submission);
                        (witness.name.clone(), last, got)
                    })
                })
                .collect();
            asks.into_iter().filter_map(|ask| ask.join().ok()).collect()
        });
        for (name, last, got) in answers {
            self.last.insert(name.clone(), last);
            match got {
                Ok(cosignature) => {
                    let line = cosignature.line;
                    note.signatures.retain(|s| (&s.name, s.id) != (&line.name, line.id));
                    note.signatures.push(line);
                    if self.failing.remove(&name).is_some() {
                        tracing::info!(witness = name, "the witness cosigns again");
                    }
                }
                Err(WitnessFault::Ahead(theirs)) => {
                    self.halt(&theirs);
                    return Ok(());
                }
                Err(fault) => self.tell(name, fault.to_string()),
            }
        }
        let judged = self.policy.judge(&note).map_err(|e| StoreError::Damaged(e.to_string()))?;
        let size = checkpoint.size;
        self.node.keep_head(&KeptHead { size, note: note.to_text(), quorum: judged.quorum })
    }

    fn head(&self) -> Result<(Note, Checkpoint), StoreError> {
        let damaged = |e: &dyn std::fmt::Display| StoreError::Damaged(e.to_string());
        let note = Note::parse(&self.node.checkpoint()?).map_err(|e| damaged(&e))?;
        let checkpoint = Checkpoint::parse(&note.text).map_err(|e| damaged(&e))?;
        Ok((note, checkpoint))
    }

    fn proof(&self, old: u64, size: u64) -> Option<Vec<log::merkle::Hash>> {
        self.node.read(|state| state.tree.consistency(old, size).ok())
    }

    /// A head kept here that the record does not continue means that one of them was changed.
    fn check_continues(&self, before: &KeptHead, now: &Checkpoint) -> Result<(), StoreError> {
        let held = Checkpoint::open(&before.note, &self.log);
        let held = held.map_err(|e| StoreError::Damaged(e.to_string()))?;
        let root = self.node.read(|state| state.tree.root_at(held.size));
        if held.size > now.size || root != Some(held.root) {
            self.halt(&held);
        }
        Ok(())
    }

    fn halt(&self, theirs: &Checkpoint) {
        let why = format!(
            "a head of {} entries was signed that this record does not continue: it was restored \
             from an old backup, or changed; stop, bring back the entries from a mirror or the \
             devices, and run `amana verify`",
            theirs.size
        );
        tracing::error!(why, "no more heads are signed");
        let _ = self.publishing.halted.set(why);
    }

    fn tell(&mut self, name: String, fault: String) {
        if self.failing.get(&name) != Some(&fault) {
            tracing::warn!(witness = name, fault, "a witness did not cosign");
            self.failing.insert(name, fault);
        }
    }
}

fn submission<'a>(
    log: &'a NoteVerifier,
    note: &'a Note,
    checkpoint: &'a Checkpoint,
    proof: &'a (dyn Fn(u64) -> Option<Vec<log::merkle::Hash>> + Sync),
) -> Submission<'a> {
    Submission { log, note, checkpoint, proof, now_s: 0 }
}
