//! PostgreSQL: many server processes, one at a time appending, readers beside it.

mod bind;
mod connect;
mod glance;
pub(super) mod tls;
mod transaction;

use super::migrations::{self, Migration};
use super::pool::Pool;
use super::{Location, Look, Store, Turn};
use crate::error::{Doing, OpenError, StoreError};
use connect::{Session, connect};
use glance::Glance;
use tls::Server;
use transaction::Transaction;

/// More readers than this wait for one another: a server has 100 connections unless told, and
/// several processes share them.
const READERS_MOST: usize = 8;

/// Of the advisory lock that makes one process at a time the sequencer ("AMAN"). Such locks are
/// each database's own.
const SEQUENCER: i64 = 0x414d_414e;

/// Readers see what was committed when they began, and nothing later.
const BEGIN_TO_READ: &str = "begin isolation level repeatable read read only";

/// Commits become visible before the lock is let go, so whoever holds it next sees them all: no
/// position ever becomes visible before a lower one.
const BEGIN_TO_WRITE: &str = "begin isolation level read committed read write; \
                              select pg_advisory_xact_lock($SEQUENCER)";

pub(crate) struct Postgres {
    server: Server,
    readers: Pool<Session>,
    /// One: this process has one transaction at a time that writes.
    writer: Pool<Session>,
}

fn unreachable(at: &Location, source: StoreError) -> OpenError {
    OpenError::Unreachable { place: at.to_string(), source }
}

impl Postgres {
    /// Makes the tables in an empty database, and the database if there is none.
    pub fn create(at: &Location, server: &Server) -> Result<Self, OpenError> {
        let mut session = match connect(server) {
            Err(error) if connect::is_no_database(&error) => {
                connect::create_database(server).doing("create the database")?;
                connect(server)
            }
            session => session,
        }
        .doing("connect")
        .map_err(|source| unreachable(at, source))?;
        session.is_fit(at)?;
        let applied = session.applied(at)?.unwrap_or_default();
        let store = Self::of(server);
        migrations::migrate(&store, &applied, |m: &Migration| m.postgres)?;
        Ok(store)
    }

    pub fn open(at: &Location, server: &Server) -> Result<Self, OpenError> {
        let (mut session, applied) = Self::existing(at, server)?;
        session.is_fit(at)?;
        let store = Self::of(server);
        migrations::migrate(&store, &applied, |m: &Migration| m.postgres)?;
        Ok(store)
    }

    /// A standby will do.
    pub fn open_read_only(at: &Location, server: &Server) -> Result<Self, OpenError> {
        Self::existing(at, server)?;
        Ok(Self::of(server))
    }

    fn existing(
        at: &Location,
        server: &Server,
    ) -> Result<(Session, std::collections::BTreeSet<u32>), OpenError> {
        let missing = || OpenError::Missing(at.to_string());
        let mut session = match connect(server) {
            Err(error) if connect::is_no_database(&error) => return Err(missing()),
            session => session.doing("connect").map_err(|source| unreachable(at, source))?,
        };
        let applied = session.applied(at)?.ok_or_else(missing)?;
        Ok((session, applied))
    }

    fn of(server: &Server) -> Self {
        Self { server: server.clone(), readers: Pool::new(READERS_MOST), writer: Pool::new(1) }
    }

    /// Begins on a spare connection, or on a new one when the spare ones turn out to be cut.
    fn begin<'a>(
        &'a self,
        pool: &'a Pool<Session>,
        sql: &str,
    ) -> Result<Transaction<'a>, ::postgres::Error> {
        loop {
            let mut fresh = false;
            let mut session = pool.take(|| {
                fresh = true;
                connect(&self.server)
            })?;
            match session.client.batch_execute(sql) {
                Ok(()) => return Ok(Transaction::begun(session)),
                Err(error) => {
                    session.discard();
                    if fresh || connect::is_answer(&error) {
                        return Err(error);
                    }
                }
            }
        }
    }
}

impl Store for Postgres {
    fn look(&self) -> Result<Box<dyn Look + '_>, StoreError> {
        Ok(Box::new(self.begin(&self.readers, BEGIN_TO_READ).doing("begin reading")?))
    }

    fn glance(&self) -> Box<dyn Look + '_> {
        Box::new(Glance(self))
    }

    fn turn(&self) -> Result<Box<dyn Turn + '_>, StoreError> {
        let sql = BEGIN_TO_WRITE.replace("$SEQUENCER", &SEQUENCER.to_string());
        Ok(Box::new(self.begin(&self.writer, &sql).doing("begin to write")?))
    }

    /// Rewrites the register's tables without what was deleted. The write-ahead log, its archive,
    /// standbys and backups keep it: there only a changed register key makes it unreadable.
    fn scrub(&self) -> Result<Option<String>, StoreError> {
        let run = || -> Result<(), ::postgres::Error> {
            let mut session = connect(&self.server)?;
            for table in ["sealed_section", "person_key", "particulars"] {
                session.client.batch_execute(&format!("vacuum (full) {table}"))?;
            }
            Ok(())
        };
        run().doing("clean the register's tables")?;
        let left = "PostgreSQL's write-ahead log, its archive, standbys and backups: `amana register \
                    rekey` makes what they hold unreadable";
        Ok(Some(left.to_owned()))
    }
}
