//! One file's text, its lines, and what was found wrong in it.

use crate::finding::Finding;
use std::cell::RefCell;
use std::collections::BTreeMap;

/// A file being read. Findings are gathered here, so that reading goes on after each.
pub struct Source {
    pub name: String,
    pub text: String,
    findings: RefCell<Vec<Finding>>,
}

/// A place in a file, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct At {
    pub line: u32,
    pub column: Option<u32>,
}

impl Source {
    pub fn new(name: &str, text: String) -> Self {
        Self { name: name.to_owned(), text, findings: RefCell::default() }
    }

    /// The place of a byte offset.
    pub fn at(&self, offset: usize) -> At {
        let before = self.text.get(..offset).unwrap_or(&self.text);
        let line_start = before.rfind('\n').map_or(0, |n| n + 1);
        At {
            line: before.matches('\n').count() as u32 + 1,
            column: Some(before[line_start..].chars().count() as u32 + 1),
        }
    }

    pub fn find(
        &self,
        at: At,
        code: &'static str,
        what: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.push(Some(at), code, what.into(), help.into());
    }

    /// A finding about the whole file.
    pub fn find_whole(&self, code: &'static str, what: impl Into<String>, help: impl Into<String>) {
        self.push(None, code, what.into(), help.into());
    }

    fn push(&self, at: Option<At>, code: &'static str, what: String, help: String) {
        let (line, column) = (at.map(|a| a.line), at.and_then(|a| a.column));
        self.findings.borrow_mut().push(Finding {
            file: self.name.clone(),
            line,
            column,
            code,
            what,
            help,
        });
    }

    /// Whether nothing was found so far. What is missing is only said of a file whose rows all stand.
    pub fn is_clean(&self) -> bool {
        self.findings.borrow().is_empty()
    }

    /// By line; findings about the file as a whole first.
    pub fn into_findings(self) -> Vec<Finding> {
        let mut all = self.findings.into_inner();
        all.sort_by_key(|f| (f.line, f.column));
        all
    }
}

/// Every id that some file defines, so that another may refer to it.
#[derive(Default)]
pub struct Index {
    known: BTreeMap<&'static str, BTreeMap<String, String>>,
}

impl Index {
    /// Notes an id of a kind; a second one of the same name is a finding.
    pub fn define(&mut self, kind: &'static str, id: &str, file: &Source, at: At) {
        let place = format!("{}:{}", file.name, at.line);
        let ids = self.known.entry(kind).or_default();
        if let Some(first) = ids.get(id) {
            let help = format!("the first is at {first}: rename one or take it out");
            file.find(at, "duplicate-id", format!("{kind} '{id}' is defined twice"), help);
        } else {
            ids.insert(id.to_owned(), place);
        }
    }

    /// Notes a word that others may refer to and that may occur many times.
    pub fn note(&mut self, kind: &'static str, word: &str) {
        self.known.entry(kind).or_default().insert(word.to_owned(), String::new());
    }

    /// Whether an id is defined. When nothing of the kind is, the file that defines it has its own
    /// findings and none is added here.
    pub fn refer(&self, kind: &'static str, id: &str, file: &Source, at: At) -> bool {
        let Some(ids) = self.known.get(kind) else { return true };
        if ids.contains_key(id) {
            return true;
        }
        let help = match nearest(id, ids.keys().map(String::as_str)) {
            Some(near) => format!("did you mean '{near}'?"),
            None => format!("define it, or use one of: {}", list(ids.keys().map(String::as_str))),
        };
        file.find(at, "unknown-id", format!("unknown {kind} '{id}'"), help);
        false
    }
}

pub fn list<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let all: Vec<&str> = words.collect();
    match all.len() {
        0..=12 => all.join(", "),
        n => format!("{} and {} more", all[..10].join(", "), n - 10),
    }
}

/// The word within a slip or two of the one written.
pub fn nearest<'a>(written: &str, words: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let limit = 1 + written.chars().count() / 5;
    words.map(|w| (slips(written, w), w)).filter(|(n, _)| *n <= limit).min().map(|(_, w)| w)
}

/// Levenshtein distance in characters.
fn slips(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, cb) in b.iter().enumerate() {
            let changed = corner + usize::from(ca != *cb);
            corner = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(corner + 1);
        }
    }
    row[b.len()]
}
