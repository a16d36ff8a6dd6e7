//! Sections destroyed for good, with the fact that says so and never without it.

use super::RegisterError;
use super::rows;
use crate::documents::{put_setting, setting};
use crate::error::StoreError;
use crate::node::Node;
use crate::state::State;
use domain::{Custody, ErasureGround, Event, FactHash, PersonId, Section, erasure};
use jiff::{SignedDuration, Timestamp};

/// The setting that lets sections be destroyed at all: after how many days.
const ERASURE: &str = "register.erasure.after_days";

/// How long what is kept about somebody must be kept after their custody ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ErasureRule {
    pub after_days: u32,
}

/// What was destroyed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erased {
    /// Versions of sections.
    pub sections: usize,
    /// Nothing about the person is left, so their key went too.
    pub key_too: bool,
    /// The position of the fact that says so.
    pub position: u64,
    /// What of the database's own files could not be cleaned at once, if anything.
    pub left: Option<String>,
}

impl Node {
    /// Whether anything may be destroyed here; `None`, as at first, says no.
    pub fn erasure_rule(&self) -> Result<Option<ErasureRule>, StoreError> {
        Ok(rule(self.setting(ERASURE)?))
    }

    /// Lets sections be destroyed, or no longer.
    pub fn allow_erasure(&self, allowed: Option<ErasureRule>) -> Result<(), StoreError> {
        let turn = self.turn()?;
        let days = allowed.map_or("never".to_owned(), |rule| rule.after_days.to_string());
        put_setting(&*turn, ERASURE, &days)?;
        turn.commit("write the rule about erasure")
    }

    /// The versions that approvals must name: all there are of a section, or of every section.
    pub fn to_erase(
        &self,
        person: PersonId,
        section: Option<Section>,
    ) -> Result<Vec<(Section, domain::Commitment)>, RegisterError> {
        let kept = self.sections_kept(person)?.into_iter();
        let wanted = kept.filter(|(s, ..)| section.is_none_or(|wanted| wanted == *s));
        Ok(wanted.map(|(section, _, commitment)| (section, commitment)).collect())
    }

    /// Destroys a section's versions, or all about a person: boxes, salts and keys go in the one
    /// transaction that appends the fact. The chain of custody stays.
    ///
    /// Refused until two authorities have approved it, one of them entitled to resolve disputes; while
    /// the person is held; and before the rule's days are over, counted from the end of custody. What
    /// was never about this person (`kept-in-error`), or a court orders gone, waits for neither.
    pub fn erase_particulars(
        &self,
        person: PersonId,
        section: Option<Section>,
        ground: ErasureGround,
        at: Timestamp,
    ) -> Result<Erased, RegisterError> {
        let mut erased = Erased { sections: 0, key_too: false, position: 0, left: None };
        let receipts = self.commit_own(at, |turn, own| {
            let rule = rule(setting(turn, ERASURE)?).ok_or(RegisterError::ErasureOff)?;
            let all = rows::sections_about(turn, person)?;
            let there = all.len();
            let wanted = |s: &rows::SectionRow| section.is_none_or(|wanted| wanted == s.section);
            let gone: Vec<_> = all.into_iter().filter(wanted).collect();
            if gone.is_empty() {
                return Err(RegisterError::Nothing(person));
            }
            let sections: Vec<_> = gone.iter().map(|row| (row.section, row.commitment)).collect();
            let record = &own.state().record;
            let approvals = erasure::approvals(record, person, &sections, ground)?;
            if !matches!(ground, ErasureGround::KeptInError | ErasureGround::CourtOrder) {
                is_over(own.state(), person, rule, at)?;
            }
            for row in &gone {
                rows::delete_section(turn, row)?;
            }
            erased.sections = gone.len();
            erased.key_too = gone.len() == there;
            if erased.key_too {
                rows::delete_key(turn, person)?;
            }
            rows::count_change(turn)?;
            let event = Event::SectionsShredded { person, sections, ground, approvals };
            self.keeper.say(turn, own, self.operation(), self.origin(), vec![event])
        })?;
        erased.position = receipts.first().map_or(0, |receipt| receipt.position);
        // Done and said; what follows is about what the database's files still hold.
        erased.left = match self.store.scrub() {
            Ok(left) => left,
            Err(error) => Some(format!("{error}: run the database's own cleaning")),
        };
        Ok(erased)
    }
}

fn rule(setting: Option<String>) -> Option<ErasureRule> {
    setting?.parse().ok().map(|after_days| ErasureRule { after_days })
}

/// Whether custody ended long enough ago, by this node's clock.
fn is_over(
    state: &State,
    person: PersonId,
    rule: ErasureRule,
    now: Timestamp,
) -> Result<(), RegisterError> {
    let standing = state.record.standing(person);
    let ended = standing.filter(|s| matches!(s.custody, Custody::Ended { .. }));
    let last: Option<FactHash> = ended.and_then(|standing| standing.tip());
    let since = last.and_then(|hash| state.recorded_at(&hash));
    let since = since.ok_or(RegisterError::StillHeld { person })?;
    let until = since + SignedDuration::from_hours(24 * i64::from(rule.after_days));
    if now < until { Err(RegisterError::KeptUntil { person, until }) } else { Ok(()) }
}
