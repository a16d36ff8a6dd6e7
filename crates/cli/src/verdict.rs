//! What `amana verify` says: a line for each thing that was checked, then each thing that does not hold.

use crate::verify::Stated;
use oversight::audit::Heads;
use std::fmt::Write;
use store::{Disposition, Finding, SectionVerdict};

/// The outcome of a verification, however the record is kept.
pub struct Told {
    pub place: String,
    pub origin: String,
    pub entries: u64,
    pub root: [u8; 32],
    pub devices: usize,
    /// No key was given: the signatures show only that one key made them.
    pub own_word: bool,
    /// `None` when there is no key to check heads with.
    pub heads: Option<Heads>,
    pub read_models: bool,
    /// Files whose sums were checked, of an export.
    pub files: Option<usize>,
    /// Issued, and computed again; `None` where documents are not kept or the facts do not hold.
    pub statements: Option<(usize, usize)>,
    /// What became of each section of the register that a fact commits to; of a store alone.
    pub sections: Vec<SectionVerdict>,
    /// By which texts of the policies looks and writings were decided, in words; empty while there is
    /// neither.
    pub policies: Vec<String>,
    pub findings: Vec<Finding>,
    pub notes: Vec<Finding>,
}

/// What a finding is about, by its code (`docs/formats/store.md`, `docs/formats/export.md`).
fn subject(code: &str) -> &'static str {
    match code {
        "bad-signature" | "unknown-device" | "wrong-authority" | "wrong-operation"
        | "wrong-opening" | "device-revoked" => "signatures",
        "head-size" | "head-root" | "head-unreadable" | "checkpoint-root" | "tile-missing"
        | "tile-differs" | "bundle-missing" | "bundle-torn" => "tree",
        "log-forked" | "log-cut" | "head-signature" | "not-witnessed" => "signed heads",
        "books-off" => "balance",
        "file-changed" => "files",
        code if code.starts_with("statement-") => "statements",
        code if code.starts_with("posting-") || code.starts_with("custody-") => "read models",
        code if code.starts_with("document-") => "documents",
        code if code.starts_with("particulars-") || code.starts_with("erasure-") => "particulars",
        _ => "entries",
    }
}

impl Told {
    /// With what became of the statements.
    pub fn with(mut self, stated: Option<Stated>) -> Self {
        if let Some(stated) = stated {
            self.statements = Some((stated.issued, stated.recomputed));
            self.findings.extend(stated.findings);
            self.notes.extend(stated.notes);
        }
        self
    }

    pub fn holds(&self) -> bool {
        self.findings.is_empty()
    }

