//! A site's own book: who came in, who left, who is there.

use domain::{Custody, Place, Record, SiteId};
use std::collections::BTreeMap;

/// What a site is to the operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SiteKind {
    /// Where people are held before the operation, and registered.
    Origin,
    /// Where they wait between two movements.
    Staging,
    /// Where they are admitted.
    Destination,
    /// A crossing, an airfield, a court.
    Other,
}

/// The kind of each site, as the scenario says. A site it does not know is [`SiteKind::Other`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sites(pub BTreeMap<SiteId, SiteKind>);

impl Sites {
    pub fn kind(&self, site: &SiteId) -> SiteKind {
        self.0.get(site).copied().unwrap_or(SiteKind::Other)
    }
}

impl FromIterator<(SiteId, SiteKind)> for Sites {
    fn from_iter<I: IntoIterator<Item = (SiteId, SiteKind)>>(sites: I) -> Self {
        Self(sites.into_iter().collect())
    }
}

/// Over everyone's undisputed chain, so that any order of arrival gives the same book.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SiteBook {
    /// Came to be held in one of its units, by registration or from elsewhere; a person who came
    /// twice counts twice. Moves between its units are not counted.
    pub entered: u64,
    /// Ceased to be held in its units: boarded, moved elsewhere, released, died, escaped.
    pub left: u64,
    /// Held there now: entered - left.
    pub balance: u64,
}

fn site_of(custody: &Custody) -> Option<&SiteId> {
    match &custody.responsible()?.place {
        Place::Unit(unit) => Some(unit.site()),
        Place::Vehicle(..) => None,
    }
}

/// The book of every site that ever held somebody.
pub fn site_books(record: &Record) -> BTreeMap<SiteId, SiteBook> {
    let mut books: BTreeMap<&SiteId, SiteBook> = BTreeMap::new();
    for (_, standing) in record.people() {
        let mut at = None;
        for (_, custody) in &standing.chain {
            let next = site_of(custody);
            if next == at {
                continue;
            }
            if let Some(site) = at {
                let book = books.entry(site).or_default();
                book.left += 1;
                book.balance -= 1;
            }
            if let Some(site) = next {
                let book = books.entry(site).or_default();
                book.entered += 1;
                book.balance += 1;
            }
            at = next;
        }
    }
    books.into_iter().map(|(site, book)| (site.clone(), book)).collect()
}
