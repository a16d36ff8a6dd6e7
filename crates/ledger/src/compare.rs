//! Two figures side by side: who is in one and not in the other, and by which definition or fact.

use crate::definition::Definition;
use crate::figure::{Context, counted};
use domain::{Fact, FactHash, PersonId, Record};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// One side: a definition at a position of the record.
#[derive(Debug, Clone, Copy)]
pub struct Side<'a> {
    pub definition: &'static Definition,
    /// Facts counted.
    pub position: u64,
    /// Only the people counted under this code, as `IRQ`.
    pub part: Option<&'a str>,
}

/// Why a person is in one figure and not in the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// Both would count them alike at one position: this fact came between, at this position.
    Position { fact: FactHash, at: u64 },
    /// At one position the definitions count them differently. The last fact of their custody then.
    Definition { tip: Option<FactHash> },
}

/// What tells two figures apart, person by person.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Difference {
    pub only_first: BTreeMap<PersonId, Cause>,
    pub only_second: BTreeMap<PersonId, Cause>,
    /// Counted in both, under different codes.
    pub coded: BTreeMap<PersonId, (Vec<String>, Vec<String>, Cause)>,
    pub in_both: u64,
}

type Codes = BTreeMap<PersonId, Vec<String>>;

/// Explains two figures of one record. `facts` are its facts from the first, in order.
///
/// The way from the first to the second is taken in two steps: first the position, under the first
/// definition; then the definition, at the second position.
pub fn compare<'f>(
    facts: impl Iterator<Item = &'f Arc<Fact>>,
    first: Side,
    second: Side,
    context: &Context,
) -> Difference {
    let (low, high) = (first.position.min(second.position), first.position.max(second.position));
    let mut record = Record::new();
    let mut facts = facts.take(high as usize);
    for fact in facts.by_ref().take(low as usize) {
        record.insert(fact.as_ref().clone());
    }
    let at_low = people(&record, first.definition, context);
    let second_is_low = second.position == low;
    let low_second = people(&record, second.definition, context);
    let low_tips = tips(&record);
    // Under the first definition, the last fact between the two positions that changed each count.
    let mut changed: BTreeMap<PersonId, (FactHash, u64)> = BTreeMap::new();
    let mut known = at_low.clone();
    for (n, fact) in facts.enumerate() {
        let mut touched: BTreeSet<PersonId> = fact.people().into_iter().collect();
        touched.extend(record.insert(fact.as_ref().clone()).into_iter().map(|c| c.person));
        for person in touched {
            let now = codes_of(&record, person, first.definition, context);
            let before = known.get(&person).cloned();
            if now != before {
                changed.insert(person, (fact.hash, low + n as u64 + 1));
                match now {
                    Some(codes) => known.insert(person, codes),
                    None => known.remove(&person),
                };
            }
        }
    }
    changed.retain(|person, _| at_low.get(person) != known.get(person));
    let tips = if second_is_low { low_tips } else { tips(&record) };
    let (a, b) = match first.position <= second.position {
        true => (at_low, people(&record, second.definition, context)),
        false => (known.clone(), low_second),
    };
    let (a, b) = (narrowed(a, first.part), narrowed(b, second.part));
    let cause = |person: &PersonId| match changed.get(person) {
        Some((fact, at)) => Cause::Position { fact: *fact, at: *at },
        None => Cause::Definition { tip: tips.get(person).copied() },
    };
    let mut difference = Difference::default();
    for (person, codes) in &a {
        match b.get(person) {
            None => {
                difference.only_first.insert(*person, cause(person));
            }
            Some(other) if other != codes => {
                let told = (codes.clone(), other.clone(), cause(person));
                difference.coded.insert(*person, told);
                difference.in_both += 1;
            }
            Some(_) => difference.in_both += 1,
        }
    }
    let new = b.keys().filter(|person| !a.contains_key(person));
    difference.only_second.extend(new.map(|person| (*person, cause(person))));
    difference
}

/// The fact that each person's custody stands at.
fn tips(record: &Record) -> BTreeMap<PersonId, FactHash> {
    record.people().filter_map(|(person, standing)| Some((person, standing.tip()?))).collect()
}

fn people(record: &Record, definition: &Definition, context: &Context) -> Codes {
    let counted = record.people().filter_map(|(person, standing)| {
        Some((person, counted(record, definition, person, standing, context)?))
    });
    counted.collect()
}

fn codes_of(
    record: &Record,
    person: PersonId,
    definition: &Definition,
    context: &Context,
) -> Option<Vec<String>> {
    counted(record, definition, person, record.standing(person)?, context)
}

fn narrowed(all: Codes, part: Option<&str>) -> Codes {
    match part {
        None => all,
        Some(part) => {
            all.into_iter().filter(|(_, codes)| codes.iter().any(|c| c == part)).collect()
        }
    }
}
