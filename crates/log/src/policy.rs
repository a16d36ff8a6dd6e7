//! Whom to believe (C2SP tlog-policy): logs, witnesses, and how many of them must have cosigned.

use crate::checkpoint::{Checkpoint, CheckpointError};
use crate::cosignature::Cosigner;
use crate::note::{Note, NoteError, NoteVerifier};
use std::collections::BTreeMap;
use std::fmt;

/// Lines of each kind beyond these are refused; the specification asks for 32.
const EACH_MAX: usize = 1_024;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("policy line {line}: {what}")]
pub struct PolicyError {
    /// From 1; after the last when something is missing.
    pub line: usize,
    pub what: String,
}

/// A policy file, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    pub logs: Vec<PolicyLog>,
    pub witnesses: Vec<PolicyWitness>,
    groups: Vec<Group>,
    /// `None`: no cosignature is asked for.
    quorum: Option<Member>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyLog {
    pub key: NoteVerifier,
    /// Where its tiles are served: what stands before `/checkpoint`.
    pub url: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyWitness {
    /// Of meaning in this file only.
    pub name: String,
    pub key: Cosigner,
    /// What stands before `/add-checkpoint`.
    pub url: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Group {
    name: String,
    /// So many of `members` are enough; from 1 to all of them.
    enough: usize,
    members: Vec<Member>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Member {
    Witness(usize),
    Group(usize),
}

/// What a policy makes of a checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witnessed {
    pub checkpoint: Checkpoint,
    /// The witnesses that cosigned, as the policy names them, with their latest time in seconds
    /// since 1970.
    pub by: Vec<(String, u64)>,
    /// Whether they are enough.
    pub quorum: bool,
}

impl Policy {
    /// One log and no witnesses.
    pub fn of_log(key: NoteVerifier) -> Self {
        let logs = vec![PolicyLog { key, url: None }];
        Self { logs, witnesses: Vec::new(), groups: Vec::new(), quorum: None }
    }

    pub fn parse(text: &str) -> Result<Self, PolicyError> {
        let mut reader = Reader::default();
        for (number, line) in text.split('\n').enumerate() {
            reader.line(line).map_err(|what| PolicyError { line: number + 1, what })?;
        }
        let lines = text.split('\n').count();
        let what = || PolicyError { line: lines, what: "there is no quorum line".to_owned() };
        let quorum = reader.quorum.ok_or_else(what)?;
        let Reader { logs, witnesses, groups, .. } = reader;
        Ok(Self { logs, witnesses, groups, quorum })
    }

    /// Whether the policy asks for cosignatures at all.
    pub fn asks_for_witnesses(&self) -> bool {
        self.quorum.is_some()
    }

    /// The log of that origin.
    pub fn log(&self, origin: &str) -> Option<&PolicyLog> {
        self.logs.iter().find(|log| log.key.name() == origin)
    }

    /// Checks a signed note against the policy: that one of its logs signed it, and who cosigned.
    pub fn judge(&self, note: &Note) -> Result<Witnessed, CheckpointError> {
        let found = Checkpoint::parse(&note.text)?.origin;
        let unknown = || NoteError::Unsigned(found.clone());
        let checkpoint = Checkpoint::of_note(note, &self.log(&found).ok_or_else(unknown)?.key)?;
        let mut by = Vec::new();
        let mut cosigned = vec![false; self.witnesses.len()];
        for (witness, cosigned) in self.witnesses.iter().zip(&mut cosigned) {
            if let Some(cosignature) = witness.key.find(note)? {
                by.push((witness.name.clone(), cosignature.time_s));
                *cosigned = true;
            }
        }
        let quorum = self.quorum.is_none_or(|member| self.enough(member, &cosigned));
        Ok(Witnessed { checkpoint, by, quorum })
    }

    /// Groups name only groups before them, so this ends.
    fn enough(&self, member: Member, cosigned: &[bool]) -> bool {
        match member {
            Member::Witness(witness) => cosigned[witness],
            Member::Group(group) => {
                let Group { enough, members, .. } = &self.groups[group];
                members.iter().filter(|m| self.enough(**m, cosigned)).count() >= *enough
            }
        }
    }

    fn name(&self, member: Member) -> &str {
        match member {
            Member::Witness(witness) => &self.witnesses[witness].name,
            Member::Group(group) => &self.groups[group].name,
        }
    }
}

#[derive(Default)]
struct Reader {
    logs: Vec<PolicyLog>,
    witnesses: Vec<PolicyWitness>,
    groups: Vec<Group>,
    names: BTreeMap<String, Member>,
    /// Names that are in a group already.
    grouped: Vec<Member>,
    quorum: Option<Option<Member>>,
}

impl Reader {
    fn line(&mut self, line: &str) -> Result<(), String> {
        if line.chars().any(|c| c.is_ascii_control() && c != '\t') {
            return Err("control characters are refused".to_owned());
        }
        let words: Vec<&str> = line.split([' ', '\t']).filter(|word| !word.is_empty()).collect();
        match words[..] {
            [] => Ok(()),
            [first, ..] if first.starts_with('#') => Ok(()),
            ["log", vkey] => self.log(vkey, None),
            ["log", vkey, url] => self.log(vkey, Some(url)),
            ["witness", name, vkey] => self.witness(name, vkey, None),
            ["witness", name, vkey, url] => self.witness(name, vkey, Some(url)),
            ["group", name, enough, ref members @ ..] => self.group(name, enough, members),
            ["quorum", name] => self.quorum(name),
            [other, ..] => Err(format!("'{other}' line not understood")),
        }
    }

    fn log(&mut self, vkey: &str, url: Option<&str>) -> Result<(), String> {
        let key = NoteVerifier::parse(vkey).map_err(|e| e.to_string())?;
        if self.logs.iter().any(|log| log.key.key() == key.key()) {
            return Err(format!("the key of '{}' is there twice", key.name()));
        }
        if self.logs.len() == EACH_MAX {
            return Err(format!("more than {EACH_MAX} logs"));
        }
        self.logs.push(PolicyLog { key, url: url.map(str::to_owned) });
        Ok(())
    }

    fn witness(&mut self, name: &str, vkey: &str, url: Option<&str>) -> Result<(), String> {
        let key = Cosigner::parse(vkey).map_err(|e| e.to_string())?;
        if self.witnesses.iter().any(|witness| witness.key.key() == key.key()) {
            return Err(format!("the key of '{name}' is there twice"));
        }
        if self.witnesses.len() == EACH_MAX {
            return Err(format!("more than {EACH_MAX} witnesses"));
        }
        self.define(name, Member::Witness(self.witnesses.len()))?;
        let url = url.map(str::to_owned);
        self.witnesses.push(PolicyWitness { name: name.to_owned(), key, url });
        Ok(())
    }

    fn group(&mut self, name: &str, enough: &str, names: &[&str]) -> Result<(), String> {
        if self.groups.len() == EACH_MAX {
            return Err(format!("more than {EACH_MAX} groups"));
        }
        let members = names.iter().map(|name| self.member(name)).collect::<Result<Vec<_>, _>>()?;
        for (member, name) in members.iter().zip(names) {
            if self.grouped.contains(member) {
                return Err(format!("'{name}' is in a group already"));
            }
            self.grouped.push(*member);
        }
        let plain = |n: &usize| n.to_string() == enough && (1..=members.len()).contains(n);
        let enough = match enough {
            "all" => Some(members.len()),
            "any" => Some(1),
            number => number.parse().ok().filter(plain),
        };
        let enough = enough.filter(|_| !members.is_empty());
        let enough = enough.ok_or("a group needs one to all of its members")?;
        self.define(name, Member::Group(self.groups.len()))?;
        self.groups.push(Group { name: name.to_owned(), enough, members });
        Ok(())
    }

    fn quorum(&mut self, name: &str) -> Result<(), String> {
        if self.quorum.is_some() {
            return Err("there is a quorum line already".to_owned());
        }
        self.quorum = Some(if name == "none" { None } else { Some(self.member(name)?) });
        Ok(())
    }

    fn define(&mut self, name: &str, member: Member) -> Result<(), String> {
        if name == "none" || self.names.contains_key(name) {
            return Err(format!("the name '{name}' is taken"));
        }
        self.names.insert(name.to_owned(), member);
        Ok(())
    }

    fn member(&self, name: &str) -> Result<Member, String> {
        let unknown = || format!("nothing above is named '{name}'");
        self.names.get(name).copied().ok_or_else(unknown)
    }
}

impl fmt::Display for Policy {
    /// The policy in one canonical form: no comments, thresholds as numbers.
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let url = |url: &Option<String>| url.as_ref().map_or(String::new(), |u| format!(" {u}"));
        for log in &self.logs {
            writeln!(f, "log {}{}", log.key.vkey(), url(&log.url))?;
        }
        for witness in &self.witnesses {
            let PolicyWitness { name, key, url: at } = witness;
            writeln!(f, "witness {name} {}{}", key.vkey(), url(at))?;
        }
        for group in &self.groups {
            write!(f, "group {} {}", group.name, group.enough)?;
            for member in &group.members {
                write!(f, " {}", self.name(*member))?;
            }
            writeln!(f)?;
        }
        writeln!(f, "quorum {}", self.quorum.map_or("none", |member| self.name(member)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{LogKey, SigningKey, Tree, WitnessKey};

    fn log_key(seed: u8) -> LogKey {
        LogKey::new("amana.test/log", SigningKey::from_bytes(&[seed; 32])).unwrap()
    }
    fn witness_key(seed: u8) -> WitnessKey {
        WitnessKey::new(&format!("w{seed}.test"), SigningKey::from_bytes(&[seed; 32])).unwrap()
    }

    /// `L` and `1` to `5` stand for the keys.
    fn text(lines: &str) -> String {
        let mut text = lines.replace("<L>", &log_key(99).verifier().vkey());
        for n in 1..=5 {
            text = text.replace(&format!("<{n}>"), &witness_key(n).cosigner().vkey());
        }
        text
    }

    const COURTS: &str = "# who watches\n\nlog <L> https://amana.test/log\n  witness c1 <1>\t\n\
        witness c2 <2> https://c2.test\ngroup courts any c1 c2\nwitness r1 <3>\nwitness r2 <4>\n\
        witness r3 <5>\ngroup rights 2 r1 r2 r3\ngroup both all courts rights\nquorum both\n";

    fn note(by: &[u8]) -> Note {
        let origin = "amana.test/log".to_owned();
        let head = Checkpoint { origin, size: 0, root: Tree::new().root() };
        let mut note = Note::parse(&head.sign(&log_key(99)).unwrap()).unwrap();
        let lines: Vec<_> = by.iter().map(|n| witness_key(*n).cosign(&note.text, 7)).collect();
        note.signatures.extend(lines);
        note
    }

    #[test]
    fn a_quorum_of_groups() {
        let policy = Policy::parse(&text(COURTS)).unwrap();
        let met = |by: &[u8]| policy.judge(&note(by)).unwrap().quorum;
        assert!(met(&[1, 3, 4]) && met(&[2, 5, 4]) && met(&[1, 2, 3, 4, 5]));
        assert!(!met(&[]) && !met(&[1, 2]) && !met(&[3, 4, 5]) && !met(&[1, 3]));
        assert!(!met(&[1, 3, 3, 3]), "one witness counts once");
        assert_eq!(policy.judge(&note(&[2])).unwrap().by, [("c2".to_owned(), 7)]);
        let none = Policy::parse(&text("log <L>\nquorum none\n")).unwrap();
        assert!(none.judge(&note(&[])).unwrap().quorum);
        let one = Policy::parse(&text("log <L>\nwitness w <1>\nquorum w")).unwrap();
        assert!(one.judge(&note(&[1])).unwrap().quorum && !one.judge(&note(&[2])).unwrap().quorum);
    }

    #[test]
    fn foreign_logs_and_spoiled_cosignatures_are_refused() {
        let policy = Policy::parse(&text(COURTS)).unwrap();
        let mut spoiled = note(&[1]);
        spoiled.signatures[1].signature[30] ^= 1;
        assert!(policy.judge(&spoiled).is_err());
        let mut foreign = note(&[1]);
        foreign.text = foreign.text.replace("amana.test/log", "other.test/log");
        assert!(policy.judge(&foreign).is_err());
        let mut unsigned = note(&[1]);
        unsigned.signatures.remove(0);
        assert!(policy.judge(&unsigned).is_err());
    }

    #[test]
    fn the_canonical_form_says_the_same() {
        let policy = Policy::parse(&text(COURTS)).unwrap();
        assert_eq!(Policy::parse(&policy.to_string()), Ok(policy));
    }

    #[test]
    fn mistakes_are_named_by_line() {
        for (lines, at, says) in [
            ("log <L>\n", 2, "no quorum"),
            ("quorum none\nquorum none\n", 2, "already"),
            ("quorum a\nwitness a <1>\n", 1, "nothing above"),
            ("witness none <1>\nquorum none\n", 1, "taken"),
            ("witness a <1>\nwitness a <2>\n", 2, "taken"),
            ("witness a <1>\nwitness b <1>\n", 2, "twice"),
            ("log <L>\nlog <L>\n", 2, "twice"),
            ("log <1>\n", 1, "is not a key"),
            ("witness a <L>\n", 1, "is not a key"),
            ("witness a <1>\ngroup g 0 a\n", 2, "one to all"),
            ("witness a <1>\ngroup g 2 a\n", 2, "one to all"),
            ("witness a <1>\ngroup g 01 a\n", 2, "one to all"),
            ("group g any\n", 1, "one to all"),
            ("witness a <1>\ngroup g any none\n", 2, "nothing above"),
            ("witness a <1>\ngroup g any a\ngroup h any a\n", 3, "in a group already"),
            ("witness a <1>\ngroup g any a a\n", 2, "in a group already"),
            ("witnesses a\n", 1, "not understood"),
            ("quorum none \u{7}\n", 1, "control"),
        ] {
            let error = Policy::parse(&text(lines)).expect_err(lines);
            assert_eq!(error.line, at, "{lines}: {error}");
            assert!(error.what.contains(says), "{lines}: {error}");
        }
    }
}
