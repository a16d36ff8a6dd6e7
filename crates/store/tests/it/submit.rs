use crate::database::{Database, on_both};
use crate::world::*;
use domain::*;
use log::SigningKey;

on_both!(
    a_fact_is_appended_and_read_back,
    the_same_bytes_again_get_the_same_receipt,
    the_same_bytes_twice_in_one_group,
    what_is_refused_and_by_which_code,
    an_id_that_another_device_copied_keeps_no_fact_out,
    a_device_signs_once_its_authority_has_enrolled_it,
    a_key_of_two_authorities_signs_for_either,
    a_device_goes_on_with_its_new_key,
    facts_that_wait_are_bounded,
    a_weak_key_is_enrolled_for_nothing,
    a_second_acceptance_leaves_the_person_contested,
    what_does_not_fit_is_kept,
);

fn a_fact_is_appended_and_read_back(db: Database) {
    let mut w = World::new(db);
    let receipt = w.register(1, 4);
    assert_eq!((receipt.position, receipt.already), (1, false));
    let entry = w.node.facts(1..2).pop().unwrap();
    assert_eq!(entry.fact.hash, receipt.hash);
    assert_eq!(entry.recorded_at, receipt.recorded_at);
    w.node.read(|s| {
        assert_eq!(s.books.answered_for(), 3);
        assert_eq!(s.books.by_site().into_values().sum::<u64>(), 3);
        assert_eq!(s.position_of(&receipt.hash), Some(1));
        assert_eq!(s.recorded_at(&receipt.hash), Some(receipt.recorded_at));
    });
    assert_eq!(w.findings(), [""; 0]);
}

fn the_same_bytes_again_get_the_same_receipt(db: Database) {
    let mut w = World::new(db);
    let entry = w.sign(
        |w| &mut w.custody,
        Event::MusterTaken {
            site: SiteId::new("north").unwrap(),
            count: Muster::ByNumber { expected: 1, counted: 1 },
        },
    );
    let first = w.node.submit(&entry.bytes, at(10)).unwrap();
    let again = w.node.submit(&entry.bytes, at(99)).unwrap();
    assert_eq!(again, store::Receipt { already: true, ..first });
    let twice = w.node.submit_all(&[&entry.bytes, &entry.bytes], at(100));
    assert!(twice.iter().all(|r| r.as_ref().unwrap().position == first.position));
    assert_eq!(w.node.position(), 2);
}

fn the_same_bytes_twice_in_one_group(db: Database) {
    let mut w = World::new(db);
    let count = Muster::ByNumber { expected: 1, counted: 1 };
    let site = SiteId::new("north").unwrap();
    let entry = w.sign(|w| &mut w.custody, Event::MusterTaken { site, count });
    let results = w.node.submit_all(&[&entry.bytes, &entry.bytes], at(10));
    let already: Vec<_> = results.iter().map(|r| r.as_ref().unwrap().already).collect();
    assert_eq!(already, [false, true]);
    assert_eq!(w.node.position(), 2);
}

/// Signs with a device of custody whose chain is made up as the test likes.
fn refused(w: &World, entry: &[u8]) -> &'static str {
    let before = w.node.position();
    let error = w.node.submit(entry, at(50)).unwrap_err();
    assert!(!error.next_step().is_empty());
    assert_eq!(w.node.position(), before);
    let kept = w.node.refusals(10).unwrap();
    let kept = kept.iter().find(|r| r.hash == log::hash_of(entry)).expect("kept as evidence");
    assert_eq!(kept.code, error.code());
    assert_eq!(kept.bytes, &entry[..entry.len().min(log::ENTRY_MAX)]);
    error.code()
}

fn count(n: u32) -> Event {
    Event::MusterTaken {
        site: SiteId::new("north").unwrap(),
        count: Muster::ByNumber { expected: n, counted: n },
    }
}

