//! Every combination of role, relation, resource and action, decided and set as text that can be read
//! and compared: `policies/table.txt`.

use crate::ask::{Act, Ask, Asker, Looks, Part, Screen};
use crate::policies::Policies;
use domain::{AuthorityId, Officer, Purpose, Relation, Role, Section};
use std::collections::BTreeSet;
use std::fmt::Write;

/// The parts in which a relation can come up: authorities that hold people, and the one part each of
/// the others belongs to.
pub fn parts(relation: Relation) -> &'static [Part] {
    match relation {
        Relation::Tries => &[Part::Court],
        Relation::Represents => &[Part::ForeignMinistry],
        Relation::Monitors => &[Part::Monitor],
        Relation::Holds | Relation::WillHold | Relation::Held | Relation::Keeps => {
            &[Part::Sender, Part::Escort, Part::Receiver]
        }
        Relation::Unrelated => &[
            Part::Sender,
            Part::Escort,
            Part::Receiver,
            Part::Interior,
            Part::AirCover,
            Part::NationalSecurity,
            Part::Court,
            Part::ForeignMinistry,
            Part::Monitor,
        ],
    }
}

/// Somebody of that role in an authority of that part.
pub fn officer(role: Role, part: Part) -> Asker {
    let authority = AuthorityId::new(part.code()).expect("codes are slugs");
    Asker { authority, part, officer: Officer { role, number: 7 } }
}

/// The table of what each role may, by relation and part.
pub fn table(policies: &Policies) -> String {
    let mut text = String::from(HEAD);
    for role in Role::ALL {
        writeln!(text, "\n== {role} ==").expect("strings take text");
        screens(policies, *role, &mut text);
        people(policies, *role, &mut text);
    }
    text
}

const HEAD: &str = "\
Every combination of role, relation, resource and action, as the policies beside this file decide it.
Written by a test of crates/access; UPDATE_SNAPSHOTS=1 writes it anew. Whatever is not listed is refused.

sees, takes away, does   by the part of the officer's authority; 'any part' where it is the same for all
person, looks            by relation to the person (and part, where parts differ)
sections                 the purposes for which they are read; 'glass:' those for which the glass can be
                         broken where they are not read otherwise
writes                   the purposes for which a section is written down
";

fn screens(policies: &Policies, role: Role, text: &mut String) {
    let asks = Screen::ALL.iter().map(|s| (format!("sees {s}"), Ask::See(*s)));
    let exports = Screen::ALL.iter().map(|s| (format!("takes away {s}"), Ask::Export(*s)));
    let acts = Act::ALL.iter().map(|a| (format!("does {a}"), Ask::Do(*a)));
    for (name, ask) in asks.chain(exports).chain(acts) {
        let allowed: Vec<&str> = (Part::ALL.iter())
            .filter(|part| policies.allows(&officer(role, **part), &ask))
            .map(|part| part.code())
            .collect();
        let who = match allowed.len() {
            0 => continue,
            n if n == Part::ALL.len() => "any part".to_owned(),
            _ => allowed.join(" "),
        };
        writeln!(text, "{name:<26} {who}").expect("strings take text");
    }
}

fn people(policies: &Policies, role: Role, text: &mut String) {
    for relation in Relation::ALL {
        let lines: Vec<(Part, String)> = (parts(*relation).iter())
            .map(|part| (*part, lines(policies, &officer(role, *part), *relation)))
            .collect();
        let mut told: Vec<&str> = Vec::new();
        for (_, found) in &lines {
            if found.is_empty() || told.contains(&found.as_str()) {
                continue;
            }
            told.push(found);
            let same: Vec<_> =
                lines.iter().filter(|(_, f)| f == found).map(|(p, _)| p.code()).collect();
            writeln!(text, "- {relation} ({}):", same.join(" ")).expect("strings take text");
            text.push_str(found);
        }
    }
}

/// What an officer may about a person to whom their authority stands so; empty when nothing.
fn lines(policies: &Policies, asker: &Asker, relation: Relation) -> String {
    let relations = BTreeSet::from([relation]);
    let mut text = String::new();
    if policies.allows(asker, &Ask::Person { relations: relations.clone() }) {
        text.push_str("    person\n");
    }
    let looks: Vec<_> = (Looks::ALL.iter())
        .filter(|which| {
            let relations = relations.clone();
            policies.allows(asker, &Ask::Looks { which: **which, relations })
        })
        .filter(|which| **which != Looks::Own)
        .map(|which| which.code())
        .collect();
    if !looks.is_empty() {
        writeln!(text, "    looks        {}", looks.join(" ")).expect("strings take text");
    }
    for section in Section::ALL {
        let read = |purpose: &Purpose, glass| {
            let (section, relations, purpose) = (*section, relations.clone(), *purpose);
            policies.allows(asker, &Ask::Read { section, relations, purpose, glass })
        };
        let mut cell: Vec<&str> =
            Purpose::ALL.iter().filter(|p| read(p, false)).map(|p| p.code()).collect();
        let glass = Purpose::ALL.iter().filter(|p| read(p, true) && !read(p, false));
        let glass: Vec<&str> = glass.map(|p| p.code()).collect();
        if !glass.is_empty() {
            cell.push("glass:");
            cell.extend(glass);
        }
        if !cell.is_empty() {
            writeln!(text, "    {section:<12} {}", cell.join(" ")).expect("strings take text");
        }
    }
    for section in Section::ALL {
        let write = |purpose: &&Purpose| {
            let (section, relations, purpose) = (*section, relations.clone(), **purpose);
            policies.allows(asker, &Ask::Write { section, relations, purpose })
        };
        let cell: Vec<&str> = Purpose::ALL.iter().filter(write).map(|p| p.code()).collect();
        if !cell.is_empty() {
            let name = format!("writes {section}");
            writeln!(text, "    {name:<15} {}", cell.join(" ")).expect("strings take text");
        }
    }
    text
}
