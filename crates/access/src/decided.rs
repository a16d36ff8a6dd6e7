//! Decisions as they were made: the same question, asked of the same policies, has the same answer.

use crate::ask::{Ask, Asker};
use crate::decide::Decision;
use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

/// Decisions remembered at most; with one more all are forgotten, and made again when asked for.
pub(crate) const MOST: usize = 10_000;

#[derive(Default)]
pub(crate) struct Decided(RwLock<Made>);

#[derive(Default)]
struct Made {
    by: HashMap<Asker, HashMap<Ask, Decision>>,
    count: usize,
}

impl Decided {
    /// What was decided, as `read` takes it; or what `decide` decides now.
    pub fn or_now<T>(
        &self,
        asker: &Asker,
        ask: &Ask,
        read: impl Fn(&Decision) -> T,
        decide: impl FnOnce() -> Decision,
    ) -> T {
        let made = self.0.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(decision) = made.by.get(asker).and_then(|of| of.get(ask)) {
            return read(decision);
        }
        drop(made);
        let decision = decide();
        let told = read(&decision);
        let mut made = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if made.count >= MOST {
            *made = Made::default();
        }
        let of = made.by.entry(asker.clone()).or_default();
        let new = of.insert(ask.clone(), decision).is_none();
        made.count += usize::from(new);
        told
    }
}
