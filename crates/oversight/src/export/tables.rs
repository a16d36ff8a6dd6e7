//! The record as tables that people open, one line for each thing.

use crate::audit::hex;
use domain::{AuthorityId, Commitment, Custody, Deciders, PersonId, Section};
use std::collections::BTreeMap;
use store::{Disclosed, State};

/// Lines of fields, with a heading. Fields are quoted where they have to be (RFC 4180).
struct Table(String);

impl Table {
    fn new(heading: &str) -> Self {
        Self(format!("{heading}\n"))
    }
    fn line<const N: usize>(&mut self, fields: [&dyn std::fmt::Display; N]) {
        let quoted = fields.map(|field| {
            let text = field.to_string();
            if text.contains([',', '"', '\n']) {
                format!("\"{}\"", text.replace('"', "\"\""))
            } else {
                text
            }
        });
        self.0 += &quoted.join(",");
        self.0.push('\n');
    }
    fn bytes(self) -> Vec<u8> {
        self.0.into_bytes()
    }
}

fn or_empty<T: std::fmt::Display>(value: Option<T>) -> String {
    value.map_or(String::new(), |v| v.to_string())
}

/// Every fact by its index. `recorded_at` is this node's word; everything else the device signed.
pub(super) fn facts(state: &State) -> Vec<u8> {
    let heading = "index,hash,kind,authority,officer_role,officer_number,device,sequence,\
                   occurred_at,clock_error_s,recorded_at,people";
    let mut table = Table::new(heading);
    for entry in state.entries(0..state.position()) {
        let fact = &entry.fact;
        let people: Vec<String> = fact.people().iter().map(|p| p.to_string()).collect();
        table.line([
            &entry.position,
            &fact.hash,
            &fact.event.kind(),
            &fact.authority,
            &fact.officer.role.code(),
            &fact.officer.number,
            &fact.device,
            &fact.sequence,
            &fact.occurred_at,
            &fact.clock_error_s,
            &entry.recorded_at,
            &people.join(" "),
        ]);
    }
    table.bytes()
}

/// Where each person's custody stands, and every fact about it in the order of the record.
pub(super) fn custody(state: &State) -> Vec<u8> {
    let mut table = Table::new("person,state,authority,place,offered_to,ended_why,contested,facts");
    for (person, standing) in state.record.people() {
        let (account, offered_to, ended_why) = match &standing.custody {
            Custody::Outside => (None, None, None),
            Custody::Held { by } => (Some(by), None, None),
            Custody::Offered { by, to } => (Some(by), Some(to), None),
            Custody::Ended { why, last } => (Some(last), None, Some(why.code())),
        };
        let mut facts: Vec<u64> = state
            .record
            .mentions(person)
            .into_iter()
            .filter_map(|fact| state.position_of(&fact.hash))
            .collect();
        facts.sort_unstable();
        let facts: Vec<String> = facts.iter().map(u64::to_string).collect();
        table.line([
            &person,
            &standing.custody.state(),
            &or_empty(account.map(|a| &a.authority)),
            &or_empty(account.map(|a| &a.place)),
            &or_empty(offered_to),
            &or_empty(ended_why),
            &standing.contest.is_some(),
            &facts.join(" "),
        ]);
    }
    table.bytes()
}

pub(super) fn discrepancies(state: &State) -> Vec<u8> {
    let mut table = Table::new("code,fact_index,people,expected,found,resolved_by,reason");
    for found in domain::discrepancies(&state.record) {
        let people: Vec<String> = found.people.iter().map(|p| p.to_string()).collect();
        let resolution = found.resolution.as_ref();
        table.line([
            &found.code.code(),
            &or_empty(state.position_of(&found.fact)),
            &people.join(" "),
            &or_empty(found.counts.map(|c| c.0)),
            &or_empty(found.counts.map(|c| c.1)),
            &or_empty(resolution.and_then(|r| state.position_of(&r.fact))),
            &or_empty(resolution.map(|r| r.why.code())),
        ]);
    }
    table.bytes()
}

/// Every authority's leave for a device to sign, with its key.
pub(super) fn devices(state: &State) -> Vec<u8> {
    let mut table = Table::new("device,key,authority,role,site,enrolled_by_index,facts");
    for (device, enrolments) in state.record.keys().devices() {
        let facts = state.record.device(device).map_or(0, |held| held.len());
        for enrolment in enrolments {
            let by = enrolment.by.and_then(|hash| state.position_of(&hash));
            table.line([
                device,
                &hex(&enrolment.key.0),
                &enrolment.authority,
                &enrolment.role.code(),
                &or_empty(enrolment.site.as_ref()),
                &or_empty(by),
                &facts,
            ]);
        }
    }
    table.bytes()
}

/// The parties, with the keys they answer with.
pub(super) fn authorities(state: &State) -> Vec<u8> {
    let mut table = Table::new("authority,key,resolves_contested_custody,decides");
    for (authority, party) in state.record.parties() {
        let decides = decides(state.record.keys().deciders(), authority);
        table.line([authority, &hex(&party.key.0), &party.resolves, &decides]);
    }
    table.bytes()
}

/// What an authority decides for all, as `plans cover intake/karkh`.
fn decides(deciders: Option<&Deciders>, authority: &AuthorityId) -> String {
    let Some(deciders) = deciders else { return "whatever it says".to_owned() };
    let plans = (deciders.plans == *authority).then(|| "plans".to_owned());
    let cover = deciders.cover.contains(authority).then(|| "cover".to_owned());
    let sites = deciders.intake.iter().filter(|(_, a)| a == authority);
    let intake = sites.map(|(site, _)| format!("intake/{site}"));
    plans.into_iter().chain(cover).chain(intake).collect::<Vec<_>>().join(" ")
}

/// What figures mean, in three languages.
pub(super) fn definitions() -> Vec<u8> {
    let mut table = Table::new("definition,en,ar,ckb");
    for definition in ledger::definitions() {
        let text = definition.text;
        table.line([definition, &text.en, &text.ar, &text.ckb]);
    }
    table.bytes()
}

/// Every section that a fact commits to, one JSON object a line. Of those disclosed, whoever holds a
/// line can check salt and plaintext against the commitment in the fact.
pub(super) fn sections(state: &State, disclosed: &[Disclosed]) -> Vec<u8> {
    use base64::{Engine, prelude::BASE64_STANDARD as BASE64};
    let disclosed: BTreeMap<_, _> = disclosed.iter().map(|d| (named(d), d)).collect();
    let shredded = state.shredded();
    let mut lines = Vec::new();
    for (section, fact) in state.committed() {
        let mut line = serde_json::json!({
            "person": section.0.to_string(),
            "section": section.1.code(),
            "commitment": BASE64.encode(section.2.0),
            "fact": fact,
            "is": "withheld",
        });
        if let Some(shown) = disclosed.get(&section) {
            line["is"] = "disclosed".into();
            line["salt"] = BASE64.encode(shown.salt).into();
            line["plaintext"] = String::from_utf8_lossy(&shown.plaintext).into();
        } else if let Some(by) = shredded.get(&section) {
            line["is"] = "shredded".into();
            line["by"] = (*by).into();
        }
        lines.extend(format!("{line}\n").into_bytes());
    }
    lines
}

fn named(shown: &Disclosed) -> (PersonId, Section, Commitment) {
    (shown.person, shown.section, shown.commitment)
}
