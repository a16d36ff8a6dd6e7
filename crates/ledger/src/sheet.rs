//! The balance sheet of a stretch of the record: what each account had, what came and went, and the
//! musters of that time confronted with the book.

use crate::books::{Books, BooksError};
use crate::posting::Posting;
use domain::{Account, Event, ExitReason, Fact, FactHash, Muster, PersonId, Place, Record, SiteId};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Every account that answered for somebody in that time, and the sums.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sheet {
    pub accounts: BTreeMap<Account, SheetLine>,
    pub total: SheetLine,
    /// In the order of the record.
    pub musters: Vec<MusterConfronted>,
}

/// People of one account. Opening and all that came in, less all that went out, is closing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SheetLine {
    pub opening: u64,
    pub registered: u64,
    /// Held again after an escape.
    pub recovered: u64,
    /// From another authority.
    pub received: u64,
    /// From another account of the same authority: boarded, placed.
    pub moved_in: u64,
    /// To another authority.
    pub handed_over: u64,
    pub moved_out: u64,
    pub exits: BTreeMap<ExitReason, u64>,
    /// Taken out because a registration came to be disputed or was ruled out.
    pub withdrawn: u64,
    pub closing: u64,
}

impl SheetLine {
    pub fn came_in(&self) -> u64 {
        self.registered + self.recovered + self.received + self.moved_in
    }
    pub fn went_out(&self) -> u64 {
        self.handed_over + self.moved_out + self.exits.values().sum::<u64>() + self.withdrawn
    }
    pub fn balances(&self) -> bool {
        self.opening + self.came_in() == self.closing + self.went_out()
    }
}

/// A physical count beside what the book of the site said when the count came into the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MusterConfronted {
    pub fact: FactHash,
    pub site: SiteId,
    pub by_name: bool,
    /// On the counting officer's list.
    pub expected: u32,
    pub counted: u32,
    /// In the units of the site, by the book.
    pub book: u32,
    /// By name: in the book and not found.
    pub not_found: BTreeSet<PersonId>,
    /// By name: found and not in the book.
    pub not_in_book: BTreeSet<PersonId>,
}

impl MusterConfronted {
    pub fn agrees(&self) -> bool {
        let names_agree = self.not_found.is_empty() && self.not_in_book.is_empty();
        self.counted == self.book && names_agree
    }
}

/// The sheet over the facts of positions `from..to`; `facts` are the record's from its first.
pub fn sheet<'f>(
    facts: impl Iterator<Item = &'f Arc<Fact>>,
    from: u64,
    to: u64,
) -> Result<Sheet, BooksError> {
    let (mut record, mut books, mut sheet) = (Record::new(), Books::new(), Sheet::default());
    for (position, fact) in (0u64..).zip(facts.take(to as usize)) {
        if position == from {
            sheet.open(&books);
        }
        for change in record.insert(fact.as_ref().clone()) {
            if let Some(posting) = Posting::of(position, &change) {
                books.apply(&posting)?;
                if position >= from {
                    sheet.post(&posting);
                }
            }
        }
        if position >= from
            && let Event::MusterTaken { site, count } = &fact.event
        {
            sheet.musters.push(confront(&record, fact.hash, site, count));
        }
    }
    if to <= from {
        sheet.open(&books);
    }
    for (account, people) in books.accounts() {
        sheet.accounts.entry(account.clone()).or_default().closing = people;
    }
    sheet.total.closing = books.answered_for();
    Ok(sheet)
}

impl Sheet {
    /// Whether every account and the whole add up.
    pub fn balances(&self) -> bool {
        self.total.balances() && self.accounts.values().all(SheetLine::balances)
    }

    fn open(&mut self, books: &Books) {
        for (account, people) in books.accounts() {
            self.accounts.entry(account.clone()).or_default().opening = people;
        }
        self.total.opening = books.answered_for();
    }

    /// What a posting did to the accounts it names, and to the whole.
    fn post(&mut self, posting: &Posting) {
        let recovered = posting.counts.recovered.max(0) as u64;
        let exits: Vec<_> = posting
            .counts
            .exits
            .iter()
            .filter(|(_, n)| **n > 0)
            .map(|(why, n)| (*why, *n as u64))
            .collect();
        let between = posting.from.is_some() && posting.to.is_some();
        let other = matches!((&posting.from, &posting.to), (Some(a), Some(b)) if a.authority != b.authority);
        if let Some(account) = &posting.from {
            let line = self.accounts.entry(account.clone()).or_default();
            match (between, other) {
                (true, true) => line.handed_over += 1,
                (true, false) => line.moved_out += 1,
                _ => line.leave(&exits),
            }
        }
        if let Some(account) = &posting.to {
            let line = self.accounts.entry(account.clone()).or_default();
            match (between, other) {
                (true, true) => line.received += 1,
                (true, false) => line.moved_in += 1,
                _ => line.come(recovered),
            }
        }
        match (between, &posting.from, &posting.to) {
            (true, ..) => {}
            (_, Some(_), _) => self.total.leave(&exits),
            (_, _, Some(_)) => self.total.come(recovered),
            _ => {}
        }
    }
}

impl SheetLine {
    fn come(&mut self, recovered: u64) {
        if recovered > 0 { self.recovered += 1 } else { self.registered += 1 }
    }
    /// One person; of several ends told at once the first counts.
    fn leave(&mut self, exits: &[(ExitReason, u64)]) {
        match exits.first() {
            Some((why, _)) => *self.exits.entry(*why).or_default() += 1,
            None => self.withdrawn += 1,
        }
    }
}

fn confront(record: &Record, fact: FactHash, site: &SiteId, count: &Muster) -> MusterConfronted {
    let held = |standing: &domain::Standing| match standing.custody.responsible() {
        Some(Account { place: Place::Unit(unit), .. }) => unit.site() == site,
        _ => false,
    };
    let book: BTreeSet<_> = record.people().filter(|(_, s)| held(s)).map(|(p, _)| p).collect();
    let (by_name, expected, counted, not_found, not_in_book) = match count {
        Muster::ByName { present, absent } => {
            let found: BTreeSet<_> = present.iter().copied().collect();
            (
                true,
                present.len() + absent.len(),
                present.len(),
                book.difference(&found).copied().collect(),
                found.difference(&book).copied().collect(),
            )
        }
        Muster::ByNumber { expected, counted } => {
            (false, *expected as usize, *counted as usize, BTreeSet::new(), BTreeSet::new())
        }
    };
    MusterConfronted {
        fact,
        site: site.clone(),
        by_name,
        expected: expected as u32,
        counted: counted as u32,
        book: book.len() as u32,
        not_found,
        not_in_book,
    }
}
