//! By which texts of the policies it was decided who looked at what is kept apart, and who wrote it.

use crate::fact::{Event, kind};
use crate::ids::PolicySetHash;
use crate::record::Record;
use std::collections::BTreeMap;
use std::fmt;

/// What was decided, by the hash of the policy files in force then; `None` for looks that do not say.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct PolicyTexts(BTreeMap<Option<PolicySetHash>, Decided>);

/// How often one text let somebody see or write.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Decided {
    pub looks: usize,
    pub writings: usize,
}

impl PolicyTexts {
    pub fn of(record: &Record) -> Self {
        let mut texts: BTreeMap<_, Decided> = BTreeMap::new();
        let kinds = [kind::PARTICULARS_LOOKED_AT, kind::PARTICULARS_KEPT];
        for fact in kinds.into_iter().flat_map(|kind| record.of_kind(kind)) {
            match &fact.event {
                Event::ParticularsLookedAt { look, .. } => {
                    texts.entry(look.policy_set).or_default().looks += 1;
                }
                Event::ParticularsKept { written: Some(writing), .. } => {
                    texts.entry(Some(writing.policy_set)).or_default().writings += 1;
                }
                _ => {}
            }
        }
        Self(texts)
    }

    /// Whether something was decided by another text than this one.
    pub fn by_others(&self, text: PolicySetHash) -> bool {
        self.0.keys().any(|set| set.is_some_and(|set| set != text))
    }

    /// Nobody looked, and nobody wrote.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// One line for each text, that of `own` first, those that do not say last.
    pub fn lines(&self, own: PolicySetHash) -> Vec<String> {
        let by_own = self.0.get(&Some(own)).copied().unwrap_or_default();
        let mut lines = vec![format!("{by_own} decided by this text")];
        for (set, decided) in &self.0 {
            if let Some(set) = set.filter(|set| *set != own) {
                lines.push(format!("{decided} decided by another text, {set}"));
            }
        }
        if let Some(unsaid) = self.0.get(&None) {
            lines.push(format!("{unsaid} without a word on the text"));
        }
        lines
    }
}

impl fmt::Display for Decided {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let plural = |n| if n == 1 { "" } else { "s" };
        let Self { looks, writings } = *self;
        write!(f, "{looks} look{}, {writings} writing{}", plural(looks), plural(writings))
    }
}
