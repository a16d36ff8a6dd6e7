//! The cohort as CSV.

use super::*;
use crate::finding::Report;
use crate::read::rows::{Row, rows};
use crate::read::source::{At, Source};
use std::collections::{BTreeMap, BTreeSet};
use std::io;

const COLUMNS: &[&str] = &[
    "id",
    "unit",
    "given_ar",
    "given",
    "father_ar",
    "father",
    "grandfather_ar",
    "grandfather",
    "family_ar",
    "family",
    "mother_ar",
    "mother",
    "birth",
    "recorded_age",
    "age_basis",
    "true_under18",
    "claimed",
    "documented",
    "verified",
    "security",
    "health",
    "separation",
    "nationality_group",
    "keep_apart",
    "together",
    "duplicate_of",
    "escaped_on",
    "recaptured_on",
    "order",
    "age",
    "review",
    "fitness",
    "acceptance",
];

/// First line of the file, before the seed.
const SEED_LINE: &str = "# Invented people, nobody real. seed ";

/// Writes the people in order of number. One cohort always gives the same bytes.
pub fn write_csv(cohort: &Cohort, mut out: impl io::Write) -> io::Result<()> {
    writeln!(out, "{SEED_LINE}{}", cohort.seed)?;
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(COLUMNS)?;
    for person in &cohort.people {
        csv.write_record(fields(person))?;
    }
    csv.flush()
}

fn fields(p: &Person) -> Vec<String> {
    let ids = |all: &[PersonId]| all.iter().map(PersonId::to_string).collect::<Vec<_>>().join(" ");
    let text = |code: Option<Nationality>| code.map_or(String::new(), |n| n.to_string());
    let date = |date: Option<Date>| date.map_or(String::new(), |d| d.to_string());
    let mut all = vec![p.id.to_string(), p.unit.to_string()];
    let n = &p.name;
    for part in [&n.given, &n.father, &n.grandfather, &n.family, &n.mother] {
        all.extend([part.arabic.clone(), part.latin.clone()]);
    }
    all.extend([
        match p.birth {
            Birth::Year(year) => format!("{year:04}"),
            Birth::Date(date) => date.to_string(),
        },
        p.recorded_age.to_string(),
        p.age_basis.to_string(),
        p.true_under18.to_string(),
        p.claimed.to_string(),
        text(p.documented),
        text(p.verified),
        p.security.to_string(),
        p.health.to_string(),
        p.separation.clone(),
        p.nationality_group.clone(),
        ids(&p.keep_apart),
        ids(&p.together),
        p.duplicate_of.map_or(String::new(), |id| id.to_string()),
        date(p.escape.map(|e| e.on)),
        date(p.escape.and_then(|e| e.recaptured_on)),
    ]);
    all.extend(p.gates.iter().map(|gate| match gate {
        GatePlan::Passed(on) => format!("passed {on}"),
        GatePlan::Failed(on) => format!("failed {on}"),
        GatePlan::Pending => "pending".to_owned(),
    }));
    all
}

/// Reads what `write_csv` wrote or a person edited. Every mistake is a finding of `file_name`.
pub fn read_csv(text: &str, file_name: &str) -> Result<Cohort, Report> {
    let file = Source::new(file_name, text.to_owned());
    let seed = file.text.lines().next().and_then(|l| l.strip_prefix(SEED_LINE));
    let seed = seed.and_then(|s| s.trim().parse().ok()).unwrap_or_else(|| {
        let at = At { line: 1, column: Some(1) };
        let help = format!("begin the file with '{SEED_LINE}1'");
        file.find(at, "not-valid", "the first line does not name the seed", help);
        0
    });
    let rows = rows(&file, COLUMNS);
    let people: Vec<(u32, Person)> =
        rows.iter().filter_map(|row| Some((row.line, person(row)?))).collect();
    if people.len() == rows.len() {
        ties_hold(&file, &people, &|_| false);
    }
    let findings = file.into_findings();
    if !findings.is_empty() {
        return Err(Report { findings, files: 1, unreadable: false });
    }
    let mut people: Vec<Person> = people.into_iter().map(|(_, p)| p).collect();
    people.sort_by_key(|p| p.id);
    Ok(Cohort { seed, people })
}

/// Numbers are unique, and every tie is to somebody in the file and mutual, or to somebody known
/// elsewhere.
pub(super) fn ties_hold(
    file: &Source,
    people: &[(u32, Person)],
    elsewhere: &dyn Fn(PersonId) -> bool,
) {
    let mut by_id: BTreeMap<PersonId, (u32, &Person)> = BTreeMap::new();
    for (line, person) in people {
        if let Some((first, _)) = by_id.insert(person.id, (*line, person)) {
            let at = At { line: *line, column: Some(1) };
            let what = format!("person {} is listed twice", person.id);
            file.find(at, "duplicate-id", what, format!("the first is at line {first}"));
        }
    }
    for (line, person) in people {
        let at = At { line: *line, column: None };
        let lists = [
            (
                "keep_apart",
                &person.keep_apart,
                (|p| &p.keep_apart) as fn(&Person) -> &Vec<PersonId>,
            ),
            ("together", &person.together, |p| &p.together),
        ];
        for (name, ties, of) in lists {
            for tie in ties.iter().copied().collect::<BTreeSet<_>>() {
                match by_id.get(&tie) {
                    None if elsewhere(tie) => {}
                    None => {
                        let what = format!("'{name}' names {tie}, who is not in the file");
                        file.find(at, "unknown-id", what, "");
                    }
                    Some((_, other)) if !of(other).contains(&person.id) => {
                        let what = format!("'{name}' names {tie}, who does not name {}", person.id);
                        file.find(at, "not-mutual", what, "write it in both rows");
                    }
                    Some(_) => {}
                }
            }
        }
        if let Some(original) = person.duplicate_of.filter(|id| !by_id.contains_key(id)) {
            let what = format!("'duplicate_of' names {original}, who is not in the file");
            file.find(at, "unknown-id", what, "");
        }
    }
}

