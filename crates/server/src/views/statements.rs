//! Statements: issued from the record, held against it, and laid side by side.

use crate::api::{
    DifferenceCause, DifferentPerson, Remark, StatementComparison, StatementLine, Text,
};
use crate::remark::Finding;
use crate::views::fact_line::{fact_line, line_of};
use crate::views::figures::title;
use crate::views::operation::sites;
use crate::views::plan::largest_first;
use domain::{DiscrepancyCode, Event, Fact, FactHash, PersonId, Record, kind};
use jiff::Timestamp;
use ledger::{Cause, Context, Definition, Nationalities, Side, Value};
use log::{SignedStatement, Statement};
use scenario::Scenario;
use std::collections::BTreeMap;
use std::sync::Arc;
use store::State;

/// People in one comparison that are listed by number.
const PEOPLE_MAX: usize = 500;

/// What the record itself says of a definition at a position.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recomputed {
    pub position: u64,
    pub root: [u8; 32],
    pub recorded_until: Timestamp,
    pub value: u64,
    pub parts: Vec<(String, u64)>,
    pub people: (u64, [u8; 32]),
}

/// Everybody's nationalities, as the register holds them.
pub type Known = BTreeMap<PersonId, Nationalities>;

/// Computes a figure at a position of the record; `None` when the record does not reach so far.
pub fn recompute(
    state: &State,
    scenario: &Scenario,
    known: &Known,
    definition: &'static Definition,
    position: u64,
) -> Option<Recomputed> {
    let root = state.tree.root_at(position)?;
    let recorded_until = state.at(position.checked_sub(1)?)?.recorded_at;
    let folded;
    let record = match position == state.position() {
        true => &state.record,
        false => {
            let mut record = Record::new();
            for entry in state.entries(0..position) {
                record.insert(entry.fact.as_ref().clone());
            }
            folded = record;
            &folded
        }
    };
    let sites = sites(scenario);
    let nationality = |person| known.get(&person).cloned().unwrap_or_default();
    let context = Context { sites: &sites, nationality: &nationality };
    let figure = ledger::figure(record, definition, &context);
    let people = (figure.people.len() as u64, log::people_digest(figure.people.iter()));
    let value = figure.value.total();
    let parts = match figure.value {
        Value::Count(_) => Vec::new(),
        Value::ByCode(by) => by.into_iter().collect(),
    };
    Some(Recomputed { position, root, recorded_until, value, parts, people })
}

/// What a statement is held against, beside the facts.
pub struct Against<'a> {
    pub scenario: &'a Scenario,
    pub known: &'a Known,
    /// The log's own, where it is known.
    pub log_vkey: Option<&'a str>,
    /// Entries without the node that took them in, as in an export, do not tell when that was.
    pub times_known: bool,
}

/// What does not hold of a statement, one remark each; empty when the record agrees with all.
pub fn findings(state: &State, against: &Against, statement: &Statement) -> Vec<Remark> {
    let Against { scenario, known, log_vkey, times_known } = *against;
    let mut found = Vec::new();
    if log_vkey.is_some_and(|vkey| vkey != statement.log) {
        found.push(Finding::OtherLog.remark([("log", statement.log.as_str().into())]));
    }
    if !signed_with_own_key(state, statement) {
        let of = [("authority", statement.authority.to_string().into())];
        found.push(Finding::OtherKey.remark(of));
    }
    let Some(definition) = ledger::definition(statement.definition.as_str()) else {
        let of = [("definition", statement.definition.to_string().into())];
        found.push(Finding::UnknownDefinition.remark(of));
        return found;
    };
    let ours =
        [("en", definition.text.en), ("ar", definition.text.ar), ("ckb", definition.text.ckb)];
    for (language, text) in ours {
        if !statement.text.iter().any(|(l, t)| l == language && t == text) {
            found.push(Finding::OtherWords.remark([("language", language.into())]));
        }
    }
    let again = recompute(state, scenario, known, definition, statement.position);
    let Some(again) = again else {
        let of = [("position", statement.position.into()), ("end", state.position().into())];
        found.push(Finding::AheadOfRecord.remark(of));
        return found;
    };
    let mut differs = |what: Finding, stated: String, computed: String| {
        if stated != computed {
            found.push(what.remark([("stated", stated.into()), ("computed", computed.into())]));
        }
    };
    let root = |root| FactHash(root).to_string();
    differs(Finding::Root, root(statement.root), root(again.root));
    let until = |t: Timestamp| t.to_string();
    if times_known {
        let (stated, computed) = (until(statement.recorded_until), until(again.recorded_until));
        differs(Finding::RecordedUntil, stated, computed);
    }
    differs(Finding::Value, statement.value.to_string(), again.value.to_string());
    // Left out on request; what is stated must be right.
    if !statement.parts.is_empty() {
        differs(Finding::Parts, told(&statement.parts), told(&again.parts));
    }
    differs(Finding::People, people(&statement.people), people(&again.people));
    found
}

fn told(parts: &[(String, u64)]) -> String {
    let all: Vec<_> = parts.iter().map(|(code, n)| format!("{code} {n}")).collect();
    all.join(", ")
}

fn people((n, digest): &(u64, [u8; 32])) -> String {
    format!("{n} ({})", &FactHash(*digest).to_string()[..16])
}

