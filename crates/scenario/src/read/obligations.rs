//! `obligations.toml`.

use super::source::{At, Index};
use super::table::Table;
use crate::obligation::{Deadline, Obligation};
use crate::site::Site;
use domain::code;
use domain::fact::{ExitReason, Notified};
use domain::ids::{AuthorityId, SiteId, UnitId};
use domain::obligation::{Again, ObligationRule, Proof, Start, Who};
use jiff::SignedDuration;
use std::collections::BTreeSet;

code!(
    /// Kinds of fact that start a clock.
    StartKind {
        Registered = "registered",
        Boarded = "boarded",
        Accepted = "accepted",
        Placed = "placed",
        FoundUnder18 = "found-under-18",
        Exited = "exited",
    }
);
code!(
    /// Kinds of fact that prove a duty done.
    ProofKind {
        Notified = "notified",
        Examined = "examined",
        ManifestFrozen = "manifest-frozen",
        Placed = "placed",
    }
);
code!(
    /// The part of the sites a rule speaks of.
    SitePart {
        Origin = "origin",
        Destination = "destination",
    }
);

/// The longest deadline that is believed to be meant, in hours: a year.
const HOURS_MAX: f64 = 8784.0;

pub fn obligations(
    t: &Table,
    index: &mut Index,
    sites: Option<&[Site]>,
) -> Option<Vec<Obligation>> {
    let tables = t.tables("obligation");
    let rules: Vec<_> = tables.iter().map(|o| obligation(o, index, sites?)).collect();
    rules.into_iter().collect()
}

fn obligation(t: &Table, index: &mut Index, sites: &[Site]) -> Option<Obligation> {
    let code = t.str("code");
    if let Some(code) = code {
        index.define("obligation", code.value, t.file(), code.at);
    }
    let text = t.text("text");
    let source = t.string("source");
    let deadline = t.code("deadline", Deadline::ALL, Deadline::code);
    let start = starts(t, sites);
    let again = t.code("again", Again::ALL, Again::code);
    let within = hours(t, "within_h");
    let early = if t.has("early_h") { hours(t, "early_h") } else { Some(SignedDuration::ZERO) };
    let proof = proof(t, sites);
    let who = who(t, index);
    let lapses = t.codes("lapses", ExitReason::ALL, ExitReason::code).into_iter().collect();
    t.done();
    let rule = ObligationRule {
        code: code?.value.to_owned(),
        starts: start?,
        again: again?,
        within: within?,
        early: early?,
        proof: proof?,
        who: who?,
        lapses,
    };
    Some(Obligation { rule, text: text?, source: source?, deadline: deadline? })
}

fn starts(t: &Table, sites: &[Site]) -> Option<Start> {
    let kind = t.code("starts", StartKind::ALL, StartKind::code)?;
    Some(match kind {
        StartKind::Registered => Start::Registered,
        StartKind::Boarded => Start::Boarded,
        StartKind::FoundUnder18 => Start::FoundUnder18,
        StartKind::Accepted => Start::Accepted(at(t, sites)?),
        StartKind::Placed => Start::Placed(at(t, sites)?),
        StartKind::Exited => {
            let reasons: BTreeSet<_> =
                t.codes("reasons", ExitReason::ALL, ExitReason::code).into_iter().collect();
            if reasons.is_empty() {
                nothing(t, t.at, "'reasons' names no way for custody to end");
                return None;
            }
            Start::Exited(reasons)
        }
    })
}

fn at(t: &Table, sites: &[Site]) -> Option<BTreeSet<SiteId>> {
    let part = t.code("at", SitePart::ALL, SitePart::code)?;
    let is = |site: &&Site| match part {
        SitePart::Origin => site.origin.is_some(),
        SitePart::Destination => site.destination.is_some(),
    };
    Some(sites.iter().filter(is).map(|site| site.id.clone()).collect())
}

fn proof(t: &Table, sites: &[Site]) -> Option<Proof> {
    let kind = t.code("proof", ProofKind::ALL, ProofKind::code)?;
    Some(match kind {
        ProofKind::Notified => Proof::Notified(t.code("whom", Notified::ALL, Notified::code)?),
        ProofKind::Examined => Proof::Examined,
        ProofKind::ManifestFrozen => Proof::ManifestFrozen,
        // The only kind of unit that a rule asks for so far.
        ProofKind::Placed => {
            t.code("unit", &["juvenile"], |word| word)?;
            let units = sites.iter().flat_map(|s| &s.units).filter(|u| u.juvenile);
            let units: BTreeSet<UnitId> = units.map(|u| u.id.clone()).collect();
            if units.is_empty() {
                nothing(t, t.at, "no site has a juvenile unit: the duty could never be done");
                return None;
            }
            Proof::Placed(units)
        }
    })
}

/// `signer`, or the id of an authority of the operation.
fn who(t: &Table, index: &Index) -> Option<Who> {
    let who = t.str("who")?;
    if who.value == "signer" {
        return Some(Who::Signer);
    }
    index.refer("authority", who.value, t.file(), who.at);
    AuthorityId::new(who.value).ok().map(Who::Authority)
}

fn hours(t: &Table, key: &'static str) -> Option<SignedDuration> {
    let hours = t.float(key, 0.0, HOURS_MAX)?;
    Some(SignedDuration::from_secs((hours * 3600.0).round() as i64))
}

fn nothing(t: &Table, at: At, what: &str) {
    t.file().find(at, "does-not-add-up", what.to_owned(), "see scenarios/README.md");
}
