//! What every bench of the record needs: an operation's signed facts, a place for its record, the bare
//! table beside it, and clocks. The server's benches use it too.

pub mod baseline;
#[path = "../../tests/support/cluster.rs"]
mod cluster;
pub mod signed;
pub mod took;

use baseline::Place;
use signed::{ORIGIN, Signed, at};
use store::{Genesis, Node};

/// A record with the operation's opening and its devices, and nothing else yet.
pub fn opened(place: &Place, signed: &Signed) -> Node {
    let genesis = Genesis {
        origin: ORIGIN.to_owned(),
        node: None,
        opening: signed.opening.clone(),
        recorded_at: at(0),
        documents: vec![],
        settings: vec![],
        log_key: Some([9; 32]),
        register: None,
    };
    let node = Node::create(&place.url(), genesis).unwrap();
    assert!(node.submit_all(&signed.enrolments, at(1)).iter().all(Result::is_ok));
    node
}

/// How many facts, from `FACTS`.
pub fn facts(unless_told: usize) -> usize {
    std::env::var("FACTS").ok().and_then(|n| n.parse().ok()).unwrap_or(unless_told)
}

/// The stores to measure, with their names: both unless `STORE` picks one.
pub fn stores() -> impl Iterator<Item = (baseline::On, &'static str)> {
    let only = std::env::var("STORE").unwrap_or_default();
    let both = [(baseline::On::Sqlite, "sqlite"), (baseline::On::Postgres, "postgres")];
    both.into_iter().filter(move |(_, name)| only.is_empty() || only == *name)
}
