//! Facts about a few invented people, unsigned: the hash is a number.

use domain::*;

pub fn person(n: u32) -> PersonId {
    PersonId::issue('A', n)
}

pub fn hash(n: u32) -> FactHash {
    let mut hash = [0; 32];
    // Spread, so that the order of hashes is not that of time.
    hash[..4].copy_from_slice(&n.wrapping_mul(0x9e37_79b9).to_be_bytes());
    hash[4..8].copy_from_slice(&n.to_be_bytes());
    FactHash(hash)
}

pub fn unit(text: &str) -> UnitId {
    UnitId::parse(text).unwrap()
}

/// The `n`th fact, by that authority, one second after the one before.
pub fn fact(n: u32, authority: &str, event: Event) -> Fact {
    Fact {
        hash: hash(n),
        id: FactId(u128::from(n).to_be_bytes()),
        operation: OperationId::new("small").unwrap(),
        authority: AuthorityId::new(authority).unwrap(),
        officer: Officer { role: Role::Gate, number: 1 },
        device: DeviceId([authority.as_bytes()[0]; 32]),
        sequence: n.into(),
        previous: (n > 0).then(|| hash(n - 1)),
        occurred_at: jiff::Timestamp::from_second(1_769_018_400 + i64::from(n)).unwrap(),
        clock_error_s: 2,
        event,
    }
}

/// Tells a story whose facts follow each other, as devices that know the record sign them.
#[derive(Default)]
pub struct Story {
    pub record: Record,
    pub facts: Vec<Fact>,
}

impl Story {
    pub fn tell(&mut self, authority: &str, event: Event) -> (FactHash, Vec<Change>) {
        let fact = fact(self.facts.len() as u32, authority, event);
        self.facts.push(fact.clone());
        (fact.hash, self.record.insert(fact))
    }
    /// Each of these people with the fact their custody stands at.
    pub fn links(&self, people: &[u32]) -> Vec<Link> {
        let tip = |n: &u32| self.record.standing(person(*n)).and_then(Standing::tip);
        let link = |n: &u32| Link { person: person(*n), after: tip(n).unwrap_or(hash(u32::MAX)) };
        people.iter().map(link).collect()
    }
    pub fn registered(&mut self, at: &str, people: &[u32]) {
        let people = people.iter().map(|n| (person(*n), Commitment([0; 32]))).collect();
        self.tell("custody", Event::Registered { unit: unit(at), people });
    }
    pub fn boarded(&mut self, authority: &str, people: &[u32]) {
        let movement = MovementId::parse("2026-01-21/01").unwrap();
        let vehicle = VehicleId::new("bus-1").unwrap();
        let people = self.links(people);
        self.tell(authority, Event::Boarded { movement, vehicle, people });
    }
    /// Offers at a site and answers: the first of `people` as said, person by person.
    pub fn handed_over(&mut self, from: &str, to: &str, site: &str, answers: &[(u32, Answer)]) {
        let people: Vec<_> = answers.iter().map(|(n, _)| *n).collect();
        let event = Event::HandoverOffered {
            movement: MovementId::parse("2026-01-21/01").unwrap(),
            to: AuthorityId::new(to).unwrap(),
            site: SiteId::new(site).unwrap(),
            people: self.links(&people),
        };
        let (offer, _) = self.tell(from, event);
        let outcomes = answers.iter().map(|(n, a)| (person(*n), *a)).collect();
        self.tell(to, Event::HandoverAnswered { offer, outcomes });
    }
    pub fn placed(&mut self, authority: &str, at: &str, people: &[u32]) {
        let people = self.links(people);
        self.tell(authority, Event::Placed { unit: unit(at), people });
    }
    pub fn exited(&mut self, authority: &str, why: ExitReason, people: &[u32]) {
        let people = self.links(people);
        self.tell(authority, Event::Exited { why, people });
    }
}
