//! A phone from its ticket to its enrolment, to a fact of its own, to its revocation.

use crate::amana::{amana, hasakah, store};
use domain::{AuthorityId, Event, Muster, Officer, Role, SiteId};
use jiff::Timestamp;
use log::{Signer, SigningKey};
use signin::{Tickets, possession_message};
use std::sync::Arc;
use store::Node;

const SITE: &str = "karkh";

/// A phone that shows a ticket and waits.
fn ask(store: &str, key: &SigningKey) {
    let node = Arc::new(Node::open(store).unwrap());
    let tickets = Tickets::new(node);
    let authority = AuthorityId::new("justice").unwrap();
    let site = Some(SiteId::new(SITE).unwrap());
    let now = Timestamp::now();
    let (token, _) = tickets.draw(authority, Role::Reception, site, "keys", now).unwrap();
    let proof = key.sign(&possession_message(token.secret())).to_bytes();
    tickets.redeem(&token, log::public_key(key), &proof, "Hana, 12", now).unwrap();
}

/// The phone reports a count; the code of the refusal when it is not taken in.
fn count(store: &str, key: &SigningKey, sequence: u64) -> Result<(), &'static str> {
    let node = Node::open(store).unwrap();
    let officer = Officer { role: Role::Reception, number: 7 };
    let authority = AuthorityId::new("justice").unwrap();
    let (operation, origin) = (node.operation().clone(), node.origin());
    let mut chain = log::DeviceChain::new(key.clone(), authority, officer, operation, origin);
    let device = chain.device();
    chain.sequence = sequence;
    chain.previous = node
        .read(|state| Some(state.record.device(&device)?.at(sequence.checked_sub(1)?)?.first()));
    let now = node.read(|state| state.at(state.position() - 1).unwrap().recorded_at);
    let counted = Muster::ByNumber { expected: 0, counted: 0 };
    let event = Event::MusterTaken { site: SiteId::new(SITE).unwrap(), count: counted };
    let id = log::fact_id(now.as_millisecond() as u64, [sequence as u8 + 1; 10]);
    let entry = chain.sign(id, now, event).unwrap();
    node.submit(&entry.bytes, now).map(|_| ()).map_err(|e| e.code())
}

#[test]
fn a_phone_is_enrolled_speaks_and_is_revoked() {
    let dir = tempfile::tempdir().unwrap();
    let store = store(dir.path());
    amana(&["init", "--store", &store, "--scenario", hasakah().to_str().unwrap()]).ok();
    let key = SigningKey::from_bytes(&[42; 32]);
    let phone = log::public_key(&key).to_string();
    ask(&store, &key);
    let waiting = amana(&["device", "waiting", "--store", &store]).ok();
    assert!(waiting.contains(&phone) && waiting.contains("justice reception karkh"), "{waiting}");
    assert_eq!(count(&store, &key, 0), Err("unknown-device"));

    let stranger = amana(&["device", "enrol", "ffff", "--store", &store]);
    assert_eq!(stranger.code, 2);
    assert!(stranger.err.contains("no phone waits under 'ffff'"), "{}", stranger.err);
    // The office's key is not the one that enrols.
    let office = simulator::exercise_key(
        1,
        &simulator::Signatory::office(&AuthorityId::new("justice").unwrap()),
    );
    let file = dir.path().join("office.key");
    let text = log::LogKey::new("justice", office).unwrap().to_secret_text();
    std::fs::write(&file, text).unwrap();
    let enrol = ["device", "enrol", &phone[..12], "--store", &store];
    let refused = amana(&[&enrol[..], &["--key", file.to_str().unwrap()]].concat());
    assert_eq!(refused.code, 2, "{}", refused.out);

    let done = amana(&[&enrol[..], &["--days", "30", "--silence-hours", "6"]].concat()).ok();
    assert!(done.contains("signs for justice as reception until"), "{done}");
    assert_eq!(amana(&["device", "waiting", "--store", &store]).ok(), "");
    assert_eq!(count(&store, &key, 0), Ok(()));

    let device = log::device_id(&log::public_key(&key)).to_string();
    let line = |list: &str| list.lines().find(|l| l.starts_with(&device)).unwrap().to_owned();
    let listed = line(&amana(&["device", "list", "--store", &store]).ok());
    assert!(listed.contains("justice reception karkh  1 facts, until"), "{listed}");
    let revoke = ["device", "revoke", &device[..12], "--store", &store, "--why"];
    let bad = amana(&[&revoke[..], &["sold"]].concat());
    assert!(bad.err.contains("reasons are lost, stolen, copied"), "{}", bad.err);
    let done = amana(&[&revoke[..], &["lost"]].concat()).ok();
    assert!(done.contains("what it signed up to 0 stands"), "{done}");
    let listed = line(&amana(&["device", "list", "--store", &store]).ok());
    assert!(listed.contains("revoked: lost"), "{listed}");
    // What it says now is evidence, and does not count.
    assert_eq!(count(&store, &key, 1), Ok(()));
    let notes = amana(&["verify", "--store", &store]).ok();
    assert!(notes.contains("all holds"), "{notes}");
}

#[test]
fn a_phone_is_turned_away() {
    let dir = tempfile::tempdir().unwrap();
    let store = store(dir.path());
    amana(&["init", "--store", &store, "--scenario", hasakah().to_str().unwrap()]).ok();
    let key = SigningKey::from_bytes(&[43; 32]);
    ask(&store, &key);
    let phone = log::public_key(&key).to_string();
    amana(&["device", "refuse", &phone, "--store", &store]).ok();
    assert_eq!(amana(&["device", "waiting", "--store", &store]).ok(), "");
    assert_eq!(count(&store, &key, 0), Err("unknown-device"));
}
