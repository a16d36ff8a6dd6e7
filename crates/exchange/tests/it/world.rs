//! Nodes of one operation, and devices that sign at either.

use crate::cluster::Cluster;
use domain::*;
use jiff::{SignedDuration, Timestamp};
use log::{DeviceChain, SigningKey};
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU32, Ordering};
use store::{Genesis, Node};

pub const ORIGIN: &str = "amana.test/exchange";

pub struct World {
    dir: tempfile::TempDir,
    opening: Vec<u8>,
    databases: RefCell<Vec<String>>,
}

impl Drop for World {
    fn drop(&mut self) {
        for name in self.databases.borrow().iter() {
            Cluster::get().drop_database(name);
        }
    }
}

pub fn at(minutes: i64) -> Timestamp {
    let begun: Timestamp = "2026-01-20T12:00:00Z".parse().unwrap();
    begun + SignedDuration::from_mins(minutes)
}

fn key(seed: u8) -> SigningKey {
    SigningKey::from_bytes(&[seed; 32])
}

fn chain(seed: u8, role: Role) -> DeviceChain {
    let officer = Officer { role, number: seed.into() };
    let justice = AuthorityId::new("justice").unwrap();
    DeviceChain::new(key(seed), justice, officer, OperationId::new("test").unwrap(), ORIGIN)
}

/// A device with the facts it signed, in its order.
pub struct Device {
    chain: DeviceChain,
    seed: u8,
    said: u64,
}

impl Device {
    pub fn new(seed: u8) -> Self {
        Self { chain: chain(seed, Role::Registrar), seed, said: 0 }
    }

    /// Counts people at a site: a report that stands by itself.
    pub fn count(&mut self) -> Vec<u8> {
        self.said += 1;
        let mut random = [0; 10];
        random[0] = self.seed;
        random[1..9].copy_from_slice(&self.said.to_be_bytes());
        let event = Event::MusterTaken {
            site: SiteId::new("karkh").unwrap(),
            count: Muster::ByNumber { expected: 0, counted: self.said as u32 },
        };
        let id = log::fact_id(self.said, random);
        self.chain.sign(id, at(self.said as i64), event).unwrap().bytes
    }
}

impl World {
    pub fn new() -> Self {
        let justice = AuthorityId::new("justice").unwrap();
        let party = Party { authority: justice, key: log::public_key(&key(1)), resolves: false };
        let event = Event::OperationOpened { authorities: vec![party], deciders: None };
        let opening =
            chain(1, Role::Keyholder).sign(log::fact_id(1, [0; 10]), at(0), event).unwrap();
        let dir = tempfile::tempdir().unwrap();
        Self { dir, opening: opening.bytes, databases: RefCell::default() }
    }

    /// A new site on SQLite that has nothing but the operation's opening.
    pub fn node(&self, number: u8) -> Node {
        let file = self.dir.path().join(format!("{number}.db"));
        self.begun(&format!("sqlite:{}", file.display()), number, Some(format!("site-{number}")))
    }

    /// The same on PostgreSQL, in the operation's own log.
    pub fn hub(&self) -> Node {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let n = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("exchange_{}_{n}", std::process::id());
        let key = self.dir.path().join(format!("{name}.key"));
        let url = format!("{}&log_key={}", Cluster::get().url(&name), key.display());
        self.databases.borrow_mut().push(name);
        self.begun(&url, 200, None)
    }

    fn begun(&self, url: &str, number: u8, node: Option<String>) -> Node {
        let genesis = Genesis {
            origin: ORIGIN.to_owned(),
            node,
            opening: self.opening.clone(),
            recorded_at: at(0),
            documents: Vec::new(),
            settings: Vec::new(),
            log_key: Some([number; 32]),
            register: None,
        };
        Node::create(url, genesis).unwrap()
    }

    /// The facts by which the authority enrols the devices of these seeds.
    pub fn enrolments(&self, seeds: &[u8]) -> Vec<Vec<u8>> {
        let mut authority = chain(1, Role::Keyholder);
        let justice = AuthorityId::new("justice").unwrap();
        let party = Party { authority: justice, key: log::public_key(&key(1)), resolves: false };
        let opening = Event::OperationOpened { authorities: vec![party], deciders: None };
        authority.sign(log::fact_id(1, [0; 10]), at(0), opening).unwrap();
        let enrol = |seed: &u8| {
            let event = enrolled(log::public_key(&key(*seed)));
            let id = log::fact_id(2, [*seed; 10]);
            authority.sign(id, at(0), event).unwrap().bytes
        };
        seeds.iter().map(enrol).collect()
    }
}

fn enrolled(key: PublicKey) -> Event {
    Event::DeviceEnrolled { key, role: Role::Registrar, site: None, term: None }
}

pub fn submit(node: &Node, entries: &[Vec<u8>]) {
    for result in node.submit_all(entries, at(1)) {
        result.unwrap();
    }
}

/// All facts of a node, by hash.
pub fn set(node: &Node) -> BTreeSet<FactHash> {
    node.facts(0..u64::MAX).into_iter().map(|entry| entry.fact.hash).collect()
}
