//! Point reads by many clients at once.

use crate::measured::baseline::{Bare, On, Place};
use domain::PersonId;
use std::sync::Mutex;
use std::time::{Duration, Instant};
use store::Node;

/// Clients at once.
const CLIENTS: usize = 100;
/// Reads by each.
const EACH: usize = 200;
/// Connections that share the bare reads, as many as the store has for readers.
const CONNECTIONS: usize = 8;

/// How long the slowest one in a hundred took.
fn p99(read: impl Fn(usize) + Sync) -> Duration {
    let mut took: Vec<Duration> = std::thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS)
            .map(|client| {
                let read = &read;
                scope.spawn(move || {
                    let timed = |n| {
                        let start = Instant::now();
                        read(client * EACH + n);
                        start.elapsed()
                    };
                    (0..EACH).map(timed).collect::<Vec<_>>()
                })
            })
            .collect();
        clients.into_iter().flat_map(|client| client.join().unwrap()).collect()
    });
    took.sort_unstable();
    took[took.len() * 99 / 100]
}

/// A person's custody, the signed fact that made it, and the proof that the fact is in the tree;
/// beside a bare read by primary key over as many connections.
pub fn measure(node: &Node, place: &Place, people: usize) {
    let bare: Vec<Mutex<Bare>> = (0..CONNECTIONS).map(|_| Mutex::new(place.bare_again())).collect();
    // Spread over the whole record.
    let nth = |n: usize| n.wrapping_mul(7_919) % people;
    let bare = p99(|n| {
        let bytes = bare[n % CONNECTIONS].lock().unwrap().read(1 + nth(n) as i64);
        assert!(!bytes.is_empty());
    });
    let ours = p99(|n| {
        let person = PersonId::issue('A', nth(n) as u32);
        let tip = node.read(|state| {
            let standing = state.record.standing(person).unwrap();
            assert!(standing.custody.responsible().is_some());
            standing.tip().unwrap()
        });
        let (position, _) = node.entry(&tip).unwrap().unwrap();
        assert_eq!(node.inclusion(&tip).unwrap().position, position);
    });
    let which = if place.on == On::Sqlite { "SQLite" } else { "PostgreSQL" };
    println!(
        "  {which}: custody, fact and proof p99 {:.2} ms under {CLIENTS} clients: {:.2} of a bare \
         read by primary key ({:.2} ms)",
        ours.as_secs_f64() * 1e3,
        ours.as_secs_f64() / bare.as_secs_f64(),
        bare.as_secs_f64() * 1e3,
    );
}
