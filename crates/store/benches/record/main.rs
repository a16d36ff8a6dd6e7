//! How fast facts become durable, are read and are verified on either store, each beside a bare
//! baseline in the same run, so that the ratio can be compared between machines.
//!
//! `cargo bench -p amana-store --bench record`; `FACTS=n` sets how many, 64,000 unless told;
//! `STORE=sqlite` or `postgres` picks one. The peak of memory is the whole process's, with the facts
//! to be sent in it; what it takes to hold the record is asked of a process that only opens it. Above
//! 300,000 facts only groups of 512 are measured: the others say the same at any length.

extern crate amana_store as store;

#[path = "../measured/mod.rs"]
mod measured;
mod reading;

use log::VerifyingKey;
use measured::baseline::On;
use measured::opened;
use measured::signed::{DEVICES, ORIGIN, Signed, at, signed};
use measured::took::{Took, peak_mib, timed};
use std::process::Command;
use std::time::Duration;
use store::{Check, Node};

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

/// Beyond this many facts one way of appending is enough.
const LONG: usize = 300_000;

/// Names the record that a process of its own is to open, and say what memory that took.
const HOLD: &str = "AMANA_BENCH_HOLD";
/// Names the record that a process of its own is to verify, and say what that took.
const VERIFY: &str = "AMANA_BENCH_VERIFY";

fn main() {
    if let Ok(url) = std::env::var(HOLD) {
        let node = Node::open(&url).unwrap();
        println!("{}", peak_mib());
        return drop(node);
    }
    if let Ok(url) = std::env::var(VERIFY) {
        return verify(&url);
    }
    let count = measured::facts(20 * ROUND);
    let signed = signed(count);
    let bytes: usize = signed.facts.iter().map(Vec::len).sum();
    println!("{count} facts of {} bytes", bytes / count);
    for (on, name) in measured::stores() {
        println!("--- {name}");
        measure(on, &signed);
    }
}

fn measure(on: On, signed: &Signed) {
    let Signed { facts, keys, .. } = signed;
    let count = facts.len();
    for group in if count > LONG { &[512][..] } else { &[64, 512] } {
        let group = *group;
        let place = on.place(&format!("groups_{group}"));
        let node = opened(&place, signed);
        let mut bare = place.bare();
        let (mut inserted, mut verified, mut ours) = <(Took, Took, Took)>::default();
        for round in facts.chunks(ROUND) {
            verified += bare_verify(round, keys);
            for part in round.chunks(group) {
                inserted += bare.insert(part);
                ours += timed(|| {
                    assert!(node.submit_all(part, at(2)).iter().all(Result::is_ok));
                });
            }
        }
        print_append(&format!("groups of {group}"), count, inserted, verified, ours);
        if group == 512 {
            reading::measure(&node, &place, (count / 3).max(1));
            println!("  memory at most {} MiB while {count} facts went in", peak_mib());
            drop(node);
            hold(&place.url(), count);
            measure_verifying(&place.url(), facts, keys);
        }
    }
    if count <= LONG {
        together(on, signed);
    }
}

/// Runs this program again, to do one thing and print numbers.
fn alone(what: &str, url: &str) -> Vec<u64> {
    let ran = Command::new(std::env::current_exe().unwrap()).env(what, url).output().unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let numbers = String::from_utf8_lossy(&ran.stdout);
    numbers.split_whitespace().map(|n| n.parse().unwrap()).collect()
}

fn hold(url: &str, count: usize) {
    let mib = alone(HOLD, url)[0];
    println!("  memory to hold the record {mib} MiB, {} bytes a fact", (mib << 20) / count as u64);
}

/// Verifies, and prints microseconds of wall and processor time and MiB.
fn verify(url: &str) {
    let took = timed(|| {
        let report = store::verify(url, &mut |_| {}).unwrap();
        assert!(report.holds(), "{:?}", report.findings);
    });
    println!("{} {} {}", took.wall.as_micros(), took.cpu.as_micros(), peak_mib());
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
fn together(on: On, signed: &Signed) {
    let Signed { facts, keys, .. } = signed;
    let place = on.place("together");
    let node = opened(&place, signed);
    let mut bare = place.bare();
    let (mut inserted, mut verified, mut ours) = <(Took, Took, Took)>::default();
    for round in facts.chunks(ROUND) {
        verified += bare_verify(round, keys);
        for part in round.chunks(512) {
            inserted += bare.insert(part);
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

/// Times each verification is repeated, in turns with the bare one.
const ROUNDS: usize = 3;

fn measure_verifying(url: &str, facts: &[Vec<u8>], keys: &[VerifyingKey]) {
    for (check, name) in [(Check::Fold, "refolded"), (Check::Signatures, "with signatures")] {
        let took = timed(|| drop(Node::open_with(url, check).unwrap()));
        println!("  opened, {name}: {:.2} s for {} facts", took.wall.as_secs_f64(), facts.len());
    }
    let (mut bare, mut ours, mut peak) = (Took::default(), Took::default(), 0);
    for _ in 0..ROUNDS {
        bare += bare_verify(facts, keys);
        let took = alone(VERIFY, url);
        let [wall, cpu] = [took[0], took[1]].map(Duration::from_micros);
        ours += Took { wall, cpu };
        peak = took[2];
    }
    let count = ROUNDS * facts.len();
    println!(
        "  verified in full {:.0}/s: {:.2} of {:.0}/s strict signatures on all cores; by cpu time \
         {:.2} ({:.1} and {:.1} us each); memory at most {peak} MiB",
        ours.rate(count),
        bare.wall.as_secs_f64() / ours.wall.as_secs_f64(),
        bare.rate(count),
        bare.cpu_us(count) / ours.cpu_us(count),
        bare.cpu_us(count),
        ours.cpu_us(count),
    );
}
