//! A section as somebody wrote it down, from a file or from a page: checked field by field, and brought
//! into the form that is sealed. One rule for both.

use crate::field::{Field, Kind, LIST_MAX, TEXT_MAX, fields};
use crate::{Case, Death, Family, Form, Health, Identity, Property, canonical};
use domain::{PersonId, Section, code};
use jiff::civil::Date;
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use std::fmt;

code!(
    /// Why a field will not do.
    Fault {
        /// It has to be there.
        Missing = "missing",
        /// It says nothing: what is not known is left out.
        Empty = "empty",
        /// The form has no such field.
        Unknown = "unknown",
        /// A text is longer, or a list has more entries, than the form takes.
        TooLong = "too-long",
        NotText = "not-text",
        NotADate = "not-a-date",
        NotANumber = "not-a-number",
        NotAWord = "not-a-word",
        NotACountry = "not-a-country",
        NotAPersonNumber = "not-a-person-number",
        /// A list names it before.
        Twice = "twice",
        NotAList = "not-a-list",
    }
);

/// A field that will not do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unfit {
    /// As `items.0.count`; of a list entry with its place, from 0.
    pub field: String,
    pub fault: Fault,
    /// What it may be, where that is a closed list or a range.
    pub may_be: Option<String>,
}

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}: {}", self.field, self.fault)?;
        self.may_be.as_ref().map_or(Ok(()), |words| write!(f, " (it may be {words})"))
    }
}

/// Everything that is amiss with a section, in the order of its form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.0.iter().map(Unfit::to_string).collect::<Vec<_>>().join("; "))]
pub struct UnfitSection(pub Vec<Unfit>);

/// Whom a section is about, and its bytes as they are sealed: RFC 8785, nothing but what the form has
/// and nothing of what was written left behind.
pub fn read(section: Section, written: &Value) -> Result<(PersonId, Vec<u8>), UnfitSection> {
    let Value::Object(object) = written else {
        return Err(UnfitSection(vec![unfit(section.code(), Fault::NotAList)]));
    };
    let mut found = Vec::new();
    let person = object.get("person").and_then(Value::as_str).map(PersonId::parse);
    if !matches!(person, Some(Ok(_))) {
        found.push(unfit("person", Fault::NotAPersonNumber));
    }
    row(fields(section), object, "", &mut found);
    let strangers = object.keys().filter(|key| {
        *key != "person" && !fields(section).iter().any(|field| field.name == key.as_str())
    });
    found.extend(strangers.map(|key| unfit(key, Fault::Unknown)));
    let (Some(Ok(person)), true) = (person, found.is_empty()) else {
        return Err(UnfitSection(found));
    };
    let sealed = match section {
        Section::Identity => of_form::<Identity>(written),
        Section::Health => of_form::<Health>(written),
        Section::Case => of_form::<Case>(written),
        Section::Family => of_form::<Family>(written),
        Section::Property => of_form::<Property>(written),
        Section::Death => of_form::<Death>(written),
    };
    // The table above says what the forms say (a test holds them together).
    let plaintext = sealed.ok_or_else(|| UnfitSection(vec![unfit(section.code(), Fault::Unknown)]));
    Ok((person, plaintext?))
}

/// The canonical bytes; `None` when the form would leave something of it behind.
fn of_form<F: Form>(written: &Value) -> Option<Vec<u8>> {
    let form: F = serde_json::from_value(written.clone()).ok()?;
    let whole = serde_json::to_value(&form).ok()? == *written;
    whole.then(|| canonical(&form).ok()).flatten()
}

fn unfit(field: &str, fault: Fault) -> Unfit {
    Unfit { field: field.to_owned(), fault, may_be: None }
}

fn row(fields: &[Field], object: &Map<String, Value>, within: &str, found: &mut Vec<Unfit>) {
    for field in fields {
        let name = format!("{within}{}", field.name);
        match object.get(field.name) {
            Some(value) => self::value(field, value, &name, found),
            None if field.needed => found.push(unfit(&name, Fault::Missing)),
            None => {}
        }
    }
}