/// Whether the authority had let that key sign for it.
fn signed_with_own_key(state: &State, statement: &Statement) -> bool {
    let key = log::NoteVerifier::parse(&statement.key).ok().map(|verifier| verifier.key());
    let enrolled = state.record.keys().devices().flat_map(|(_, enrolments)| enrolments);
    enrolled.filter(|e| e.authority == statement.authority).any(|e| Some(e.key) == key)
}

pub fn line(state: &State, signed: &SignedStatement) -> StatementLine {
    let s = &signed.statement;
    let said = |language: &str| {
        let found = s.text.iter().find(|(l, _)| l == language);
        found.map(|(_, text)| text.clone()).unwrap_or_default()
    };
    let hash = signed.hash();
    let names = |fact: &&Arc<Fact>| matches!(&fact.event, Event::StatementIssued { document, .. } if *document == hash);
    let issued = state.record.of_kind(kind::STATEMENT_ISSUED).filter(names);
    StatementLine {
        hash: hash.to_string(),
        definition: s.definition.to_string(),
        title: title(s.definition.as_str().split('@').next().unwrap_or_default()),
        text: Text { en: said("en"), ar: said("ar"), ckb: said("ckb") },
        position: s.position,
        recorded_until: s.recorded_until.to_string(),
        value: s.value,
        parts: largest_first(s.parts.iter().map(|(code, n)| (code.as_str(), *n as u32))),
        authority: s.authority.to_string(),
        role: s.officer.role.to_string(),
        officer: s.officer.number,
        issued_at: s.issued_at.to_string(),
        fact: issued.min_by_key(|fact| fact.hash).map(|fact| fact_line(state, fact)),
    }
}

/// Two statements of this record; `None` when a definition is not known here or the record does not
/// reach a position.
pub fn comparison(
    state: &State,
    scenario: &Scenario,
    known: &Known,
    first: &SignedStatement,
    second: &SignedStatement,
    part: Option<&str>,
) -> Option<StatementComparison> {
    let side = |signed: &SignedStatement| {
        let definition = ledger::definition(signed.statement.definition.as_str())?;
        let position = signed.statement.position;
        (position <= state.position()).then_some(Side { definition, position, part })
    };
    let (a, b) = (side(first)?, side(second)?);
    let sites = sites(scenario);
    let nationality = |person| known.get(&person).cloned().unwrap_or_default();
    let context = Context { sites: &sites, nationality: &nationality };
    let facts: Vec<_> =
        state.entries(0..a.position.max(b.position)).map(|entry| entry.fact).collect();
    let difference = ledger::compare(facts.iter(), a, b, &context);
    let named = discrepancies_by_person(&state.record, [a.definition, b.definition]);
    let mut people = Vec::new();
    let mut causes: BTreeMap<(String, String, Option<String>), u64> = BTreeMap::new();
    let mut add =
        |person: &PersonId, side: &str, cause: &Cause, codes: (Vec<String>, Vec<String>)| {
            let (word, fact) = match cause {
                Cause::Position { fact, .. } => ("position", Some(*fact)),
                Cause::Definition { tip } => ("definition", *tip),
            };
            let about = named.get(person).cloned().unwrap_or_default();
            let code = about.first().and_then(|id| id.split(':').next()).map(str::to_owned);
            *causes.entry((side.to_owned(), word.to_owned(), code)).or_default() += 1;
            people.push(DifferentPerson {
                person: person.to_string(),
                side: side.to_owned(),
                cause: word.to_owned(),
                fact: fact.and_then(|hash| line_of(state, &hash)),
                discrepancies: about,
                first_codes: codes.0,
                second_codes: codes.1,
            });
        };
    for (person, cause) in &difference.only_first {
        add(person, "first", cause, Default::default());
    }
    for (person, cause) in &difference.only_second {
        add(person, "second", cause, Default::default());
    }
    for (person, (was, is, cause)) in &difference.coded {
        add(person, "coded", cause, (was.clone(), is.clone()));
    }
    let left_off = people.len().saturating_sub(PEOPLE_MAX) as u64;
    people.truncate(PEOPLE_MAX);
    let mut causes: Vec<_> = (causes.into_iter())
        .map(|((side, cause, discrepancy), people)| DifferenceCause {
            side,
            cause,
            discrepancy,
            people,
        })
        .collect();
    causes.sort_by_key(|c| std::cmp::Reverse(c.people));
    Some(StatementComparison {
        first: line(state, first),
        second: line(state, second),
        part: part.map(str::to_owned),
        first_people: difference.in_both + difference.only_first.len() as u64,
        second_people: difference.in_both + difference.only_second.len() as u64,
        in_both: difference.in_both,
        causes,
        people,
        left_off,
    })
}

/// Ids of the discrepancies that name each person and can tell the two definitions apart.
fn discrepancies_by_person(
    record: &Record,
    definitions: [&Definition; 2],
) -> BTreeMap<PersonId, Vec<String>> {
    use DiscrepancyCode::{Contested, HandoverShort, Misfit, Parked, UnderAge};
    // Between two nationalities of the same people no question of custody makes the difference.
    let custody = !definitions.iter().all(|d| d.id.starts_with("nationality/"));
    let age = definitions.iter().any(|d| d.id == "under-18");
    let mut by: BTreeMap<PersonId, Vec<String>> = BTreeMap::new();
    for d in domain::discrepancies(record) {
        let tells = match d.code {
            HandoverShort | Contested | Misfit | Parked => custody,
            UnderAge => age,
            _ => false,
        };
        for person in d.people.iter().filter(|_| tells) {
            by.entry(*person).or_default().push(format!("{}:{}", d.code, d.fact));
        }
    }
    by
}
