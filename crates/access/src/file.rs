//! Reading policies from text, with each fault named by file and policy.

use cedar_policy::{Policy, PolicyId as CedarId, PolicySet, Schema, ValidationMode, Validator};
use domain::PolicyId;
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// The name of the schema among the files.
pub const SCHEMA: &str = "schema.cedarschema";

/// What is wrong with a folder of policies. Nothing is decided by policies with a fault.
#[derive(Debug, thiserror::Error)]
pub enum PolicyFault {
    #[error("cannot read {path}")]
    Unreadable { path: PathBuf, source: io::Error },
    #[error("there is no {SCHEMA}: the policies' words are not defined")]
    NoSchema,
    #[error("{SCHEMA} does not read: {0}")]
    Schema(String),
    #[error("{file} does not read: {what}")]
    Syntax { file: String, what: String },
    #[error("{file}: a policy lacks @{annotation}(\"...\"): each has @id, @says and @source")]
    Lacks { file: String, annotation: &'static str },
    #[error("{file}: {what}")]
    BadId { file: String, what: String },
    #[error("{file}: two policies are named '{id}'")]
    Twice { file: String, id: PolicyId },
    #[error("{file}: '{id}' is not valid: {what}")]
    Invalid { file: String, id: String, what: String },
}

impl PolicyFault {
    /// Whether the files could not be read at all, as against read and found wrong.
    pub fn is_unreadable(&self) -> bool {
        matches!(self, PolicyFault::Unreadable { .. } | PolicyFault::NoSchema)
    }
}

/// A policy as it is told to people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyText {
    pub id: PolicyId,
    pub file: String,
    /// In a sentence.
    pub says: String,
    /// Treaty, rule, decision.
    pub source: String,
    pub forbids: bool,
}

/// Names and contents of a folder's schema and policies, in order of name.
pub fn files(folder: &Path) -> Result<Vec<(String, String)>, PolicyFault> {
    let unreadable = |path: &Path| {
        let path = path.to_owned();
        move |source| PolicyFault::Unreadable { path, source }
    };
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable(folder))? {
        let path = entry.map_err(unreadable(folder))?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name == SCHEMA || name.ends_with(".cedar") {
            let text = std::fs::read_to_string(&path).map_err(unreadable(&path))?;
            found.push((name, text));
        }
    }
    found.sort();
    Ok(found)
}

/// Policies that passed every check.
pub(crate) struct Read {
    pub schema: Schema,
    pub set: PolicySet,
    pub texts: BTreeMap<PolicyId, PolicyText>,
}

/// Reads and validates, strictly. All faults are found, not the first alone.
pub(crate) fn read(files: &[(String, String)]) -> Result<Read, Vec<PolicyFault>> {
    let text = files.iter().find(|(name, _)| name == SCHEMA).map(|(_, text)| text);
    let text = text.ok_or_else(|| vec![PolicyFault::NoSchema])?;
    let (schema, _) =
        Schema::from_cedarschema_str(text).map_err(|e| vec![PolicyFault::Schema(e.to_string())])?;
    let mut faults = Vec::new();
    let mut set = PolicySet::new();
    let mut texts = BTreeMap::new();
    for (file, text) in files.iter().filter(|(name, _)| name != SCHEMA) {
        let parsed = match PolicySet::from_str(text) {
            Ok(parsed) => parsed,
            Err(error) => {
                faults.push(PolicyFault::Syntax { file: file.clone(), what: error.to_string() });
                continue;
            }
        };
        for policy in parsed.policies() {
            match named(file, policy) {
                Ok((policy, text)) => {
                    if texts.contains_key(&text.id) {
                        faults.push(PolicyFault::Twice { file: file.clone(), id: text.id });
                    } else if let Err(error) = set.add(policy) {
                        let what = error.to_string();
                        faults.push(PolicyFault::Syntax { file: file.clone(), what });
                    } else {
                        texts.insert(text.id.clone(), text);
                    }
                }
                Err(fault) => faults.push(fault),
            }
        }
    }
    let validator = Validator::new(schema.clone());
    let found = validator.validate(&set, ValidationMode::Strict);
    // A warning is as good as an error: a policy that can never apply is not what was meant.
    let errors = found.validation_errors().map(|e| (e.policy_id().to_string(), e.to_string()));
    let warnings = found.validation_warnings().map(|w| (w.policy_id().to_string(), w.to_string()));
    for (id, what) in errors.chain(warnings) {
        let file = texts.values().find(|t| t.id.as_str() == id).map(|t| t.file.clone());
        faults.push(PolicyFault::Invalid { file: file.unwrap_or_default(), id, what });
    }
    if faults.is_empty() { Ok(Read { schema, set, texts }) } else { Err(faults) }
}

/// The policy under its own name: Cedar numbers policies by their place in the text, and `@id` is to
/// it an annotation like any other.
fn named(file: &str, policy: &Policy) -> Result<(Policy, PolicyText), PolicyFault> {
    let annotation = |annotation: &'static str| {
        let found = policy.annotation(annotation).filter(|text| !text.trim().is_empty());
        found.map(str::to_owned).ok_or(PolicyFault::Lacks { file: file.to_owned(), annotation })
    };
    let id = annotation("id")?;
    let id = PolicyId::new(&id)
        .map_err(|e| PolicyFault::BadId { file: file.to_owned(), what: e.to_string() })?;
    let text = PolicyText {
        file: file.to_owned(),
        says: annotation("says")?,
        source: annotation("source")?,
        forbids: policy.effect() == cedar_policy::Effect::Forbid,
        id,
    };
    Ok((policy.new_id(CedarId::new(text.id.as_str())), text))
}
