//! What is sealed opens, in its own place and nowhere else; a changed byte keeps it shut.

use domain::*;
use proptest::prelude::*;
use register::*;

fn operation() -> OperationId {
    OperationId::new("small").unwrap()
}
fn person(n: u32) -> PersonId {
    PersonId::issue('A', n)
}
fn fresh(n: u8) -> Fresh {
    Fresh([n; Fresh::LEN])
}

fn label<'a>(operation: &'a OperationId, salt: &[u8; 32], plaintext: &[u8]) -> Label<'a> {
    let section = Section::Health;
    let commitment = log::commitment(section.code(), salt, plaintext);
    Label { operation, person: person(1), section, version: 1, commitment }
}

fn key() -> PersonKey {
    RegisterKey::new([7; 32]).new_person(&operation(), person(1), &fresh(3)).0
}

proptest! {
    #[test]
    fn what_is_sealed_opens(
        plaintext in prop::collection::vec(any::<u8>(), 0..700),
        salt: [u8; 32],
        random in prop::collection::vec(any::<u8>(), Fresh::LEN),
    ) {
        let operation = operation();
        let label = label(&operation, &salt, &plaintext);
        let fresh = Fresh(random.try_into().unwrap());
        let sealed = seal(&key(), &label, &salt, &plaintext, &fresh);
        let opened = open(&key(), &label, &sealed).unwrap();
        prop_assert_eq!(&opened.plaintext[..], &plaintext[..]);
        prop_assert_eq!(opened.salt, salt);
        // The length inside is told to 256 bytes, no closer.
        prop_assert_eq!(sealed.bytes.len() % 256, 24 + 16);
    }

    /// Whatever is changed, cut off or added: nothing opens, and nothing panics.
    #[test]
    fn any_changed_byte_keeps_it_shut(
        at: prop::sample::Index,
        by in 1u8..,
        in_key: bool,
        cut: prop::sample::Index,
        added in prop::collection::vec(any::<u8>(), 1..40),
    ) {
        let operation = operation();
        let label = label(&operation, &[1; 32], b"{}");
        let good = seal(&key(), &label, &[1; 32], b"{}", &fresh(5));
        let spoil = |change: &dyn Fn(&mut Vec<u8>)| {
            let mut spoiled = good.clone();
            change(if in_key { &mut spoiled.key } else { &mut spoiled.bytes });
            open(&key(), &label, &spoiled).is_err()
        };
        let flipped = spoil(&|bytes| {
            let at = at.index(bytes.len());
            bytes[at] ^= by;
        });
        let shortened = spoil(&|bytes| bytes.truncate(cut.index(bytes.len())));
        let lengthened = spoil(&|bytes| bytes.extend(&added));
        prop_assert!(flipped && shortened && lengthened);
    }

    #[test]
    fn noise_opens_nothing(
        key_bytes in prop::collection::vec(any::<u8>(), 0..120),
        bytes in prop::collection::vec(any::<u8>(), 0..400),
    ) {
        let operation = operation();
        let label = label(&operation, &[1; 32], b"{}");
        let noise = Sealed { key: key_bytes.clone(), bytes };
        prop_assert!(open(&key(), &label, &noise).is_err());
        let register = RegisterKey::new([7; 32]);
        prop_assert!(register.unwrap(&operation, person(1), &key_bytes).is_err());
    }
}

#[test]
fn a_box_opens_in_its_own_place_only() {
    let (ours, theirs) = (operation(), OperationId::new("other").unwrap());
    let good = label(&ours, &[1; 32], b"{}");
    let sealed = seal(&key(), &good, &[1; 32], b"{}", &fresh(5));
    assert!(open(&key(), &good, &sealed).is_ok());
    let elsewhere = [
        Label { operation: &theirs, ..good.clone() },
        Label { person: person(2), ..good.clone() },
        Label { section: Section::Case, ..good.clone() },
        Label { version: 2, ..good.clone() },
        Label { commitment: Commitment([9; 32]), ..good.clone() },
    ];
    for label in elsewhere {
        assert_eq!(open(&key(), &label, &sealed), Err(OpenError::Shut), "{label:?}");
    }
    let other = RegisterKey::new([8; 32]).new_person(&ours, person(1), &fresh(4)).0;
    assert_eq!(open(&other, &good, &sealed), Err(OpenError::Shut));
    // A key of another section of the same person does not help.
    let health = seal(&key(), &good, &[1; 32], b"{}", &fresh(6));
    let mixed = Sealed { key: health.key, bytes: sealed.bytes };
    assert_eq!(open(&key(), &good, &mixed), Err(OpenError::Shut));
}

/// A sealer that lies about the commitment is found out by whoever opens.
#[test]
fn a_box_that_does_not_open_its_commitment_is_refused() {
    let operation = operation();
    let label = label(&operation, &[1; 32], b"the one that the fact names");
    let sealed = seal(&key(), &label, &[1; 32], b"another one", &fresh(5));
    assert_eq!(open(&key(), &label, &sealed), Err(OpenError::Commitment));
}

#[test]
fn a_persons_key_opens_with_its_register_key_for_its_person_only() {
    let (register, operation) = (RegisterKey::new([7; 32]), operation());
    let (key, wrapped) = register.new_person(&operation, person(1), &fresh(3));
    assert_eq!(register.unwrap(&operation, person(1), &wrapped), Ok(key.clone()));
    assert_eq!(register.unwrap(&operation, person(2), &wrapped), Err(OpenError::Shut));
    let other = RegisterKey::new([8; 32]);
    assert_eq!(other.unwrap(&operation, person(1), &wrapped), Err(OpenError::Shut));
    let anew = other.wrap(&operation, person(1), &key, &fresh(9));
    assert_eq!(other.unwrap(&operation, person(1), &anew), Ok(key));
}

/// Sealed once, opened for ever: these bytes must stay readable.
#[test]
fn the_golden_box_opens() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/sealed-v1.hex");
    let (operation, salt, plaintext) = (operation(), [1; 32], br#"{"person":"A-000001-3"}"#);
    let label = label(&operation, &salt, plaintext);
    let register = RegisterKey::new([7; 32]);
    let (key, wrapped) = register.new_person(&operation, person(1), &fresh(3));
    let sealed = seal(&key, &label, &salt, plaintext, &fresh(5));
    let hex = |bytes: &[u8]| bytes.iter().map(|b| format!("{b:02x}")).collect::<String>();
    let written = [&wrapped, &sealed.key, &sealed.bytes].map(|b| hex(b) + "\n").concat();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(path, &written).unwrap();
    }
    assert_eq!(std::fs::read_to_string(path).unwrap(), written);
}

#[test]
fn nothing_secret_is_printed() {
    let operation = operation();
    let label = label(&operation, &[1; 32], b"Invented");
    let sealed = seal(&key(), &label, &[1; 32], b"Invented", &fresh(5));
    let opened = open(&key(), &label, &sealed).unwrap();
    let printed = format!("{opened:?} {:?} {:?}", key(), RegisterKey::new([7; 32]));
    assert!(!printed.contains("Invented") && !printed.contains("7, 7"), "{printed}");
}