fn what_is_refused_and_by_which_code(db: Database) {
    let mut w = World::new(db);
    let good = w.sign(|w| &mut w.custody, count(1)).bytes;

    let mut changed = good.clone();
    *changed.last_mut().unwrap() ^= 1;
    assert_eq!(refused(&w, &changed), "bad-signature");
    assert_eq!(refused(&w, &good[..good.len() - 1]), "bad-encoding");
    assert_eq!(refused(&w, &vec![0; 70_000]), "oversize");

    let mut stranger = chain("custody", 77);
    let entry = stranger.sign(w.id(), at(1), count(1)).unwrap().bytes;
    assert_eq!(refused(&w, &entry), "unknown-device");

    let mut elsewhere = chain("custody", 1);
    elsewhere.operation = OperationId::new("other").unwrap();
    let entry = elsewhere.sign(w.id(), at(1), count(1)).unwrap().bytes;
    assert_eq!(refused(&w, &entry), "wrong-operation");

    let mut other_log = chain("custody", 1);
    other_log.origin = "amana.test/other".to_owned();
    let entry = other_log.sign(w.id(), at(1), count(1)).unwrap().bytes;
    assert_eq!(refused(&w, &entry), "bad-signature");

    let mut usurper = chain("justice", 1);
    let entry = usurper.sign(w.id(), at(1), count(1)).unwrap().bytes;
    assert_eq!(refused(&w, &entry), "wrong-authority");

    let mut again = chain("custody", 1);
    let entry = opening(&mut again, &[("custody", 1), ("intruder", 66)]);
    assert_eq!(refused(&w, &entry), "already-open");

    // A refusal does not stand in the way of the good one.
    w.node.submit(&good, at(60)).unwrap();
    assert_eq!(w.findings(), [""; 0]);
}

fn an_id_that_another_device_copied_keeps_no_fact_out(db: Database) {
    let mut w = World::new(db);
    let id = w.id();
    // Seen on its way, and sent first.
    let copied = w.escort.sign(id, at(1), count(9)).unwrap();
    w.node.submit(&copied.bytes, at(2)).unwrap();
    let own = w.custody.sign(id, at(1), count(1)).unwrap();
    w.node.submit(&own.bytes, at(3)).unwrap();
    // One's own word twice is evidence of a broken clock or worse, and kept as such.
    let again = w.custody.sign(id, at(4), count(2)).unwrap();
    w.node.submit(&again.bytes, at(4)).unwrap();
    assert_eq!(w.node.position(), 4);
    assert_eq!(w.node.refusal_counts().unwrap(), []);
    assert_eq!(w.findings(), [""; 0]);
    let w = w.reopened(|_| {});
    assert_eq!(w.node.position(), 4);
}

fn a_device_signs_once_its_authority_has_enrolled_it(db: Database) {
    let mut w = World::new(db);
    let mut gate = chain("custody", 40);
    let key = log::public_key(&SigningKey::from_bytes(&[40; 32]));
    let site = Some(SiteId::new("north").unwrap());
    let enrolled = Event::DeviceEnrolled { key, role: Role::Gate, site, term: None };
    let enrolment = w.sign(|w| &mut w.custody, enrolled.clone());
    let first = gate.sign(w.id(), at(5), count(1)).unwrap();

    let early = w.node.submit(&first.bytes, at(6)).unwrap_err();
    assert_eq!(early.code(), "unknown-device");
    // In one group, the enrolment before what depends on it.
    let results = w.node.submit_all(&[&enrolment.bytes, &first.bytes], at(7));
    assert!(results.iter().all(|r| r.is_ok()), "{results:?}");
    w.node.read(|s| {
        let e = s.record.keys().enrolments(&gate.device()).next().unwrap();
        assert_eq!((e.role, e.by), (Role::Gate, Some(enrolment.hash)));
    });

    // A device does not enrol another: that takes the authority's own key.
    let key = log::public_key(&SigningKey::from_bytes(&[41; 32]));
    let by_gate = Event::DeviceEnrolled { key, role: Role::Gate, site: None, term: None };
    let by_gate = gate.sign(w.id(), at(8), by_gate).unwrap();
    w.node.submit(&by_gate.bytes, at(8)).unwrap();
    let mut second = chain("custody", 41);
    let entry = second.sign(w.id(), at(9), count(1)).unwrap();
    assert_eq!(refused(&w, &entry.bytes), "unknown-device");
    assert_eq!(w.findings(), [""; 0]);
}

fn a_weak_key_is_enrolled_for_nothing(db: Database) {
    let mut w = World::new(db);
    let mut point = [0; 32];
    point[0] = 1;
    let key = PublicKey(point);
    w.submit(
        |w| &mut w.custody,
        Event::DeviceEnrolled { key, role: Role::Gate, site: None, term: None },
    );
    let mut weak = chain("custody", 50);
    let mut entry = weak.sign(w.id(), at(9), count(1)).unwrap().bytes;
    // The device's name stands after the content type in the protected header.
    let own = log::device_id(&log::public_key(&weak.key)).0;
    let at_name = entry.windows(32).position(|w| w == own).unwrap();
    entry[at_name..at_name + 32].copy_from_slice(&log::device_id(&key).0);
    assert_eq!(refused(&w, &entry), "unknown-device");
}

