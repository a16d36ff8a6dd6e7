//! The roll of a site: who is held there, as whoever runs it hands it in. A CSV with the cohort's columns
//! where they mean the same, and what a register needs beside them.

use super::Person;
use super::table::{registered, ties_hold};
use crate::Scenario;
use crate::finding::Report;
use crate::read::rows::{Row, rows};
use crate::read::source::{Source, list};
use domain::ids::{PersonId, SiteId};
use jiff::civil::Date;

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
    "claimed",
    "documented",
    "verified",
    "security",
    "health",
    "examined_on",
    "separation",
    "ordered_by",
    "grounds",
    "keep_apart",
    "together",
];

/// Somebody on the roll.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// In the file, from 1.
    pub line: u32,
    pub person: Person,
    /// When a physician last saw them.
    pub examined_on: Date,
    /// Who ordered that they are held.
    pub ordered_by: String,
    pub grounds: String,
}

/// Reads the roll of a site. Ties may be to people whom the record knows already.
///
/// # Errors
/// With everything that is wrong, by line and column: then nothing of the file may be used.
pub fn read_roll(
    text: &str,
    file_name: &str,
    scenario: &Scenario,
    site: &SiteId,
    known: &dyn Fn(PersonId) -> bool,
) -> Result<Vec<Held>, Report> {
    // What spreadsheets put before UTF-8.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let file = Source::new(file_name, text.to_owned());
    let rows = rows(&file, COLUMNS);
    let held: Vec<Held> =
        rows.iter().filter_map(|row| fits(held(row)?, row, scenario, site)).collect();
    if held.len() == rows.len() {
        let people: Vec<_> = held.iter().map(|h| (h.line, h.person.clone())).collect();
        ties_hold(&file, &people, known);
    }
    let findings = file.into_findings();
    if !findings.is_empty() {
        return Err(Report { findings, files: 1, unreadable: false });
    }
    Ok(held)
}

fn held(row: &Row) -> Option<Held> {
    // Which group a nationality is of, the scenario says.
    let person = registered(row, Some(String::new()));
    let examined_on = row.date("examined_on");
    let (ordered_by, grounds) = (row.string("ordered_by"), row.string("grounds"));
    let person = person?;
    Some(Held {
        line: row.line,
        person,
        examined_on: examined_on?,
        ordered_by: ordered_by?,
        grounds: grounds?,
    })
}

/// Holds what the row says against the scenario; gives the person their nationality's group.
fn fits(mut held: Held, row: &Row, scenario: &Scenario, site: &SiteId) -> Option<Held> {
    let person = &mut held.person;
    let find = |column: &str, code, what: String, help: String| {
        row.file().find(row.at(column), code, what, help);
    };
    let units = scenario.site(site).map_or(&[][..], |s| &s.units);
    if !units.iter().any(|u| u.id == person.unit) {
        let names: Vec<_> = units.iter().map(|u| u.id.to_string()).collect();
        let help = format!("units of {site}: {}", list(names.iter().map(String::as_str)));
        find("unit", "unknown-id", format!("'{}' is no unit of {site}", person.unit), help);
    }
    let groups = &scenario.operation.separation;
    if !groups.iter().any(|g| g.id == person.separation) {
        let help = format!("groups: {}", list(groups.iter().map(|g| g.id.as_str())));
        let what = format!("there is no separation group '{}'", person.separation);
        find("separation", "unknown-id", what, help);
    }
    let nationalities = [
        ("claimed", Some(person.claimed)),
        ("documented", person.documented),
        ("verified", person.verified),
    ];
    for (column, code) in nationalities {
        let Some(code) = code else { continue };
        match scenario.nationalities.iter().find(|row| row.code == code) {
            Some(row) if column == "claimed" => person.nationality_group.clone_from(&row.group),
            Some(_) => {}
            None => {
                let what = format!("the operation knows no nationality '{code}'");
                find(column, "unknown-id", what, "add it to nationalities.csv".to_owned());
            }
        }
    }
    for (column, others) in [("keep_apart", &person.keep_apart), ("together", &person.together)] {
        if others.contains(&person.id) {
            let help = "take the number out of this column".to_owned();
            find(column, "not-valid", format!("'{column}' names the person's own number"), help);
        }
    }
    Some(held)
}
