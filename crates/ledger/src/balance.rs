//! The whole record on one line.

use crate::books::Books;
use crate::figure::{Journey, journey};
use crate::site::Sites;
use domain::{Record, discrepancies};

/// The totals that everybody must agree on, at one position of the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Balance {
    /// Balances and totals agree, added up anew.
    pub balanced: bool,
    pub registered: u64,
    /// As `departed@1`.
    pub departed: u64,
    /// As `admitted@1`.
    pub admitted: u64,
    /// As `in-transit@1`.
    pub in_transit: u64,
    /// Exits of every reason; a person who escaped twice counts twice.
    pub exits: u64,
    pub recovered: u64,
    /// Everyone somebody answers for now: registered - exits + recovered.
    pub answered_for: u64,
    pub contested: u64,
    pub open_discrepancies: u64,
}

/// Adds the record up.
pub fn balance(record: &Record, books: &Books, sites: &Sites) -> Balance {
    let mut sum = Balance {
        balanced: books.check().is_ok(),
        registered: books.counts().registered.max(0) as u64,
        departed: 0,
        admitted: 0,
        in_transit: 0,
        exits: books.counts().exits_total().max(0) as u64,
        recovered: books.counts().recovered.max(0) as u64,
        answered_for: books.answered_for(),
        contested: 0,
        open_discrepancies: discrepancies(record).iter().filter(|d| d.is_open()).count() as u64,
    };
    for (_, standing) in record.people() {
        let Journey { departed, admitted, in_transit, .. } = journey(record, standing, sites);
        sum.departed += u64::from(departed);
        sum.admitted += u64::from(admitted);
        sum.in_transit += u64::from(in_transit);
        sum.contested += u64::from(standing.contest.is_some());
    }
    sum
}
