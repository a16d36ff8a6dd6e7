//! Whose signatures a command believes.

use anyhow::Context;
use log::{NoteVerifier, Policy};
use oversight::Fetcher;
use std::path::PathBuf;
use std::time::Duration;

/// For one request to a log, its answer included.
const LOG_TIMEOUT: Duration = Duration::from_secs(60);

/// The log's key and the witnesses, from a policy file or a key alone.
#[derive(Debug, clap::Args)]
pub struct Trust {
    /// Policy file (c2sp.org/tlog-policy): the log, its witnesses, and how many must have cosigned
    #[arg(long, value_name = "FILE", conflicts_with = "log")]
    policy: Option<PathBuf>,
    /// The log's key; its witnesses are then not asked for
    #[arg(long, value_name = "VKEY")]
    log: Option<String>,
}

impl Trust {
    /// `None` when the caller named nobody: the log's own word for its key is then all there is.
    pub fn policy(&self) -> anyhow::Result<Option<Policy>> {
        match (&self.policy, &self.log) {
            (Some(path), _) => read_policy(path).map(Some),
            (None, Some(vkey)) => {
                Ok(Some(Policy::of_log(NoteVerifier::parse(vkey).context("--log")?)))
            }
            (None, None) => Ok(None),
        }
    }
}

pub fn read_policy(path: &std::path::Path) -> anyhow::Result<Policy> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("cannot read the policy {}", path.display()))?;
    Policy::parse(&text).with_context(|| path.display().to_string())
}

/// For asking logs.
pub fn fetcher() -> Fetcher {
    Fetcher::new(LOG_TIMEOUT)
}
