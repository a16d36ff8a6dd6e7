//! Faults planted in the file: each is found, and named. And faults while writing: nothing of them
//! stays.

use crate::database::{Database, on_both};
use crate::world::*;
use domain::*;
use rusqlite::Connection;
use store::{Check, Node};

on_both!(
    the_triggers_refuse_what_the_tests_plant,
    a_tampered_byte,
    a_forger_without_the_key,
    a_deleted_entry,
    a_cut_tail,
    a_changed_head,
    changed_read_models,
    a_changed_identity,
    a_failed_append_leaves_nothing,
    a_file_changed_underneath_stops_the_writer,
);

/// Plants SQL into a sound record of nine entries, past the triggers that would refuse it.
fn planted(db: Database, sql: &str) -> World {
    let w = World::with_a_short_story(db);
    assert_eq!(w.findings(), [""; 0]);
    w.place.plant(sql);
    w
}

#[track_caller]
fn check(db: Database, sql: &str, findings: &[&str]) {
    assert_eq!(planted(db, sql).findings(), findings);
}

fn the_triggers_refuse_what_the_tests_plant(db: Database) {
    let w = World::with_a_short_story(db);
    for sql in ["update entry set recorded_at = 0", "delete from entry", "delete from head"] {
        let refused = w.place.try_sql(sql).unwrap_err();
        assert!(refused.contains("never"), "{refused}");
    }
}

fn a_tampered_byte(db: Database) {
    let w = World::with_a_short_story(db);
    // In the signature: it reads well, and is another entry than was signed.
    let mut bytes = w.node.entries(4..5).unwrap().pop().unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    w.place.plant_entry(4, &bytes, false);
    let findings = w.findings();
    for code in ["entry-changed@4", "bad-signature@4", "head-root"] {
        assert!(findings.iter().any(|f| f == code), "{code}: {findings:?}");
    }
    assert!(Node::open(w.node.url()).is_err());
}

/// Whoever rewrites bytes, hash and even the head still cannot sign.
fn a_forger_without_the_key(db: Database) {
    let w = World::with_a_short_story(db);
    let report = store::verify(w.node.url(), &mut |_| {}).unwrap();
    let mut forged = w.node.entries(6..7).unwrap().pop().unwrap();
    let n = forged.len();
    forged[n - 10] ^= 1;
    let mut tree = log::Tree::new();
    for (i, entry) in w.node.entries(0..9).unwrap().iter().enumerate() {
        tree.append(log::merkle::leaf_hash(if i == 6 { &forged } else { entry }));
    }
    w.place.plant_entry(6, &forged, true);
    w.place.plant_head(&tree.edge());
    assert_eq!(w.findings(), ["bad-signature@6"]);
    let signatures = Node::open_with(w.node.url(), Check::Signatures);
    assert!(signatures.is_err());
    // And a checkpoint signed before shows the rewriting even to who holds no key.
    assert_ne!(store::verify(w.node.url(), &mut |_| {}).unwrap().root, report.root);
}

fn a_deleted_entry(db: Database) {
    let w = planted(db, "delete from entry where position = 7");
    let findings = w.findings();
    for code in ["entry-missing@8", "head-size", "head-root"] {
        assert!(findings.iter().any(|f| f == code), "{code}: {findings:?}");
    }
    assert!(Node::open(w.node.url()).is_err());
}

/// The tail can be cut without a trace in the entries; the head tells.
fn a_cut_tail(db: Database) {
    check(
        db,
        "delete from entry where position = 7; delete from entry where position = 8;
         delete from posting where position > 6; ",
        &["head-size", "head-root", "custody-differs", "custody-differs"],
    );
}

fn a_changed_head(db: Database) {
    check(db, "update head set root = {hash}", &["head-root"]);
    check(db, "update head set size = 10", &["head-size"]);
    check(db, "update head set size = 7", &["head-unreadable"]);
    check(db, "delete from head", &["head-unreadable"]);
}

fn changed_read_models(db: Database) {
    check(
        db,
        "update custody set place = 'north/w2' where person like 'A-000011-%'",
        &["custody-differs"],
    );
    check(db, "delete from custody where person like 'A-000011-%'", &["custody-missing"]);
    check(
        db,
        "insert into custody (person, state, contested) values ('A-999999-4', 'held', false)",
        &["custody-extra"],
    );
    check(
        db,
        "update posting set to_authority = 'justice' where position = 4 and person like 'A-000001-%'",
        &["posting-differs@4"],
    );
    check(db, "delete from posting where position = 5", &["posting-missing@5"]);
    check(
        db,
        "insert into posting select 6, person, from_authority, from_place, to_authority, to_place,
         registered, recovered, exits from posting where position = 5",
        &["posting-extra@6"],
    );
}