/// Each fact of a key that two authorities enrolled speaks for the one it names.
fn a_key_of_two_authorities_signs_for_either(db: Database) {
    let mut w = World::new(db);
    let key = log::public_key(&SigningKey::from_bytes(&[40; 32]));
    let enrolled = || Event::DeviceEnrolled { key, role: Role::Gate, site: None, term: None };
    w.submit(|w| &mut w.escort, enrolled());
    w.submit(|w| &mut w.custody, enrolled());
    for (authority, id) in [("custody", w.id()), ("escort", w.id())] {
        let entry = chain(authority, 40).sign(id, at(5), count(1)).unwrap();
        w.node.submit(&entry.bytes, at(6)).unwrap();
    }
    let entry = chain("justice", 40).sign(w.id(), at(5), count(1)).unwrap();
    assert_eq!(refused(&w, &entry.bytes), "wrong-authority");
    assert_eq!(w.findings(), [""; 0]);
}

fn a_device_goes_on_with_its_new_key(db: Database) {
    let mut w = World::new(db);
    let mut gate = w.enrol(40);
    let new = SigningKey::from_bytes(&[41; 32]);
    let change = gate.change_key(w.id(), at(5), new).unwrap();
    let first = gate.sign(w.id(), at(6), count(1)).unwrap();
    assert_eq!(w.node.submit(&first.bytes, at(7)).unwrap_err().code(), "unknown-device");
    let results = w.node.submit_all(&[&change.bytes, &first.bytes], at(8));
    assert!(results.iter().all(|r| r.is_ok()), "{results:?}");
    assert_eq!(w.findings(), [""; 0]);
}

/// Facts whose predecessor is missing are kept up to a bound; they come in once it is there.
fn facts_that_wait_are_bounded(db: Database) {
    let mut w = World::new(db);
    let mut gate = w.enrol(40);
    let entries: Vec<_> =
        (0..600).map(|n| gate.sign(w.id(), at(n), count(1)).unwrap().bytes).collect();
    // Every other one: each waits for the one before it.
    let waiting: Vec<_> = entries.iter().skip(1).step_by(2).collect();
    let results = w.node.submit_all(&waiting, at(700));
    let refused: Vec<_> = results.iter().filter_map(|r| r.as_ref().err()).collect();
    assert_eq!(refused.len(), waiting.len() - 256);
    assert!(refused.iter().all(|e| e.code() == "too-many-parked"));
    assert!(w.node.submit_all(&entries, at(800)).iter().all(Result::is_ok));
    let parked = w.node.read(|s| s.record.device(&gate.device()).unwrap().parked().len());
    assert_eq!(parked, 0);
}

/// Two receivers say they took the same person: both facts are kept, nobody chooses silently.
fn a_second_acceptance_leaves_the_person_contested(db: Database) {
    let mut w = World::new(db);
    w.register(1, 3);
    let offer = w.offer(1..3);
    w.submit(|w| &mut w.escort, World::accept(1..3, offer));
    w.submit(|w| &mut w.escort, World::accept(1..2, offer));
    w.node.read(|s| {
        let standing = s.record.standing(person(1)).unwrap();
        assert!(standing.contest.is_some());
        assert_eq!(standing.custody.responsible().unwrap().authority.as_str(), "custody");
        assert!(s.record.standing(person(2)).unwrap().contest.is_none());
        assert_eq!(s.books.answered_for(), 2);
        s.books.check().unwrap();
    });
    assert_eq!(w.findings(), [""; 0]);
}

/// Business misfits are reports: kept, and shown as discrepancies.
fn what_does_not_fit_is_kept(db: Database) {
    let mut w = World::new(db);
    w.register(1, 2);
    let people = w.links(1..2);
    let placed = Event::Placed { unit: unit("karkh/w1"), people };
    w.submit(|w| &mut w.justice, placed);
    let parked = vec![Link { person: person(1), after: FactHash([5; 32]) }];
    w.submit(|w| &mut w.escort, Event::Placed { unit: unit("karkh/w1"), people: parked });
    w.node.read(|s| {
        let open: Vec<_> = discrepancies(&s.record).iter().map(|d| d.code.code()).collect();
        assert_eq!(open, ["misfit", "parked"]);
        let sites = ledger::Sites::default();
        let balance = store::balance(s, &sites);
        assert!(balance.balanced);
        assert_eq!((balance.registered, balance.open_discrepancies), (1, 2));
    });
    assert_eq!(w.findings(), [""; 0]);
}
