use crate::database::{Database, on_both};
use crate::world::*;
use domain::*;
use std::collections::BTreeSet;
use store::Node;

on_both!(two_nodes_write_one_file_in_turns, many_writers_at_once_lose_nothing,);

fn count(n: u32) -> Event {
    let site = SiteId::new("north").unwrap();
    Event::MusterTaken { site, count: Muster::ByNumber { expected: n, counted: n } }
}

/// As two processes would: each with a state of its own, over one file.
fn two_nodes_write_one_file_in_turns(db: Database) {
    let mut w = World::new(db);
    w.register(1, 5);
    let other = Node::open(w.node.url()).unwrap();
    let people = w.links(1..2);
    let exited = Event::Exited { why: ExitReason::Released, people };
    let entry = w.sign(|w| &mut w.custody, exited);
    assert_eq!(other.submit(&entry.bytes, at(20)).unwrap().position, 2);
    // This node has not looked yet, and then takes the other's entry in before its own.
    assert_eq!(w.node.position(), 2);
    let again = w.node.submit(&entry.bytes, at(21)).unwrap();
    assert!(again.already);
    assert_eq!(again.recorded_at, at(20));
    for n in 0..6 {
        let entry = w.sign(|w| &mut w.escort, count(n));
        let by = if n % 2 == 0 { &w.node } else { &other };
        by.submit(&entry.bytes, at(30)).unwrap();
    }
    assert_eq!(other.catch_up().unwrap(), 9);
    assert_eq!(w.node.catch_up().unwrap(), 9);
    let roots = (w.node.read(|s| s.root()), other.read(|s| s.root()));
    assert_eq!(roots.0, roots.1);
    assert_eq!(other.read(|s| s.books.clone()), w.node.read(|s| s.books.clone()));
    assert_eq!(w.findings(), [""; 0]);
}

/// Eight devices at once, over two nodes on one file: every acknowledged fact is there, once, and
/// readers never see a state that does not balance.
fn many_writers_at_once_lose_nothing(db: Database) {
    const EACH: u32 = 25;
    let mut w = World::new(db);
    w.register(1, 30);
    let devices: Vec<_> = (100..108).map(|seed| w.enrol(seed)).collect();
    let other = Node::open(w.node.url()).unwrap();
    let nodes = [&w.node, &other];
    let acknowledged: Vec<_> = std::thread::scope(|scope| {
        let writers: Vec<_> = devices
            .into_iter()
            .enumerate()
            .map(|(i, mut device)| {
                let node = nodes[i % 2];
                scope.spawn(move || {
                    let sign = |n: u32| {
                        let id = log::fact_id(u64::from(n), [1 + i as u8; 10]);
                        device.sign(id, at(n.into()), count(n)).unwrap()
                    };
                    let entries: Vec<_> = (0..EACH).map(sign).collect();
                    entries
                        .iter()
                        .map(|e| {
                            let receipt = node.submit(&e.bytes, at(500)).unwrap();
                            node.read(|s| s.books.check()).unwrap();
                            assert!(node.position() > receipt.position);
                            (receipt.position, receipt.hash)
                        })
                        .collect::<Vec<_>>()
                })
            })
            .collect();
        writers.into_iter().flat_map(|t| t.join().unwrap()).collect()
    });
    let positions: BTreeSet<_> = acknowledged.iter().map(|(position, _)| *position).collect();
    assert_eq!(positions.len(), 8 * EACH as usize);
    w.node.catch_up().unwrap();
    assert_eq!(w.node.position(), 1 + 1 + 8 + 8 * u64::from(EACH));
    for (position, hash) in acknowledged {
        assert_eq!(w.node.read(|s| s.position_of(&hash)), Some(position));
    }
    assert_eq!(w.findings(), [""; 0]);
}
