//! What a log was caught with, kept so that others can check it without believing the mirror.

use crate::durable;
use std::io;
use std::path::Path;

/// Files that prove, or at least show, what the log did.
#[derive(Debug, Clone)]
pub struct Evidence {
    /// `fork`, `rollback` or `spoiled`.
    pub kind: &'static str,
    /// In words, with the numbers.
    pub says: String,
    /// The folder under `evidence/`: the same thing caught again has the same name.
    pub name: String,
    files: Vec<(String, Vec<u8>)>,
}

impl Evidence {
    pub(super) fn new(kind: &'static str, says: String) -> Self {
        Self { kind, says, name: kind.to_owned(), files: Vec::new() }
    }

    /// Adds a file; the first one names the evidence.
    pub(super) fn add(&mut self, name: &str, bytes: Vec<u8>) {
        if self.files.is_empty() {
            let hash = log::hash_of(&bytes).to_string();
            self.name = format!("{}-{}", self.kind, &hash[..16]);
        }
        self.files.push((name.replace('/', "-"), bytes));
    }

    pub(super) fn write(&self, folder: &Path) -> io::Result<()> {
        for (name, bytes) in &self.files {
            durable::write(&folder.join(name), bytes)?;
        }
        let words = format!(
            "{}\n\nserved-* is what the log gave out, held-checkpoint what it had signed before.\n\
             Checkpoints are signed notes (c2sp.org/signed-note): whoever has the log's key can check\n\
             them without this mirror.\n",
            self.says
        );
        durable::write(&folder.join("README.txt"), words.as_bytes())
    }
}