fn value(field: &Field, value: &Value, name: &str, found: &mut Vec<Unfit>) {
    let say = |fault| found.push(unfit(name, fault));
    match field.kind {
        Kind::Text => text(value).map_or_else(say, |_| ()),
        Kind::Date => text(value).and_then(date).unwrap_or_else(say),
        Kind::YearOrDate => text(value).and_then(year_or_date).unwrap_or_else(say),
        Kind::Country => text(value).and_then(country).unwrap_or_else(say),
        Kind::Number(least, most) => {
            let within = value.as_u64().is_some_and(|n| (least.into()..=most.into()).contains(&n));
            if !within {
                let may_be = Some(format!("{least} to {most}"));
                found.push(Unfit { may_be, ..unfit(name, Fault::NotANumber) });
            }
        }
        Kind::Word(words) => {
            if !value.as_str().is_some_and(|word| words.contains(&word)) {
                let may_be = Some(words.join(", "));
                found.push(Unfit { may_be, ..unfit(name, Fault::NotAWord) });
            }
        }
        Kind::Texts => list(field, value, name, found, |entry, name, found| {
            text(entry).map_or_else(|fault| found.push(unfit(name, fault)), |_| ());
        }),
        Kind::People => {
            let mut named = BTreeSet::new();
            list(field, value, name, found, |entry, name, found| {
                match entry.as_str().map(PersonId::parse) {
                    Some(Ok(person)) if named.insert(person) => {}
                    Some(Ok(_)) => found.push(unfit(name, Fault::Twice)),
                    _ => found.push(unfit(name, Fault::NotAPersonNumber)),
                }
            });
        }
        Kind::Rows(fields) => list(field, value, name, found, |entry, name, found| {
            let Value::Object(object) = entry else {
                return found.push(unfit(name, Fault::NotAList));
            };
            row(fields, object, &format!("{name}."), found);
            let known = |key: &String| fields.iter().any(|field| field.name == key.as_str());
            let strangers = object.keys().filter(|key| !known(key));
            found.extend(strangers.map(|key| unfit(&format!("{name}.{key}"), Fault::Unknown)));
        }),
    }
}

/// Each entry of a list. One that need not be there is left out rather than empty.
fn list(
    field: &Field,
    value: &Value,
    name: &str,
    found: &mut Vec<Unfit>,
    mut each: impl FnMut(&Value, &str, &mut Vec<Unfit>),
) {
    match value {
        Value::Array(entries) if entries.is_empty() && !field.needed => {
            found.push(unfit(name, Fault::Empty));
        }
        Value::Array(entries) if entries.len() > LIST_MAX => {
            let may_be = Some(LIST_MAX.to_string());
            found.push(Unfit { may_be, ..unfit(name, Fault::TooLong) });
        }
        Value::Array(entries) => {
            for (at, entry) in entries.iter().enumerate() {
                each(entry, &format!("{name}.{at}"), found);
            }
        }
        _ => found.push(unfit(name, Fault::NotAList)),
    }
}

fn text(value: &Value) -> Result<&str, Fault> {
    match value.as_str() {
        None => Err(Fault::NotText),
        Some(text) if text.trim().is_empty() => Err(Fault::Empty),
        Some(text) if text.chars().count() > TEXT_MAX => Err(Fault::TooLong),
        Some(text) => Ok(text),
    }
}

fn date(text: &str) -> Result<(), Fault> {
    // `parse` takes other forms of ISO 8601 too; here is one for each day.
    let day = text.parse::<Date>().ok().filter(|day| day.to_string() == text);
    day.map(|_| ()).ok_or(Fault::NotADate)
}

fn year_or_date(text: &str) -> Result<(), Fault> {
    let year = text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit());
    if year { Ok(()) } else { date(text) }
}

fn country(text: &str) -> Result<(), Fault> {
    let two = text.len() == 2 && text.bytes().all(|b| b.is_ascii_uppercase());
    if two { Ok(()) } else { Err(Fault::NotACountry) }
}
