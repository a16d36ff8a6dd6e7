//! The balance sheet of a night, from the record.

use crate::api::{NightSheet, SheetAccount, SheetMuster, SheetSums};
use crate::views::nights::instant;
use domain::{FactHash, Night};
use jiff::Timestamp;
use ledger::{BooksError, MusterConfronted, SheetLine};
use scenario::Scenario;
use store::State;

/// When a night ends: 06:00 local on the next morning.
pub fn ends(scenario: &Scenario, night: Night) -> Timestamp {
    let operation = &scenario.operation;
    let morning = night.tomorrow().unwrap_or(night);
    instant(operation, morning.to_datetime(operation.night_to))
}

/// The facts recorded by an instant: a position.
pub fn recorded_by(state: &State, instant: Timestamp) -> u64 {
    let entries = state.entries(0..state.position());
    entries.take_while(|entry| entry.recorded_at <= instant).count() as u64
}

/// The sheet of a night. `None` when nothing was recorded by its end.
pub fn night_sheet(
    state: &State,
    scenario: &Scenario,
    night: Night,
) -> Result<Option<NightSheet>, BooksError> {
    let from = ends(scenario, night.yesterday().unwrap_or(night));
    let until = ends(scenario, night);
    let (from_position, position) = (recorded_by(state, from), recorded_by(state, until));
    let Some(root) = state.tree.root_at(position).filter(|_| position > 0) else {
        return Ok(None);
    };
    let facts: Vec<_> = state.entries(0..position).map(|entry| entry.fact).collect();
    let told = ledger::sheet(facts.iter(), from_position, position)?;
    Ok(Some(NightSheet {
        operation: scenario.operation.id.to_string(),
        night: night.to_string(),
        from_position,
        position,
        root: FactHash(root).to_string(),
        from: from.to_string(),
        until: until.to_string(),
        balanced: told.balances(),
        accounts: (told.accounts.iter())
            .map(|(account, line)| SheetAccount {
                authority: account.authority.to_string(),
                place: account.place.to_string(),
                sums: sums(line),
            })
            .collect(),
        total: sums(&told.total),
        musters: told.musters.iter().map(|m| muster(state, m)).collect(),
    }))
}

fn sums(line: &SheetLine) -> SheetSums {
    SheetSums {
        opening: line.opening,
        registered: line.registered,
        recovered: line.recovered,
        received: line.received,
        moved_in: line.moved_in,
        handed_over: line.handed_over,
        moved_out: line.moved_out,
        exits: line.exits.iter().map(|(why, n)| (why.to_string(), *n)).collect(),
        withdrawn: line.withdrawn,
        closing: line.closing,
    }
}

fn muster(state: &State, m: &MusterConfronted) -> SheetMuster {
    let at = state.record.fact(&m.fact).map(|fact| fact.occurred_at.to_string());
    SheetMuster {
        fact: m.fact.to_string(),
        site: m.site.to_string(),
        at: at.unwrap_or_default(),
        method: if m.by_name { "by-name" } else { "by-number" }.to_owned(),
        expected: m.expected,
        counted: m.counted,
        book: m.book,
        agrees: m.agrees(),
        not_found: m.not_found.iter().map(ToString::to_string).collect(),
        not_in_book: m.not_in_book.iter().map(ToString::to_string).collect(),
    }
}
