//! A small invented world to make facts in: three authorities, two prisons, one bus.

use domain::*;

pub fn authority(name: &str) -> AuthorityId {
    AuthorityId::new(name).unwrap()
}

pub fn unit(text: &str) -> UnitId {
    UnitId::parse(text).unwrap()
}

pub fn person(n: u32) -> PersonId {
    PersonId::issue('T', n)
}

pub fn movement() -> MovementId {
    MovementId::parse("2026-01-21/01").unwrap()
}

pub fn hash(n: u64) -> FactHash {
    let mut bytes = [0; 32];
    // Spread, so that order by hash is not order of making.
    bytes[..8].copy_from_slice(&n.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes());
    bytes[8..16].copy_from_slice(&n.to_be_bytes());
    FactHash(bytes)
}

/// Makes facts, each by a device of its authority, one after another in time.
#[derive(Default)]
pub struct Pen {
    made: u64,
    signed: std::collections::BTreeMap<DeviceId, u64>,
}

impl Pen {
    pub fn fact(&mut self, by: &str, event: Event) -> Fact {
        self.by_device(DeviceId([by.as_bytes()[0]; 32]), by, event)
    }
    /// As [`Self::fact`], with a device other than the authority's usual one.
    pub fn by_device(&mut self, device: DeviceId, by: &str, event: Event) -> Fact {
        self.made += 1;
        let next = self.signed.entry(device).or_default();
        let sequence = *next;
        *next += 1;
        Fact {
            hash: hash(self.made),
            id: FactId((self.made as u128).to_be_bytes()),
            operation: OperationId::new("test").unwrap(),
            authority: authority(by),
            officer: Officer { role: Role::Gate, number: 7 },
            device,
            sequence,
            previous: None,
            occurred_at: jiff::Timestamp::from_second(1_769_000_000 + self.made as i64).unwrap(),
            clock_error_s: 5,
            event,
        }
    }
    pub fn registered(&mut self, by: &str, at: &str, people: &[u32]) -> Fact {
        let people = people.iter().map(|n| (person(*n), Commitment([0; 32]))).collect();
        self.fact(by, Event::Registered { unit: unit(at), people })
    }
    pub fn boarded(&mut self, by: &str, people: &[(u32, FactHash)]) -> Fact {
        let vehicle = VehicleId::new("bus-1").unwrap();
        self.fact(by, Event::Boarded { movement: movement(), vehicle, people: links(people) })
    }
    pub fn offered(&mut self, by: &str, to: &str, people: &[(u32, FactHash)]) -> Fact {
        let site = SiteId::new("south").unwrap();
        let to = authority(to);
        let people = links(people);
        self.fact(by, Event::HandoverOffered { movement: movement(), to, site, people })
    }
    pub fn answered(&mut self, by: &str, offer: FactHash, outcomes: &[(u32, Answer)]) -> Fact {
        let outcomes = outcomes.iter().map(|(n, a)| (person(*n), *a)).collect();
        self.fact(by, Event::HandoverAnswered { offer, outcomes })
    }
    pub fn placed(&mut self, by: &str, at: &str, people: &[(u32, FactHash)]) -> Fact {
        self.fact(by, Event::Placed { unit: unit(at), people: links(people) })
    }
    pub fn exited(&mut self, by: &str, why: ExitReason, people: &[(u32, FactHash)]) -> Fact {
        self.fact(by, Event::Exited { why, people: links(people) })
    }
}

pub fn links(people: &[(u32, FactHash)]) -> Vec<Link> {
    people.iter().map(|(n, after)| Link { person: person(*n), after: *after }).collect()
}

pub fn record(facts: &[Fact]) -> Record {
    let mut record = Record::new();
    for fact in facts {
        record.insert(fact.clone());
    }
    record
}
