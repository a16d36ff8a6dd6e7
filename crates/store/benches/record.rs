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

/// What the devices of an operation sign.
struct Signed {
    opening: Vec<u8>,
    enrolments: Vec<Vec<u8>>,
    facts: Vec<Vec<u8>>,
    /// Of the devices; fact `n` is by device `n % DEVICES`.
    keys: Vec<VerifyingKey>,
}

/// Each third fact registers a person, the others decide a gate for one.
fn signed(count: usize) -> Signed {
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
    Signed { opening, enrolments, facts, keys }
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

/// Wall time, and processor time of all threads: the latter tells on a machine that others use.
#[derive(Clone, Copy, Default)]
struct Took {
    wall: Duration,
    cpu: Duration,
}

impl std::ops::AddAssign for Took {
    fn add_assign(&mut self, other: Self) {
        self.wall += other.wall;
        self.cpu += other.cpu;
    }
}

impl Took {
    fn rate(self, count: usize) -> f64 {
        count as f64 / self.wall.as_secs_f64()
    }
    fn cpu_us(self, count: usize) -> f64 {
        self.cpu.as_secs_f64() * 1e6 / count as f64
    }
}

/// User and system time of this process, from `/proc/self/stat` (in hundredths of a second).
fn cpu() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let after_name = stat.rsplit_once(')').unwrap().1;
    let ticks = after_name.split_whitespace().skip(11).take(2);
    Duration::from_millis(10 * ticks.map(|t| t.parse::<u64>().unwrap()).sum::<u64>())
}

fn timed(run: impl FnOnce()) -> Took {
    let (start, cpu_before) = (Instant::now(), cpu());
    run();
    Took { wall: start.elapsed(), cpu: cpu() - cpu_before }
}

/// The same settings, one table, nothing else.
fn bare_table(dir: &Path) -> Connection {
    let conn = Connection::open(dir.join("bare.db")).unwrap();
    conn.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(())).unwrap();
    conn.pragma_update(None, "synchronous", "full").unwrap();
    conn.pragma_update_and_check(None, "wal_autocheckpoint", 16_000, |_| Ok(())).unwrap();
    conn.execute_batch("create table bare (position integer primary key, bytes blob)").unwrap();
    conn
}

fn bare_insert(conn: &mut Connection, facts: &[Vec<u8>]) -> Took {
    timed(|| {
        let tx = conn.transaction().unwrap();
        for bytes in facts {
            let mut insert = tx.prepare_cached("insert into bare (bytes) values (?1)").unwrap();
            insert.execute([bytes]).unwrap();
        }
        tx.commit().unwrap();
    })
}

/// Strict signatures alone, keys unpacked, on all cores. `facts` begin with one of device 0.
fn bare_verify(facts: &[Vec<u8>], keys: &[VerifyingKey]) -> Took {
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

/// Turns of each contender, so that what else the machine does falls on all alike.
const ROUND: usize = 50 * 64;

fn main() {
    let count = std::env::var("FACTS").ok().and_then(|n| n.parse().ok()).unwrap_or(20 * ROUND);
    let Signed { opening, enrolments, facts, keys } = signed(count);
    let bytes: usize = facts.iter().map(Vec::len).sum();
    println!("{count} facts of {} bytes, SQLite {}", bytes / count, store::sqlite_version());
    for group in [64, 512] {
        let dir = tempfile::tempdir().unwrap();
        let node = create(dir.path(), &opening, &enrolments);
        let mut bare = bare_table(dir.path());
        let (mut inserted, mut verified, mut ours) = <(Took, Took, Took)>::default();
        for round in facts.chunks(ROUND) {
            verified += bare_verify(round, &keys);
            for part in round.chunks(group) {
                inserted += bare_insert(&mut bare, part);
                ours += timed(|| {
                    assert!(node.submit_all(part, at(2)).iter().all(Result::is_ok));
                });
            }
        }
        print_append(&format!("groups of {group}"), count, inserted, verified, ours);
        if group == 512 {
            measure_reading(&node, &facts, &keys);
        }
    }
    together(&opening, &enrolments, &facts, &keys);
}

fn print_append(what: &str, count: usize, bare: Took, verified: Took, ours: Took) {
    // On these cores, a submitter who does one after the other cannot be faster than this.
    let floor = bare.wall + verified.wall;
    let line = |name: &str, took: Took| {
        println!(
            "  {name:<28} {:>8.0}/s {:>7.1} us cpu each",
            took.rate(count),
            took.cpu_us(count)
        );
    };
    println!("{what}");
    line("bare insert", bare);
    line("strict signatures, all cores", verified);
    line("signed, checked, durable", ours);
    println!(
        "  {:.2} of bare insert, {:.2} of signatures then insert; cpu beyond those {:.1} us each",
        bare.wall.as_secs_f64() / ours.wall.as_secs_f64(),
        floor.as_secs_f64() / ours.wall.as_secs_f64(),
        ours.cpu_us(count) - bare.cpu_us(count) - verified.cpu_us(count),
    );
}

/// Eight submitters of 64 at a time, who share transactions; the bare insert gets groups of 512.
fn together(opening: &[u8], enrolments: &[Vec<u8>], facts: &[Vec<u8>], keys: &[VerifyingKey]) {
    let dir = tempfile::tempdir().unwrap();
    let node = create(dir.path(), opening, enrolments);
    let mut bare = bare_table(dir.path());
    let (mut inserted, mut verified, mut ours) = <(Took, Took, Took)>::default();
    for round in facts.chunks(ROUND) {
        verified += bare_verify(round, keys);
        for part in round.chunks(512) {
            inserted += bare_insert(&mut bare, part);
        }
        ours += timed(|| {
            std::thread::scope(|scope| {
                for submitter in round.chunks(ROUND.div_ceil(8)) {
                    let node = &node;
                    scope.spawn(move || {
                        for part in submitter.chunks(64) {
                            assert!(node.submit_all(part, at(2)).iter().all(Result::is_ok));
                        }
                    });
                }
            });
        });
    }
    print_append("8 submitters of 64", facts.len(), inserted, verified, ours);
}

fn measure_reading(node: &Node, facts: &[Vec<u8>], keys: &[VerifyingKey]) {
    let url = node.url().to_owned();
    for (check, name) in [(Check::Fold, "refolded"), (Check::Signatures, "with signatures")] {
        let took = timed(|| drop(Node::open_with(&url, check).unwrap()));
        println!("  opened, {name}: {:.2} s for {} facts", took.wall.as_secs_f64(), facts.len());
    }
    let (mut alone, mut ours) = (Took::default(), Took::default());
    for _ in 0..5 {
        alone += bare_verify(facts, keys);
        ours += timed(|| {
            let report = store::verify(&url, &mut |_| {}).unwrap();
            assert!(report.holds(), "{:?}", report.findings);
        });
    }
    let count = 5 * facts.len();
    println!(
        "  verified in full {:.0}/s: {:.2} of {:.0}/s strict signatures on all cores; by cpu time \
         {:.2} ({:.1} and {:.1} us each)",
        ours.rate(count),
        alone.wall.as_secs_f64() / ours.wall.as_secs_f64(),
        alone.rate(count),
        alone.cpu_us(count) / ours.cpu_us(count),
        alone.cpu_us(count),
        ours.cpu_us(count),
    );
}
