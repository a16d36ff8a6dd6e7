//! Reading TOML tables with every mistake noted where it stands.

use super::source::{At, Source, list, nearest};
use crate::text::Text;
use jiff::civil::{Date, Time};
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt::Display;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A table being read: knows which of its keys have been asked for.
pub struct Table<'a> {
    file: &'a Source,
    table: &'a DeTable<'a>,
    pub at: At,
    asked: RefCell<BTreeSet<&'static str>>,
}

/// A value with its place.
#[derive(Clone, Copy)]
pub struct Placed<T> {
    pub value: T,
    pub at: At,
}

/// Parses a file, noting each syntax error; `None` when nothing can be made of it.
pub fn parse<'a>(file: &'a Source) -> Option<Spanned<DeTable<'a>>> {
    let (table, errors) = DeTable::parse_recoverable(&file.text);
    for error in &errors {
        let at = file.at(error.span().map_or(0, |s| s.start));
        let what = error.message().lines().next().unwrap_or("cannot be read").to_owned();
        file.find(at, "syntax", what, "see https://toml.io for how TOML is written");
    }
    errors.is_empty().then_some(table)
}

impl<'a> Table<'a> {
    pub fn root(file: &'a Source, table: &'a Spanned<DeTable<'a>>) -> Self {
        Self::new(file, table.get_ref(), At { line: 1, column: Some(1) })
    }

    fn new(file: &'a Source, table: &'a DeTable<'a>, at: At) -> Self {
        Self { file, table, at, asked: RefCell::default() }
    }

