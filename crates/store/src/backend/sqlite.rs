//! SQLite: one file, one writer at a time among all processes, readers beside it.

use super::migrations::{self, Migration};
use super::pool::{Lent, Pool};
use super::{Look, Row, Store, Table, Turn, Value};
use crate::error::{Doing, OpenError, StoreError};
use rusqlite::{Connection, OpenFlags, params_from_iter};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// "AMAN": marks the file as ours (`PRAGMA application_id`).
const APPLICATION_ID: u32 = 0x414d_414e;

/// SQLite below this has a WAL-reset race that can lose commits (sqlite.org/wal.html).
const SQLITE_LEAST: i32 = 3_051_003;

/// How long a writer waits for another process's transaction.
const BUSY_TIMEOUT: Duration = Duration::from_secs(20);

/// More readers than this wait for one another: a connection holds file handles and a page cache.
const READERS_MOST: usize = 16;

/// The version of the SQLite that is linked in.
pub fn version() -> &'static str {
    rusqlite::version()
}

pub(crate) struct Sqlite {
    path: PathBuf,
    // Closed before the writer: the last to close folds the write-ahead log into the file, and a
    // reader may not.
    readers: Pool<Connection>,
    writer: Mutex<Connection>,
}

impl Sqlite {
    /// Makes the file, its name durable, and its tables. Whoever makes it owns it; a second one
    /// finds it there.
    pub fn create(path: &Path) -> Result<Self, OpenError> {
        crate::files::create(path, b"", 0o640)?;
        let conn = Connection::open(path).doing("open the database")?;
        conn.pragma_update(None, "application_id", APPLICATION_ID).doing("mark the file")?;
        drop(conn);
        Self::open(path).inspect_err(|_| {
            let _ = std::fs::remove_file(path);
        })
    }

    pub fn open(path: &Path) -> Result<Self, OpenError> {
        let (conn, applied) = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        set_up(&conn).doing("set up the connection")?;
        let store = Self {
            path: path.to_owned(),
            writer: Mutex::new(conn),
            readers: Pool::new(READERS_MOST),
        };
        migrations::migrate(&store, &applied, |m: &Migration| m.sqlite)?;
        // For programs older than the table of migrations.
        let conn = store.writer();
        conn.pragma_update(None, "user_version", migrations::newest()).doing("note the version")?;
        drop(conn);
        Ok(store)
    }

    pub fn open_read_only(path: &Path) -> Result<Self, OpenError> {
        let (conn, _) = connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        Ok(Self {
            path: path.to_owned(),
            writer: Mutex::new(conn),
            readers: Pool::new(READERS_MOST),
        })
    }

    fn writer(&self) -> MutexGuard<'_, Connection> {
        // A transaction that a panic left was rolled back when its turn was dropped.
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lend(&self) -> Result<Lent<'_, Connection>, StoreError> {
        self.readers.take(|| self.reader()).doing("open the database")
    }

    fn reader(&self) -> rusqlite::Result<Connection> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let conn = Connection::open_with_flags(&self.path, flags)?;
        conn.busy_timeout(BUSY_TIMEOUT)?;
        conn.set_prepared_statement_cache_capacity(64);
        Ok(conn)
    }
}

/// Opens an existing file of ours; gives the numbers of the migrations it has.
fn connect(path: &Path, mode: OpenFlags) -> Result<(Connection, BTreeSet<u32>), OpenError> {
    let place = || path.display().to_string();
    if !path.exists() {
        return Err(OpenError::Missing(place()));
    }
    if rusqlite::version_number() < SQLITE_LEAST {
        let why = format!(
            "the linked SQLite is {}, 3.51.3 or later is needed: earlier ones may lose commits",
            version()
        );
        return Err(OpenError::Unfit { place: place(), why });
    }
    let flags = mode | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags).doing("open the database")?;
    conn.busy_timeout(BUSY_TIMEOUT).doing("set the busy timeout")?;
    // A file that is no database at all fails here.
    let id = conn.pragma_query_value(None, "application_id", |row| row.get::<_, u32>(0));
    if id.ok() != Some(APPLICATION_ID) {
        return Err(OpenError::Foreign(place()));
    }
    let applied = applied(&conn).doing("read the migrations")?;
    match applied.last() {
        Some(&found) if found > migrations::newest() => {
            Err(OpenError::Newer { place: place(), found, known: migrations::newest() })
        }
        _ => Ok((conn, applied)),
    }
}

fn applied(conn: &Connection) -> rusqlite::Result<BTreeSet<u32>> {
    let sql = "select count(*) from sqlite_schema where name = 'migration'";
    if conn.query_row(sql, [], |row| row.get::<_, u32>(0))? == 0 {
        // Files older than the table have all steps up to this one.
        let newest: u32 = conn.pragma_query_value(None, "user_version", |row| row.get(0))?;
        return Ok((1..=newest).collect());
    }
    conn.prepare("select number from migration")?.query_map([], |row| row.get(0))?.collect()
}

fn set_up(conn: &Connection) -> rusqlite::Result<()> {
    conn.pragma_update_and_check(None, "journal_mode", "wal", |row| row.get::<_, String>(0))?;
    // A commit is acknowledged when it is on the disk: NORMAL would lose it with the power.
    conn.pragma_update(None, "synchronous", "full")?;
    // In pages of 4 KiB. The default of 1,000 folds the log back in the middle of every burst.
    conn.pragma_update_and_check(None, "wal_autocheckpoint", 16_000, |_| Ok(()))?;
    // Erased particulars are overwritten, not only unlinked.
    conn.pragma_update_and_check(None, "secure_delete", "on", |_| Ok(()))?;
    conn.set_prepared_statement_cache_capacity(64);
    Ok(())
}

