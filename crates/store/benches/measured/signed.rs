//! What the devices of an operation sign, to be taken in.

use domain::*;
use jiff::Timestamp;
use log::{DeviceChain, SigningKey, VerifyingKey};

pub const ORIGIN: &str = "amana.test/bench";
pub const DEVICES: usize = 50;

fn chain(seed: u8, role: Role) -> DeviceChain {
    let authority = AuthorityId::new("custody").unwrap();
    let operation = OperationId::new("bench").unwrap();
    let officer = Officer { role, number: seed.into() };
    let key = SigningKey::from_bytes(&[seed; 32]);
    DeviceChain::new(key, authority, officer, operation, ORIGIN)
}

pub fn at(n: usize) -> Timestamp {
    Timestamp::from_second(1_769_018_400 + n as i64).unwrap()
}

/// What the devices of an operation sign.
pub struct Signed {
    pub opening: Vec<u8>,
    pub enrolments: Vec<Vec<u8>>,
    pub facts: Vec<Vec<u8>>,
    /// Of the devices; fact `n` is by device `n % DEVICES`.
    pub keys: Vec<VerifyingKey>,
}

/// Each third fact registers a person, the others decide a gate for one.
pub fn signed(count: usize) -> Signed {
    let mut own = chain(1, Role::Keyholder);
    let id = |n: usize| {
        let mut random = [0; 10];
        random[2..].copy_from_slice(&(n as u64).to_be_bytes());
        log::fact_id(1_769_018_400_000, random)
    };
    let key = log::public_key(&own.key);
    let party = Party { authority: own.authority.clone(), key, resolves: true };
    let opened = Event::OperationOpened { authorities: vec![party], deciders: None };
    let opening = own.sign(id(0), at(0), opened).unwrap().bytes;
    let mut devices: Vec<_> = (0..DEVICES).map(|i| chain(10 + i as u8, Role::Gate)).collect();
    let mut enrolments = Vec::new();
    for (i, device) in devices.iter().enumerate() {
        let key = log::public_key(&device.key);
        let event = Event::DeviceEnrolled { key, role: Role::Gate, site: None, term: None };
        enrolments.push(own.sign(id(1 + i), at(1), event).unwrap().bytes);
    }
    let unit = UnitId::parse("north/w1").unwrap();
    let fact = |device: &mut DeviceChain, n: usize| {
        let person = PersonId::issue('A', (n / 3 % 1_000_000) as u32);
        let event = if n.is_multiple_of(3) {
            let people = vec![(person, Commitment([n as u8; 32]))];
            Event::Registered { unit: unit.clone(), people }
        } else {
            let gate = if n % 3 == 1 { Gate::Order } else { Gate::Age };
            Event::GateDecided {
                gate,
                outcome: GateOutcome::Passed,
                basis: Basis::Document,
                people: vec![person],
                replaces: None,
            }
        };
        device.sign(id(1_000 + n), at(n), event).unwrap().bytes
    };
    // Each device signs its own in order, so they need not wait for one another.
    let threads = std::thread::available_parallelism().map_or(1, |n| n.get());
    let mut facts = vec![Vec::new(); count];
    std::thread::scope(|scope| {
        let signing: Vec<_> = devices
            .chunks_mut(DEVICES.div_ceil(threads))
            .enumerate()
            .map(|(part, devices)| {
                let first = part * DEVICES.div_ceil(threads);
                let whose = first..first + devices.len();
                let fact = &fact;
                scope.spawn(move || {
                    let of = (0..count).filter(|n| whose.contains(&(n % DEVICES)));
                    of.map(|n| (n, fact(&mut devices[n % DEVICES - first], n))).collect::<Vec<_>>()
                })
            })
            .collect();
        for signed in signing {
            signed.join().unwrap().into_iter().for_each(|(n, bytes)| facts[n] = bytes);
        }
    });
    let keys = (0..DEVICES).map(|i| chain(10 + i as u8, Role::Gate).key.verifying_key()).collect();
    Signed { opening, enrolments, facts, keys }
}
