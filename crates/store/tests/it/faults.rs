//! Faults planted in the file: each is found, and named. And faults while writing: nothing of them
//! stays.

use crate::world::*;
use domain::*;
use rusqlite::Connection;
use store::{Check, Node};

/// Plants SQL into a sound record of nine entries, past the triggers that would refuse it.
fn planted(sql: &str) -> World {
    let w = World::with_a_short_story();
    assert_eq!(w.findings(), [""; 0]);
    let conn = Connection::open(w.file()).unwrap();
    conn.execute_batch(
        "drop trigger entry_is_never_changed; drop trigger entry_is_never_deleted;
         drop trigger head_is_never_deleted;",
    )
    .unwrap();
    conn.execute_batch(sql).unwrap();
    w
}

#[track_caller]
fn check(sql: &str, findings: &[&str]) {
    assert_eq!(planted(sql).findings(), findings);
}

#[test]
fn the_triggers_refuse_what_the_tests_plant() {
    let w = World::with_a_short_story();
    let conn = Connection::open(w.file()).unwrap();
    for sql in ["update entry set recorded_at = 0", "delete from entry", "delete from head"] {
        let refused = conn.execute_batch(sql).unwrap_err().to_string();
        assert!(refused.contains("never"), "{refused}");
    }
}

#[test]
fn a_tampered_byte() {
    // In the signature: it reads well, and is another entry than was signed.
    let w = planted(
        "update entry set bytes = cast(substr(bytes, 1, length(bytes) - 1) || x'00' as blob) where position = 4",
    );
    let findings = w.findings();
    for code in ["entry-changed@4", "bad-signature@4", "head-root"] {
        assert!(findings.iter().any(|f| f == code), "{code}: {findings:?}");
    }
    assert!(Node::open(w.node.url()).is_err());
}

/// Whoever rewrites bytes, hash and even the head still cannot sign.
#[test]
fn a_forger_without_the_key() {
    let w = World::with_a_short_story();
    let report = store::verify(w.node.url(), &mut |_| {}).unwrap();
    let mut forged = w.node.entries(6..7).unwrap().pop().unwrap();
    let n = forged.len();
    forged[n - 10] ^= 1;
    let mut tree = log::Tree::new();
    for (i, entry) in w.node.entries(0..9).unwrap().iter().enumerate() {
        tree.append(log::merkle::leaf_hash(if i == 6 { &forged } else { entry }));
    }
    let conn = Connection::open(w.file()).unwrap();
    conn.execute_batch("drop trigger entry_is_never_changed").unwrap();
    conn.execute(
        "update entry set bytes = ?1, hash = ?2 where position = 6",
        rusqlite::params![forged, log::hash_of(&forged).0],
    )
    .unwrap();
    conn.execute(
        "update head set root = ?1, edge = ?2",
        rusqlite::params![tree.root(), tree.edge().to_bytes()],
    )
    .unwrap();
    assert_eq!(w.findings(), ["bad-signature@6"]);
    let signatures = Node::open_with(w.node.url(), Check::Signatures);
    assert!(signatures.is_err());
    // And a checkpoint signed before shows the rewriting even to who holds no key.
    assert_ne!(store::verify(w.node.url(), &mut |_| {}).unwrap().root, report.root);
}

#[test]
fn a_deleted_entry() {
    let w = planted("delete from entry where position = 7");
    let findings = w.findings();
    for code in ["entry-missing@8", "head-size", "head-root"] {
        assert!(findings.iter().any(|f| f == code), "{code}: {findings:?}");
    }
    assert!(Node::open(w.node.url()).is_err());
}

/// The tail can be cut without a trace in the entries; the head tells.
#[test]
fn a_cut_tail() {
    check(
        "delete from entry where position = 7; delete from entry where position = 8;
         delete from posting where position > 6; ",
        &["head-size", "head-root", "custody-differs", "custody-differs"],
    );
}

#[test]
fn a_changed_head() {
    check("update head set root = zeroblob(32)", &["head-root"]);
    check("update head set size = 10", &["head-size"]);
    check("update head set size = 7", &["head-unreadable"]);
    check("delete from head", &["head-unreadable"]);
}

#[test]
fn changed_read_models() {
    check(
        "update custody set place = 'north/w2' where person like 'A-000011-%'",
        &["custody-differs"],
    );
    check("delete from custody where person like 'A-000011-%'", &["custody-missing"]);
    check(
        "insert into custody (person, state, contested) values ('A-999999-4', 'held', 0)",
        &["custody-extra"],
    );
    check(
        "update posting set to_authority = 'justice' where position = 4 and person like 'A-000001-%'",
        &["posting-differs@4"],
    );
    check("delete from posting where position = 5", &["posting-missing@5"]);
    check(
        "insert into posting select 6, person, from_authority, from_place, to_authority, to_place,
         registered, recovered, exits from posting where position = 5",
        &["posting-extra@6"],
    );
}

#[test]
fn a_changed_identity() {
    let w = planted("update setting set value = 'amana.test/elsewhere' where key = 'origin'");
    assert_eq!(w.findings().len(), 9, "no signature holds for another log");
    let w = planted("update setting set value = 'other' where key = 'operation'");
    assert!(w.findings().iter().all(|f| f.starts_with("wrong-operation")));
}

/// A file torn by the disk: pages overwritten with noise.
#[test]
fn a_damaged_page() {
    let w = World::with_a_short_story();
    drop(w.node);
    let path = w.dir.path().join("record.db");
    let mut bytes = std::fs::read(&path).unwrap();
    assert!(!w.dir.path().join("record.db-wal").exists(), "closing folds the log in");
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
#[test]
fn a_failed_append_leaves_nothing() {
    let mut w = World::new();
    w.register(1, 3);
    let root = w.node.read(|s| s.root());
    let conn = Connection::open(w.file()).unwrap();
    conn.execute_batch(
        "create trigger full before insert on custody when new.person like 'A-000002-%'
         begin select raise(abort, 'disk full'); end",
    )
    .unwrap();
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

    conn.execute_batch("drop trigger full").unwrap();
    assert!(w.node.submit_all(&group, at(10)).iter().all(Result::is_ok));
    assert_eq!(w.node.read(|s| s.books.answered_for()), 0);
    assert_eq!(w.findings(), [""; 0]);
}

/// A process that dies in the middle of a transaction, as far as its file goes.
#[test]
fn an_abandoned_transaction_is_not_there() {
    let mut w = World::new();
    w.register(1, 3);
    let dying = Connection::open(w.file()).unwrap();
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
#[test]
fn a_file_changed_underneath_stops_the_writer() {
    let mut w = World::new();
    w.register(1, 3);
    let conn = Connection::open(w.file()).unwrap();
    conn.execute("update head set root = zeroblob(32)", []).unwrap();
    let people = w.links(1..2);
    let entry = w.sign(|w| &mut w.custody, Event::Exited { why: ExitReason::Released, people });
    for _ in 0..2 {
        assert_eq!(w.node.submit(&entry.bytes, at(9)).unwrap_err().code(), "storage");
    }
    assert_eq!(w.node.read(|s| s.books.answered_for()), 2);
}
