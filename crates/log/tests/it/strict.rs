//! Every other way of writing a fact is refused, and the error says where.

use domain::*;
use log::{Draft, SigningKey, decode, encode};

fn departed() -> Vec<u8> {
    let draft = Draft {
        id: FactId([9; 16]),
        operation: OperationId::new("op").unwrap(),
        authority: AuthorityId::new("a").unwrap(),
        officer: Officer { role: Role::Gate, number: 7 },
        sequence: 0,
        previous: None,
        occurred_at: "2026-01-21T18:00:00Z".parse().unwrap(),
        clock_error_s: 2,
        event: Event::Departed { movement: MovementId::parse("2026-01-21/03").unwrap(), aboard: 5 },
    };
    encode(&draft, &SigningKey::from_bytes(&[1; 32]), "o").unwrap().bytes
}

/// Replaces `from`, given as hex, by `to` in the entry, mends the payload's length, and reads it.
fn refusal(from: &str, to: &str) -> String {
    let hex = |s: &str| -> Vec<u8> {
        let s: String = s.split_whitespace().collect();
        (0..s.len() / 2).map(|i| u8::from_str_radix(&s[2 * i..2 * i + 2], 16).unwrap()).collect()
    };
    let entry = departed();
    let (from, to) = (hex(from), hex(to));
    let at = entry.windows(from.len()).rposition(|w| w == from).expect("what is replaced is there");
    let mut changed = [&entry[..at], &to, &entry[at + from.len()..]].concat();
    // The payload is the last byte string but the signature, its length in one byte (0x58).
    let payload_end = changed.len() - 66;
    let start = entry.len() - 66 - usize::from(payload_len(&entry));
    changed[start - 1] = u8::try_from(payload_end - start).unwrap();
    decode(&changed).map(|_| ()).expect_err("refused").to_string()
}

fn payload_len(entry: &[u8]) -> u8 {
    let unprotected = entry.windows(2).position(|w| w == [0xa0, 0x58]).unwrap();
    entry[unprotected + 2]
}

#[track_caller]
fn check(from: &str, to: &str, says: &str) {
    let message = refusal(from, to);
    assert!(message.contains(says), "{message}");
}

// The body of `departed`: a2 01 6d "2026-01-21/03" 02 05, at the end of the payload.

#[test]
fn numbers_are_written_as_short_as_they_can_be() {
    check("30 33 02 05", "30 33 02 18 05", "in aboard: 5 is written longer than it needs to be");
    check("30 33 02 05", "30 33 02 1a 00000005", "5 is written longer");
    check("30 33 02 05", "30 33 18 02 05", "2 is written longer");
}

#[test]
fn indefinite_lengths_and_other_types_are_refused() {
    check("a2 01 6d", "bf 01 6d", "indefinite lengths are refused");
    check("30 33 02 05", "30 33 02 20", "in aboard: expected an unsigned number");
    check("30 33 02 05", "30 33 02 f6", "in aboard: expected an unsigned number");
    check("30 33 02 05", "30 33 02 1b ffffffffffffffff", "is above 4294967295");
    check("01 6d 32 30 32", "01 6d ff 30 32", "not UTF-8");
}

#[test]
fn keys_are_known_sorted_and_there_once() {
    check("30 33 02 05", "30 33 01 05", "key 1 is out of order or there twice");
    check("30 33 02 05", "30 33 03 05", "in aboard: key 2 is missing");
    check("a2 01 6d", "a3 01 6d", "the bytes end in the middle of a value");
    check("30 33 02 05", "30 33 02 05 00", "bytes follow the value");
    let with_three = refusal(
        "a2 01 6d 323032362d30312d32312f3033 02 05",
        "a3 01 6d 323032362d30312d32312f3033 02 05 03 00",
    );
    assert!(with_three.contains("key 3 is unknown"), "{with_three}");
}

#[test]
fn kinds_words_and_names_are_known() {
    check("0b 0a 0c a2", "0b 18 27 0c a2", "kind 39 is not known here");
    check("05 64 67617465", "05 64 67617478", "'gatx' is not in the list");
    check("04 61 61", "04 61 41", "authority 'A' may only hold");
    check("2d 32 31 2f 30 33", "2d 32 31 2f 30 30", "movement '2026-01-21/00' must be written");
    check("07 00 09", "07 01 09", "the entry before is named from sequence 1 on");
    check("ab 01 01 02", "ab 01 02 02", "version 2 is not known here");
}

#[test]
fn nobody_is_named_twice_in_one_fact() {
    let key = SigningKey::from_bytes(&[1; 32]);
    let (a, b) = (PersonId::issue('A', 1), PersonId::issue('A', 2));
    let link = |person| Link { person, after: FactHash([1; 32]) };
    let movement = MovementId::parse("2026-01-21/03").unwrap();
    let (bus, van) = (VehicleId::new("bus").unwrap(), VehicleId::new("van").unwrap());
    let site = SiteId::new("karkh").unwrap();
    let unit = UnitId::parse("karkh/w1").unwrap();
    let twice = [
        Event::Notified { whom: Notified::Family, people: vec![a, b, a] },
        Event::ManifestFrozen {
            movement,
            vehicles: vec![(bus.clone(), vec![a]), (van, vec![b, a])],
        },
        Event::Boarded { movement, vehicle: bus, people: vec![link(a), link(a)] },
        Event::MusterTaken { site, count: Muster::ByName { present: vec![a], absent: vec![a] } },
        Event::HandoverAnswered {
            offer: FactHash([1; 32]),
            outcomes: vec![(a, Answer::Accepted), (a, Answer::NotPresent)],
        },
        Event::Registered {
            unit,
            people: vec![(a, Commitment([1; 32])), (a, Commitment([2; 32]))],
        },
    ];
    for event in twice {
        let kind = event.kind();
        let draft = Draft {
            id: FactId([9; 16]),
            operation: OperationId::new("op").unwrap(),
            authority: AuthorityId::new("a").unwrap(),
            officer: Officer { role: Role::Gate, number: 7 },
            sequence: 0,
            previous: None,
            occurred_at: "2026-01-21T18:00:00Z".parse().unwrap(),
            clock_error_s: 2,
            event,
        };
        let error = encode(&draft, &key, "o").expect_err(kind).to_string();
        assert!(error.contains("A-000001-3 is named twice"), "{kind}: {error}");
    }
}
