//! The tables, step by step. Both databases have the same steps by number and name.

use super::{Rows, Store, Value};
use crate::error::StoreError;
use std::collections::BTreeSet;

/// A step from one shape of the tables to the next. Never edited once released.
pub(crate) struct Migration {
    /// The file's name without its ending, as `0001-record`.
    pub name: &'static str,
    pub sqlite: &'static str,
    pub postgres: &'static str,
}

impl Migration {
    pub fn number(&self) -> u32 {
        let digits = self.name.split('-').next();
        digits.and_then(|d| d.parse().ok()).expect("names begin with a number; a test says so")
    }
}

macro_rules! migration {
    ($name:literal) => {
        Migration {
            name: $name,
            sqlite: include_str!(concat!("../../migrations/sqlite/", $name, ".sql")),
            postgres: include_str!(concat!("../../migrations/postgres/", $name, ".sql")),
        }
    };
}

/// In the order they apply. Numbers may have gaps.
pub(crate) const MIGRATIONS: &[Migration] = &[
    migration!("0001-record"),
    migration!("0002-read-models"),
    migration!("0003-register"),
    migration!("0008-cosigned-heads"),
    migration!("0020-cabinet"),
    migration!("0031-sealed-sections"),
];

/// The highest number known here.
pub(crate) fn newest() -> u32 {
    MIGRATIONS.last().map_or(0, Migration::number)
}

/// Applies what is not among `applied`, in one transaction, and says so in the table `migration`.
pub(crate) fn migrate(
    store: &dyn Store,
    applied: &BTreeSet<u32>,
    script: fn(&Migration) -> &'static str,
) -> Result<(), StoreError> {
    if MIGRATIONS.iter().all(|m| applied.contains(&m.number())) {
        return Ok(());
    }
    let turn = store.turn()?;
    let table = "create table if not exists migration \
                 (number bigint primary key, name text not null)";
    turn.script("make the table of migrations", table)?;
    // Another process may have been first; and the oldest files count without the table.
    let sql = "select number from migration";
    let done = turn.all("read the migrations", sql, &[], |row| row.get::<i64>(0))?;
    let mut done: BTreeSet<u32> = done.into_iter().map(|number| number as u32).collect();
    done.extend(applied);
    for migration in MIGRATIONS {
        if !done.contains(&migration.number()) {
            turn.script("migrate the database", script(migration))?;
        }
        let row = [Value::Int(migration.number().into()), migration.name.into()];
        let sql = "insert into migration (number, name) values ($1, $2) on conflict do nothing";
        turn.execute("note a migration", sql, &row)?;
    }
    turn.commit("commit the migrations")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn both_databases_have_the_same_steps() {
        let listed: Vec<_> = MIGRATIONS.iter().map(|m| format!("{}.sql", m.name)).collect();
        for database in ["sqlite", "postgres"] {
            let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(database);
            let files = std::fs::read_dir(dir).unwrap();
            let mut files: Vec<_> =
                files.map(|f| f.unwrap().file_name().into_string().unwrap()).collect();
            files.sort();
            assert_eq!(files, listed, "{database}");
        }
        let numbers: Vec<_> = MIGRATIONS.iter().map(Migration::number).collect();
        assert!(numbers.is_sorted_by(|a, b| a < b), "{numbers:?}");
    }
}
