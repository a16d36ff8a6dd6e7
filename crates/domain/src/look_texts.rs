//! By which texts of the policies the looks in a record were decided.

use crate::fact::{Event, kind};
use crate::ids::PolicySetHash;
use crate::record::Record;
use std::collections::BTreeMap;

/// Looks by the hash of the policy files in force then; `None` for those that do not say.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct LookTexts(BTreeMap<Option<PolicySetHash>, usize>);

impl LookTexts {
    pub fn of(record: &Record) -> Self {
        let mut texts = BTreeMap::new();
        for fact in record.of_kind(kind::PARTICULARS_LOOKED_AT) {
            if let Event::ParticularsLookedAt { look, .. } = &fact.event {
                *texts.entry(look.policy_set).or_default() += 1;
            }
        }
        Self(texts)
    }

    /// Looks decided by another text than this one.
    pub fn by_others(&self, text: PolicySetHash) -> usize {
        self.0.iter().filter(|(set, _)| set.is_some_and(|set| set != text)).map(|(_, n)| n).sum()
    }

    /// Looks in all.
    pub fn len(&self) -> usize {
        self.0.values().sum()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// One line for each text, that of `own` first, those that do not say last.
    pub fn lines(&self, own: PolicySetHash) -> Vec<String> {
        let said = |n: usize| format!("{n} {}", if n == 1 { "look" } else { "looks" });
        let of = |set| self.0.get(&set).copied().unwrap_or(0);
        let mut lines = vec![format!("{} decided by this text", said(of(Some(own))))];
        for (set, n) in &self.0 {
            if let Some(set) = set.filter(|set| *set != own) {
                lines.push(format!("{} decided by another text, {set}", said(*n)));
            }
        }
        if of(None) > 0 {
            lines.push(format!("{} without a word on the text", said(of(None))));
        }
        lines
    }
}
