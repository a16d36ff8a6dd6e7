//! What earlier versions kept plain.

use super::keep::facts;
use super::rows::{person_of, section_of};
use super::{Particulars, RegisterError};
use crate::backend::{Look, Row, Rows};
use crate::error::StoreError;
use crate::node::Node;
use jiff::Timestamp;

const SELECT: &str = "select person, section, salt, bytes from particulars order by rowid";

fn of_row(row: &Row) -> Result<Particulars, StoreError> {
    let (person, section): (String, String) = (row.get(0)?, row.get(1)?);
    let (person, section) = (person_of(&person)?, section_of(&section)?);
    Ok(Particulars { person, section, salt: row.hash(2)?, plaintext: row.get(3)? })
}

pub(super) fn all(look: &dyn Look) -> Result<Vec<Particulars>, StoreError> {
    look.all("read what is kept plain", SELECT, &[], of_row)
}

impl Node {
    /// Seals what an earlier version kept plain, and takes the plain bytes away. Gives how many
    /// sections there were.
    pub fn seal_plain_particulars(&self, at: Timestamp) -> Result<usize, RegisterError> {
        let mut found = 0;
        self.commit_own(at, |turn, own| {
            let plain = {
                let look: &dyn Look = turn;
                all(look)?
            };
            found = plain.len();
            if found == 0 {
                return Ok(());
            }
            let kept = self.seal(turn, &plain)?;
            turn.execute("take away what was plain", "delete from particulars", &[])?;
            if kept.is_empty() {
                return Ok(());
            }
            self.keeper.say(turn, own, self.operation(), self.origin(), facts(kept))
        })?;
        // What the file still holds of it goes now; if it cannot, `amana register seal` says so again.
        self.store.scrub()?;
        Ok(found)
    }
}
