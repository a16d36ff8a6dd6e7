//! What an export says of the register's sections: each disclosed one must open its commitment, and
//! nothing may be said that the record does not.

use super::finding;
use crate::export::SECTIONS;
use crate::source::{Source, SourceError};
use base64::{Engine, prelude::BASE64_STANDARD as BASE64};
use domain::{Commitment, PersonId, Section};
use serde::Deserialize;
use std::collections::BTreeMap;
use store::{Disposition, Finding, SectionVerdict, State};

/// Longer than the lines of a register of 50,000 people, in bytes.
const FILE_MAX: usize = 1 << 30;

#[derive(Deserialize)]
struct Line {
    person: String,
    section: String,
    commitment: String,
    is: String,
    salt: Option<String>,
    plaintext: Option<String>,
}

impl Line {
    fn named(&self) -> Option<(PersonId, Section, Commitment)> {
        let commitment = BASE64.decode(&self.commitment).ok()?.try_into().ok()?;
        let person = PersonId::parse(&self.person).ok()?;
        Some((person, Section::from_code(&self.section)?, Commitment(commitment)))
    }

    /// The commitment to what the line discloses.
    fn opens(&self, section: Section) -> Option<Commitment> {
        let salt = BASE64.decode(self.salt.as_ref()?).ok()?.try_into().ok()?;
        Some(log::commitment(section.code(), &salt, self.plaintext.as_ref()?.as_bytes()))
    }
}

/// What an export discloses of a section: the newest of each person, opened by its commitment. `None` when
/// it withholds or lacks anybody's, or one was destroyed: then nothing can be counted by it.
///
/// # Errors
/// When the export cannot be read.
pub fn disclosed(
    source: &dyn Source,
    state: &State,
    section: Section,
) -> Result<Option<BTreeMap<PersonId, String>>, SourceError> {
    let mut newest: BTreeMap<PersonId, (u64, Commitment)> = BTreeMap::new();
    for ((person, _, commitment), fact) in
        state.committed().into_iter().filter(|((_, of, _), _)| *of == section)
    {
        let known = newest.entry(person).or_insert((fact, commitment));
        if fact > known.0 {
            *known = (fact, commitment);
        }
    }
    let text = source.read(SECTIONS, FILE_MAX)?.unwrap_or_default();
    let mut opened = BTreeMap::new();
    for line in text.split(|byte| *byte == b'\n').filter(|l| !l.is_empty()) {
        let Ok(line) = serde_json::from_slice::<Line>(line) else { continue };
        let Some((person, of, commitment)) = line.named() else { continue };
        let wanted = newest.get(&person).is_some_and(|(_, newest)| *newest == commitment);
        if of == section && wanted && line.opens(section) == Some(commitment) {
            opened.extend(line.plaintext.map(|plaintext| (person, plaintext)));
        }
    }
    let complete = !opened.is_empty() && opened.len() == newest.len();
    Ok(complete.then_some(opened))
}

/// One verdict for each section that a fact commits to; none when the export says nothing of them.
pub(super) fn check(
    source: &dyn Source,
    state: &State,
    findings: &mut Vec<Finding>,
) -> Result<Vec<SectionVerdict>, SourceError> {
    let Some(text) = source.read(SECTIONS, FILE_MAX)? else { return Ok(Vec::new()) };
    let mut committed = state.committed();
    let shredded = state.shredded();
    let mut verdicts = Vec::with_capacity(committed.len());
    let mut wrong = |fact, what: String| findings.push(finding("particulars-changed", fact, what));
    for (n, line) in text.split(|byte| *byte == b'\n').filter(|l| !l.is_empty()).enumerate() {
        let line: Option<Line> = serde_json::from_slice(line).ok();
        let named = line.as_ref().and_then(|line| Some((line, line.named()?)));
        let Some((line, named)) = named else {
            wrong(None, format!("line {} of {SECTIONS} cannot be read", n + 1));
            continue;
        };
        let (person, section, commitment) = named;
        let Some(fact) = committed.remove(&named) else {
            let what = format!("{section} of {person} is told of twice, or no fact commits to it");
            wrong(None, what);
            continue;
        };
        let disposition = match (line.is.as_str(), shredded.get(&named)) {
            ("disclosed", _) if line.opens(section) == Some(commitment) => Disposition::Matches,
            ("withheld", None) => Disposition::Withheld,
            ("shredded", Some(by)) => Disposition::Shredded { by: *by },
            _ => {
                let what = format!("{section} of {person} is not {} as the record has it", line.is);
                wrong(Some(fact), what);
                Disposition::Changed
            }
        };
        verdicts.push(SectionVerdict { person, section, commitment, fact, disposition });
    }
    for ((person, section, commitment), fact) in committed {
        let what = format!("{section} of {person} is not told of");
        findings.push(finding("particulars-missing", Some(fact), what));
        let disposition = Disposition::Missing;
        verdicts.push(SectionVerdict { person, section, commitment, fact, disposition });
    }
    verdicts.sort_by_key(|v| (v.fact, v.person, v.section));
    Ok(verdicts)
}
