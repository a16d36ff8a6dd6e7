//! The bare table each store is compared with: a position and the same bytes, nothing else, on the
//! same database with the same settings.

use super::cluster::Cluster;
use super::took::{Took, timed};
use rusqlite::Connection;

/// Which store is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum On {
    Sqlite,
    Postgres,
}

/// A place for a record, and beside it one for the bare table.
pub struct Place {
    pub on: On,
    pub dir: tempfile::TempDir,
    name: String,
}

/// A connection to the bare table.
pub enum Bare {
    Sqlite(Connection),
    Postgres(Box<postgres::Client>, Option<postgres::Statement>),
}

/// One row by primary key, prepared once for a connection.
const ROW: &str = "select bytes from bare where position = $1";

impl On {
    pub fn place(self, what: &str) -> Place {
        let name = format!("bench_{}_{what}", std::process::id());
        Place { on: self, dir: tempfile::tempdir().unwrap(), name }
    }
}

impl Place {
    pub fn url(&self) -> String {
        let file = |name: &str| self.dir.path().join(name).display().to_string();
        match self.on {
            On::Sqlite => format!("sqlite:{}", file("record.db")),
            On::Postgres => {
                format!("{}&log_key={}", Cluster::get().url(&self.name), file("record.key"))
            }
        }
    }

    /// On PostgreSQL the record's database has to be there.
    pub fn bare(&self) -> Bare {
        let bare = self.bare_again();
        match bare {
            Bare::Sqlite(conn) => {
                set_up(&conn);
                conn.execute_batch("create table bare (position integer primary key, bytes blob)")
                    .unwrap();
                Bare::Sqlite(conn)
            }
            Bare::Postgres(mut client, row) => {
                client
                    .batch_execute(
                        "create table bare (position bigint generated always as identity \
                         primary key, bytes bytea); \
                         alter table bare alter bytes set storage external",
                    )
                    .unwrap();
                Bare::Postgres(client, row)
            }
        }
    }

    /// Another connection to it.
    pub fn bare_again(&self) -> Bare {
        match self.on {
            On::Sqlite => Bare::Sqlite(Connection::open(self.dir.path().join("bare.db")).unwrap()),
            On::Postgres => {
                let url = Cluster::get().url(&self.name);
                let client = postgres::Client::connect(&url, postgres::NoTls).unwrap();
                Bare::Postgres(client.into(), None)
            }
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if self.on == On::Postgres {
            Cluster::get().drop_database(&self.name);
        }
    }
}

fn set_up(conn: &Connection) {
    conn.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(())).unwrap();
    conn.pragma_update(None, "synchronous", "full").unwrap();
    conn.pragma_update_and_check(None, "wal_autocheckpoint", 16_000, |_| Ok(())).unwrap();
}

impl Bare {
    /// One durable transaction.
    pub fn insert(&mut self, facts: &[Vec<u8>]) -> Took {
        timed(|| match self {
            Self::Sqlite(conn) => {
                let tx = conn.transaction().unwrap();
                for bytes in facts {
                    let mut insert =
                        tx.prepare_cached("insert into bare (bytes) values (?1)").unwrap();
                    insert.execute([bytes]).unwrap();
                }
                tx.commit().unwrap();
            }
            Self::Postgres(client, _) => {
                let sql = "insert into bare (bytes) select * from unnest($1::bytea[])";
                client.execute(sql, &[&facts]).unwrap();
            }
        })
    }

    /// The bytes at a position, by primary key.
    pub fn read(&mut self, position: i64) -> Vec<u8> {
        match self {
            Self::Sqlite(conn) => {
                let mut select = conn.prepare_cached(ROW).unwrap();
                select.query_row([position], |row| row.get(0)).unwrap()
            }
            Self::Postgres(client, row) => {
                let row = row.get_or_insert_with(|| client.prepare(ROW).unwrap());
                client.query_one(row, &[&position]).unwrap().get(0)
            }
        }
    }
}
