//! How fast facts become durable and are verified, each beside a bare baseline in the same run, so
//! that the ratio can be compared between machines.
//!
//! `cargo bench -p amana-store`; `FACTS=n` sets how many, 20,000 unless told.

extern crate amana_store as store;

use domain::*;
use jiff::Timestamp;
use log::{DeviceChain, SigningKey, VerifyingKey};
use rusqlite::Connection;
use std::path::Path;
use std::time::{Duration, Instant};
use store::{Check, Genesis, Node};

const ORIGIN: &str = "amana.test/bench";
const DEVICES: usize = 50;

fn chain(seed: u8, role: Role) -> DeviceChain {
    let authority = AuthorityId::new("custody").unwrap();
    let operation = OperationId::new("bench").unwrap();
    let officer = Officer { role, number: seed.into() };
    let key = SigningKey::from_bytes(&[seed; 32]);
    DeviceChain::new(key, authority, officer, operation, ORIGIN)
}

fn at(n: usize) -> Timestamp {
    Timestamp::from_second(1_769_018_400 + n as i64).unwrap()
}

/// The opening, the enrolments, and `count` facts of as many devices: each third registers a
/// person, the others decide a gate for one.
fn entries(count: usize) -> (Vec<u8>, Vec<Vec<u8>>, Vec<Vec<u8>>, Vec<VerifyingKey>) {
    let mut own = chain(1, Role::Keyholder);
    let id = |n: usize| {
        let mut random = [0; 10];
        random[2..].copy_from_slice(&(n as u64).to_be_bytes());
        log::fact_id(1_769_018_400_000, random)
    };
    let key = log::public_key(&own.key);
    let party = Party { authority: own.authority.clone(), key, resolves: true };
    let opened = Event::OperationOpened { authorities: vec![party] };
    let opening = own.sign(id(0), at(0), opened).unwrap().bytes;
    let mut devices: Vec<_> = (0..DEVICES).map(|i| chain(10 + i as u8, Role::Gate)).collect();
    let mut enrolments = Vec::new();
    for (i, device) in devices.iter().enumerate() {
        let key = log::public_key(&device.key);
        let event = Event::DeviceEnrolled { key, role: Role::Gate, site: None };
        enrolments.push(own.sign(id(1 + i), at(1), event).unwrap().bytes);
    }
    let unit = UnitId::parse("north/w1").unwrap();
    let fact = |n: usize| {
        let person = PersonId::issue('A', (n / 3 % 1_000_000) as u32);
        let event = if n.is_multiple_of(3) {
            let people = vec![(person, Commitment([n as u8; 32]))];
            Event::Registered { unit: unit.clone(), people }
        } else {
            let gate = if n % 3 == 1 { Gate::Order } else { Gate::Age };
            Event::GateDecided {
                gate,
                outcome: GateOutcome::Passed,
                basis: Basis::Document,
                people: vec![person],
                replaces: None,
            }
        };
        devices[n % DEVICES].sign(id(1_000 + n), at(n), event).unwrap().bytes
    };
    let facts = (0..count).map(fact).collect();
    let keys = (0..DEVICES).map(|i| chain(10 + i as u8, Role::Gate).key.verifying_key()).collect();
    (opening, enrolments, facts, keys)
}

fn create(dir: &Path, opening: &[u8], enrolments: &[Vec<u8>]) -> Node {
    let url = format!("sqlite:{}", dir.join("record.db").display());
    let genesis = Genesis {
        origin: ORIGIN.to_owned(),
        opening: opening.to_vec(),
        recorded_at: at(0),
        documents: vec![],
        settings: vec![],
        log_key: Some([9; 32]),
    };
    let node = Node::create(&url, genesis).unwrap();
    assert!(node.submit_all(enrolments, at(1)).iter().all(Result::is_ok));
    node
}

fn timed(run: impl FnOnce()) -> Duration {
    let start = Instant::now();
    run();
    start.elapsed()
}

fn rate(count: usize, took: Duration) -> f64 {
    count as f64 / took.as_secs_f64()
}

/// The same bytes, the same settings, one table, nothing else.
fn bare_insert(dir: &Path, facts: &[Vec<u8>], group: usize) -> Duration {
    let mut conn = Connection::open(dir.join("bare.db")).unwrap();
    conn.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(())).unwrap();
    conn.pragma_update(None, "synchronous", "full").unwrap();
    conn.pragma_update_and_check(None, "wal_autocheckpoint", 16_000, |_| Ok(())).unwrap();
    conn.execute_batch("create table bare (position integer primary key, bytes blob)").unwrap();
    timed(|| {
        for part in facts.chunks(group) {
            let tx = conn.transaction().unwrap();
            for bytes in part {
                let mut insert = tx.prepare_cached("insert into bare (bytes) values (?1)").unwrap();
                insert.execute([bytes]).unwrap();
            }
            tx.commit().unwrap();
        }
    })
}

/// Strict signatures alone, keys unpacked, on all cores.
fn bare_verify(facts: &[Vec<u8>], keys: &[VerifyingKey]) -> Duration {
    let threads = std::thread::available_parallelism().map_or(1, |n| n.get());
    timed(|| {
        std::thread::scope(|scope| {
            for thread in 0..threads {
                scope.spawn(move || {
                    for n in (thread..facts.len()).step_by(threads) {
                        let key = &keys[n % DEVICES];
                        log::verify_signature(&facts[n], key, ORIGIN).unwrap();
                    }
                });
            }
        });
    })
}

fn main() {
    let count = std::env::var("FACTS").ok().and_then(|n| n.parse().ok()).unwrap_or(20_000);
    let (opening, enrolments, facts, keys) = entries(count);
    let bytes: usize = facts.iter().map(Vec::len).sum();
    println!("{count} facts of {} bytes, SQLite {}", bytes / count, store::sqlite_version());
    let signatures = rate(count, bare_verify(&facts, &keys));
    println!("strict signatures alone, all cores       {signatures:>9.0}/s");
    for group in [64, 512] {
        let dir = tempfile::tempdir().unwrap();
        let bare = rate(count, bare_insert(dir.path(), &facts, group));
        let node = create(dir.path(), &opening, &enrolments);
        let took = timed(|| {
            for part in facts.chunks(group) {
                assert!(node.submit_all(part, at(2)).iter().all(Result::is_ok));
            }
        });
        let ours = rate(count, took);
        // No submission can be faster than checking and inserting one after the other on all cores.
        let ceiling = 1.0 / (1.0 / bare + 1.0 / signatures);
        println!("groups of {group:<4} bare insert              {bare:>9.0}/s");
        println!(
            "               submitted and durable    {ours:>9.0}/s  {:.2} of bare, {:.2} of \
             signatures then bare insert",
            ours / bare,
            ours / ceiling
        );
        if group == 512 {
            measure_reading(&node, count, signatures);
        }
    }
}

fn measure_reading(node: &Node, count: usize, signatures: f64) {
    let url = node.url().to_owned();
    for (check, name) in [(Check::Fold, "refolded"), (Check::Signatures, "with signatures")] {
        let took = timed(|| drop(Node::open_with(&url, check).unwrap()));
        println!("opened, {name:<32} {:>9.2} s for {count}", took.as_secs_f64());
    }
    let took = timed(|| {
        let report = store::verify(&url, &mut |_| {}).unwrap();
        assert!(report.holds(), "{:?}", report.findings);
    });
    let ours = rate(count, took);
    println!(
        "verified in full                        {ours:>10.0}/s  {:.2} of signatures alone",
        ours / signatures
    );
}
