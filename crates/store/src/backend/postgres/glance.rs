//! Single statements, without a transaction around them.

use super::connect::{Session, connect, is_answer};
use super::{Postgres, transaction::bound};
use crate::backend::{Look, Row, Value};
use crate::error::{Doing, StoreError};
use ::postgres::fallible_iterator::FallibleIterator;
use ::postgres::{Error, RowIter};

pub(super) struct Glance<'a>(pub &'a Postgres);

impl Look for Glance<'_> {
    /// Asks again on another connection when a spare one turns out to be cut.
    fn query(
        &self,
        doing: &'static str,
        sql: &str,
        with: &[Value],
        each: &mut dyn FnMut(&Row) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        loop {
            let mut fresh = false;
            let session = self.0.readers.take(|| {
                fresh = true;
                connect(&self.0.server)
            });
            let mut session = session.doing("connect")?;
            let error = match ask(&mut session, sql, with) {
                Ok(mut rows) => {
                    while let Some(row) = rows.next().doing(doing)? {
                        each(&Row::Postgres(&row))?;
                    }
                    return Ok(());
                }
                Err(error) => error,
            };
            if is_answer(&error) {
                return Err(error).doing(doing);
            }
            session.discard();
            if fresh {
                return Err(error).doing(doing);
            }
        }
    }

    fn damage(&self) -> Result<Vec<String>, StoreError> {
        Ok(Vec::new())
    }
}

/// The server has begun to answer when this returns.
fn ask<'a>(session: &'a mut Session, sql: &str, with: &[Value]) -> Result<RowIter<'a>, Error> {
    let statement = session.prepare(sql)?;
    session.client.query_raw(&statement, bound(with))
}
