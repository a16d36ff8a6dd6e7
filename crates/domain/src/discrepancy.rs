//! What does not fit: named differences, each open until somebody resolves it with a reason.

use crate::code;
use crate::custody::Misfit;
use crate::fact::{Answer, Event, Fact, Muster, ResolutionReason};
use crate::ids::*;
use crate::keys::Term;
use crate::record::Record;
use crate::standing::Contest;
use std::collections::{BTreeMap, BTreeSet};

code!(
    /// The kinds of difference the record can show. `docs/codes.md` tells what to do about each.
    DiscrepancyCode {
        /// Offered and accepted differ: the people refused or not present are listed.
        HandoverShort = "handover-short",
        /// A muster by name missed people, or one by number came out short or over.
        MusterDiffers = "muster-differs",
        /// A count on the way differs from the people boarded.
        CountDiffers = "count-differs",
        /// Two facts that fit follow the same one.
        Contested = "contested",
        /// A report that does not fit the custody it follows.
        Misfit = "misfit",
        /// A fact whose predecessor has not come in.
        Parked = "parked",
        /// Boarded without every gate open.
        GateMissing = "gate-missing",
        /// Somebody recorded as adult was found to be under 18.
        UnderAge = "under-age",
        /// A device's chain lacks a fact.
        DeviceGap = "device-gap",
        /// A device signed two facts with one sequence.
        DeviceFork = "device-fork",
        /// Two authorities enrolled one key.
        KeyShared = "key-shared",
        /// Signed beyond the last fact that a revocation lets stand.
        AfterRevocation = "after-revocation",
        /// A plan adopted, an intake promised or cover decided by an authority that it is not for.
        NotEntitled = "not-entitled",
        /// Signed, by its own word, outside the span its key was enrolled for.
        OutOfTerm = "out-of-term",
        /// Another device saw a fact of this chain that is not here: its end may be cut off.
        TailMissing = "tail-missing",
    }
);

/// A named difference. Its identity is its code and the fact that showed it, so every node names
/// it alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Discrepancy {
    pub code: DiscrepancyCode,
    pub fact: FactHash,
    /// Who it is about; empty when only a number differs.
    pub people: BTreeSet<PersonId>,
    /// Expected and found, where two numbers differ.
    pub counts: Option<(u32, u32)>,
    /// Why the report did not fit, for a misfit.
    pub misfit: Option<Misfit>,
    pub resolution: Option<Resolution>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resolution {
    pub fact: FactHash,
    pub why: ResolutionReason,
}

impl Discrepancy {
    pub fn is_open(&self) -> bool {
        self.resolution.is_none()
    }
}

/// Every discrepancy the record shows, resolved ones too, by code and fact.
pub fn discrepancies(record: &Record) -> Vec<Discrepancy> {
    let mut found = Found::default();
    let mut rulings = BTreeMap::new();
    let mut undecided = BTreeSet::new();
    for (person, standing) in record.people() {
        if let Some(contest) = &standing.contest {
            found.person(DiscrepancyCode::Contested, contest.name(), person);
            undecided.insert(contest.name());
        }
        for (contest, ruling) in &standing.settled {
            let why = match record.fact(&ruling.by).map(|f| &f.event) {
                Some(Event::ForkResolved { why, .. }) => *why,
                _ => continue,
            };
            let by = Resolution { fact: ruling.by, why };
            let d = found.person(DiscrepancyCode::Contested, contest.name(), person);
            rulings.insert(d.fact, by);
        }
        for (hash, misfit) in &standing.misfits {
            found.person(DiscrepancyCode::Misfit, *hash, person).misfit = Some(*misfit);
        }
        for hash in &standing.parked {
            found.person(DiscrepancyCode::Parked, *hash, person);
        }
    }
    let mut resolutions = BTreeMap::new();
    for fact in record.facts() {
        found.of_key(record, fact);
        match &fact.event {
            Event::HandoverAnswered { offer, outcomes } => {
                let short: Vec<_> = outcomes
                    .iter()
                    .filter(|(_, a)| *a != Answer::Accepted)
                    .map(|(p, _)| *p)
                    .collect();
                let offered = record.fact(offer).map_or(outcomes.len(), |f| f.people().len());
                if !short.is_empty() {
                    let accepted = outcomes.len() - short.len();
                    let d = found.at(DiscrepancyCode::HandoverShort, fact.hash);
                    d.people.extend(short);
                    d.counts = Some((offered as u32, accepted as u32));
                }
            }
            Event::MusterTaken { count: Muster::ByName { present, absent }, .. }
                if !absent.is_empty() =>
            {
                let d = found.at(DiscrepancyCode::MusterDiffers, fact.hash);
                d.people.extend(absent);
                d.counts = Some(((present.len() + absent.len()) as u32, present.len() as u32));
            }
            Event::MusterTaken { count: Muster::ByNumber { expected, counted }, .. }
                if expected != counted =>
            {
                found.at(DiscrepancyCode::MusterDiffers, fact.hash).counts =
                    Some((*expected, *counted));
            }
            Event::Departed { movement, aboard }
            | Event::WaypointPassed { movement, aboard: Some(aboard), .. } => {
                let boarded = boarded(record, *movement);
                if boarded.len() as u32 != *aboard {
                    found.at(DiscrepancyCode::CountDiffers, fact.hash).counts =
                        Some((boarded.len() as u32, *aboard));
                }
            }
            Event::Boarded { people, .. } => {
                for link in people {
                    if !cleared_by(record, link.person, fact.occurred_at) {
                        found.person(DiscrepancyCode::GateMissing, fact.hash, link.person);
                    }
                }
            }
            Event::AgeFound { person, under_18: true, .. } => {
                found.person(DiscrepancyCode::UnderAge, fact.hash, *person);
            }
            Event::HeadsSeen { heads } => {
                let missing = heads.iter().filter(|h| record.fact(&h.hash).is_none()).count();
                if missing > 0 {
                    found.at(DiscrepancyCode::TailMissing, fact.hash).counts =
                        Some((heads.len() as u32, (heads.len() - missing) as u32));
                }
            }
            // Whoever found a key that was taken out of use must not close what it opened.
            Event::DiscrepancyResolved { code, fact: about, why } if record.keys().counts(fact) => {
                let by = Resolution { fact: fact.hash, why: *why };
                let kept = resolutions.entry((*code, *about)).or_insert(by);
                if by.fact < kept.fact {
                    *kept = by;
                }
            }
            _ => {}
        }
    }
    for (_, device) in record.devices() {
        for gap in device.gaps() {
            found.at(DiscrepancyCode::DeviceGap, gap.before.first()).counts =
                Some((gap.first as u32, gap.before.sequence as u32));
        }
        for fork in device.forks() {
            found.at(DiscrepancyCode::DeviceFork, fork.first()).counts =
                Some((1, fork.facts.len() as u32));
        }
    }
    for (_, enrolments) in record.keys().devices() {
        let authorities: BTreeSet<_> = enrolments.iter().map(|e| &e.authority).collect();
        if authorities.len() > 1 {
            for by in enrolments.iter().filter_map(|e| e.by) {
                found.at(DiscrepancyCode::KeyShared, by);
            }
        }
    }
    let mut list: Vec<_> = found.0.into_values().collect();
    for d in &mut list {
        d.resolution = match d.code {
            // Settled by a ruling on the fork for everyone in it, not by an explanation.
            DiscrepancyCode::Contested if undecided.contains(&d.fact) => None,
            DiscrepancyCode::Contested => rulings.get(&d.fact).copied(),
            code => resolutions.get(&(code, d.fact)).copied(),
        };
    }
    list
}