    /// Each subject that was checked, whether it holds, and what was found out.
    fn verdicts(&self) -> Vec<(&'static str, bool, String)> {
        let wrong =
            |subject_: &str| self.findings.iter().filter(|f| subject(f.code) == subject_).count();
        let say = |subject: &'static str, well: String| match wrong(subject) {
            0 => (subject, true, well),
            n => (subject, false, format!("{n} {}", if n == 1 { "finding" } else { "findings" })),
        };
        let n = self.entries;
        let mut told = vec![
            say("entries", format!("{n} read, in order, each once")),
            say("signatures", format!("{n} hold, strictly")),
            say("tree", format!("{n} entries fold to root {}", hex(&self.root))),
        ];
        if let Some(heads) = &self.heads {
            let well = match &heads.witnessed {
                Some((size, by)) if heads.asked => {
                    format!("{} of this tree; {size} cosigned by {}", heads.checked, by.join(", "))
                }
                _ => format!("{} of this tree; witnesses were not asked for", heads.checked),
            };
            told.push(say("signed heads", well));
        }
        let chains = self.notes.iter().filter(|f| f.code.starts_with("device-")).count();
        let chains = match chains {
            0 => format!("{} devices, no gap, no fork", self.devices),
            n => format!(
                "{} devices; {n} gaps or forks are in the record, see the notes",
                self.devices
            ),
        };
        told.push(("device chains", true, chains));
        told.push(say("balance", "the books balance after every entry".to_owned()));
        if self.read_models {
            told.push(say("read models", "equal the refold".to_owned()));
            told.push(say("documents", "match their hashes".to_owned()));
        }
        if self.read_models || !self.sections.is_empty() {
            told.push(say("particulars", self.register()));
        }
        if !self.policies.is_empty() {
            told.push(("policies", true, self.policies.join("; ")));
        }
        if let Some(files) = self.files {
            told.push(say("files", format!("{files} match the sums that the log's key signed")));
        }
        if let Some((issued, recomputed)) = self.statements {
            let well = match issued {
                0 => "none was issued".to_owned(),
                _ => format!("{recomputed} of {issued} computed again from the facts, the same"),
            };
            told.push(say("statements", well));
        }
        told
    }

    /// How many sections are what.
    fn register(&self) -> String {
        let count = |of: fn(&Disposition) -> bool| {
            self.sections.iter().filter(|v| of(&v.disposition)).count()
        };
        let opened = count(|d| matches!(d, Disposition::Matches));
        let withheld = count(|d| matches!(d, Disposition::Withheld));
        let shredded = count(|d| matches!(d, Disposition::Shredded { .. }));
        format!("{opened} disclosed and match, {withheld} withheld, {shredded} shredded")
    }

    /// What is not simply there, each by itself; of the rest the number.
    fn sections_json(&self) -> serde_json::Value {
        let mut counts = serde_json::Map::new();
        for (name, of) in [("disclosed", Disposition::Matches), ("withheld", Disposition::Withheld)]
        {
            let n = self.sections.iter().filter(|v| v.disposition == of).count();
            counts.insert(name.to_owned(), n.into());
        }
        let others = self.sections.iter().filter_map(|v| {
            let (is, by) = match v.disposition {
                Disposition::Matches | Disposition::Withheld => return None,
                Disposition::Shredded { by } => ("shredded", Some(by)),
                Disposition::Missing => ("missing", None),
                Disposition::Changed => ("changed", None),
            };
            Some(serde_json::json!({
                "person": v.person.to_string(),
                "section": v.section.code(),
                "commitment": v.commitment.to_string(),
                "fact": v.fact,
                "is": is,
                "by": by,
            }))
        });
        counts.insert("others".to_owned(), others.collect());
        counts.into()
    }

    /// One line for each section of the register that a fact commits to.
    pub fn section_lines(&self) -> String {
        let line = |v: &SectionVerdict| {
            let SectionVerdict { person, section, commitment, fact, disposition } = v;
            format!("{person} {section:<9} {commitment} of fact {fact}: {disposition}\n")
        };
        self.sections.iter().map(line).collect()
    }

    pub fn json(&self) -> serde_json::Value {
        let verdicts = self.verdicts().into_iter().map(|(subject, holds, says)| {
            serde_json::json!({ "subject": subject, "holds": holds, "says": says })
        });
        let findings = |list: &[Finding]| -> Vec<serde_json::Value> {
            list.iter()
                .map(|f| serde_json::json!({ "code": f.code, "position": f.position, "what": f.what }))
                .collect()
        };
        serde_json::json!({
            "holds": self.holds(),
            "place": self.place,
            "origin": self.origin,
            "entries": self.entries,
            "root": hex(&self.root),
            "key_given": !self.own_word,
            "verdicts": verdicts.collect::<Vec<_>>(),
            "findings": findings(&self.findings),
            "notes": findings(&self.notes),
            "sections": self.sections_json(),
        })
    }
}

/// For people.
pub fn lines(told: &Told) -> String {
    let mut text = String::new();
    // Writing to a string does not fail.
    for (subject, holds, says) in told.verdicts() {
        let mark = if holds { "ok  " } else { "FAIL" };
        let _ = writeln!(text, "{mark} {subject:<14} {says}");
    }
    for gone in
        told.sections.iter().filter(|v| matches!(v.disposition, Disposition::Shredded { .. }))
    {
        let SectionVerdict { person, section, fact, disposition, .. } = gone;
        let _ = writeln!(text, "{section} of {person}, fact {fact}: {disposition}");
    }
    for finding in &told.findings {
        let _ = writeln!(text, "{finding}");
    }
    for note in &told.notes {
        let _ = writeln!(text, "note: {note}");
    }
    if told.own_word {
        let _ = writeln!(
            text,
            "note: no key was given, so the record's own word was taken for it; give --log or --policy"
        );
    }
    let verdict = if told.holds() { "all holds" } else { "something does not hold" };
    let _ = writeln!(text, "{verdict}: {} facts, root {}", told.entries, hex(&told.root));
    text
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