impl Store for Sqlite {
    fn look(&self) -> Result<Box<dyn Look + '_>, StoreError> {
        let conn = self.lend()?;
        conn.execute_batch("begin").doing("begin reading")?;
        Ok(Box::new(Reading { conn }))
    }

    fn glance(&self) -> Box<dyn Look + '_> {
        Box::new(Glance(self))
    }

    fn turn(&self) -> Result<Box<dyn Turn + '_>, StoreError> {
        let conn = self.writer();
        conn.execute_batch("begin immediate").doing("begin to write")?;
        Ok(Box::new(Writing { conn }))
    }

    /// Deleted rows were overwritten in the file (`secure_delete`); the log that they also stand in is
    /// folded back and cut to nothing.
    fn scrub(&self) -> Result<Option<String>, StoreError> {
        let conn = self.writer();
        let sql = "pragma wal_checkpoint(truncate)";
        let busy: i64 = conn.query_row(sql, [], |row| row.get(0)).doing("clean the file")?;
        let left = "the write-ahead log beside the database, which somebody reads just now: stop the \
                    other processes, then close this one";
        Ok((busy != 0).then(|| left.to_owned()))
    }
}

struct Glance<'a>(&'a Sqlite);

struct Reading<'a> {
    conn: Lent<'a, Connection>,
}

struct Writing<'a> {
    conn: MutexGuard<'a, Connection>,
}

impl Drop for Reading<'_> {
    fn drop(&mut self) {
        // Nothing was written; if this fails, the next `begin` on the connection tells.
        let _ = self.conn.execute_batch("rollback");
    }
}

impl Drop for Writing<'_> {
    fn drop(&mut self) {
        if !self.conn.is_autocommit() {
            // What led here is the error to tell.
            let _ = self.conn.execute_batch("rollback");
        }
    }
}

impl Look for Glance<'_> {
    fn query(
        &self,
        doing: &'static str,
        sql: &str,
        with: &[Value],
        each: &mut dyn FnMut(&Row) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        query(&*self.0.lend()?, doing, sql, with, each)
    }
    fn damage(&self) -> Result<Vec<String>, StoreError> {
        damage(&*self.0.lend()?)
    }
}

impl Look for Reading<'_> {
    fn query(
        &self,
        doing: &'static str,
        sql: &str,
        with: &[Value],
        each: &mut dyn FnMut(&Row) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        query(&self.conn, doing, sql, with, each)
    }
    fn damage(&self) -> Result<Vec<String>, StoreError> {
        damage(&self.conn)
    }
}

impl Look for Writing<'_> {
    fn query(
        &self,
        doing: &'static str,
        sql: &str,
        with: &[Value],
        each: &mut dyn FnMut(&Row) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        query(&self.conn, doing, sql, with, each)
    }
    fn damage(&self) -> Result<Vec<String>, StoreError> {
        damage(&self.conn)
    }
}

impl Turn for Writing<'_> {
    fn execute(&self, doing: &'static str, sql: &str, with: &[Value]) -> Result<u64, StoreError> {
        let run = || self.conn.prepare_cached(&numbered(sql))?.execute(params_from_iter(with));
        run().map(|rows| rows as u64).doing(doing)
    }

    fn insert(
        &self,
        doing: &'static str,
        into: &Table,
        rows: &[Vec<Value>],
    ) -> Result<(), StoreError> {
        if rows.is_empty() {
            return Ok(());
        }
        let marks: Vec<_> = (1..=into.columns.len()).map(|n| format!("?{n}")).collect();
        let sql = format!("{} values ({}) {}", into.insert_into(), marks.join(", "), into.conflict);
        let run = || {
            let mut statement = self.conn.prepare_cached(&sql)?;
            rows.iter().try_for_each(|row| statement.execute(params_from_iter(row)).map(|_| ()))
        };
        run().doing(doing)
    }

    fn script(&self, doing: &'static str, sql: &str) -> Result<(), StoreError> {
        self.conn.execute_batch(sql).doing(doing)
    }

    fn commit(self: Box<Self>, doing: &'static str) -> Result<(), StoreError> {
        self.conn.execute_batch("commit").doing(doing)
    }
}

/// Parameters as SQLite numbers them: `?1` for `$1`.
fn numbered(sql: &str) -> String {
    sql.replace('$', "?")
}

fn query(
    conn: &Connection,
    doing: &'static str,
    sql: &str,
    with: &[Value],
    each: &mut dyn FnMut(&Row) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut statement = conn.prepare_cached(&numbered(sql)).doing(doing)?;
    let mut rows = statement.query(params_from_iter(with)).doing(doing)?;
    while let Some(row) = rows.next().doing(doing)? {
        each(&Row::Sqlite(row))?;
    }
    Ok(())
}

/// Pages and indexes.
fn damage(conn: &Connection) -> Result<Vec<String>, StoreError> {
    let run = || -> rusqlite::Result<Vec<String>> {
        conn.prepare("pragma integrity_check(20)")?.query_map([], |row| row.get(0))?.collect()
    };
    Ok(run().doing("check the file")?.into_iter().filter(|line| line != "ok").collect())
}
