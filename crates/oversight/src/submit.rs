//! The log's side of witnessing: one head brought to one witness, which may be down, behind or lying.

use crate::fetch::{FetchError, Fetcher};
use log::merkle::Hash;
use log::{AddCheckpoint, Checkpoint, Cosignature, Cosigner, Note, NoteVerifier};

/// An answer is not read beyond this many bytes.
const ANSWER_MAX: usize = 16 * 1024;
/// How far a witness's clock may be from ours, in seconds, for its cosignature to be kept.
pub const CLOCK_OFF_MAX_S: u64 = 3_600;
/// Sizes tried before a witness that keeps naming others is given up.
const TRIES: usize = 3;

/// Why a witness's cosignature is not there.
#[derive(Debug, thiserror::Error)]
pub enum WitnessFault {
    #[error(transparent)]
    Fetch(#[from] FetchError),
    #[error("it answers {status}: {says}")]
    Refused { status: u16, says: String },
    #[error("its answer is no cosignature of this head by its key: {0}")]
    Answer(String),
    #[error("its cosignature is of {time_s} s since 1970, over an hour from now")]
    Clock { time_s: u64 },
    #[error("it says that it cosigned {claimed} entries, and shows no head of ours that large")]
    Claims { claimed: u64 },
    #[error("after {TRIES} sizes of its own naming it still names another")]
    Loops,
    /// Our own key signed it: this log lost entries, or forked.
    #[error("it holds a head of ours of {} entries that this record does not continue", .0.size)]
    Ahead(Checkpoint),
}

/// A head to be cosigned, and how it follows from smaller ones.
pub struct Submission<'a> {
    pub log: &'a NoteVerifier,
    /// Signed by `log`.
    pub note: &'a Note,
    pub checkpoint: &'a Checkpoint,
    /// Proof that the tree of that size is the beginning of the checkpoint's.
    pub proof: &'a (dyn Fn(u64) -> Option<Vec<Hash>> + Sync),
    /// Seconds since 1970.
    pub now_s: u64,
}

/// Asks the witness at `url` to cosign. `last` is the size it is believed to have cosigned last, and
/// afterwards what it is known to have.
pub fn submit(
    fetcher: &Fetcher,
    witness: &Cosigner,
    url: &str,
    last: &mut u64,
    submission: &Submission,
) -> Result<Cosignature, WitnessFault> {
    let size = submission.checkpoint.size;
    for _ in 0..TRIES {
        let old = *last;
        let proof = (submission.proof)(old).ok_or(WitnessFault::Loops)?;
        let request = AddCheckpoint { old, proof, checkpoint: submission.note.clone() };
        let address = format!("{}/add-checkpoint", url.trim_end_matches('/'));
        let answer = fetcher.post(&address, &request.to_string(), ANSWER_MAX)?;
        match answer.status {
            200 => {
                let cosignature = cosignature(answer.text(), witness, submission)?;
                *last = size;
                return Ok(cosignature);
            }
            409 if answer.content_type == "text/x.tlog.size" => {
                let held = answer.text().trim_end_matches('\n').parse::<u64>();
                let held = held.map_err(|_| WitnessFault::Answer("a 409 without a size".into()))?;
                if held > size {
                    return Err(ahead(fetcher, url, held, submission));
                }
                *last = held;
            }
            // It may have forgotten all, or hold what is not our beginning: start from what it shows.
            status => {
                let says = answer.text().chars().filter(|c| !c.is_control()).take(200).collect();
                if status == 422
                    && let Some(theirs) = shown(fetcher, url, submission)?
                {
                    return Err(WitnessFault::Ahead(theirs));
                }
                return Err(WitnessFault::Refused { status, says });
            }
        }
    }
    Err(WitnessFault::Loops)
}

/// The head that a witness shows of this log, when our own key signed it and this record does not
/// hold it: proof against us that needs no trust in the witness.
pub fn shown(
    fetcher: &Fetcher,
    url: &str,
    submission: &Submission,
) -> Result<Option<Checkpoint>, FetchError> {
    let id = log::witness::log_id(&submission.checkpoint.origin);
    let address = format!("{}/{id}/checkpoint", url.trim_end_matches('/'));
    let Some(body) = fetcher.get_ok(&address, log::note::NOTE_MAX)? else { return Ok(None) };
    let text = String::from_utf8_lossy(&body);
    // What our key did not sign is the witness's own invention.
    let Ok(theirs) = Checkpoint::open(&text, submission.log) else { return Ok(None) };
    let ours = submission.checkpoint;
    let continued = if theirs.size > ours.size {
        false
    } else {
        (submission.proof)(theirs.size).is_some_and(|proof| {
            let (old, new) = (theirs.size, ours.size);
            log::merkle::verify_consistency(old, new, &theirs.root, &ours.root, &proof).is_ok()
        })
    };
    Ok((!continued).then_some(theirs))
}

fn ahead(fetcher: &Fetcher, url: &str, claimed: u64, submission: &Submission) -> WitnessFault {
    match shown(fetcher, url, submission) {
        Ok(Some(theirs)) => WitnessFault::Ahead(theirs),
        Ok(None) => WitnessFault::Claims { claimed },
        Err(error) => error.into(),
    }
}

fn cosignature(
    answer: &str,
    witness: &Cosigner,
    submission: &Submission,
) -> Result<Cosignature, WitnessFault> {
    let wrong = |what: String| WitnessFault::Answer(what);
    let lines = log::cosignature::read_lines(answer).map_err(|e| wrong(e.to_string()))?;
    let note = Note { text: submission.note.text.clone(), signatures: lines };
    let found = witness.find(&note).map_err(|e| wrong(e.to_string()))?;
    let found = found.ok_or_else(|| wrong(format!("no line is by {}", witness.name())))?;
    if found.time_s.abs_diff(submission.now_s) > CLOCK_OFF_MAX_S {
        return Err(WitnessFault::Clock { time_s: found.time_s });
    }
    Ok(found)
}
