//! A small invented operation: custody hands people over to the escort, the escort to justice.

use crate::database::{Database, Place};
use domain::*;
use jiff::Timestamp;
use log::{DeviceChain, SignedEntry, SigningKey};
use store::{Genesis, Node, Receipt};

pub const ORIGIN: &str = "amana.test/small";

pub struct World {
    pub node: Node,
    // After the node: the place goes when nobody uses it any more.
    pub place: Place,
    /// The own keys of custody, escort and justice.
    pub custody: DeviceChain,
    pub escort: DeviceChain,
    pub justice: DeviceChain,
    ids: u64,
}

pub fn chain(authority: &str, seed: u8) -> DeviceChain {
    DeviceChain::new(
        SigningKey::from_bytes(&[seed; 32]),
        AuthorityId::new(authority).unwrap(),
        Officer { role: Role::Keyholder, number: seed.into() },
        OperationId::new("small").unwrap(),
        ORIGIN,
    )
}

/// Seconds into the operation.
pub fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_769_018_400 + seconds).unwrap()
}

pub fn person(n: u32) -> PersonId {
    PersonId::issue('A', n)
}

pub fn unit(text: &str) -> UnitId {
    UnitId::parse(text).unwrap()
}

pub fn opening(by: &mut DeviceChain, parties: &[(&str, u8)]) -> Vec<u8> {
    let party = |(name, seed): &(&str, u8)| Party {
        authority: AuthorityId::new(name).unwrap(),
        key: log::public_key(&SigningKey::from_bytes(&[*seed; 32])),
        resolves: *name == "justice",
    };
    let authorities = parties.iter().map(party).collect();
    by.sign(log::fact_id(0, [0; 10]), at(0), Event::OperationOpened { authorities, deciders: None })
        .unwrap()
        .bytes
}

pub const PARTIES: [(&str, u8); 3] = [("custody", 1), ("escort", 2), ("justice", 3)];

pub fn genesis(opening: Vec<u8>) -> Genesis {
    Genesis {
        origin: ORIGIN.to_owned(),
        node: None,
        opening,
        recorded_at: at(0),
        documents: vec![],
        settings: vec![],
        log_key: Some([9; 32]),
        register: Some(keyring()),
    }
}

/// Of the register that custody keeps.
pub fn keyring() -> register::Keyring {
    register::Keyring {
        device: SigningKey::from_bytes(&[40; 32]),
        sealing: vec![register::RegisterKey::new([41; 32])],
    }
}

impl World {
    pub fn new(db: Database) -> Self {
        let place = db.place();
        let mut custody = chain("custody", 1);
        let opening = opening(&mut custody, &PARTIES);
        let node = Node::create(&place.url, genesis(opening)).unwrap();
        let (escort, justice) = (chain("escort", 2), chain("justice", 3));
        Self { place, node, custody, escort, justice, ids: 0 }
    }

    /// The same world, with its record opened anew after something happened to its place.
    pub fn reopened(self, happens: impl FnOnce(&Place)) -> Self {
        let Self { node, place, custody, escort, justice, ids } = self;
        drop(node);
        happens(&place);
        let node = Node::open(&place.url).unwrap();
        Self { node, place, custody, escort, justice, ids }
    }

    /// Lets a device of custody sign.
    pub fn enrol(&mut self, seed: u8) -> DeviceChain {
        let device = chain("custody", seed);
        let key = log::public_key(&device.key);
        self.submit(
            |w| &mut w.custody,
            Event::DeviceEnrolled { key, role: Role::Gate, site: None, term: None },
        );
        device
    }

    /// Lets the register's own device sign for custody.
    pub fn enrol_register(&mut self) {
        let key = log::public_key(&keyring().device);
        let enrolled = Event::DeviceEnrolled { key, role: Role::Register, site: None, term: None };
        self.submit(|w| &mut w.custody, enrolled);
    }

    pub fn id(&mut self) -> FactId {
        self.ids += 1;
        let mut random = [0; 10];
        random[2..].copy_from_slice(&self.ids.to_be_bytes());
        log::fact_id(1_769_018_400_000, random)
    }

    pub fn sign(&mut self, by: fn(&mut Self) -> &mut DeviceChain, event: Event) -> SignedEntry {
        let (id, when) = (self.id(), at(self.ids as i64));
        by(self).sign(id, when, event).unwrap()
    }

    pub fn submit(&mut self, by: fn(&mut Self) -> &mut DeviceChain, event: Event) -> Receipt {
        let entry = self.sign(by, event);
        self.node.submit(&entry.bytes, at(1_000 + self.ids as i64)).unwrap()
    }

    /// Registers people `from..to` at a unit.
    pub fn register(&mut self, from: u32, to: u32) -> Receipt {
        let people = (from..to).map(|n| (person(n), Commitment([n as u8; 32]))).collect();
        self.submit(|w| &mut w.custody, Event::Registered { unit: unit("north/w1"), people })
    }

    pub fn links(&self, people: std::ops::Range<u32>) -> Vec<Link> {
        let after = |n| {
            self.node.read(|s| s.record.standing(person(n)).and_then(Standing::tip)).expect("a tip")
        };
        people.map(|n| Link { person: person(n), after: after(n) }).collect()
    }

    /// Boards people `1..=n` and offers them to the escort; the offer's hash.
    pub fn offer(&mut self, people: std::ops::Range<u32>) -> FactHash {
        let movement = MovementId::parse("2026-01-21/01").unwrap();
        let vehicle = VehicleId::new("bus-1").unwrap();
        let links = self.links(people.clone());
        self.submit(|w| &mut w.custody, Event::Boarded { movement, vehicle, people: links });
        let to = AuthorityId::new("escort").unwrap();
        let site = SiteId::new("north").unwrap();
        let links = self.links(people);
        let offered = Event::HandoverOffered { movement, to, site, people: links };
        self.submit(|w| &mut w.custody, offered).hash
    }

    pub fn accept(people: std::ops::Range<u32>, offer: FactHash) -> Event {
        let outcomes = people.map(|n| (person(n), Answer::Accepted)).collect();
        Event::HandoverAnswered { offer, outcomes }
    }

    /// Twelve people, of whom ten went with the escort and one died; nine entries.
    pub fn with_a_short_story(db: Database) -> Self {
        let mut w = Self::new(db);
        w.register(1, 13);
        let offer = w.offer(1..11);
        w.submit(|w| &mut w.escort, Self::accept(1..11, offer));
        let people = w.links(12..13);
        w.submit(|w| &mut w.custody, Event::Exited { why: ExitReason::Died, people });
        for _ in 0..2 {
            let count = Muster::ByNumber { expected: 1, counted: 1 };
            let site = SiteId::new("north").unwrap();
            w.submit(|w| &mut w.custody, Event::MusterTaken { site, count });
        }
        let people = w.links(1..3);
        w.submit(|w| &mut w.escort, Event::Placed { unit: unit("base/tent-1"), people });
        w
    }

    /// Findings of a full verification, as `code@position`.
    pub fn findings(&self) -> Vec<String> {
        let report = store::verify(self.node.url(), &mut |_| {}).unwrap();
        let name = |f: &store::Finding| match f.position {
            Some(position) => format!("{}@{position}", f.code),
            None => f.code.to_owned(),
        };
        report.findings.iter().map(name).collect()
    }
}