fn person(row: &Row) -> Option<Person> {
    let registered = registered(row, row.string("nationality_group"));
    let true_under18 = row.parse("true_under18", |t| {
        t.parse::<bool>().map_err(|_| format!("'{t}' is neither true nor false"))
    });
    let duplicate_of = row.parse_opt("duplicate_of", PersonId::parse);
    let day = |column: &str| row.parse_opt(column, str::parse::<Date>);
    let (escaped_on, recaptured_on) = (day("escaped_on"), day("recaptured_on"));
    let mut gates = Vec::new();
    for gate in Gate::ALL {
        gates.push(row.parse(gate.code(), gate_plan));
    }
    let gates: Option<Vec<GatePlan>> = gates.into_iter().collect();
    Some(Person {
        true_under18: true_under18?,
        duplicate_of: duplicate_of?,
        escape: escaped_on?.map(|on| Escape { on, recaptured_on: recaptured_on.flatten() }),
        gates: gates?.try_into().ok()?,
        ..registered?
    })
}

/// What is recorded of somebody at registration; nothing is decided yet.
pub(super) fn registered(row: &Row, nationality_group: Option<String>) -> Option<Person> {
    let id = row.parse("id", PersonId::parse);
    let unit = row.parse("unit", UnitId::parse);
    let part = |ar: &str, latin: &str| {
        let (arabic, latin) = (row.string(ar), row.string(latin));
        Some(NamePart { arabic: arabic?, latin: latin? })
    };
    let given = part("given_ar", "given");
    let father = part("father_ar", "father");
    let grandfather = part("grandfather_ar", "grandfather");
    let family = part("family_ar", "family");
    let mother = part("mother_ar", "mother");
    let birth = row.parse("birth", birth);
    let recorded_age = row.parse("recorded_age", |t| match t.parse::<u8>() {
        Ok(age) if age <= 120 => Ok(age),
        _ => Err(format!("'{t}' is not an age in years")),
    });
    let age_basis = row.code("age_basis", AgeBasis::ALL, AgeBasis::code);
    let claimed = row.parse("claimed", crate::read::nationality);
    let documented = row.parse_opt("documented", crate::read::nationality);
    let verified = row.parse_opt("verified", crate::read::nationality);
    let security = row.code("security", Security::ALL, Security::code);
    let health = row.code("health", Health::ALL, Health::code);
    let separation = row.string("separation");
    let ids = |column: &str| {
        let parse = |t: &str| t.split(' ').map(PersonId::parse).collect::<Result<Vec<_>, _>>();
        row.parse_opt(column, parse).map(Option::unwrap_or_default)
    };
    let (keep_apart, together) = (ids("keep_apart"), ids("together"));
    let recorded_age = recorded_age?;
    Some(Person {
        id: id?,
        unit: unit?,
        name: PersonName {
            given: given?,
            father: father?,
            grandfather: grandfather?,
            family: family?,
            mother: mother?,
        },
        birth: birth?,
        recorded_age,
        age_basis: age_basis?,
        true_under18: recorded_age < 18,
        claimed: claimed?,
        documented: documented?,
        verified: verified?,
        security: security?,
        health: health?,
        separation: separation?,
        nationality_group: nationality_group?,
        keep_apart: keep_apart?,
        together: together?,
        duplicate_of: None,
        escape: None,
        gates: [GatePlan::Pending; 5],
    })
}

fn birth(text: &str) -> Result<Birth, String> {
    let wanted = || format!("'{text}' is neither a year as 1994 nor a date as 1994-03-21");
    if text.len() == 4 {
        text.parse().map(Birth::Year).map_err(|_| wanted())
    } else {
        text.parse().map(Birth::Date).map_err(|_| wanted())
    }
}

fn gate_plan(text: &str) -> Result<GatePlan, String> {
    let wanted = || format!("'{text}' is not 'pending', 'passed DATE' or 'failed DATE'");
    let date = |t: &str| t.parse::<Date>().map_err(|_| wanted());
    match text.split_once(' ') {
        None if text == "pending" => Ok(GatePlan::Pending),
        Some(("passed", on)) => date(on).map(GatePlan::Passed),
        Some(("failed", on)) => date(on).map(GatePlan::Failed),
        _ => Err(wanted()),
    }
}
