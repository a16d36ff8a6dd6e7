//! A database restored from an old backup: no smaller or other tree is signed than one before.

use crate::database::{Database, Place, on_both};
use crate::world::*;
use domain::*;
use store::{Node, StoreError};

on_both!(
    an_old_backup_signs_nothing,
    a_record_rewritten_after_it_was_signed_signs_nothing,
    the_newer_copy_goes_on,
    one_size_is_signed_once,
);

/// Everything in the database, to put back later.
struct Backup(Vec<u8>);

fn back_up(place: &Place) -> Backup {
    match place.database {
        Database::Sqlite => {
            let copy = place.dir.path().join("backup");
            place.sql(&format!("vacuum into '{}'", copy.display()));
            let bytes = std::fs::read(&copy).unwrap();
            std::fs::remove_file(copy).unwrap();
            Backup(bytes)
        }
        Database::Postgres => Backup(place.client_program("pg_dump", &["--clean"], &[])),
    }
}

fn restore(place: &Place, backup: &Backup) {
    match place.database {
        Database::Sqlite => {
            for file in ["record.db-wal", "record.db-shm"] {
                let _ = std::fs::remove_file(place.dir.path().join(file));
            }
            std::fs::write(place.file(), &backup.0).unwrap();
        }
        Database::Postgres => {
            place.client_program("psql", &["--quiet", "--set=ON_ERROR_STOP=1"], &backup.0);
        }
    }
}

fn count(n: u32) -> Event {
    let site = SiteId::new("north").unwrap();
    Event::MusterTaken { site, count: Muster::ByNumber { expected: n, counted: n } }
}

/// A record of three entries, backed up, then of five, signed; and then the backup put back.
fn restored(db: Database) -> (World, Backup) {
    let mut w = World::new(db);
    w.submit(|w| &mut w.custody, count(1));
    w.submit(|w| &mut w.custody, count(2));
    w.node.checkpoint().unwrap();
    let old = back_up(&w.place);
    w.submit(|w| &mut w.custody, count(3));
    w.submit(|w| &mut w.custody, count(4));
    w.node.checkpoint().unwrap();
    let new = back_up(&w.place);
    let w = w.reopened(|place| restore(place, &old));
    assert_eq!(w.node.position(), 3);
    (w, new)
}

fn an_old_backup_signs_nothing(db: Database) {
    let (mut w, _) = restored(db);
    let refused = w.node.checkpoint();
    assert!(
        matches!(refused, Err(StoreError::RolledBack { signed: 5, now: 3, .. })),
        "{refused:?}"
    );
    // Nor is anything else signed that stands on it, as a statement.
    let refused = w.node.signing_key().map(|_| ());
    assert!(matches!(refused, Err(StoreError::RolledBack { signed: 5, now: 3, .. })));
    // What would be appended now could never agree with what was signed.
    let entry = w.sign(|w| &mut w.escort, count(9));
    assert_eq!(w.node.submit(&entry.bytes, at(9)).unwrap_err().code(), "storage");
    assert_eq!(w.node.position(), 3);
    assert_eq!(w.findings(), ["signed-head"]);
}

fn a_record_rewritten_after_it_was_signed_signs_nothing(db: Database) {
    let (w, _) = restored(db);
    // An operator who takes the guard away and appends something else, then puts it back.
    let signed = w.place.dir.path().join("record.db.key.signed");
    let aside = w.place.dir.path().join("aside");
    std::fs::rename(&signed, &aside).unwrap();
    let mut w = w.reopened(|_| ());
    for n in 0..4 {
        w.submit(|w| &mut w.escort, count(n));
    }
    std::fs::rename(&aside, &signed).unwrap();
    let refused = w.node.checkpoint();
    assert!(matches!(refused, Err(StoreError::Rewritten { signed: 5, .. })), "{refused:?}");
    assert_eq!(w.findings(), ["signed-head"]);
}

fn the_newer_copy_goes_on(db: Database) {
    let (w, new) = restored(db);
    let mut w = w.reopened(|place| restore(place, &new));
    assert_eq!(w.findings(), [""; 0]);
    w.node.checkpoint().unwrap();
    w.submit(|w| &mut w.escort, count(9));
    w.node.checkpoint().unwrap();
}

fn one_size_is_signed_once(db: Database) {
    let w = World::new(db);
    let other = Node::open(w.node.url()).unwrap();
    assert_eq!(w.node.checkpoint().unwrap(), other.checkpoint().unwrap());
    // A node that has not looked lately does not take itself for rolled back.
    let mut w = w;
    w.submit(|w| &mut w.custody, count(1));
    let newer = w.node.checkpoint().unwrap();
    assert_eq!(other.checkpoint().unwrap(), newer);
}