    pub fn file(&self) -> &'a Source {
        self.file
    }

    fn value(&self, key: &'static str) -> Option<Placed<&'a DeValue<'a>>> {
        self.asked.borrow_mut().insert(key);
        let value = self.table.get(key)?;
        Some(Placed { value: value.get_ref(), at: self.file.at(value.span().start) })
    }

    fn required(&self, key: &'static str) -> Option<Placed<&'a DeValue<'a>>> {
        let value = self.value(key);
        if value.is_none() {
            let help = format!("add `{key} = …`");
            self.file.find(self.at, "missing-key", format!("'{key}' is missing here"), help);
        }
        value
    }

    fn wrong(&self, key: &str, found: Placed<&DeValue>, wanted: &str) {
        let what = format!("'{key}' is {}, {wanted} is wanted", a_kind(found.value));
        self.file.find(found.at, "wrong-type", what, "");
    }

    pub fn has(&self, key: &'static str) -> bool {
        self.asked.borrow_mut().insert(key);
        self.table.get(key).is_some()
    }

    pub fn str(&self, key: &'static str) -> Option<Placed<&'a str>> {
        let found = self.required(key)?;
        let Some(value) = found.value.as_str() else {
            self.wrong(key, found, "a string");
            return None;
        };
        if value.trim().is_empty() {
            self.file.find(
                found.at,
                "empty",
                format!("'{key}' is empty"),
                "write it, or take the key out",
            );
            return None;
        }
        Some(Placed { value, at: found.at })
    }

    pub fn string(&self, key: &'static str) -> Option<String> {
        self.str(key).map(|p| p.value.to_owned())
    }

    /// A string that `parse` accepts.
    pub fn parse<T, E: Display>(
        &self,
        key: &'static str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        let text = self.str(key)?;
        match parse(text.value) {
            Ok(value) => Some(value),
            Err(error) => {
                self.file.find(text.at, "not-valid", format!("'{key}': {error}"), "");
                None
            }
        }
    }

    /// One word of a closed list.
    pub fn code<T: Copy>(
        &self,
        key: &'static str,
        all: &[T],
        code: fn(T) -> &'static str,
    ) -> Option<T> {
        one_of(self.file, key, self.str(key)?, all, code)
    }

    /// Words of a closed list; none when the key is missing.
    pub fn codes<T: Copy>(
        &self,
        key: &'static str,
        all: &[T],
        code: fn(T) -> &'static str,
    ) -> Vec<T> {
        self.strings(key).into_iter().filter_map(|w| one_of(self.file, key, w, all, code)).collect()
    }

    /// Strings in an array; none when the key is missing.
    pub fn strings(&self, key: &'static str) -> Vec<Placed<&'a str>> {
        let mut all = Vec::new();
        for item in self.items(key) {
            match item.value.as_str() {
                Some(value) => all.push(Placed { value, at: item.at }),
                None => self.wrong(key, item, "a string"),
            }
        }
        all
    }

    /// Values of an array; none when the key is missing.
    pub fn items(&self, key: &'static str) -> Vec<Placed<&'a DeValue<'a>>> {
        let Some(found) = self.value(key) else { return Vec::new() };
        let Some(array) = found.value.as_array() else {
            self.wrong(key, found, "an array");
            return Vec::new();
        };
        let place = |v: &'a Spanned<DeValue<'a>>| Placed {
            value: v.get_ref(),
            at: self.file.at(v.span().start),
        };
        array.iter().map(place).collect()
    }

    pub fn uint(&self, key: &'static str) -> Option<u32> {
        let found = self.required(key)?;
        let number = integer(found.value);
        if number.is_none() {
            self.wrong(key, found, "a whole number");
        }
        match u32::try_from(number?) {
            Ok(value) => Some(value),
            Err(_) => {
                let what = format!("'{key}' is {}, it must be 0 or more", number?);
                self.file.find(
                    found.at,
                    "out-of-range",
                    what,
                    "write a number that is not negative",
                );
                None
            }
        }
    }

    pub fn int(&self, key: &'static str) -> Option<i64> {
        let found = self.required(key)?;
        let number = integer(found.value);
        if number.is_none() {
            self.wrong(key, found, "a whole number");
        }
        number
    }

    /// A number with or without a fraction, within `least..=most`.
    pub fn float(&self, key: &'static str, least: f64, most: f64) -> Option<f64> {
        let found = self.required(key)?;
        let Some(value) = number(found.value) else {
            self.wrong(key, found, "a number");
            return None;
        };
        if !(least..=most).contains(&value) {
            let what = format!("'{key}' is {value}, it must lie between {least} and {most}");
            self.file.find(found.at, "out-of-range", what, "");
            return None;
        }
        Some(value)
    }

    pub fn bool_or(&self, key: &'static str, default: bool) -> bool {
        let Some(found) = self.value(key) else { return default };
        found.value.as_bool().unwrap_or_else(|| {
            self.wrong(key, found, "true or false");
            default
        })
    }

    /// A local date, written `2026-01-21` without quotes.
    pub fn date(&self, key: &'static str) -> Option<Date> {
        self.placed_date(key).map(|p| p.value)
    }

    pub fn placed_date(&self, key: &'static str) -> Option<Placed<Date>> {
        let found = self.required(key)?;
        let date = found.value.as_datetime().filter(|d| d.time.is_none()).and_then(|d| d.date);
        let date = date.and_then(|d| Date::new(d.year as i16, d.month as i8, d.day as i8).ok());
        if date.is_none() {
            self.wrong(key, found, "a date as 2026-01-21, without quotes,");
        }
        date.map(|value| Placed { value, at: found.at })
    }

    /// A local time, written `18:00:00` without quotes.
    pub fn time(&self, key: &'static str) -> Option<Time> {
        let found = self.required(key)?;
        let time = found.value.as_datetime().filter(|d| d.date.is_none()).and_then(|d| d.time);
        let time = time.and_then(|t| Time::new(t.hour as i8, t.minute as i8, 0, 0).ok());
        if time.is_none() {
            self.wrong(key, found, "a time as 18:00:00, without quotes,");
        }
        time
    }

    /// A name in three languages: `{ en = "…", ar = "…", ckb = "…" }`.
    pub fn text(&self, key: &'static str) -> Option<Text> {
        let table = self.table(key)?;
        let part = |lang: &'static str| {
            let found = table.value(lang);
            let value = found.and_then(|f| f.value.as_str()).filter(|s| !s.trim().is_empty());
            if value.is_none() {
                let at = found.map_or(table.at, |f| f.at);
                let help = format!("add {lang} = \"…\"");
                table.file.find(at, "missing-translation", format!("'{key}' has no {lang}"), help);
            }
            value.map(str::to_owned)
        };
        let (en, ar, ckb) = (part("en"), part("ar"), part("ckb"));
        table.done();
        Some(Text { en: en?, ar: ar?, ckb: ckb? })
    }

    pub fn table(&self, key: &'static str) -> Option<Table<'a>> {
        let found = self.required(key)?;
        let table = found.value.as_table();
        if table.is_none() {
            self.wrong(key, found, "a table");
        }
        Some(Table::new(self.file, table?, found.at))
    }

    pub fn opt_table(&self, key: &'static str) -> Option<Table<'a>> {
        if self.has(key) { self.table(key) } else { None }
    }

    /// The tables of `[[key]]`, in file order; none when the key is missing.
    pub fn tables(&self, key: &'static str) -> Vec<Table<'a>> {
        let mut all = Vec::new();
        for item in self.items(key) {
            match item.value.as_table() {
                Some(table) => all.push(Table::new(self.file, table, item.at)),
                None => self.wrong(key, item, "a table"),
            }
        }
        all
    }

    /// Every key of this table with a whole number, as in `{ bus = 12, van = 4 }`.
    pub fn counts(&self) -> Vec<(Placed<&'a str>, u32)> {
        let mut all = Vec::new();
        for (key, value) in self.table.iter() {
            let at = self.file.at(value.span().start);
            match integer(value.get_ref()).and_then(|n| u32::try_from(n).ok()) {
                Some(n) => {
                    let key: &Spanned<_> = key;
                    let name = Placed {
                        value: key.get_ref().as_ref(),
                        at: self.file.at(key.span().start),
                    };
                    all.push((name, n));
                }
                None => {
                    let what = format!("'{}' must be a whole number, 0 or more", key.get_ref());
                    self.file.find(at, "out-of-range", what, "");
                }
            }
        }
        all
    }

    /// Call when every key has been asked for: what is left is unknown.
    pub fn done(&self) {
        let asked = self.asked.borrow();
        for (key, _) in self.table.iter() {
            let name: &str = key.get_ref();
            if !asked.contains(name) {
                let help = match nearest(name, asked.iter().copied()) {
                    Some(near) => format!("did you mean '{near}'?"),
                    None => format!("keys here: {}", list(asked.iter().copied())),
                };
                let at = self.file.at(key.span().start);
                self.file.find(at, "unknown-key", format!("unknown key '{name}'"), help);
            }
        }
    }
}

fn one_of<T: Copy>(
    file: &Source,
    key: &str,
    word: Placed<&str>,
    all: &[T],
    code: fn(T) -> &'static str,
) -> Option<T> {
    let found = all.iter().copied().find(|v| code(*v) == word.value);
    if found.is_none() {
        let help = format!("one of: {}", list(all.iter().map(|v| code(*v))));
        file.find(word.at, "unknown-word", format!("'{key}' cannot be '{}'", word.value), help);
    }
    found
}

pub fn integer(value: &DeValue) -> Option<i64> {
    let n = value.as_integer()?;
    i64::from_str_radix(n.as_str(), n.radix()).ok()
}

pub fn number(value: &DeValue) -> Option<f64> {
    match value.as_float() {
        Some(f) => f.as_str().parse().ok().filter(|f: &f64| f.is_finite()),
        None => integer(value).map(|n| n as f64),
    }
}

fn a_kind(value: &DeValue) -> &'static str {
    match value {
        DeValue::String(_) => "a string",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number with a fraction",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date or time",
        DeValue::Array(_) => "an array",
        DeValue::Table(_) => "a table",
    }
}
