use log::SigningKey;
use proptest::prelude::*;
use register::{Keyring, KeyringError, RegisterKey};

fn keyring() -> Keyring {
    Keyring {
        device: SigningKey::from_bytes(&[4; 32]),
        sealing: vec![RegisterKey::new([5; 32]), RegisterKey::new([6; 32])],
    }
}

#[test]
fn a_keyring_reads_back() {
    let text = keyring().to_secret_text();
    let read = Keyring::parse(&text).unwrap();
    assert_eq!(read.device, keyring().device);
    assert_eq!(read.sealing, keyring().sealing);
    let old = read.sealing[1].id();
    assert_eq!(read.named(old.as_str()), Some(&read.sealing[1]));
    assert_eq!(read.named("0000000000000000"), None);
    assert!(!format!("{read:?}").contains("BQUF"));
}

#[test]
fn what_is_wrong_is_named_and_not_shown() {
    let text = keyring().to_secret_text();
    let check = |from: &str, to: &str, expected: KeyringError| {
        let spoiled = text.replace(from, to);
        assert_ne!(spoiled, **text, "{from}");
        assert_eq!(Keyring::parse(&spoiled).unwrap_err(), expected);
    };
    check("keys v1", "keys v2", KeyringError::First);
    check("device ", "divice ", KeyringError::Line(4));
    check("sealing BQUF", "sealing BQU", KeyringError::Line(5));
    check("device BAQE", "# device BAQE", KeyringError::Devices(0));
    check("sealing", "# sealing", KeyringError::NoSealing);
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "\\PC*", at: prop::sample::Index, by: char) {
        let _ = Keyring::parse(&text);
        let good = keyring().to_secret_text();
        let mut spoiled: Vec<char> = good.chars().collect();
        let at = at.index(spoiled.len());
        spoiled[at] = by;
        let _ = Keyring::parse(&spoiled.iter().collect::<String>());
    }
}
