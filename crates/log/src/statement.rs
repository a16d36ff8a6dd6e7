//! Statements: a figure with its definition, its position in the record and a signature, in a form
//! that a person can read and anyone can check. `docs/formats/statement.md` describes the bytes.

use crate::checkpoint::{Checkpoint, CheckpointError};
use crate::merkle::Hash;
use crate::note::{LogKey, Note, NoteError, NoteVerifier};
use base64::{Engine, prelude::BASE64_STANDARD as BASE64};
use domain::{AuthorityId, DefinitionId, DocumentHash, Officer, OperationId, Role};
use jiff::Timestamp;

const FIRST_LINE: &str = "amana/statement/v1";

/// What an authority states.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// The log's name.
    pub origin: String,
    pub operation: OperationId,
    pub definition: DefinitionId,
    /// The definition in words: language and one sentence each.
    pub text: Vec<(String, String)>,
    /// Facts counted: the size of the tree.
    pub position: u64,
    /// Root of the tree at that size.
    pub root: Hash,
    /// When the last of those facts was recorded; to the millisecond.
    pub recorded_until: Timestamp,
    pub value: u64,
    /// The value by nationality or reason, by code; empty when the definition has no parts.
    pub parts: Vec<(String, u64)>,
    /// How many people are counted, and SHA-256 over their numbers, sorted, each with a line feed.
    pub people: (u64, [u8; 32]),
    pub authority: AuthorityId,
    pub officer: Officer,
    pub issued_at: Timestamp,
    /// The key it is signed with, as a signed note's vkey; its name is the authority.
    pub key: String,
    /// The log's vkey.
    pub log: String,
}

