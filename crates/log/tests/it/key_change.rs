use domain::*;
use log::{DeviceChain, EnvelopeError, SigningKey, decode, encode, key_change, verify};

const ORIGIN: &str = "amana.test/keys";

fn key(n: u8) -> SigningKey {
    SigningKey::from_bytes(&[n; 32])
}

fn chain() -> DeviceChain {
    let officer = Officer { role: Role::Gate, number: 7 };
    let authority = AuthorityId::new("custody").unwrap();
    DeviceChain::new(key(1), authority, officer, OperationId::new("small").unwrap(), ORIGIN)
}

fn at(s: i64) -> jiff::Timestamp {
    jiff::Timestamp::from_second(1_769_018_400 + s).unwrap()
}

#[test]
fn the_new_key_begins_a_chain_of_its_own() {
    let mut device = chain();
    let quiet = || Event::HeadsSeen { heads: vec![] };
    device.sign(log::fact_id(1, [0; 10]), at(1), quiet()).unwrap();
    let change = device.change_key(log::fact_id(2, [0; 10]), at(2), key(2)).unwrap();
    let first = device.sign(log::fact_id(3, [0; 10]), at(3), quiet()).unwrap();
    let change = verify(&change.bytes, &key(1).verifying_key(), ORIGIN).unwrap();
    assert_eq!(change.sequence, 1);
    let first = verify(&first.bytes, &key(2).verifying_key(), ORIGIN).unwrap();
    assert_eq!((first.sequence, first.previous), (0, None));
}

/// The old key alone cannot name a successor, nor can a proof be carried elsewhere.
#[test]
fn the_new_key_must_have_agreed() {
    let mut device = chain();
    let (id, old) = (log::fact_id(1, [0; 10]), device.device());
    let by_other_log = key_change::event(&old, &key(2), "amana.test/other");
    let Event::KeyChanged { key: new, .. } = by_other_log else { panic!() };
    let for_other_device = key_change::event(&DeviceId([0; 32]), &key(2), ORIGIN);
    let Event::KeyChanged { proof: by_another, .. } = key_change::event(&old, &key(3), ORIGIN)
    else {
        panic!()
    };
    let stolen = Event::KeyChanged { key: new, proof: by_another };
    for event in [by_other_log, for_other_device, stolen] {
        let refused = device.sign(id, at(1), event).unwrap_err();
        assert!(matches!(refused, EnvelopeError::KeyProof(..)), "{refused}");
    }
    assert_eq!(device.sequence, 0);
}

/// A reader takes an entry whose proof was spoiled after it was signed for what it is.
#[test]
fn a_spoiled_proof_is_no_fact() {
    let mut device = chain();
    let entry = device.change_key(log::fact_id(1, [0; 10]), at(1), key(2)).unwrap();
    let mut fact = decode(&entry.bytes).unwrap().into_claims();
    assert_eq!(key_change::check(&fact, ORIGIN), Ok(()));
    let Event::KeyChanged { proof, .. } = &mut fact.event else { panic!() };
    proof.0[5] ^= 1;
    assert!(key_change::check(&fact, ORIGIN).is_err());
    let draft = log::Draft {
        id: fact.id,
        operation: fact.operation,
        authority: fact.authority,
        officer: fact.officer,
        sequence: 0,
        previous: None,
        occurred_at: fact.occurred_at,
        clock_error_s: 2,
        event: fact.event,
    };
    assert!(encode(&draft, &key(1), ORIGIN).is_err());
}