fn a_changed_identity(db: Database) {
    let w = planted(db, "update setting set value = 'amana.test/elsewhere' where key = 'origin'");
    assert_eq!(w.findings().len(), 9, "no signature holds for another log");
    let w = planted(db, "update setting set value = 'other' where key = 'operation'");
    assert!(w.findings().iter().all(|f| f.starts_with("wrong-operation")));
}

/// A file torn by the disk: pages overwritten with noise.
#[test]
fn a_damaged_page() {
    let w = World::with_a_short_story(Database::Sqlite);
    drop(w.node);
    let path = w.place.file();
    let mut bytes = std::fs::read(&path).unwrap();
    assert!(!w.place.dir.path().join("record.db-wal").exists(), "closing folds the log in");
    for at in (4096..bytes.len()).step_by(4096).skip(1) {
        bytes[at..at + 64].fill(0xa5);
    }
    std::fs::write(&path, bytes).unwrap();
    let url = format!("sqlite:{}", path.display());
    assert!(Node::open(&url).is_err());
    match store::verify(&url, &mut |_| {}) {
        Ok(report) => assert!(!report.holds()),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

/// The database fails in the middle of a group: nothing of it stays, the state is as it was, and
/// the next try succeeds.
fn a_failed_append_leaves_nothing(db: Database) {
    let mut w = World::new(db);
    w.register(1, 3);
    let root = w.node.read(|s| s.root());
    let (refuse, go_on) = match db {
        Database::Sqlite => (
            "create trigger full before insert on custody when new.person like 'A-000002-%'
             begin select raise(abort, 'disk full'); end",
            "drop trigger full",
        ),
        Database::Postgres => (
            "alter table custody add constraint no_room check (person not like 'A-000002-%') not valid",
            "alter table custody drop constraint no_room",
        ),
    };
    w.place.sql(refuse);
    let released = |people| Event::Exited { why: ExitReason::Released, people };
    let (one, two) = (w.links(1..2), w.links(2..3));
    let one = w.sign(|w| &mut w.custody, released(one));
    let two = w.sign(|w| &mut w.custody, released(two));
    let group = [&one.bytes, &two.bytes];
    let codes: Vec<_> =
        w.node.submit_all(&group, at(9)).iter().map(|r| r.as_ref().unwrap_err().code()).collect();
    assert_eq!(codes, ["storage", "storage"]);
    assert_eq!((w.node.position(), w.node.read(|s| s.root())), (2, root));
    assert_eq!(w.node.read(|s| s.books.answered_for()), 2);
    assert_eq!(w.findings(), [""; 0]);

    w.place.sql(go_on);
    assert!(w.node.submit_all(&group, at(10)).iter().all(Result::is_ok));
    assert_eq!(w.node.read(|s| s.books.answered_for()), 0);
    assert_eq!(w.findings(), [""; 0]);
}

/// A process that dies in the middle of a transaction, as far as its file goes.
#[test]
fn an_abandoned_transaction_is_not_there() {
    let mut w = World::new(Database::Sqlite);
    w.register(1, 3);
    let dying = Connection::open(w.place.file()).unwrap();
    dying.execute_batch("begin immediate").unwrap();
    dying
        .execute(
            "insert into entry select 2, hash, bytes, 0, device, 9 from entry where position = 1",
            [],
        )
        .unwrap();
    dying.execute("update head set size = 3", []).unwrap();
    drop(dying);
    let again = Node::open(w.node.url()).unwrap();
    assert_eq!(again.position(), 2);
    w.register(3, 4);
    assert_eq!(w.findings(), [""; 0]);
}

/// Somebody writes past us: this process notices before it appends, stops writing, keeps reading.
fn a_file_changed_underneath_stops_the_writer(db: Database) {
    let mut w = World::new(db);
    w.register(1, 3);
    w.place.plant("update head set root = {hash}");
    let people = w.links(1..2);
    let entry = w.sign(|w| &mut w.custody, Event::Exited { why: ExitReason::Released, people });
    for _ in 0..2 {
        assert_eq!(w.node.submit(&entry.bytes, at(9)).unwrap_err().code(), "storage");
    }
    assert_eq!(w.node.read(|s| s.books.answered_for()), 2);
}
