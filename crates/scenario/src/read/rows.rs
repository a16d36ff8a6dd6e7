//! Reading CSV rows with every mistake noted by line and column name.

use super::source::{At, Source, list, nearest};
use crate::text::Text;
use jiff::civil::{Date, Time};
use std::fmt::Display;

/// One row under its header.
pub struct Row<'a> {
    file: &'a Source,
    header: &'static [&'static str],
    fields: Vec<String>,
    pub line: u32,
}

/// All rows with as many fields as the header wants; the others become findings. Lines that begin with
/// `#` are comments. Nothing when the header is not the one wanted.
pub fn rows<'a>(file: &'a Source, header: &'static [&'static str]) -> Vec<Row<'a>> {
    let mut reader = csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .flexible(true)
        .has_headers(false)
        .from_reader(file.text.as_bytes());
    let mut all = Vec::new();
    let mut seen_header = false;
    let mut lines = Lines { text: &file.text, offset: 0, line: 1 };
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let line = error.position().map_or(1, |p| p.line() as u32);
                let at = At { line, column: None };
                file.find(
                    at,
                    "syntax",
                    format!("cannot be read as CSV: {error}"),
                    "save it as UTF-8",
                );
                continue;
            }
        };
        let line = lines.of(record.position().map_or(0, |p| p.byte() as usize));
        let at = At { line, column: None };
        if !seen_header {
            seen_header = true;
            if record.iter().ne(header.iter().copied()) {
                let what =
                    format!("the header is '{}'", record.iter().collect::<Vec<_>>().join(","));
                file.find(at, "wrong-header", what, format!("write '{}'", header.join(",")));
                return Vec::new();
            }
            continue;
        }
        if record.len() != header.len() {
            let what = format!("{} fields, {} are wanted", record.len(), header.len());
            let help = format!(
                "columns: {}; quote a field that holds a comma",
                list(header.iter().copied())
            );
            file.find(at, "wrong-number-of-fields", what, help);
            continue;
        }
        let fields = record.iter().map(|f| f.trim().to_owned()).collect();
        all.push(Row { file, header, fields, line });
    }
    if !seen_header {
        file.find_whole(
            "empty",
            "the file has no rows",
            format!("begin with '{}'", header.join(",")),
        );
    }
    all
}

/// Counts lines up to growing offsets, each byte once.
struct Lines<'a> {
    text: &'a str,
    offset: usize,
    line: u32,
}

impl Lines<'_> {
    /// The line of the first byte at or after `offset` that is not in a comment or an empty line: the
    /// CSV reader counts those to the record after them.
    fn of(&mut self, offset: usize) -> u32 {
        let passed = &self.text.as_bytes()[self.offset..offset];
        self.line += passed.iter().filter(|b| **b == b'\n').count() as u32;
        self.offset = offset;
        let skipped = self.text[offset..].lines();
        let skipped = skipped.take_while(|l| l.starts_with('#') || l.trim_end().is_empty());
        self.line + skipped.count() as u32
    }
}

impl<'a> Row<'a> {
    pub fn file(&self) -> &'a Source {
        self.file
    }

    fn position(&self, column: &str) -> usize {
        self.header.iter().position(|h| *h == column).expect("a column of the header")
    }

    /// The place of a column; the character is known where the row has no quotes before it.
    pub fn at(&self, column: &str) -> At {
        let raw = self.file.text.lines().nth(self.line as usize - 1).unwrap_or("");
        let mut column_at = Some(1);
        if raw.contains('"') {
            column_at = None;
        } else {
            let before = raw.split(',').take(self.position(column));
            column_at =
                column_at.map(|c| c + before.map(|f| f.chars().count() as u32 + 1).sum::<u32>());
        }
        At { line: self.line, column: column_at }
    }

    /// What stands there, possibly nothing.
    pub fn raw(&self, column: &str) -> &str {
        &self.fields[self.position(column)]
    }

    /// What stands there; nothing is a finding.
    pub fn str(&self, column: &str) -> Option<&str> {
        let text = self.raw(column);
        if text.is_empty() {
            self.file.find(self.at(column), "empty", format!("'{column}' is empty"), "fill it in");
            return None;
        }
        Some(text)
    }

    pub fn string(&self, column: &str) -> Option<String> {
        self.str(column).map(str::to_owned)
    }

    pub fn parse<T, E: Display>(
        &self,
        column: &str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        match parse(self.str(column)?) {
            Ok(value) => Some(value),
            Err(error) => {
                self.file.find(self.at(column), "not-valid", format!("'{column}': {error}"), "");
                None
            }
        }
    }

    /// As `parse`, but an empty field is nothing and no finding.
    pub fn parse_opt<T, E: Display>(
        &self,
        column: &str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<Option<T>> {
        if self.raw(column).is_empty() { Some(None) } else { self.parse(column, parse).map(Some) }
    }

    pub fn uint(&self, column: &str) -> Option<u32> {
        let text = self.str(column)?;
        match text.parse::<i64>().map(u32::try_from) {
            Ok(Ok(value)) => Some(value),
            Ok(Err(_)) => {
                let what = format!("'{column}' is {text}, it must be 0 or more");
                let help = "write a number that is not negative";
                self.file.find(self.at(column), "out-of-range", what, help);
                None
            }
            Err(_) => {
                let what = format!("'{column}' is '{text}', a whole number is wanted");
                self.file.find(self.at(column), "not-a-number", what, "");
                None
            }
        }
    }

    pub fn date(&self, column: &str) -> Option<Date> {
        let wanted = |_| "a date as 2026-01-21 is wanted";
        self.parse(column, |t| t.parse::<Date>().map_err(wanted))
    }

    pub fn time(&self, column: &str) -> Option<Time> {
        let wanted = |_| "a time as 18:00 is wanted";
        self.parse(column, |t| Time::strptime("%H:%M", t).map_err(wanted))
    }

    /// One word of a closed list.
    pub fn code<T: Copy>(&self, column: &str, all: &[T], code: fn(T) -> &'static str) -> Option<T> {
        let text = self.str(column)?;
        let found = all.iter().copied().find(|v| code(*v) == text);
        if found.is_none() {
            let near = nearest(text, all.iter().map(|v| code(*v)));
            let help = match near {
                Some(near) => format!("did you mean '{near}'?"),
                None => format!("one of: {}", list(all.iter().map(|v| code(*v)))),
            };
            let what = format!("'{column}' cannot be '{text}'");
            self.file.find(self.at(column), "unknown-word", what, help);
        }
        found
    }

    /// The columns `en`, `ar` and `ckb`.
    pub fn text(&self) -> Option<Text> {
        let part = |lang: &'static str| {
            let text = self.raw(lang);
            if text.is_empty() {
                let what = format!("the name has no {lang}");
                self.file.find(self.at(lang), "missing-translation", what, "fill it in");
                return None;
            }
            Some(text.to_owned())
        };
        let (en, ar, ckb) = (part("en"), part("ar"), part("ckb"));
        Some(Text { en: en?, ar: ar?, ckb: ckb? })
    }

    /// A source, or `assumption`: nothing in a scenario goes without one.
    pub fn source(&self) -> Option<String> {
        let text = self.raw("source");
        if text.is_empty() {
            let help = "name where it was published, or write 'assumption'";
            self.file.find(self.at("source"), "no-source", "no source is given", help);
            return None;
        }
        Some(text.to_owned())
    }
}
