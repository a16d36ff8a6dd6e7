//! Lock-out: the more wrong answers for a name, the longer the wait.

use crate::{Refused, SigninError};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use store::Node;

/// Wrong answers that cost nothing.
const FREE: u32 = 4;
const LONGEST: SignedDuration = SignedDuration::from_hours(1);
/// After so long without an attempt the count is forgotten.
const FORGOTTEN: SignedDuration = SignedDuration::from_hours(24);
const DRAWER: &str = "attempt";

/// How long a name waits after its `wrong`th wrong answer in a row: nothing for four, then a minute,
/// doubling up to an hour. Nobody is shut out for ever, or anybody could shut anybody out.
pub fn wait_after(wrong: u32) -> SignedDuration {
    match wrong.checked_sub(FREE + 1) {
        None => SignedDuration::ZERO,
        Some(doublings) => {
            let minutes = 1_i64.checked_shl(doublings.min(30)).unwrap_or(i64::MAX);
            SignedDuration::from_mins(minutes).min(LONGEST)
        }
    }
}

#[derive(Serialize, Deserialize)]
struct Count {
    wrong: u32,
    last: Timestamp,
}

/// Counted for names, whether there is such an account or not: a lock must not tell.
pub struct Attempts {
    node: Arc<Node>,
}

impl Attempts {
    pub fn new(node: Arc<Node>) -> Self {
        Self { node }
    }

    /// Counts an attempt as wrong until [`Attempts::right`] takes that back, so that many at once
    /// cannot slip through between looking and counting.
    pub fn begin(&self, login: &str, now: Timestamp) -> Result<(), SigninError> {
        loop {
            let kept = self.node.kept(DRAWER, login, now)?;
            let version = kept.as_ref().map(|k| k.version);
            let count = match kept {
                None => Count { wrong: 0, last: now },
                Some(kept) => serde_json::from_slice(&kept.value).map_err(|source| {
                    SigninError::Damaged { what: format!("the attempts for '{login}'"), source }
                })?,
            };
            let until = count.last.saturating_add(wait_after(count.wrong)).unwrap_or(count.last);
            if until > now {
                return Err(Refused::Locked { until }.into());
            }
            let next = Count { wrong: count.wrong.saturating_add(1), last: now };
            let value = serde_json::to_vec(&next).expect("a count is JSON");
            let forgotten = now.saturating_add(FORGOTTEN).unwrap_or(now);
            if self.node.keep(DRAWER, login, version, &value, Some(forgotten))? {
                return Ok(());
            }
        }
    }

    /// The attempt was right: the name starts anew.
    pub fn right(&self, login: &str) -> Result<(), SigninError> {
        self.node.take_kept(DRAWER, login)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_and_ends_at_an_hour() {
        let minutes = |wrong| wait_after(wrong).as_mins();
        assert_eq!([0, 1, 4].map(minutes), [0, 0, 0]);
        assert_eq!([5, 6, 7, 10].map(minutes), [1, 2, 4, 32]);
        assert_eq!([11, 40, u32::MAX].map(minutes), [60, 60, 60]);
    }
}