impl Contest {
    /// A contest goes by the fact its branches follow, so that a further branch does not rename it.
    pub fn name(&self) -> FactHash {
        self.at.or(self.branches.first().copied()).unwrap_or(FactHash([0; 32]))
    }
}

/// Everyone a movement's boarding facts name.
fn boarded(record: &Record, movement: MovementId) -> BTreeSet<PersonId> {
    let mut people = BTreeSet::new();
    for fact in record.movement_facts(movement) {
        if let Event::Boarded { people: links, .. } = &fact.event {
            people.extend(links.iter().map(|l| l.person));
        }
    }
    people
}

/// Whether every gate was decided open by `at`, by the field's times. Decides nothing about
/// custody; it only says whether to ask why.
fn cleared_by(record: &Record, person: PersonId, at: jiff::Timestamp) -> bool {
    use crate::fact::{Gate, GateOutcome};
    let mut open: BTreeSet<Gate> = BTreeSet::new();
    for fact in record.counted_mentions(person) {
        if let Event::GateDecided { gate, outcome, .. } = &fact.event
            && fact.occurred_at <= at
        {
            match outcome {
                GateOutcome::Failed => open.remove(gate),
                GateOutcome::Passed | GateOutcome::Overridden => open.insert(*gate),
            };
        }
    }
    open.len() == Gate::ALL.len()
}

#[derive(Default)]
struct Found(BTreeMap<(DiscrepancyCode, FactHash), Discrepancy>);

impl Found {
    fn at(&mut self, code: DiscrepancyCode, fact: FactHash) -> &mut Discrepancy {
        self.0.entry((code, fact)).or_insert_with(|| Discrepancy {
            code,
            fact,
            people: BTreeSet::new(),
            counts: None,
            misfit: None,
            resolution: None,
        })
    }
    /// What the fact's key and authority make of it.
    fn of_key(&mut self, record: &Record, fact: &Fact) {
        let keys = record.keys();
        if !keys.counts(fact) {
            self.at(DiscrepancyCode::AfterRevocation, fact.hash).people.extend(fact.people());
        }
        if !keys.entitled(fact) {
            self.at(DiscrepancyCode::NotEntitled, fact.hash);
        }
        let mut terms = keys
            .enrolments(&fact.device)
            .filter(|e| e.authority == fact.authority)
            .map(|e| e.term.as_deref())
            .peekable();
        let within = |t: Option<&Term>| {
            t.is_none_or(|t| t.from <= fact.occurred_at && fact.occurred_at < t.until)
        };
        if terms.peek().is_some() && !terms.any(within) {
            self.at(DiscrepancyCode::OutOfTerm, fact.hash);
        }
    }
    fn person(
        &mut self,
        code: DiscrepancyCode,
        fact: FactHash,
        person: PersonId,
    ) -> &mut Discrepancy {
        let d = self.at(code, fact);
        d.people.insert(person);
        d
    }
}
