//! A transaction over a connection on loan.

use super::super::pool::Lent;
use super::bind::columns;
use super::connect::Session;
use crate::backend::{Look, Row, Table, Turn, Value};
use crate::error::{Doing, StoreError};
use ::postgres::fallible_iterator::FallibleIterator;
use ::postgres::types::ToSql;
use ::postgres::{Error, Statement};
use std::cell::RefCell;

pub(super) struct Transaction<'a> {
    session: RefCell<Lent<'a, Session>>,
    open: bool,
}

impl<'a> Transaction<'a> {
    pub fn begun(session: Lent<'a, Session>) -> Self {
        Self { session: RefCell::new(session), open: true }
    }
}

impl Drop for Transaction<'_> {
    fn drop(&mut self) {
        let session = self.session.get_mut();
        if self.open && session.client.batch_execute("rollback").is_err() {
            // What led here is the error to tell; the server rolls back what has no client.
            session.discard();
        }
    }
}

impl Session {
    pub(super) fn prepare(&mut self, sql: &str) -> Result<Statement, Error> {
        if let Some(statement) = self.prepared.get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.client.prepare(sql)?;
        self.prepared.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }
}

pub(super) fn bound<'a>(with: &'a [Value]) -> Vec<&'a (dyn ToSql + Sync)> {
    with.iter().map(|value| value as &(dyn ToSql + Sync)).collect()
}

impl Look for Transaction<'_> {
    fn query(
        &self,
        doing: &'static str,
        sql: &str,
        with: &[Value],
        each: &mut dyn FnMut(&Row) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let session = &mut **self.session.borrow_mut();
        let statement = session.prepare(sql).doing(doing)?;
        let mut rows = session.client.query_raw(&statement, bound(with)).doing(doing)?;
        while let Some(row) = rows.next().doing(doing)? {
            each(&Row::Postgres(&row))?;
        }
        Ok(())
    }

    /// The server checks what it reads when it was made with checksums; `pg_amcheck` checks all.
    fn damage(&self) -> Result<Vec<String>, StoreError> {
        Ok(Vec::new())
    }
}

impl Turn for Transaction<'_> {
    fn execute(&self, doing: &'static str, sql: &str, with: &[Value]) -> Result<u64, StoreError> {
        let run = || {
            let session = &mut **self.session.borrow_mut();
            let statement = session.prepare(sql)?;
            session.client.execute(&statement, &bound(with))
        };
        run().doing(doing)
    }

    /// One statement for all rows: an array for each column.
    fn insert(
        &self,
        doing: &'static str,
        into: &Table,
        rows: &[Vec<Value>],
    ) -> Result<(), StoreError> {
        if rows.is_empty() {
            return Ok(());
        }
        let arrays: Vec<_> = (1..)
            .zip(into.columns)
            .map(|(n, (_, kind))| format!("${n}::{}[]", kind.sql_name()))
            .collect();
        let from = format!("select * from unnest({})", arrays.join(", "));
        let sql = format!("{} {from} {}", into.insert_into(), into.conflict);
        let arrays = columns(into, rows);
        let bound: Vec<&(dyn ToSql + Sync)> = arrays.iter().map(|array| &**array).collect();
        let run = || {
            let session = &mut **self.session.borrow_mut();
            let statement = session.prepare(&sql)?;
            session.client.execute(&statement, &bound)
        };
        run().doing(doing).map(|_| ())
    }

    fn script(&self, doing: &'static str, sql: &str) -> Result<(), StoreError> {
        self.session.borrow_mut().client.batch_execute(sql).doing(doing)
    }

    fn commit(mut self: Box<Self>, doing: &'static str) -> Result<(), StoreError> {
        self.open = false;
        let session = self.session.get_mut();
        session.client.batch_execute("commit").inspect_err(|_| session.discard()).doing(doing)
    }
}
