//! One appends at a time, whatever becomes of whoever has the turn.

use crate::children::rounds;
use crate::database::{Database, on_both};
use crate::world::*;
use domain::*;
use store::Node;

on_both!(a_head_that_moved_fails_the_swap, readers_never_see_a_gap);

fn count(n: u32) -> Event {
    let site = SiteId::new("north").unwrap();
    Event::MusterTaken { site, count: Muster::ByNumber { expected: n, counted: n } }
}

/// As if another process had appended in spite of the lock, between our reading and our writing.
fn a_head_that_moved_fails_the_swap(db: Database) {
    let mut w = World::new(db);
    w.register(1, 3);
    let root = w.node.read(|s| s.root());
    w.place.sql(match db {
        Database::Sqlite => {
            "create trigger other after insert on entry begin update head set size = size + 1; end"
        }
        Database::Postgres => {
            "create function other() returns trigger language plpgsql as
             $$ begin update head set size = size + 1; return null; end $$;
             create trigger other after insert on entry
             for each statement execute function other()"
        }
    });
    let entry = w.sign(|w| &mut w.custody, count(1));
    let refused = w.node.submit(&entry.bytes, at(5)).unwrap_err();
    assert!(refused.code() == "storage", "{refused:?}");
    assert_eq!((w.node.position(), w.node.read(|s| s.root())), (2, root));
    w.place.sql(match db {
        Database::Sqlite => "drop trigger other",
        Database::Postgres => "drop trigger other on entry",
    });
    // Nothing of it stayed; this process does not trust itself any more, another one may go on.
    assert_eq!(w.findings(), [""; 0]);
    assert_eq!(w.node.submit(&entry.bytes, at(6)).unwrap_err().code(), "storage");
    assert_eq!(Node::open(&w.place.url).unwrap().submit(&entry.bytes, at(7)).unwrap().position, 2);
}

/// Somebody holds the turn and does nothing: others wait, and go on once it is cut off.
#[test]
fn a_hanging_sequencer_is_cut_off() {
    let mut w = World::new(Database::Postgres);
    let mut hanging = w.place.client();
    hanging
        .batch_execute(
            "set idle_in_transaction_session_timeout = '2s';
             begin; select pg_advisory_xact_lock(1095582030);
             update head set size = 7",
        )
        .unwrap();
    let entry = w.sign(|w| &mut w.custody, count(1));
    let waiting = "select count(*) from pg_locks where locktype = 'advisory' and not granted \
                   and database = (select oid from pg_database where datname = current_database())";
    let mut watch = w.place.client();
    let receipt = std::thread::scope(|scope| {
        let submitting = scope.spawn(|| w.node.submit(&entry.bytes, at(5)).unwrap());
        while watch.query_one(waiting, &[]).unwrap().get::<_, i64>(0) == 0 {
            std::thread::yield_now();
        }
        assert_eq!(w.node.position(), 1);
        submitting.join().unwrap()
    });
    assert_eq!(receipt.position, 1);
    assert!(hanging.batch_execute("commit").is_err(), "it lost its transaction");
    assert_eq!(w.findings(), [""; 0]);
}

/// The server restarts: what was not acknowledged fails, and the next submission goes through.
#[test]
fn connections_that_were_cut_are_made_anew() {
    let mut w = World::new(Database::Postgres);
    for n in 0..3 {
        let cut = "select pg_terminate_backend(pid) from pg_stat_activity \
                   where datname = current_database() and pid <> pg_backend_pid()";
        w.place.client().batch_execute(cut).unwrap();
        let entry = w.sign(|w| &mut w.custody, count(n));
        assert_eq!(w.node.submit(&entry.bytes, at(5)).unwrap().position, u64::from(n) + 1);
        assert_eq!(w.node.entries(0..9).unwrap().len(), n as usize + 2);
    }
    assert_eq!(w.findings(), [""; 0]);
}

/// Readers that follow the record while several nodes write see every position, in order.
fn readers_never_see_a_gap(db: Database) {
    let each = 40 * rounds(1) as u32;
    let mut w = World::new(db);
    let devices: Vec<_> = (100..104).map(|seed| w.enrol(seed)).collect();
    let start = w.node.position();
    let end = start + 4 * u64::from(each);
    let open = || Node::open(&w.place.url).unwrap();
    std::thread::scope(|scope| {
        for (i, mut device) in devices.into_iter().enumerate() {
            scope.spawn(move || {
                let node = open();
                for n in 0..each {
                    let id = log::fact_id(n.into(), [1 + i as u8; 10]);
                    let entry = device.sign(id, at(n.into()), count(n)).unwrap();
                    node.submit(&entry.bytes, at(500)).unwrap();
                }
            });
        }
        let reader = open();
        let mut seen = start;
        while seen < end {
            let position = reader.catch_up().unwrap();
            let facts = reader.facts(seen..position);
            assert!(facts.iter().map(|e| e.position).eq(seen..position));
            seen = position;
        }
    });
    assert_eq!(w.findings(), [""; 0]);
}

/// A clock that jumps, forwards and back: the order is that of arrival, and everything holds.
#[test]
fn a_clock_that_jumps_changes_no_order() {
    let mut w = World::new(Database::Sqlite);
    for (n, seconds) in [5, 90_000_000, -400_000_000, 6, 6].into_iter().enumerate() {
        let entry = w.sign(|w| &mut w.custody, count(n as u32));
        let receipt = w.node.submit(&entry.bytes, at(seconds)).unwrap();
        assert_eq!((receipt.position, receipt.recorded_at), (n as u64 + 1, at(seconds)));
    }
    assert_eq!(w.findings(), [""; 0]);
    let again = Node::open(&w.place.url).unwrap();
    assert_eq!(again.read(|s| s.root()), w.node.read(|s| s.root()));
}
