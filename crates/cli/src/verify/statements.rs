//! Statements that a record says were issued, computed again from its facts.

use crate::opened;
use anyhow::Context;
use domain::{Event, Fact, Section};
use log::{Policy, SignedStatement};
use oversight::audit::Audit;
use oversight::source::Source;
use scenario::Scenario;
use server::Known;
use store::{Entry, Finding, State};

/// A statement, at most, in bytes.
const STATEMENT_MAX: usize = 1 << 20;
/// A scenario's file in an export, at most, in bytes.
const FILE_MAX: usize = 1 << 28;
/// Where an export keeps documents.
const DOCUMENTS: &str = "documents/";

/// What became of the statements.
#[derive(Debug, Default)]
pub struct Stated {
    pub issued: usize,
    /// Computed again, rightly or not.
    pub recomputed: usize,
    pub findings: Vec<Finding>,
    /// What could not be computed again, and why.
    pub notes: Vec<Finding>,
}

/// Those of a live store that holds otherwise.
pub fn of_store(url: &str) -> anyhow::Result<Stated> {
    let opened = opened::open(url).context("cannot compute the statements again")?;
    let node = &opened.node;
    // Where the register is closed, or an identity was lawfully destroyed, what counted by it cannot be
    // counted again.
    let erased =
        node.read(|state| state.shredded().keys().any(|(_, s, _)| *s == Section::Identity));
    let known = match server::nationalities(node) {
        Ok(known) if !erased => Some(known),
        Ok(_) => None,
        Err(error) if error.code() == "register-closed" => None,
        Err(error) => return Err(error.into()),
    };
    let vkey = node.vkey().ok();
    let mut documents = Vec::new();
    for (name, entry) in node.read(issued) {
        documents.push((entry, node.document(&name)?.map(|document| document.bytes)));
    }
    let judge = Judge {
        scenario: Some(&opened.scenario),
        known: known.as_ref(),
        vkey: vkey.as_deref(),
        times_known: true,
    };
    Ok(node.read(|state| judge.all(state, documents)))
}

/// Those of an export. What counts by the register needs everybody's identity disclosed in it.
pub fn of_export(source: &dyn Source, audit: &Audit, policy: &Policy) -> anyhow::Result<Stated> {
    let state = &audit.state;
    let issued = issued(state);
    if issued.is_empty() {
        return Ok(Stated::default());
    }
    let mut files = Vec::new();
    for name in source.names(&format!("{DOCUMENTS}scenario/"))? {
        let bytes = source.read(&name, FILE_MAX)?.unwrap_or_default();
        files.push((name[DOCUMENTS.len()..].to_owned(), bytes));
    }
    let scenario = opened::scenario_of(&files).ok();
    let mut documents = Vec::new();
    for (name, entry) in issued {
        let bytes = source.read(&format!("{DOCUMENTS}{name}"), STATEMENT_MAX)?;
        documents.push((entry, bytes));
    }
    let disclosed = oversight::audit::disclosed(source, state, Section::Identity)?;
    let known: Option<Known> = disclosed.map(|all| {
        let read = |(person, text): (_, String)| {
            server::nationalities_in(text.as_bytes()).map(|of| (person, of))
        };
        all.into_iter().filter_map(read).collect()
    });
    let vkey = policy.log(&audit.origin).map(|log| log.key.vkey());
    let judge = Judge {
        scenario: scenario.as_ref(),
        known: known.as_ref(),
        vkey: vkey.as_deref(),
        times_known: false,
    };
    Ok(judge.all(state, documents))
}

/// Entries that say a statement was issued, each after the name of its document, in order.
fn issued(state: &State) -> Vec<(String, Entry)> {
    let named = |entry: Entry| match &entry.fact.event {
        Event::StatementIssued { document, .. } => Some((server::statement_name(document), entry)),
        _ => None,
    };
    state.entries(0..state.position()).filter_map(named).collect()
}

struct Judge<'a> {
    scenario: Option<&'a Scenario>,
    /// What the register says of nationalities, where it can be read.
    known: Option<&'a Known>,
    vkey: Option<&'a str>,
    times_known: bool,
}

impl Judge<'_> {
    fn all(&self, state: &State, documents: Vec<(Entry, Option<Vec<u8>>)>) -> Stated {
        let mut stated = Stated { issued: documents.len(), ..Stated::default() };
        for (Entry { fact, position, .. }, bytes) in documents {
            match self.one(state, &fact, bytes) {
                Ok(None) => stated.recomputed += 1,
                Ok(Some(why)) => {
                    let code = "statement-not-recomputed";
                    stated.notes.push(Finding { code, position: Some(position), what: why });
                }
                Err(found) => {
                    stated.recomputed += 1;
                    let finding = |(code, what)| Finding { code, position: Some(position), what };
                    stated.findings.extend(found.into_iter().map(finding));
                }
            }
        }
        stated
    }

    /// `Ok` with the reason why it was not computed again.
    fn one(
        &self,
        state: &State,
        fact: &Fact,
        bytes: Option<Vec<u8>>,
    ) -> Result<Option<String>, Vec<(&'static str, String)>> {
        let Event::StatementIssued { definition, position, document } = &fact.event else {
            return Ok(None);
        };
        let Some(bytes) = bytes else {
            let what = format!("statement {document} is named by the fact and is not there");
            return Err(vec![("statement-missing", what)]);
        };
        let opened = String::from_utf8(bytes).map_err(|e| e.to_string());
        let opened =
            opened.and_then(|text| SignedStatement::open(&text).map_err(|e| e.to_string()));
        let signed = opened.map_err(|e| {
            vec![("statement-unreadable", format!("statement {document} does not hold: {e}"))]
        })?;
        let said = &signed.statement;
        if signed.hash() != *document
            || said.definition != *definition
            || said.position != *position
        {
            let what = format!("document {document} is not the statement that the fact names");
            return Err(vec![("statement-changed", what)]);
        }
        let Some(scenario) = self.scenario else {
            return Ok(Some(format!("{definition}: no scenario is kept that tells the sites")));
        };
        let by_register = ledger::definition(said.definition.as_str())
            .is_some_and(ledger::Definition::needs_register);
        let nobody = Known::new();
        let known = match (by_register, self.known) {
            (_, Some(known)) => known,
            (false, None) => &nobody,
            (true, None) => {
                let why = format!("{definition} counts by the register, which is not here");
                return Ok(Some(why));
            }
        };
        let Self { vkey: log_vkey, times_known, .. } = *self;
        let against = server::Against { scenario, known, log_vkey, times_known };
        let found = server::statement_findings(state, &against, said);
        if found.is_empty() {
            return Ok(None);
        }
        let told = |what: server::api::Remark| {
            ("statement-differs", format!("{definition} at {position}: {}", what.text))
        };
        Err(found.into_iter().map(told).collect())
    }
}
