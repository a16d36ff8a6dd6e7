//! Folds entries that come from elsewhere than a store: a mirror, an export, a served log.

use crate::append::KeptEntry;
use crate::replay::{Finding, replay_from};
use crate::state::State;
use domain::OperationId;
use jiff::Timestamp;

/// Folds entries into `state`, which holds those before them, and checks each as verification of a
/// store does: encoding, signature, device, order, and the balance of the books after it.
///
/// `progress` hears how many are folded. Nobody knows when these entries were recorded: that reads
/// as the epoch.
pub fn audit(
    origin: &str,
    state: &mut State,
    entries: &mut dyn Iterator<Item = Vec<u8>>,
    progress: &mut dyn FnMut(u64),
) -> Vec<Finding> {
    run(Some(origin), state, entries, progress)
}

/// As [`audit`], but for entries whose signatures were checked when they came in.
pub fn refold(state: &mut State, entries: &mut dyn Iterator<Item = Vec<u8>>) -> Vec<Finding> {
    run(None, state, entries, &mut |_| {})
}

fn run(
    signatures: Option<&str>,
    state: &mut State,
    entries: &mut dyn Iterator<Item = Vec<u8>>,
    progress: &mut dyn FnMut(u64),
) -> Vec<Finding> {
    let mut entries = entries.peekable();
    let Some(operation) = operation(state, entries.peek()) else {
        return match entries.peek() {
            None => Vec::new(),
            Some(_) => vec![Finding::new("entry-unreadable", Some(0), "the log does not open")],
        };
    };
    let mut position = state.position();
    let mut feed = |each: &mut crate::replay::Each| {
        for bytes in &mut entries {
            let hash = log::hash_of(&bytes).0;
            let recorded_at = Timestamp::UNIX_EPOCH;
            each(KeptEntry { position: position as i64, hash, bytes, recorded_at })?;
            position += 1;
        }
        Ok(())
    };
    let visit = &mut |entry: crate::replay::Replayed| progress(entry.position + 1);
    replay_from(&mut feed, &operation, signatures, state, visit).unwrap_or_else(|error| {
        // Nothing here reads a database; only a thread that died ends up here.
        vec![Finding::new("not-checked", None, error.to_string())]
    })
}

/// The operation that the first entry opens.
fn operation(state: &State, first: Option<&Vec<u8>>) -> Option<OperationId> {
    match state.at(0) {
        Some(entry) => Some(entry.fact.operation.clone()),
        None => Some(log::decode(first?).ok()?.claims().operation.clone()),
    }
}
