//! Contested custody as it is heard: which facts may stand, who has signed which, who has yet to.

use crate::api::{DiscrepancyLine, FactLine, Fork, ForkWord, ForkedPerson};
use crate::views::fact_line::line_of;
use domain::{Contest, FactHash, Hearing, PersonId, Standing};
use std::collections::{BTreeMap, BTreeSet};
use store::State;

/// The fork that a line of contested custody is about; `None` for any other line. People left out of
/// the line are left out here.
pub fn fork(state: &State, line: &DiscrepancyLine) -> Option<Fork> {
    if line.code != domain::DiscrepancyCode::Contested.code() {
        return None;
    }
    let heard: Vec<_> =
        line.people.iter().filter_map(|p| heard(state, &line.fact.hash, p)).collect();
    let branches: BTreeSet<FactHash> =
        heard.iter().flat_map(|one| one.contest.branches.iter().copied()).collect();
    let mut branches: Vec<FactLine> =
        branches.iter().filter_map(|hash| line_of(state, hash)).collect();
    branches.sort_by_key(|fact| fact.position);
    // Where people stand differently, the one that lacks most speaks for all.
    let open = heard.iter().filter(|one| one.hearing.lacking().is_some());
    let last = open.min_by_key(|one| one.hearing.said.len());
    let still = |one: &Heard| one.hearing.still_to_sign().iter().map(ToString::to_string).collect();
    Some(Fork {
        branches,
        said: words(state, &heard),
        lacking: last
            .and_then(|one| one.hearing.lacking())
            .map(|lacking| lacking.code().to_owned()),
        still_to_sign: last.map_or_else(Vec::new, still),
        people: heard.iter().map(Heard::line).collect(),
    })
}

struct Heard {
    person: PersonId,
    contest: Contest,
    hearing: Hearing,
}

impl Heard {
    fn line(&self) -> ForkedPerson {
        let signed: BTreeSet<_> =
            self.hearing.said.iter().map(|s| s.authority.to_string()).collect();
        ForkedPerson {
            person: self.person.to_string(),
            at: self.contest.at.map(|at| at.to_string()),
            branches: self.contest.branches.iter().map(|b| b.to_string()).collect(),
            signed: signed.into_iter().collect(),
            ruled: self.hearing.lacking().is_none(),
        }
    }
}

fn heard(state: &State, name: &str, person: &str) -> Option<Heard> {
    let person = PersonId::parse(person).ok()?;
    let contest = contest(state.record.standing(person)?, &FactHash::parse(name).ok()?)?.clone();
    let hearing = state.record.hearing(person, &contest);
    Some(Heard { person, contest, hearing })
}

/// The fork of that name, open or settled.
fn contest<'a>(standing: &'a Standing, name: &FactHash) -> Option<&'a Contest> {
    let settled = standing.settled.iter().map(|(contest, _)| contest);
    standing.contest.iter().chain(settled).find(|contest| contest.name() == *name)
}

/// What each authority said, whatever number of people it said it about.
fn words(state: &State, heard: &[Heard]) -> Vec<ForkWord> {
    let mut words: BTreeMap<_, ForkWord> = BTreeMap::new();
    for Heard { hearing, .. } in heard {
        for said in &hearing.said {
            let Some(fact) = line_of(state, &said.fact) else { continue };
            let key = (said.authority.clone(), said.stands, said.why);
            let word = words.entry(key).or_insert_with(|| ForkWord {
                authority: said.authority.to_string(),
                entitled: hearing.entitled.contains(&said.authority),
                stands: said.stands.to_string(),
                why: said.why.to_string(),
                people: 0,
                fact: fact.clone(),
            });
            word.people += 1;
            if fact.position < word.fact.position {
                word.fact = fact;
            }
        }
    }
    let mut words: Vec<_> = words.into_values().collect();
    words.sort_by_key(|word| word.fact.position);
    words
}
