//! A record of counts by one device, under one log key: two of which one is the beginning of the
//! other are a record and its old backup, two that part are a fork.

use domain::*;
use jiff::Timestamp;
use log::{DeviceChain, SigningKey};
use std::path::Path;
use store::{Genesis, Node};

/// The log key's seed.
pub const LOG_KEY: [u8; 32] = [7; 32];

/// Opened, then one count for each of `said`, in a SQLite file of that name.
pub fn record(dir: &Path, name: &str, origin: &str, said: &[u32]) -> Node {
    let authority = AuthorityId::new("custody").unwrap();
    let officer = Officer { role: Role::Keyholder, number: 1 };
    let key = SigningKey::from_bytes(&[1; 32]);
    let party = Party { authority: authority.clone(), key: log::public_key(&key), resolves: false };
    let operation = OperationId::new("test").unwrap();
    let mut chain = DeviceChain::new(key, authority, officer, operation, origin);
    let at = |n: usize| Timestamp::from_second(1_769_018_400 + n as i64).unwrap();
    let opened = Event::OperationOpened { authorities: vec![party], deciders: None };
    let genesis = Genesis {
        origin: origin.to_owned(),
        node: None,
        opening: chain.sign(log::fact_id(1, [0; 10]), at(0), opened).unwrap().bytes,
        recorded_at: at(0),
        documents: vec![],
        settings: vec![],
        log_key: Some(LOG_KEY),
        register: None,
    };
    let node = Node::create(&format!("sqlite:{}", dir.join(name).display()), genesis).unwrap();
    for (n, counted) in said.iter().enumerate() {
        let count = Muster::ByNumber { expected: *counted, counted: *counted };
        let event = Event::MusterTaken { site: SiteId::new("north").unwrap(), count };
        let mut random = [1; 10];
        random[..8].copy_from_slice(&(n as u64).to_be_bytes());
        let entry = chain.sign(log::fact_id(2, random), at(n + 1), event).unwrap();
        node.submit(&entry.bytes, at(n + 1)).unwrap();
    }
    node
}
