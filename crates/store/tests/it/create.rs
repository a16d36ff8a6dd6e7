use crate::database::{Database, on_both};
use crate::world::*;
use domain::*;
use jiff::Timestamp;
use log::{Checkpoint, NoteVerifier};
use std::os::unix::fs::PermissionsExt;
use store::{Check, Node, OpenError};

on_both!(
    a_record_is_created_once,
    the_log_key_is_its_owners_alone_and_never_overwritten,
    only_a_party_opens_an_operation,
    devices_are_enrolled_with_the_opening_or_there_is_none,
    a_newer_file_is_left_alone,
    reopening_refolds_to_the_same,
    entries_prove_themselves_under_a_checkpoint,
    a_record_opens_without_its_log_key,
);

fn a_record_is_created_once(db: Database) {
    let w = World::new(db);
    assert_eq!(w.node.position(), 1);
    assert_eq!(w.node.origin(), ORIGIN);
    assert_eq!(w.node.operation().as_str(), "small");
    let again = Node::create(w.node.url(), genesis(opening(&mut chain("custody", 1), &PARTIES)));
    assert!(matches!(again, Err(OpenError::Exists(_))));
    assert_eq!(w.findings(), [""; 0]);
}

fn the_log_key_is_its_owners_alone_and_never_overwritten(db: Database) {
    let w = World::new(db);
    let mode = std::fs::metadata(w.place.key_file()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let other = db.place();
    std::fs::write(other.key_file(), "somebody's").unwrap();
    let refused = Node::create(&other.url, genesis(opening(&mut chain("custody", 1), &PARTIES)));
    assert!(matches!(refused, Err(OpenError::Exists(_))));
    assert!(!other.file().exists());
    assert!(matches!(Node::open(&other.url), Err(OpenError::Missing(_))));
    assert_eq!(std::fs::read_to_string(other.key_file()).unwrap(), "somebody's");
}

fn only_a_party_opens_an_operation(db: Database) {
    let place = db.place();
    let by_stranger = opening(&mut chain("custody", 7), &PARTIES);
    let for_another = opening(&mut chain("justice", 1), &PARTIES);
    let mut custody = chain("custody", 1);
    let something_else = Event::IncidentReported {
        site: SiteId::new("north").unwrap(),
        kind: IncidentKind::Breakdown,
    };
    let something_else =
        custody.sign(log::fact_id(0, [0; 10]), at(0), something_else).unwrap().bytes;
    let mut elsewhere = chain("custody", 1);
    elsewhere.origin = "amana.test/elsewhere".to_owned();
    let elsewhere = opening(&mut elsewhere, &PARTIES);
    for opening in [by_stranger, for_another, something_else, elsewhere, vec![0]] {
        let refused = Node::create(&place.url, genesis(opening));
        assert!(matches!(refused, Err(OpenError::Opening(_))));
    }
    assert_eq!(std::fs::read_dir(place.dir.path()).unwrap().count(), 0);
}

fn devices_are_enrolled_with_the_opening_or_there_is_none(db: Database) {
    let place = db.place();
    let mut custody = chain("custody", 1);
    let opening = opening(&mut custody, &PARTIES);
    let enrolled = |by: &mut log::DeviceChain| {
        let key = log::public_key(&log::SigningKey::from_bytes(&[40; 32]));
        let event = Event::DeviceEnrolled { key, role: Role::Register, site: None, term: None };
        by.sign(log::fact_id(1, [1; 10]), at(0), event).unwrap().bytes
    };
    let by_another = enrolled(&mut chain("justice", 2));
    let breakdown = Event::IncidentReported {
        site: SiteId::new("north").unwrap(),
        kind: IncidentKind::Breakdown,
    };
    let mut saying = custody.clone();
    let breakdown = saying.sign(log::fact_id(1, [1; 10]), at(0), breakdown).unwrap().bytes;
    let its_own = enrolled(&mut custody);
    for wrong in [by_another, breakdown, vec![0]] {
        let with = [its_own.clone(), wrong];
        let refused = Node::create_with(&place.url, genesis(opening.clone()), &with);
        assert!(matches!(refused, Err(OpenError::Opening(_))));
        assert_eq!(std::fs::read_dir(place.dir.path()).unwrap().count(), 0);
    }
    let node = Node::create_with(&place.url, genesis(opening), &[its_own]).unwrap();
    assert_eq!(node.position(), 2);
    assert_eq!(node.read(|state| state.record.keys().devices().count()), PARTIES.len() + 1);
    drop(node);
    assert!(store::verify(&place.url, &mut |_| {}).unwrap().holds());
}

#[test]
fn opening_what_is_not_there_or_not_ours() {
    let dir = tempfile::TempDir::new().unwrap();
    let path = dir.path().join("r.db");
    let url = format!("sqlite:{}", path.display());
    assert!(matches!(Node::open(&url), Err(OpenError::Missing(_))));
    assert!(!path.exists());
    std::fs::write(&path, "not a database, whatever its name says, but some text".repeat(40))
        .unwrap();
    assert!(matches!(Node::open(&url), Err(OpenError::Foreign(_))));
    std::fs::remove_file(&path).unwrap();
    let other = rusqlite::Connection::open(&path).unwrap();
    other.execute_batch("create table other (x)").unwrap();
    assert!(matches!(Node::open(&url), Err(OpenError::Foreign(_))));
    for bad in ["", "a.db", "sqlite:", "mysql:x"] {
        assert!(matches!(Node::open(bad), Err(OpenError::Url(_))), "{bad}");
    }
}

fn a_newer_file_is_left_alone(db: Database) {
    let w = World::new(db);
    w.place.sql("insert into migration (number, name) values (99, 'later')");
    assert!(matches!(Node::open(w.node.url()), Err(OpenError::Newer { found: 99, .. })));
}

fn reopening_refolds_to_the_same(db: Database) {
    let w = World::with_a_short_story(db);
    for check in [Check::Fold, Check::Signatures] {
        let again = Node::open_with(w.node.url(), check).unwrap();
        w.node.read(|a| {
            again.read(|b| {
                assert_eq!(a.position(), b.position());
                assert_eq!(a.root(), b.root());
                assert_eq!(a.books, b.books);
                assert!(a.record.people().eq(b.record.people()));
                assert_eq!(a.record.devices().len(), b.record.devices().len());
                for position in 0..a.position() {
                    let (a, b) = (a.at(position).unwrap(), b.at(position).unwrap());
                    assert_eq!(a.fact, b.fact);
                    assert_eq!(a.recorded_at, b.recorded_at);
                }
            })
        });
    }
}

fn entries_prove_themselves_under_a_checkpoint(db: Database) {
    let w = World::with_a_short_story(db);
    let verifier = NoteVerifier::parse(&w.node.vkey().unwrap()).unwrap();
    let checkpoint = Checkpoint::open(&w.node.checkpoint().unwrap(), &verifier).unwrap();
    assert_eq!(checkpoint.size, w.node.position());
    for entry in w.node.facts(0..u64::MAX) {
        let (position, bytes) = w.node.entry(&entry.fact.hash).unwrap().unwrap();
        assert_eq!(position, entry.position);
        let proof = w.node.inclusion(&entry.fact.hash).unwrap();
        let leaf = log::merkle::leaf_hash(&bytes);
        log::merkle::verify_inclusion(
            position,
            checkpoint.size,
            &leaf,
            &proof.proof,
            &checkpoint.root,
        )
        .unwrap();
    }
    assert_eq!(w.node.inclusion(&FactHash([0; 32])), None);
    assert_eq!(w.node.entry(&FactHash([0; 32])).unwrap(), None);
}

/// Without the key everything can be read, and nothing is signed.
fn a_record_opens_without_its_log_key(db: Database) {
    let w = World::new(db);
    std::fs::remove_file(w.place.key_file()).unwrap();
    let again = Node::open(w.node.url()).unwrap();
    assert_eq!(again.position(), 1);
    assert!(again.checkpoint().is_err());
    assert_eq!(w.node.read(|s| s.at(0).map(|e| e.recorded_at)), Some(at(0)));
    assert_eq!(at(0), Timestamp::from_second(1_769_018_400).unwrap());
}
