//! What an export holds beside the log: every file must be the one that was signed for.

use super::{finding, hex};
use crate::export::{SUMS, SUMS_NOTE, sums_text};
use crate::source::{Source, SourceError};
use domain::{Event, kind};
use log::note::NOTE_MAX;
use log::{Note, Policy};
use std::collections::BTreeMap;
use store::{Finding, State};

/// A file of an export, at most, in bytes.
const FILE_MAX: usize = 1 << 30;

/// Checks files against `SHA256SUMS` and plans against the facts that adopt them. `None` when the
/// source is no export.
pub(super) fn check(
    source: &dyn Source,
    policy: &Policy,
    state: &State,
    findings: &mut Vec<Finding>,
) -> Result<Option<usize>, SourceError> {
    let Some(sums) = source.read(SUMS, FILE_MAX)? else { return Ok(None) };
    let mut wrong = |name: &str, what: &str| {
        findings.push(finding("file-changed", None, format!("{name} {what}")));
    };
    let note = source.read(SUMS_NOTE, NOTE_MAX)?.unwrap_or_default();
    let expected = sums_text(&sums);
    let note = Note::parse(&String::from_utf8_lossy(&note));
    let signed = note.is_ok_and(|note| {
        note.text == expected && policy.logs.iter().any(|log| note.verify(&log.key).is_ok())
    });
    if !signed {
        wrong(SUMS, "is not what the log's key signed");
    }
    let text = String::from_utf8_lossy(&sums);
    let mut listed: BTreeMap<&str, &str> = BTreeMap::new();
    for line in text.lines() {
        match line.split_once("  ") {
            Some((sum, name)) => _ = listed.insert(name, sum),
            None => wrong(SUMS, "has a line that is no sum and name"),
        }
    }
    for (name, sum) in &listed {
        match source.read(name, FILE_MAX)? {
            Some(bytes) if hex(&log::hash_of(&bytes).0) == *sum => {}
            Some(_) => wrong(name, "does not match its sum"),
            None => wrong(name, "is not there"),
        }
    }
    for name in source.names("")? {
        if name != SUMS && name != SUMS_NOTE && !listed.contains_key(name.as_str()) {
            wrong(&name, "was added: no sum names it");
        }
    }
    for fact in state.record.of_kind(kind::PLAN_ADOPTED) {
        let Event::PlanAdopted { plan, .. } = &fact.event else { continue };
        let name = format!("documents/plan/{}.json", hex(&plan.0));
        if let Some(bytes) = source.read(&name, FILE_MAX)?
            && log::hash_of(&bytes).0 != plan.0
        {
            wrong(&name, "is not the plan that was adopted");
        }
    }
    Ok(Some(listed.len()))
}