/// A statement with its signature, and the signed tree head that it stands on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedStatement {
    pub statement: Statement,
    /// The whole file.
    pub document: String,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StatementError {
    #[error("not a statement: line {line}: {what}")]
    Line { line: usize, what: String },
    #[error("not a statement: {0}")]
    Shape(&'static str),
    #[error("the statement's signature: {0}")]
    Note(#[from] NoteError),
    #[error("the tree head: {0}")]
    TreeHead(#[from] CheckpointError),
    #[error("the statement says {stated}, the tree head below it {found}")]
    Disagree { stated: String, found: String },
}

impl Statement {
    /// The text that is signed: one field on a line, in this order, each line `name value`.
    pub fn to_text(&self) -> String {
        let mut lines = vec![
            FIRST_LINE.to_owned(),
            format!("origin {}", self.origin),
            format!("operation {}", self.operation),
            format!("definition {}", self.definition),
        ];
        lines.extend(self.text.iter().map(|(language, text)| format!("text-{language} {text}")));
        lines.push(format!("position {}", self.position));
        lines.push(format!("root {}", BASE64.encode(self.root)));
        lines.push(format!("recorded-until {}", self.recorded_until));
        lines.push(format!("value {}", self.value));
        lines.extend(self.parts.iter().map(|(code, n)| format!("part {code} {n}")));
        lines.push(format!("people {} {}", self.people.0, DocumentHash(self.people.1)));
        let Officer { role, number } = self.officer;
        lines.push(format!("issued-by {} {role} {number}", self.authority));
        lines.push(format!("issued-at {}", self.issued_at));
        lines.push(format!("key {}", self.key));
        lines.push(format!("log {}", self.log));
        lines.join("\n") + "\n"
    }

    /// Reads what [`Self::to_text`] writes, and nothing else.
    pub fn parse(text: &str) -> Result<Self, StatementError> {
        let mut lines = Lines { lines: text.lines().enumerate().peekable(), at: 0 };
        lines.exactly(FIRST_LINE)?;
        let origin = lines.field("origin")?.to_owned();
        let operation = lines.parsed("operation", OperationId::new)?;
        let definition = lines.parsed("definition", DefinitionId::parse)?;
        let mut said = Vec::new();
        while let Some((name, text)) = lines.starting("text-") {
            said.push((name.to_owned(), text.to_owned()));
        }
        let position = lines.number("position")?;
        let root = lines.field("root")?;
        let root = BASE64.decode(root).ok().and_then(|b| b.try_into().ok());
        let root = root.ok_or_else(|| lines.bad("the root is not 32 bytes in base64"))?;
        let recorded_until = lines.parsed("recorded-until", str::parse::<Timestamp>)?;
        let value = lines.number("value")?;
        let mut parts = Vec::new();
        while let Some((_, part)) = lines.starting("part") {
            let read = part.split_once(' ').and_then(|(code, n)| Some((code, n.parse().ok()?)));
            let (code, n) = read.ok_or_else(|| lines.bad("a part is not written CODE N"))?;
            parts.push((code.to_owned(), n));
        }
        let people = lines.field("people")?;
        let people = people
            .split_once(' ')
            .and_then(|(n, digest)| Some((n.parse().ok()?, DocumentHash::parse(digest).ok()?.0)));
        let people = people.ok_or_else(|| lines.bad("people are not written N SHA-256"))?;
        let by = lines.field("issued-by")?;
        let (authority, officer) =
            issuer(by).ok_or_else(|| lines.bad("not written AUTHORITY ROLE NUMBER"))?;
        let issued_at = lines.parsed("issued-at", str::parse::<Timestamp>)?;
        let key = lines.field("key")?.to_owned();
        let log = lines.field("log")?.to_owned();
        let statement = Self {
            origin,
            operation,
            definition,
            text: said,
            position,
            root,
            recorded_until,
            value,
            parts,
            people,
            authority,
            officer,
            issued_at,
            key,
            log,
        };
        // One statement has one text: what is written otherwise is refused.
        if statement.to_text() == text {
            Ok(statement)
        } else {
            Err(StatementError::Shape("it is not written as the format says"))
        }
    }

    /// The document: the signed statement, an empty line, the signed tree head.
    ///
    /// # Errors
    /// When a text holds a line feed or the key's name is not the authority's.
    pub fn sign(self, key: &LogKey, log: &LogKey) -> Result<SignedStatement, StatementError> {
        let text = self.to_text();
        Self::parse(&text)?;
        let head = Checkpoint { origin: self.origin.clone(), size: self.position, root: self.root };
        let document = format!("{}\n{}", key.sign(&text)?, head.sign(log)?);
        SignedStatement::open(&document)
    }
}

impl SignedStatement {
    /// Reads a document and checks what anybody can: that the authority's key in it signed it, that
    /// the log's key in it signed the tree head, and that the two speak of the same tree. Whose keys
    /// they are is for the record to say, or for whoever knows them.
    pub fn open(document: &str) -> Result<Self, StatementError> {
        // Neither of the two texts holds an empty line: text, signatures, text, signatures.
        let parts: Vec<_> = document.split("\n\n").collect();
        let [text, signed, head, head_signed] = parts[..] else {
            return Err(StatementError::Shape("it is not a statement above a tree head"));
        };
        let note = Note::parse(&format!("{text}\n\n{signed}\n"))?;
        let statement = Statement::parse(&note.text)?;
        let verifier = NoteVerifier::parse(&statement.key)?;
        note.verify(&verifier)?;
        if verifier.name() != statement.authority.as_str() {
            return Err(StatementError::Disagree {
                stated: format!("{} issued it", statement.authority),
                found: format!("a key of '{}'", verifier.name()),
            });
        }
        let log = NoteVerifier::parse(&statement.log)?;
        let head = Checkpoint::open(&format!("{head}\n\n{head_signed}"), &log)?;
        let stated = Checkpoint {
            origin: statement.origin.clone(),
            size: statement.position,
            root: statement.root,
        };
        if head != stated {
            let told =
                |c: &Checkpoint| format!("{} {} {}", c.origin, c.size, BASE64.encode(c.root));
            return Err(StatementError::Disagree { stated: told(&stated), found: told(&head) });
        }
        Ok(Self { statement, document: document.to_owned() })
    }

    /// What a fact names it by.
    pub fn hash(&self) -> DocumentHash {
        DocumentHash(crate::hash_of(self.document.as_bytes()).0)
    }
}

fn issuer(text: &str) -> Option<(AuthorityId, Officer)> {
    let mut words = text.split(' ');
    let authority = AuthorityId::new(words.next()?).ok()?;
    let role = Role::from_code(words.next()?)?;
    let number = words.next()?.parse().ok()?;
    words.next().is_none().then_some((authority, Officer { role, number }))
}

/// SHA-256 over the numbers of the people counted, which come sorted.
pub fn people_digest<'a>(people: impl Iterator<Item = &'a domain::PersonId>) -> [u8; 32] {
    let mut text = String::new();
    for person in people {
        text += &format!("{person}\n");
    }
    crate::hash_of(text.as_bytes()).0
}

struct Lines<'a> {
    lines: std::iter::Peekable<std::iter::Enumerate<std::str::Lines<'a>>>,
    /// Of the line read last, from 1.
    at: usize,
}

impl<'a> Lines<'a> {
    fn bad(&self, what: impl Into<String>) -> StatementError {
        StatementError::Line { line: self.at, what: what.into() }
    }
    fn next(&mut self) -> Result<&'a str, StatementError> {
        let next = self.lines.next();
        self.at += 1;
        next.map(|(_, line)| line).ok_or_else(|| self.bad("the text ends here"))
    }
    fn exactly(&mut self, wanted: &str) -> Result<(), StatementError> {
        let line = self.next()?;
        if line == wanted { Ok(()) } else { Err(self.bad(format!("expected '{wanted}'"))) }
    }
    fn field(&mut self, name: &str) -> Result<&'a str, StatementError> {
        let line = self.next()?;
        let value = line.strip_prefix(name).and_then(|rest| rest.strip_prefix(' '));
        value.ok_or_else(|| self.bad(format!("expected '{name} …'")))
    }
    fn parsed<T, E: std::fmt::Display>(
        &mut self,
        name: &str,
        parse: impl FnOnce(&'a str) -> Result<T, E>,
    ) -> Result<T, StatementError> {
        parse(self.field(name)?).map_err(|e| self.bad(e.to_string()))
    }
    fn number(&mut self, name: &str) -> Result<u64, StatementError> {
        self.parsed(name, str::parse::<u64>)
    }
    /// The next line when its name begins so: the rest of its name, and its value.
    fn starting(&mut self, prefix: &str) -> Option<(&'a str, &'a str)> {
        let (_, line) = self.lines.peek()?;
        let (name, value) = line.split_once(' ')?;
        let rest = name.strip_prefix(prefix)?;
        self.lines.next();
        self.at += 1;
        Some((rest, value))
    }
}
