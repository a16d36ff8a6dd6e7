//! Moving a record from one store to another.

use crate::database::{Database, Place};
use crate::world::*;
use domain::*;
use store::{
    Disposition, Document, KeptHead, Node, OpenError, Particulars, StoreError, TransferError,
    transfer,
};

/// A record with something in every table.
fn full(db: Database) -> World {
    let mut w = World::new(db);
    w.enrol_register();
    let kept: Vec<_> = (1..4)
        .map(|n| {
            let plaintext = format!("{{\"given\":\"Invented {n} نمونه\"}}").into_bytes();
            Particulars { person: person(n), section: Section::Identity, salt: [7; 32], plaintext }
        })
        .collect();
    w.node.keep_particulars(&kept, at(1)).unwrap();
    let people = kept.iter().map(|p| (p.person, p.commitment())).collect();
    w.submit(|w| &mut w.custody, Event::Registered { unit: unit("north/w1"), people });
    let offer = w.offer(1..3);
    w.submit(|w| &mut w.escort, World::accept(1..3, offer));
    for name in ["scenario/a.toml", "scenario/B.toml", "plan/é"] {
        let bytes = name.repeat(900).into_bytes();
        let document = Document { name: name.into(), media_type: "text/plain".into(), bytes };
        w.node.put_document(&document).unwrap();
    }
    w.node.set_setting("language", "ckb").unwrap();
    assert!(w.node.submit(b"nonsense", at(5)).is_err());
    let note = w.node.checkpoint().unwrap();
    let head = KeptHead { size: w.node.position(), note, quorum: false };
    w.node.keep_head(&head).unwrap();
    assert!(w.node.keep("account", "salma", None, b"{}", Some(at(9))).unwrap());
    w
}

fn moved(from: Database, to: Database) -> (World, Place) {
    let w = full(from);
    let place = to.place();
    let done = transfer(w.node.url(), &place.url, &mut |_| {}).unwrap();
    assert_eq!((done.entries, done.root), w.node.read(|s| (s.position(), s.root())));
    assert!(done.verified.holds() && !done.before);
    assert_eq!(done.tables["sealed_section"].0, 3);
    assert_eq!(done.tables["person_key"].0, 3);
    assert_eq!(done.tables["document"].0, 3);
    assert_eq!(done.tables["refusal"].0, 1);
    // What an earlier version kept plain; here there is nothing of it.
    let rows = done.tables.iter().filter(|(table, _)| **table != "particulars");
    assert!(rows.clone().all(|(_, (rows, _))| *rows > 0), "{:?}", done.tables);
    (w, place)
}

fn everything_arrives(from: Database, to: Database) {
    let (mut w, place) = moved(from, to);
    let there = Node::open(&place.url).unwrap();
    assert_eq!(there.documents().unwrap().len(), 3);
    assert_eq!(there.setting("language").unwrap().as_deref(), Some("ckb"));
    for n in 1..4 {
        assert_eq!(
            there.sections_kept(person(n)).unwrap(),
            w.node.sections_kept(person(n)).unwrap()
        );
    }
    assert_eq!(there.refusals(9).unwrap(), w.node.refusals(9).unwrap());
    assert_eq!(there.entries(0..99).unwrap(), w.node.entries(0..99).unwrap());
    assert_eq!(there.vkey().unwrap(), w.node.vkey().unwrap());
    assert_eq!(there.checkpoint().unwrap(), w.node.checkpoint().unwrap());
    // From now on the record is there, and there only.
    let count = Muster::ByNumber { expected: 1, counted: 1 };
    let event = Event::MusterTaken { site: SiteId::new("north").unwrap(), count };
    let entry = w.sign(|w| &mut w.custody, event);
    assert_eq!(w.node.submit(&entry.bytes, at(50)).unwrap_err().code(), "storage");
    there.submit(&entry.bytes, at(50)).unwrap();
    let verified = store::verify(&place.url, &mut |_| {}).unwrap();
    assert!(verified.holds());
    // The register's key went along.
    assert!(verified.sections.iter().all(|v| v.disposition == Disposition::Matches));
    assert_eq!(verified.sections.len(), 3);
    assert_eq!(w.findings(), [""; 0]);
    let again = transfer(w.node.url(), &to.place().url, &mut |_| {});
    assert!(matches!(again, Err(TransferError::Moved { .. })));
}

#[test]
fn from_sqlite_to_postgres() {
    everything_arrives(Database::Sqlite, Database::Postgres);
}

#[test]
fn from_postgres_to_sqlite() {
    everything_arrives(Database::Postgres, Database::Sqlite);
}

#[test]
fn a_place_that_holds_something_is_left_alone() {
    for to in [Database::Sqlite, Database::Postgres] {
        let w = full(Database::Sqlite);
        let other = World::with_a_short_story(to);
        let root = other.node.read(|s| s.root());
        let refused = transfer(w.node.url(), other.node.url(), &mut |_| {});
        let exists = matches!(&refused, Err(TransferError::Open(OpenError::Exists(_))));
        assert!(exists, "{refused:?}");
        assert_eq!(Node::open(other.node.url()).unwrap().read(|s| s.root()), root);
        let mut w = w;
        w.register(8, 9);
    }
}

/// A run that was cut off after the commit at the new place: the next one finds all there.
#[test]
fn a_second_run_finishes_the_first() {
    let (w, place) = moved(Database::Sqlite, Database::Postgres);
    w.place.sql("delete from setting where key = 'moved.to'");
    assert!(transfer(w.node.url(), &place.url, &mut |_| {}).unwrap().before);
    let refused = w.node.put_document(&Document {
        name: "late".into(),
        media_type: "text/plain".into(),
        bytes: vec![],
    });
    assert!(matches!(refused, Err(StoreError::Moved(_))), "{refused:?}");
}

#[test]
fn an_unsound_record_stays_where_it_is() {
    let w = full(Database::Sqlite);
    w.place.plant("update custody set place = 'elsewhere'");
    let place = Database::Postgres.place();
    let refused = transfer(w.node.url(), &place.url, &mut |_| {});
    assert!(matches!(refused, Err(TransferError::Unsound(_))));
    assert!(matches!(Node::open(&place.url), Err(OpenError::Missing(_))));
}

/// Whoever adds a table and forgets to move it hears of it here.
#[test]
fn every_table_is_moved() {
    let (w, place) = moved(Database::Sqlite, Database::Postgres);
    let done = transfer(&place.url, &Database::Sqlite.place().url, &mut |_| {}).unwrap();
    let mut moved: Vec<_> = done.tables.keys().map(|t| t.to_string()).collect();
    moved.push("migration".to_owned());
    moved.sort();
    let tables = "select table_name::text from information_schema.tables \
                  where table_schema = 'public' order by table_name collate \"C\"";
    let rows = place.client().query(tables, &[]).unwrap();
    assert_eq!(moved, rows.iter().map(|r| r.get(0)).collect::<Vec<String>>());
    let conn = rusqlite::Connection::open(w.place.file()).unwrap();
    let sql = "select name from sqlite_schema where type = 'table' order by name";
    let names = conn.prepare(sql).unwrap().query_map([], |r| r.get(0)).unwrap().collect();
    assert_eq!(moved, Result::<Vec<String>, _>::unwrap(names));
}
