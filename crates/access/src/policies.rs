//! The policies in force.

use crate::ask::{Ask, Asker};
use crate::decide::{self, Decision};
use crate::decided::Decided;
use crate::file::{self, PolicyFault};
use cedar_policy::{Authorizer, PolicySet, Schema};
use domain::{PolicyId, PolicySetHash};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::Path;

pub use crate::file::PolicyText;

/// The folder `policies/` as it was when this program was built.
const BUILT_IN: &[(&str, &str)] = &[
    ("1-screens.cedar", include_str!("../../../policies/1-screens.cedar")),
    ("2-people.cedar", include_str!("../../../policies/2-people.cedar")),
    ("3-particulars.cedar", include_str!("../../../policies/3-particulars.cedar")),
    ("4-glass.cedar", include_str!("../../../policies/4-glass.cedar")),
    ("5-looks.cedar", include_str!("../../../policies/5-looks.cedar")),
    ("6-acts.cedar", include_str!("../../../policies/6-acts.cedar")),
    ("7-never.cedar", include_str!("../../../policies/7-never.cedar")),
    ("8-writing.cedar", include_str!("../../../policies/8-writing.cedar")),
    (file::SCHEMA, include_str!("../../../policies/schema.cedarschema")),
];

/// Policies that were read, validated strictly against their schema, and are asked from then on.
pub struct Policies {
    pub(crate) schema: Schema,
    pub(crate) set: PolicySet,
    pub(crate) authorizer: Authorizer,
    texts: BTreeMap<PolicyId, PolicyText>,
    source: String,
    hash: PolicySetHash,
    decided: Decided,
}

impl Policies {
    /// Those that this program was built with.
    pub fn built_in() -> Self {
        let files: Vec<_> =
            BUILT_IN.iter().map(|(name, text)| (name.to_string(), text.to_string())).collect();
        Self::read(&files).unwrap_or_else(|faults| panic!("policies built in: {faults:?}"))
    }

    /// Those of a folder: its schema and every `.cedar` file.
    pub fn of_folder(folder: &Path) -> Result<Self, Vec<PolicyFault>> {
        Self::read(&file::files(folder).map_err(|fault| vec![fault])?)
    }

    /// From names and contents. All faults are told.
    pub fn read(files: &[(String, String)]) -> Result<Self, Vec<PolicyFault>> {
        let file::Read { schema, set, texts } = file::read(files)?;
        let mut source = String::new();
        for (name, text) in files {
            source += &format!("// ---- {name}\n{text}\n");
        }
        let hash = hash_of(files);
        Ok(Self {
            schema,
            set,
            authorizer: Authorizer::new(),
            texts,
            source,
            hash,
            decided: Decided::default(),
        })
    }

    /// The name of this text: each look says which was in force.
    pub fn hash(&self) -> PolicySetHash {
        self.hash
    }

    /// Schema and policies in full, file after file.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// In order of name.
    pub fn texts(&self) -> impl Iterator<Item = &PolicyText> {
        self.texts.values()
    }

    pub fn text(&self, id: &PolicyId) -> Option<&PolicyText> {
        self.texts.get(id)
    }

    /// The sentences of those policies, one after the other.
    pub fn sentences(&self, ids: &[PolicyId]) -> String {
        let says = ids.iter().filter_map(|id| self.text(id)).map(|text| text.says.as_str());
        says.collect::<Vec<_>>().join(" ")
    }

    /// Whether the officer may, and by which policies.
    pub fn decide(&self, asker: &Asker, ask: &Ask) -> Decision {
        self.decided.or_now(asker, ask, Decision::clone, || decide::decide(self, asker, ask))
    }

    pub fn allows(&self, asker: &Asker, ask: &Ask) -> bool {
        let allowed = |decision: &Decision| decision.allowed;
        self.decided.or_now(asker, ask, allowed, || decide::decide(self, asker, ask))
    }
}

impl std::fmt::Debug for Policies {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(f, "{} policies", self.texts.len())
    }
}

/// SHA-256 of `"amana/policies/v1" LF`, then of each file in order of its name's bytes: name LF, length
/// in bytes as a decimal LF, bytes.
fn hash_of(files: &[(String, String)]) -> PolicySetHash {
    let mut files: Vec<_> = files.iter().collect();
    files.sort();
    let mut hash = Sha256::new();
    hash.update(b"amana/policies/v1\n");
    for (name, text) in files {
        hash.update(format!("{name}\n{}\n", text.len()));
        hash.update(text);
    }
    PolicySetHash(hash.finalize().into())
}
