//! A person's custody with its proof over HTTP, by 100 clients at once, beside two things served in the
//! same run: a bare read by primary key, and what this server answers without asking anybody.
//!
//! `cargo bench -p amana-server --bench custody`; `FACTS=n` sets how many the store holds, 64,000 unless
//! told; `STORE=sqlite` or `postgres` picks one. The bare server is axum and nothing else: no door, no
//! policies, the bytes as they are. Ours is the whole server as `amana serve` runs it; `/log/vkey` passes
//! its door and is answered from memory.

mod clients;
#[path = "../../../store/benches/measured/mod.rs"]
mod measured;
mod servers;

use clients::{CLIENTS, Latency, ask};
use domain::PersonId;
use measured::baseline::{On, Place};
use measured::signed::{at, signed};
use measured::took::{peak_mib, timed};
use servers::{bare, ours};
use std::sync::Arc;
use store::Node;

/// Facts to a transaction while the store is filled.
const GROUP: usize = 512;
/// Each contender's turns, so that what else the machine does falls on both alike.
const ROUNDS: usize = 5;

fn main() {
    let count = measured::facts(64_000);
    for (on, name) in measured::stores() {
        println!("--- {name}, {count} facts");
        measure(on, count);
    }
}

fn measure(on: On, count: usize) {
    let place = on.place("custody");
    let node = Arc::new(filled(&place, count));
    println!("  memory at most {} MiB once filled", peak_mib());
    let people = (count / 3).max(1);
    // Spread over the whole record.
    let nth = |n: usize| n.wrapping_mul(7_919) % people;
    let custody = |n| format!("/api/v1/people/{}/custody", PersonId::issue('A', nth(n) as u32));
    let row = |n| format!("/{}", 1 + 3 * nth(n));
    // Held here too: a PostgreSQL client may not be let go where futures run.
    let (bare, ours) = (bare(&place), ours(node.clone()));
    ask(ours.address, 1, custody).check("\"proof\":\"c2sp.org/tlog-proof@v1");
    let mut of_bare = Latency::default();
    let mut of_ours = [Latency::default(), Latency::default()];
    let paths: [&(dyn Fn(usize) -> String + Sync); 2] = [&|_| "/log/vkey".to_owned(), &custody];
    for _ in 0..ROUNDS {
        of_bare += ask(bare.address, CLIENTS, row);
        for (latency, path) in of_ours.iter_mut().zip(paths) {
            *latency += ask(ours.address, CLIENTS, path);
        }
    }
    let (bare50, bare99) = of_bare.p50_p99_ms();
    println!("  bare read by primary key     p50 {bare50:>6.2} ms   p99 {bare99:>6.2} ms");
    for (name, latency) in
        ["our server, from memory", "custody, fact and proof"].iter().zip(of_ours)
    {
        let (p50, p99) = latency.p50_p99_ms();
        println!(
            "  {name:<28} p50 {p50:>6.2} ms   p99 {p99:>6.2} ms: {:.2} and {:.2} of bare",
            p50 / bare50,
            p99 / bare99
        );
    }
}

/// A record of so many facts, and beside it a bare table of the same bytes.
fn filled(place: &Place, count: usize) -> Node {
    let signed = signed(count);
    let node = measured::opened(place, &signed);
    let mut bare = place.bare();
    let took = timed(|| {
        for part in signed.facts.chunks(GROUP) {
            assert!(node.submit_all(part, at(2)).iter().all(Result::is_ok));
        }
    });
    let (rate, cpu_us) = (took.rate(count), took.cpu_us(count));
    println!(
        "  filled at {rate:.0} facts/s, {cpu_us:.0} us cpu each, by {} devices",
        signed.keys.len()
    );
    signed.facts.chunks(GROUP).for_each(|part| _ = bare.insert(part));
    node
}
