//! `cohort.toml`, and whether its counts add up.

use super::source::Index;
use super::table::Table;
use crate::cohort::Gate;
use crate::nationality::{Nationality, NationalityRow};
use crate::operation::Operation;
use crate::parameters::*;
use crate::site::{Health, Security};

pub fn parameters(
    t: &Table,
    index: &Index,
    operation: Option<&Operation>,
    nationalities: Option<&[NationalityRow]>,
) -> Option<CohortParameters> {
    let series = t.parse("series", |text| match text.as_bytes() {
        [letter] if letter.is_ascii_uppercase() => Ok(*letter as char),
        _ => Err("one capital letter is wanted"),
    });
    let first_number = t.uint("first_number");
    let registered_on = t.date("registered_on");
    let (movers, minors) = (t.uint("movers"), t.uint("minors"));
    let year_only_permille = t.uint("year_only_permille");
    let keep_apart_pairs = t.uint("keep_apart_pairs");
    let together_groups = t.uint("together_groups");
    let duplicates = t.uint("duplicates");
    let security = weights(t, "security", Security::ALL, Security::code);
    let health = weights(t, "health", Health::ALL, Health::code);
    let sites: Vec<SiteShare> =
        t.tables("site").iter().filter_map(|item| site_share(item, index)).collect();
    let mismatches: Vec<Mismatch> =
        t.tables("mismatch").iter().filter_map(|item| mismatch(item, index)).collect();
    let stays: Vec<Stay> = t.tables("stay").iter().filter_map(stay).collect();
    let gates = schedules(t);
    let parameters = CohortParameters {
        series: series?,
        first_number: first_number?,
        registered_on: registered_on?,
        sites,
        security: security?,
        health: health?,
        movers: movers?,
        minors: minors?,
        year_only_permille: year_only_permille?,
        mismatches,
        keep_apart_pairs: keep_apart_pairs?,
        together_groups: together_groups?,
        duplicates: duplicates?,
        stays,
        gates,
    };
    if let (Some(operation), Some(nationalities)) = (operation, nationalities) {
        add_up(t, &parameters, operation, nationalities);
    }
    Some(parameters)
}

fn weights<T: Copy>(
    t: &Table,
    key: &'static str,
    all: &[T],
    code: fn(T) -> &'static str,
) -> Option<Vec<(T, u32)>> {
    let table = t.table(key)?;
    let mut weights = Vec::new();
    for (word, weight) in table.counts() {
        match all.iter().copied().find(|v| code(*v) == word.value) {
            Some(value) => weights.push((value, weight)),
            None => {
                let what = format!("'{key}' cannot be '{}'", word.value);
                let help = super::source::list(all.iter().map(|v| code(*v)));
                t.file().find(word.at, "unknown-word", what, format!("one of: {help}"));
            }
        }
    }
    Some(weights)
}

fn site_share(t: &Table, index: &Index) -> Option<SiteShare> {
    let site = super::routes::site(t, index, "site", "origin");
    let people = t.uint("people");
    let mut separation = Vec::new();
    for (group, weight) in t.table("separation").map(|s| s.counts()).unwrap_or_default() {
        if index.refer("separation group", group.value, t.file(), group.at) {
            separation.push((group.value.to_owned(), weight));
        }
    }
    t.done();
    Some(SiteShare { site: site?, people: people?, separation })
}

fn nationality(t: &Table, index: &Index, key: &'static str) -> Option<Nationality> {
    let text = t.str(key)?;
    let known = index.refer("nationality", text.value, t.file(), text.at);
    Nationality::new(text.value).filter(|_| known)
}

fn mismatch(t: &Table, index: &Index) -> Option<Mismatch> {
    let (claimed, documented) =
        (nationality(t, index, "claimed"), nationality(t, index, "documented"));
    let count = t.uint("count");
    t.done();
    Some(Mismatch { claimed: claimed?, documented: documented?, count: count? })
}

fn stay(t: &Table) -> Option<Stay> {
    let count = t.uint("count");
    let why = t.code("why", &["failed", "pending", "escaped", "duplicate"], |w| w);
    let gate = if matches!(why, Some("failed" | "pending")) {
        t.code("gate", Gate::ALL, Gate::code)
    } else {
        None
    };
    t.done();
    let why = match why? {
        "failed" => StayReason::Failed(gate?),
        "pending" => StayReason::Pending(gate?),
        "escaped" => StayReason::Escaped,
        _ => StayReason::Duplicate,
    };
    Some(Stay { count: count?, why })
}

/// One schedule for each gate.
fn schedules(t: &Table) -> Vec<GateSchedule> {
    let mut all: Vec<GateSchedule> = Vec::new();
    for item in t.tables("gate") {
        let gate = item.code("gate", Gate::ALL, Gate::code);
        let (from, to) = (item.placed_date("from"), item.date("to"));
        let first = item.uint("first");
        item.done();
        let (Some(gate), Some(from), Some(to), Some(first)) = (gate, from, to, first) else {
            continue;
        };
        if from.value > to {
            t.file().find(from.at, "out-of-range", "'from' is after 'to'", "swap them");
        }
        if all.iter().any(|g| g.gate == gate) {
            let what = format!("gate '{gate}' is given twice");
            t.file().find(item.at, "duplicate-id", what, "keep one");
        }
        all.push(GateSchedule { gate, from: from.value, to, first });
    }
    for gate in Gate::ALL {
        if !all.iter().any(|g| g.gate == *gate) {
            let what = format!("no schedule for gate '{gate}'");
            t.file().find_whole("missing-key", what, "add a [[gate]] for it");
        }
    }
    all
}

fn add_up(t: &Table, p: &CohortParameters, operation: &Operation, table: &[NationalityRow]) {
    let whole = |what: String, help: &str| t.file().find_whole("does-not-add-up", what, help);
    let size = operation.cohort_size;
    let held: u32 = p.sites.iter().map(|s| s.people).sum();
    if held != size {
        whole(format!("sites hold {held} people, the cohort is {size}"), "change [[site]] people");
    }
    let staying: u32 = p.stays.iter().map(|s| s.count).sum();
    if staying + p.movers != size {
        let what = format!("{staying} stay and {} move, the cohort is {size}", p.movers);
        whole(what, "change [[stay]] counts or 'movers'");
    }
    let moved: u32 = table.iter().map(|r| r.moved).sum();
    if moved != p.movers {
        let what = format!("nationalities.csv sums to {moved} moved, 'movers' is {}", p.movers);
        whole(what, "change the one or the other");
    }
    let of_kind = |why| p.stays.iter().filter(|s| s.why == why).map(|s| s.count).sum::<u32>();
    if of_kind(StayReason::Duplicate) != p.duplicates {
        let what = format!("{} duplicates, but another number of them stays", p.duplicates);
        whole(what, "give [[stay]] why = \"duplicate\" the same count");
    }
    if p.minors > p.movers {
        whole(format!("{} minors among {} movers", p.minors, p.movers), "lower 'minors'");
    }
    for row in table {
        let count = |f: &dyn Fn(&&Mismatch) -> bool| -> u32 {
            p.mismatches.iter().filter(f).map(|m| m.count).sum()
        };
        let other_papers = count(&|m| m.claimed == row.code);
        let others = count(&|m| m.documented == row.code);
        if others > row.documented || row.documented - others + other_papers > row.moved {
            let what = format!(
                "{}: {} documented, of whom {others} claim another, but {} claim it and {other_papers} of \
                 those hold other papers",
                row.code, row.documented, row.moved
            );
            whole(what, "change [[mismatch]] or nationalities.csv");
        }
    }
}
