//! Lock-out: the more wrong answers for a name, the longer the wait. Counted where they come from, so that
//! nobody who knows a name keeps its officer out, and for the name over all places an officer has not been
//! at, so that many addresses guess little more than one (NIST SP 800-63B-4 section 3.2.2).

use crate::{Refused, SigninError};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;
use store::Node;

/// Of a name at one place.
const PLACES: &str = "attempt";
/// Of a name at all places but those its officer is known at.
const NAMES: &str = "attempt-name";
/// The same of names that nobody here has.
const NOBODYS: &str = "attempt-nobody";
/// Counts of places, and of nobody's names, that are kept; beyond these the first to be forgotten go.
const KEPT_MOST: u32 = 10_000;

/// Where an attempt comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whence {
    /// A browser that the officer signed in from before, by its token's hash; or the officer's session.
    Known(String),
    /// Anywhere else, by its address.
    Elsewhere(String),
}

impl fmt::Display for Whence {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Whence::Known(browser) => write!(f, "known/{browser}"),
            Whence::Elsewhere(address) => f.write_str(address),
        }
    }
}

/// How long to wait after how many wrong answers in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ladder {
    /// Wrong answers that cost nothing.
    free: u32,
    /// After so many it is a day each.
    slow_from: u32,
    /// After so long without an attempt the count is forgotten.
    forgotten: SignedDuration,
}

/// At one place: four are free, then a minute, doubling up to an hour.
pub const AT_A_PLACE: Ladder =
    Ladder { free: 4, slow_from: u32::MAX, forgotten: SignedDuration::from_hours(24) };
/// From wherever the officer is not known: twenty are free, then the same; after a hundred, which is what
/// SP 800-63B-4 allows in a row, one a day.
pub const ANYWHERE: Ladder =
    Ladder { free: 20, slow_from: 100, forgotten: SignedDuration::from_hours(24 * 30) };

const LONGEST: SignedDuration = SignedDuration::from_hours(1);
const SLOW: SignedDuration = SignedDuration::from_hours(24);

impl Ladder {
    /// Nobody is shut out for ever, or anybody could shut anybody out.
    pub fn wait_after(&self, wrong: u32) -> SignedDuration {
        if wrong >= self.slow_from {
            return SLOW;
        }
        match wrong.checked_sub(self.free + 1) {
            None => SignedDuration::ZERO,
            Some(doublings) => {
                let minutes = 1_i64.checked_shl(doublings.min(30)).unwrap_or(i64::MAX);
                SignedDuration::from_mins(minutes).min(LONGEST)
            }
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
    /// cannot slip through between looking and counting. One that has to wait counts nowhere.
    pub fn begin(
        &self,
        login: &str,
        whence: &Whence,
        exists: bool,
        now: Timestamp,
    ) -> Result<(), SigninError> {
        let name = if exists { NAMES } else { NOBODYS };
        let elsewhere = matches!(whence, Whence::Elsewhere(_));
        if elsewhere {
            self.look(name, login, ANYWHERE, now)?;
        }
        self.count(PLACES, &at(login, whence), AT_A_PLACE, now)?;
        if elsewhere {
            self.count(name, login, ANYWHERE, now)?;
        }
        Ok(())
    }

    /// The attempt was right: the place starts anew, and what was wrong there is taken off the name's count.
    pub fn right(&self, login: &str, whence: &Whence) -> Result<(), SigninError> {
        let place = at(login, whence);
        let Some(kept) = self.node.take_kept(PLACES, &place)? else { return Ok(()) };
        let here = read(&place, &kept.value)?.wrong;
        if matches!(whence, Whence::Known(_)) {
            return Ok(());
        }
        // Past its time or not: what is forgotten has nothing to take off.
        while let Some(kept) = self.node.kept(NAMES, login, Timestamp::MIN)? {
            let count = read(login, &kept.value)?;
            let rest = Count { wrong: count.wrong.saturating_sub(here), ..count };
            if self.put(NAMES, login, Some(kept.version), &rest, ANYWHERE)? {
                break;
            }
        }
        Ok(())
    }

    /// Whatever was counted against the name where its officer is not known: its password is a new one.
    pub fn forget(&self, login: &str) -> Result<(), SigninError> {
        self.node.take_kept(NAMES, login)?;
        Ok(())
    }

    fn look(
        &self,
        drawer: &str,
        key: &str,
        ladder: Ladder,
        now: Timestamp,
    ) -> Result<(Option<u64>, u32), SigninError> {
        let Some(kept) = self.node.kept(drawer, key, now)? else { return Ok((None, 0)) };
        let count = read(key, &kept.value)?;
        let until = count.last.saturating_add(ladder.wait_after(count.wrong)).unwrap_or(count.last);
        match until > now {
            true => Err(Refused::Locked { until }.into()),
            false => Ok((Some(kept.version), count.wrong)),
        }
    }

    fn count(
        &self,
        drawer: &str,
        key: &str,
        ladder: Ladder,
        now: Timestamp,
    ) -> Result<(), SigninError> {
        loop {
            let (version, wrong) = self.look(drawer, key, ladder, now)?;
            let next = Count { wrong: wrong.saturating_add(1), last: now };
            if self.put(drawer, key, version, &next, ladder)? {
                if version.is_none() && drawer != NAMES {
                    self.node.thin_out(drawer, KEPT_MOST)?;
                }
                return Ok(());
            }
            // Past its time and not cleared out yet, or another attempt of this moment.
            if version.is_none() {
                self.node.clear_out(now)?;
            }
        }
    }

    fn put(
        &self,
        drawer: &str,
        key: &str,
        version: Option<u64>,
        count: &Count,
        ladder: Ladder,
    ) -> Result<bool, SigninError> {
        let value = serde_json::to_vec(count).expect("a count is JSON");
        let forgotten = count.last.saturating_add(ladder.forgotten).unwrap_or(count.last);
        Ok(self.node.keep(drawer, key, version, &value, Some(forgotten))?)
    }
}

fn at(login: &str, whence: &Whence) -> String {
    format!("{login}@{whence}")
}

fn read(of: &str, bytes: &[u8]) -> Result<Count, SigninError> {
    let what = || format!("the attempts for '{of}'");
    serde_json::from_slice(bytes).map_err(|source| SigninError::Damaged { what: what(), source })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_and_ends_at_an_hour() {
        let minutes = |wrong| AT_A_PLACE.wait_after(wrong).as_mins();
        assert_eq!([0, 1, 4].map(minutes), [0, 0, 0]);
        assert_eq!([5, 6, 7, 10].map(minutes), [1, 2, 4, 32]);
        assert_eq!([11, 40, u32::MAX - 1].map(minutes), [60, 60, 60]);
    }

    #[test]
    fn a_name_waits_a_day_after_a_hundred_wherever_they_came_from() {
        let minutes = |wrong| ANYWHERE.wait_after(wrong).as_mins();
        assert_eq!([0, 20, 21, 26, 27, 99].map(minutes), [0, 0, 1, 32, 60, 60]);
        assert_eq!([100, 101, u32::MAX].map(minutes), [24 * 60; 3]);
    }
}
