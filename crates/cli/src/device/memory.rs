//! What an authority's key has signed, kept beside it: an order comes from a machine that could claim
//! anything, and two facts of one sequence would be held against the authority for ever.

use super::order::Head;
use anyhow::{Context, bail};
use domain::FactHash;
use log::hash_of;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// `FILE.chain`.
pub struct Memory {
    path: PathBuf,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Remembered {
    origin: String,
    /// SHA-256 of the last order, and where its facts began.
    order: String,
    begun: u64,
    begun_after: Option<String>,
    /// Of the next fact.
    next: u64,
    last: Option<String>,
}

impl Memory {
    pub fn beside(key: &Path) -> Self {
        let mut path = key.as_os_str().to_owned();
        path.push(".chain");
        Self { path: path.into() }
    }

    /// Where the facts of this order begin. The order's own word is taken where nothing is remembered, or
    /// where it is ahead: then the key signed elsewhere too, with `amana device enrol`.
    pub fn goes_on_from(&self, origin: &str, order: &str, told: Head) -> anyhow::Result<Head> {
        let Some(kept) = self.read()? else { return Ok(told) };
        let path = self.path.display();
        if kept.origin != origin {
            bail!("by {path} this key signs for {}, the order is for {origin}", kept.origin);
        }
        if kept.order == hash_of(order.as_bytes()).to_string() {
            let last = kept.begun_after.as_deref().map(FactHash::parse).transpose()?;
            return Ok(Head { next: kept.begun, last, ..told });
        }
        let last = kept.last.as_deref().map(FactHash::parse).transpose()?;
        if told.next < kept.next || told.next == kept.next && told.last != last {
            bail!(
                "by {path} this key has signed up to {} already, the order would have it sign {} again: \
                 hand in what was signed before, then have the order written anew",
                kept.next.saturating_sub(1),
                told.next
            );
        }
        Ok(told)
    }

    pub fn remember(
        &self,
        origin: &str,
        order: &str,
        begun: Head,
        after: Head,
    ) -> anyhow::Result<()> {
        let text = |hash: Option<FactHash>| hash.map(|hash| hash.to_string());
        let kept = Remembered {
            origin: origin.to_owned(),
            order: hash_of(order.as_bytes()).to_string(),
            begun: begun.next,
            begun_after: text(begun.last),
            next: after.next,
            last: text(after.last),
        };
        let text = serde_json::to_string_pretty(&kept)? + "\n";
        oversight::durable::write(&self.path, text.as_bytes())
            .with_context(|| format!("cannot write {}", self.path.display()))
    }

    fn read(&self) -> anyhow::Result<Option<Remembered>> {
        match std::fs::read_to_string(&self.path) {
            Ok(text) => serde_json::from_str(&text).with_context(|| {
                format!("{} cannot be read: it says what was signed", self.path.display())
            }),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).with_context(|| format!("{}", self.path.display())),
        }
    }
}
