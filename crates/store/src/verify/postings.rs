//! Holds the postings in the database against the refold, a page of entries at a time: all of them at
//! once take more room than the whole record.

use crate::append::{self, PostingRow};
use crate::backend::Look;
use crate::error::StoreError;
use crate::replay::Finding;
use ledger::Posting;
use std::cmp::Ordering;

/// The refold's postings since those that were compared last.
pub(super) struct Postings {
    due: Vec<PostingRow>,
    /// The database's rows before this position were compared.
    compared: i64,
    /// What the refold posts before this position is here, or was compared.
    folded: i64,
    findings: Vec<Finding>,
}

impl Default for Postings {
    fn default() -> Self {
        // A row before the first entry is one that no fact posts.
        Self { due: Vec::new(), compared: i64::MIN, folded: 0, findings: Vec::new() }
    }
}

impl Postings {
    /// What the entry at a position posts.
    pub fn expect(&mut self, position: u64, postings: &[Posting]) {
        self.due.extend(postings.iter().map(append::posting_row));
        self.folded = position as i64 + 1;
    }

    /// Compares what came since the last time.
    pub fn compare(&mut self, look: &dyn Look) -> Result<(), StoreError> {
        self.compare_until(look, self.folded)
    }

    /// Compares the rest, once everything is folded.
    pub fn finish(mut self, look: &dyn Look) -> Result<Vec<Finding>, StoreError> {
        self.compare_until(look, i64::MAX)?;
        Ok(self.findings)
    }

    fn compare_until(&mut self, look: &dyn Look, until: i64) -> Result<(), StoreError> {
        let mut due = std::mem::take(&mut self.due);
        due.sort_unstable_by(|a, b| place(a).cmp(&place(b)));
        let mut due = due.into_iter().peekable();
        let findings = &mut self.findings;
        append::each_posting(look, (self.compared, until), &mut |row| {
            while let Some(missing) = due.next_if(|due| place(due) < place(&row)) {
                findings.push(is_missing(&missing));
            }
            match due.peek().map(|due| place(due).cmp(&place(&row))) {
                Some(Ordering::Equal) => {
                    if due.next().is_some_and(|due| due != row) {
                        let what = format!("the row of {} differs from the refold", row.1);
                        findings.push(Finding::new("posting-differs", position(&row), what));
                    }
                }
                _ => {
                    let what = format!("no fact posts {} there", row.1);
                    findings.push(Finding::new("posting-extra", position(&row), what));
                }
            }
            Ok(())
        })?;
        findings.extend(due.map(|missing| is_missing(&missing)));
        self.compared = until;
        Ok(())
    }
}

/// What names a row: rows come in this order, the person's number as text.
fn place(row: &PostingRow) -> (i64, &str) {
    (row.0, &row.1)
}

fn position(row: &PostingRow) -> Option<u64> {
    u64::try_from(row.0).ok()
}

fn is_missing(row: &PostingRow) -> Finding {
    Finding::new("posting-missing", position(row), format!("the row of {} is not there", row.1))
}
