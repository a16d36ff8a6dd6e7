//! Where a test's record is, on either database.

use crate::cluster::Cluster;
use rusqlite::Connection;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use tempfile::TempDir;

/// Which database a test runs on. Each runs on both, but those about one's own ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Database {
    Sqlite,
    Postgres,
}

/// Runs each of the functions named as a test on either database.
macro_rules! on_both {
    ($($name:ident),* $(,)?) => {
        mod sqlite {
            $(#[test] fn $name() { super::$name(crate::database::Database::Sqlite); })*
        }
        mod postgres {
            $(#[test] fn $name() { super::$name(crate::database::Database::Postgres); })*
        }
    };
}
pub(crate) use on_both;

/// An empty place for a record, which goes when the test ends.
pub struct Place {
    pub dir: TempDir,
    pub url: String,
    pub database: Database,
    name: String,
}

impl Database {
    pub fn place(self) -> Place {
        static MADE: AtomicU32 = AtomicU32::new(0);
        let dir = TempDir::new().unwrap();
        let made = MADE.fetch_add(1, Ordering::Relaxed);
        let name = format!("test_{}_{made}", std::process::id());
        let url = match self {
            Self::Sqlite => format!("sqlite:{}", dir.path().join("record.db").display()),
            Self::Postgres => {
                let key = dir.path().join("record.db.key");
                let register = dir.path().join("record.db.register");
                let url = Cluster::get().url(&name);
                format!("{url}&log_key={}&register_key={}", key.display(), register.display())
            }
        };
        Place { dir, url, database: self, name }
    }
}

impl Place {
    pub fn file(&self) -> PathBuf {
        self.dir.path().join("record.db")
    }

    pub fn key_file(&self) -> PathBuf {
        self.dir.path().join("record.db.key")
    }

    pub fn register_file(&self) -> PathBuf {
        self.dir.path().join("record.db.register")
    }

    /// Runs SQL past the program, as whoever holds the database can.
    pub fn try_sql(&self, sql: &str) -> Result<(), String> {
        match self.database {
            Database::Sqlite => {
                let conn = Connection::open(self.file()).unwrap();
                conn.execute_batch(sql).map_err(|e| e.to_string())
            }
            Database::Postgres => self.client().batch_execute(sql).map_err(|e| {
                e.as_db_error().map_or_else(|| e.to_string(), |e| e.message().to_owned())
            }),
        }
    }

    #[track_caller]
    pub fn sql(&self, sql: &str) {
        self.try_sql(sql).unwrap();
    }

    /// Runs SQL past the triggers too. `{zero}` stands for one byte 0, `{hash}` for 32 of them.
    #[track_caller]
    pub fn plant(&self, sql: &str) {
        let (past, zero, hash) = match self.database {
            Database::Sqlite => (
                "drop trigger if exists entry_is_never_changed; \
                 drop trigger if exists entry_is_never_deleted; \
                 drop trigger if exists head_is_never_deleted;",
                "x'00'",
                "zeroblob(32)",
            ),
            Database::Postgres => (
                "set session_replication_role = replica;",
                "'\\x00'::bytea",
                "decode(repeat('00', 32), 'hex')",
            ),
        };
        self.sql(&format!("{past} {sql}").replace("{zero}", zero).replace("{hash}", hash));
    }

    /// Puts other bytes into an entry, and their hash if told to.
    pub fn plant_entry(&self, position: u64, bytes: &[u8], with_hash: bool) {
        let hash = format!(", hash = {}", self.hex(&log::hash_of(bytes).0));
        let hash = if with_hash { &hash } else { "" };
        let bytes = self.hex(bytes);
        self.plant(&format!("update entry set bytes = {bytes}{hash} where position = {position}"));
    }

    /// Puts another tree's head in place.
    pub fn plant_head(&self, edge: &log::Edge) {
        let (root, edge) = (self.hex(&edge.root()), self.hex(&edge.to_bytes()));
        self.plant(&format!("update head set root = {root}, edge = {edge}"));
    }

    /// Bytes as a literal.
    fn hex(&self, bytes: &[u8]) -> String {
        let digits: String = bytes.iter().map(|b| format!("{b:02x}")).collect();
        match self.database {
            Database::Sqlite => format!("x'{digits}'"),
            Database::Postgres => format!("'\\x{digits}'::bytea"),
        }
    }

    /// What one of PostgreSQL's own programs says about the database, given that input.
    pub fn client_program(&self, program: &str, arguments: &[&str], input: &[u8]) -> Vec<u8> {
        let mut child = Command::new(program)
            .args(arguments)
            .arg(format!("--dbname={}", Cluster::get().url(&self.name)))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let output = std::thread::scope(|scope| {
            scope.spawn(move || stdin.write_all(input).unwrap());
            child.wait_with_output().unwrap()
        });
        assert!(output.status.success(), "{program} failed");
        output.stdout
    }

    /// In how many transactions the rows of a table were written, where the database tells.
    pub fn turns_that_wrote(&self, table: &str) -> Option<usize> {
        if self.database == Database::Sqlite {
            return None;
        }
        let sql = format!("select count(distinct xmin::text) from {table}");
        let turns = self.client().query_one(&sql, &[]).unwrap().get::<_, i64>(0);
        Some(usize::try_from(turns).unwrap())
    }

    pub fn client(&self) -> postgres::Client {
        let url = Cluster::get().url(&self.name);
        postgres::Client::connect(&url, postgres::NoTls).unwrap()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if self.database == Database::Postgres {
            Cluster::get().drop_database(&self.name);
        }
    }
}
