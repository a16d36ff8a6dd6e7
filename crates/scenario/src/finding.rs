//! What is wrong with a scenario: every finding, with its place and what to do.

use std::fmt;
use std::path::PathBuf;

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Finding {
    /// Path inside the scenario's folder.
    pub file: String,
    /// From 1; `None` when it is about the file as a whole.
    pub line: Option<u32>,
    /// From 1, in characters; `None` when only the line is known.
    pub column: Option<u32>,
    /// Stable word for the kind of finding, as `unknown-id`.
    pub code: &'static str,
    pub what: String,
    /// What to do about it.
    pub help: String,
}

/// All findings: in the order in which the files are read, by line within a file.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize)]
pub struct Report {
    pub findings: Vec<Finding>,
    /// How many files were read.
    pub files: u32,
    /// The folder itself could not be read.
    pub unreadable: bool,
}

impl Report {
    pub fn is_clean(&self) -> bool {
        self.findings.is_empty()
    }
}

/// As compilers print: `file:line:column: code: what`, then the help, then a count.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        for finding in &self.findings {
            writeln!(f, "{finding}")?;
        }
        match self.findings.len() {
            0 => write!(f, "{} files, no findings", self.files),
            1 => write!(f, "{} files, 1 finding", self.files),
            n => write!(f, "{} files, {n} findings", self.files),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        if let Some(column) = self.column {
            write!(f, ":{column}")?;
        }
        write!(f, ": {}: {}", self.code, self.what)?;
        if !self.help.is_empty() {
            write!(f, "\n    help: {}", self.help)?;
        }
        Ok(())
    }
}

/// Why a scenario could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    #[error("cannot read the scenario folder {path}")]
    Unreadable { path: PathBuf, source: std::io::Error },
    #[error("the scenario has {} findings; the first: {}", .0.findings.len(), .0.findings[0])]
    Findings(Report),
}
