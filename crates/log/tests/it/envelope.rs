use crate::arbitrary::draft;
use domain::{Event, Fact};
use log::{Draft, EnvelopeError, SigningKey, decode, device_id, encode, public_key, verify};
use proptest::prelude::*;
use proptest::strategy::ValueTree;

const ORIGIN: &str = "amana.test/log";

fn key() -> SigningKey {
    SigningKey::from_bytes(&[42; 32])
}

fn expected(draft: Draft, entry: &log::SignedEntry) -> Fact {
    Fact {
        hash: entry.hash,
        id: draft.id,
        operation: draft.operation,
        authority: draft.authority,
        officer: draft.officer,
        device: device_id(&public_key(&key())),
        sequence: draft.sequence,
        previous: draft.previous,
        occurred_at: draft.occurred_at,
        clock_error_s: draft.clock_error_s,
        event: draft.event,
    }
}

proptest! {
    #[test]
    fn what_was_signed_reads_back(draft in draft()) {
        let entry = encode(&draft, &key(), ORIGIN).unwrap();
        let fact = verify(&entry.bytes, &key().verifying_key(), ORIGIN).unwrap();
        prop_assert_eq!(expected(draft.clone(), &entry), fact);
        // One fact has one encoding, and Ed25519 one signature.
        prop_assert_eq!(encode(&draft, &key(), ORIGIN).unwrap(), entry);
    }

    /// A bit changed anywhere is found, without exception.
    #[test]
    fn a_changed_byte_is_refused(
        draft in draft(), at in any::<prop::sample::Index>(), flip in 1u8..=255,
    ) {
        let entry = encode(&draft, &key(), ORIGIN).unwrap();
        let mut bytes = entry.bytes;
        let at = at.index(bytes.len());
        bytes[at] ^= flip;
        prop_assert!(verify(&bytes, &key().verifying_key(), ORIGIN).is_err());
        prop_assert!(log::verify_signature(&bytes, &key().verifying_key(), ORIGIN).is_err());
    }

    #[test]
    fn a_cut_or_lengthened_entry_is_refused(draft in draft(), at in any::<prop::sample::Index>()) {
        let bytes = encode(&draft, &key(), ORIGIN).unwrap().bytes;
        prop_assert!(decode(&bytes[..at.index(bytes.len())]).is_err());
        prop_assert!(decode(&[&bytes[..], &[0]].concat()).is_err());
    }

    #[test]
    fn noise_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(decode(&bytes).is_err());
    }
}

fn any_draft() -> Draft {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    draft().new_tree(&mut runner).unwrap().current()
}

#[test]
fn a_fact_is_bound_to_its_log_and_its_key() {
    let entry = encode(&any_draft(), &key(), ORIGIN).unwrap().bytes;
    let other = SigningKey::from_bytes(&[43; 32]).verifying_key();
    assert!(matches!(
        verify(&entry, &key().verifying_key(), "amana.test/other"),
        Err(EnvelopeError::Signature { .. })
    ));
    assert!(matches!(verify(&entry, &other, ORIGIN), Err(EnvelopeError::WrongKey { .. })));
}

/// Points of small order, under which anybody can make signatures that hold.
#[test]
fn weak_keys_are_refused() {
    let mut one = [0; 32];
    one[0] = 1;
    let mut minus_one = [0xff; 32];
    minus_one[0] = 0xec;
    minus_one[31] = 0x7f;
    for key in [[0; 32], one, minus_one] {
        let refused = log::verifying_key(&domain::PublicKey(key));
        assert!(matches!(refused, Err(EnvelopeError::WeakKey)), "{key:?}");
    }
}

#[test]
fn what_does_not_fit_an_entry_is_refused_before_it_is_signed() {
    let mut draft = any_draft();
    draft.event = Event::CoverDecided {
        night: "2026-01-21".parse().unwrap(),
        decision: domain::CoverDecision::Withdrawn,
        reports: vec!["x".repeat(log::ENTRY_MAX)],
    };
    assert!(matches!(encode(&draft, &key(), ORIGIN), Err(EnvelopeError::Oversize { .. })));
}
