//! The books: how many people each account answers for.

use crate::posting::{Counts, Posting};
use domain::{Account, AuthorityId, PersonId, Place, SiteId};
use imbl::OrdMap;
use std::collections::BTreeMap;

/// Balance of every account, and the totals it must agree with at every position.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Books {
    /// Accounts that answer for somebody; an empty account is absent.
    balances: OrdMap<Account, u64>,
    sum: i64,
    counts: Counts,
}

/// The books are off. This is our own mistake, never the field's: stop writing, keep reading.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BooksError {
    #[error(
        "posting at {position} takes {person} from {account}, which answers for nobody: stop \
         writing and run verify"
    )]
    Overdrawn { position: u64, person: PersonId, account: Box<Account> },
    #[error(
        "the accounts answer for {balances} people, registered - exits + recovered is {totals}: \
         stop writing and run verify"
    )]
    OutOfBalance { balances: i64, totals: i64 },
}

impl Books {
    pub fn new() -> Self {
        Self::default()
    }

    /// Posts, and checks the balance afterwards. On an error the books are not to be used on.
    pub fn apply(&mut self, posting: &Posting) -> Result<(), BooksError> {
        if let Some(account) = &posting.from {
            match self.balances.get_mut(account) {
                Some(n) if *n > 1 => *n -= 1,
                Some(_) => {
                    self.balances.remove(account);
                }
                None => {
                    return Err(BooksError::Overdrawn {
                        position: posting.position,
                        person: posting.person,
                        account: Box::new(account.clone()),
                    });
                }
            }
            self.sum -= 1;
        }
        if let Some(account) = &posting.to {
            match self.balances.get_mut(account) {
                Some(n) => *n += 1,
                None => {
                    self.balances.insert(account.clone(), 1);
                }
            }
            self.sum += 1;
        }
        self.counts.add(&posting.counts, 1);
        self.agree(self.sum)
    }

    /// Adds every account up anew and compares with the totals.
    pub fn check(&self) -> Result<(), BooksError> {
        self.agree(self.balances.values().map(|n| *n as i64).sum())
    }

    fn agree(&self, balances: i64) -> Result<(), BooksError> {
        let totals = self.counts.answered_for();
        if balances == totals && balances >= 0 {
            Ok(())
        } else {
            Err(BooksError::OutOfBalance { balances, totals })
        }
    }

    /// People the account answers for.
    pub fn balance(&self, account: &Account) -> u64 {
        self.balances.get(account).copied().unwrap_or(0)
    }
    /// Accounts that answer for somebody.
    pub fn accounts(&self) -> impl Iterator<Item = (&Account, u64)> {
        self.balances.iter().map(|(account, n)| (account, *n))
    }
    /// Everyone somebody answers for.
    pub fn answered_for(&self) -> u64 {
        u64::try_from(self.sum).unwrap_or(0)
    }
    pub fn counts(&self) -> &Counts {
        &self.counts
    }
    /// People held in the units of each site; those in vehicles are at no site.
    pub fn by_site(&self) -> BTreeMap<&SiteId, u64> {
        let mut sums = BTreeMap::new();
        for (account, n) in self.accounts() {
            if let Place::Unit(unit) = &account.place {
                *sums.entry(unit.site()).or_default() += n;
            }
        }
        sums
    }
    /// People each authority answers for.
    pub fn by_authority(&self) -> BTreeMap<&AuthorityId, u64> {
        let mut sums = BTreeMap::new();
        for (account, n) in self.accounts() {
            *sums.entry(&account.authority).or_default() += n;
        }
        sums
    }
}
