//! The register: sealed, shown only with the record knowing, destroyed only with a fact.

mod erasing;
mod writing;

use crate::database::{Database, on_both};
use crate::world::*;
use domain::*;
use std::fs;
use store::{Disposition, ErasureRule, Node, Particulars, RegisterError, State};

on_both!(
    what_is_kept_opens_and_the_look_is_in_the_record,
    the_newest_version_is_shown_and_all_are_disclosed,
    nothing_is_shown_unless_the_look_is_kept,
    without_its_key_the_register_is_closed_and_the_record_goes_on,
    what_was_changed_or_swapped_stays_shut_and_is_found,
    what_is_deleted_without_a_fact_is_an_alarm,
    several_processes_sign_one_chain_of_looks,
    a_new_register_key_opens_all_and_the_old_one_nothing,
    a_change_of_key_that_broke_off_is_done_again,
    what_an_earlier_version_kept_plain_is_sealed,
);

/// Nowhere else in the files.
const CANARY: &str = "Qamarzad-the-Invented";

fn section(n: u32, section: Section, says: &str) -> Particulars {
    let plaintext = format!("{{\"says\":\"{CANARY} {says}\"}}").into_bytes();
    Particulars { person: person(n), section, salt: [n as u8; 32], plaintext }
}

/// Three registered people; identity and health of each are kept.
fn world(db: Database) -> World {
    let mut w = World::new(db);
    w.enrol_register();
    let kept: Vec<_> = (1..4)
        .flat_map(|n| [section(n, Section::Identity, "a"), section(n, Section::Health, "b")])
        .collect();
    w.node.keep_particulars(&kept, at(900)).unwrap();
    let people = (1..4).map(|n| (person(n), section(n, Section::Identity, "a").commitment()));
    let people = people.collect();
    w.submit(|w| &mut w.custody, Event::Registered { unit: unit("north/w1"), people });
    w
}

fn look(sections: &[Section]) -> Look {
    Look {
        sections: sections.to_vec(),
        by: Looker {
            authority: AuthorityId::new("justice").unwrap(),
            officer: Officer { role: Role::Judge, number: 7 },
        },
        purpose: Purpose::Review,
        relation: Relation::Tries,
        policies: vec![PolicyId::new("judges").unwrap()],
        policy_set: Some(PolicySetHash([5; 32])),
        break_glass: None,
    }
}

fn dispositions(w: &World) -> Vec<String> {
    let report = store::verify(w.node.url(), &mut |_| {}).unwrap();
    let told = report.sections.iter();
    told.map(|v| format!("{} {}: {}", v.person, v.section, v.disposition)).collect()
}

fn what_is_kept_opens_and_the_look_is_in_the_record(db: Database) {
    let w = world(db);
    let before = w.node.position();
    let asked = [person(2), person(1), person(9), person(1)];
    let sections = [Section::Identity, Section::Health, Section::Death];
    let shown = w.node.open_particulars(&asked, &look(&sections), at(1_000)).unwrap();
    let told: Vec<_> = shown.iter().map(|d| (d.person, d.section, d.version)).collect();
    let each = [
        (1, Section::Identity),
        (1, Section::Health),
        (2, Section::Identity),
        (2, Section::Health),
    ];
    assert_eq!(told, each.map(|(n, section)| (person(n), section, 1)));
    assert_eq!(*shown[0].plaintext, section(1, Section::Identity, "a").plaintext);
    assert!(!format!("{shown:?}").contains(CANARY));
    // One fact: of those who were seen, and of the sections that were.
    assert_eq!(w.node.position(), before + 1);
    let fact = w.node.facts(before..before + 1).pop().unwrap().fact;
    let seen = look(&[Section::Identity, Section::Health]);
    let people = vec![person(1), person(2)];
    assert_eq!(fact.event, Event::ParticularsLookedAt { people, look: Box::new(seen) });
    assert_eq!((fact.authority.as_str(), fact.officer.role), ("custody", Role::Register));
    // Nothing seen, nothing said.
    let none = w.node.open_particulars(&[person(9)], &look(&sections), at(1_001)).unwrap();
    assert!(none.is_empty() && w.node.position() == before + 1);
    assert_eq!(w.findings(), [""; 0]);
    assert_eq!(dispositions(&w).len(), 6);
    assert!(dispositions(&w).iter().all(|told| told.ends_with("disclosed and matches")));
    if db == Database::Sqlite {
        assert_eq!(in_files(&w, CANARY.as_bytes()), [""; 0]);
    }
}

/// Files of the database that hold those bytes.
fn in_files(w: &World, bytes: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    for ending in ["", "-wal", "-shm"] {
        let path = format!("{}{ending}", w.place.file().display());
        let there = fs::read(&path).unwrap_or_default();
        if there.windows(bytes.len()).any(|part| part == bytes) {
            found.push(ending.to_owned());
        }
    }
    found
}

fn the_newest_version_is_shown_and_all_are_disclosed(db: Database) {
    let w = world(db);
    let mut second = section(1, Section::Health, "later");
    second.salt = [77; 32];
    w.node.keep_particulars(std::slice::from_ref(&second), at(950)).unwrap();
    let position = w.node.position();
    // The same again changes nothing.
    w.node.keep_particulars(std::slice::from_ref(&second), at(951)).unwrap();
    assert_eq!(w.node.position(), position);
    let health = look(&[Section::Health]);
    let shown = w.node.open_particulars(&[person(1)], &health, at(1_000)).unwrap();
    assert_eq!(shown.iter().map(|d| d.version).collect::<Vec<_>>(), [2]);
    assert_eq!(*shown[0].plaintext, second.plaintext);
    let all = w.node.disclose_particulars(&[person(1)], &health, at(1_001)).unwrap();
    assert_eq!(all.iter().map(|d| d.version).collect::<Vec<_>>(), [1, 2]);
    let mut counted = Vec::new();
    let mut count = |person: PersonId, bytes: &[u8]| counted.push((person, bytes.to_vec()));
    w.node.count_particulars(Section::Health, &mut count).unwrap();
    assert_eq!(counted.len(), 3);
    assert_eq!(counted[0], (person(1), second.plaintext));
    let odd = Particulars { plaintext: b"{ }".to_vec(), ..section(1, Section::Case, "") };
    assert_eq!(
        w.node.keep_particulars(&[odd], at(952)).unwrap_err().code(),
        "section-not-canonical"
    );
}

fn nothing_is_shown_unless_the_look_is_kept(db: Database) {
    let mut w = world(db);
    let identity = look(&[Section::Identity]);
    let unjustified = Look { policies: vec![], ..identity.clone() };
    let refused = |w: &World, look: &Look| {
        let position = w.node.position();
        let error = w.node.open_particulars(&[person(1)], look, at(1_000)).unwrap_err();
        assert_eq!(w.node.position(), position);
        error.code()
    };
    assert_eq!(refused(&w, &unjustified), "look-unjustified");
    let glass = Look { break_glass: Some(BreakGlass::DangerToLife), ..unjustified };
    assert_eq!(w.node.open_particulars(&[person(1)], &glass, at(1_000)).unwrap().len(), 1);
    // The entry cannot be written.
    w.place.sql(match db {
        Database::Sqlite => {
            "create trigger full before insert on entry begin select raise(abort, 'full'); end"
        }
        Database::Postgres => "alter table entry add constraint full_up check (false) not valid",
    });
    assert_eq!(refused(&w, &identity), "storage");
    w.place.sql(match db {
        Database::Sqlite => "drop trigger full",
        Database::Postgres => "alter table entry drop constraint full_up",
    });
    assert_eq!(w.node.open_particulars(&[person(1)], &identity, at(1_001)).unwrap().len(), 1);
    // The register's device is taken out of use.
    let device = log::device_id(&log::public_key(&keyring().device));
    let why = RevocationReason::Lost;
    w.submit(|w| &mut w.custody, Event::DeviceRevoked { device, last: Some(99), why });
    assert_eq!(refused(&w, &identity), "register-not-enrolled");
    let kept = w.node.keep_particulars(&[section(4, Section::Identity, "a")], at(1_002));
    assert!(matches!(kept, Err(RegisterError::NotEnrolled(_))));
    assert_eq!(w.findings(), [""; 0]);
}

fn without_its_key_the_register_is_closed_and_the_record_goes_on(db: Database) {
    let w = world(db);
    let text = fs::read_to_string(w.place.register_file()).unwrap();
    let mut w = w.reopened(|place| fs::remove_file(place.register_file()).unwrap());
    let closed = |w: &World| {
        let look = look(&[Section::Identity]);
        w.node.open_particulars(&[person(1)], &look, at(1_000)).unwrap_err().code()
    };
    assert_eq!(closed(&w), "register-closed");
    assert_eq!(w.node.particulars_open().unwrap_err().code(), "register-closed");
    assert!(w.node.count_particulars(Section::Identity, &mut |_, _| panic!("closed")).is_err());
    w.offer(1..3);
    assert_eq!(w.findings(), [""; 0]);
    assert!(dispositions(&w).iter().all(|told| told.ends_with("withheld")));
    // Another key is no key.
    let other =
        register::Keyring { sealing: vec![register::RegisterKey::new([1; 32])], ..keyring() };
    fs::write(w.place.register_file(), other.to_secret_text().as_bytes()).unwrap();
    assert_eq!(closed(&w), "register-closed");
    let kept = w.node.keep_particulars(&[section(4, Section::Identity, "a")], at(1_002));
    assert!(matches!(kept, Err(RegisterError::OtherKey { .. })));
    fs::write(w.place.register_file(), "nonsense").unwrap();
    let report = store::verify(w.node.url(), &mut |_| {}).unwrap();
    assert!(report.holds() && report.notes.iter().any(|n| n.code == "particulars-closed"));
    // The right one opens it again, without a restart.
    fs::write(w.place.register_file(), text).unwrap();
    let identity = look(&[Section::Identity]);
    assert_eq!(w.node.open_particulars(&[person(1)], &identity, at(1_003)).unwrap().len(), 1);
}

fn what_was_changed_or_swapped_stays_shut_and_is_found(db: Database) {
    let one = "person = 'A-000001-3' and section = 'health'";
    let spoils = [
        format!("update sealed_section set bytes = {{zero}} where {one}"),
        format!("update sealed_section set section_key = {{zero}} where {one}"),
        // Somebody else's box in the place of this one.
        format!(
            "update sealed_section set bytes = (select bytes from sealed_section \
             where person = 'A-000002-1' and section = 'health') where {one}"
        ),
        "update person_key set wrapped = {zero} where person = 'A-000001-3'".to_owned(),
    ];
    for sql in spoils {
        let w = world(db);
        w.place.plant(&sql);
        let health = look(&[Section::Health]);
        let position = w.node.position();
        let shut = w.node.open_particulars(&[person(1), person(2)], &health, at(1_000));
        assert_eq!(shut.unwrap_err().code(), "register-damaged", "{sql}");
        assert_eq!(w.node.position(), position);
        let found = w.findings();
        assert!(!found.is_empty() && found.iter().all(|f| f == "particulars-changed"), "{found:?}");
    }
    let w = world(db);
    w.place.plant(&format!("update sealed_section set commitment = {{hash}} where {one}"));
    let mut found = w.findings();
    found.sort();
    let expected = ["particulars-changed", "particulars-changed@2", "particulars-uncommitted"];
    assert!(found.iter().any(|f| f == expected[2]), "{found:?}");
    assert!(found.iter().any(|f| f.starts_with("particulars-missing@2")), "{found:?}");
}

fn what_is_deleted_without_a_fact_is_an_alarm(db: Database) {
    let w = world(db);
    w.place.plant("delete from sealed_section where person = 'A-000001-3' and section = 'health'");
    assert_eq!(w.findings(), ["particulars-missing@2"]);
    assert!(dispositions(&w).contains(&"A-000001-3 health: missing with no fact".to_owned()));
    w.place.plant("delete from person_key where person = 'A-000002-1'");
    assert_eq!(w.findings(), ["particulars-missing@2"; 3]);
    // The key's file tells whose register it is, whatever the database says.
    w.place.plant("delete from sealed_section; delete from setting where key like 'register.%'");
    assert_eq!(w.findings(), ["particulars-missing@2"; 6]);
}

fn several_processes_sign_one_chain_of_looks(db: Database) {
    let w = world(db);
    let other = Node::open(w.node.url()).unwrap();
    let identity = look(&[Section::Identity]);
    std::thread::scope(|scope| {
        for node in [&w.node, &other] {
            let identity = &identity;
            scope.spawn(move || {
                for n in 0..8 {
                    node.open_particulars(&[person(1)], identity, at(1_000 + n)).unwrap();
                }
            });
        }
    });
    let report = store::verify(w.node.url(), &mut |_| {}).unwrap();
    assert!(report.holds());
    assert_eq!(report.notes, []);
    w.node.catch_up().unwrap();
    let looks = |state: &State| {
        let facts = state.record.facts();
        facts.filter(|f| matches!(f.event, Event::ParticularsLookedAt { .. })).count()
    };
    assert_eq!(w.node.read(looks), 16);
}

fn a_new_register_key_opens_all_and_the_old_one_nothing(db: Database) {
    let w = world(db);
    let old = fs::read_to_string(w.place.register_file()).unwrap();
    let other = Node::open(w.node.url()).unwrap();
    let identity = look(&[Section::Identity]);
    assert_eq!(other.open_particulars(&[person(1)], &identity, at(1_000)).unwrap().len(), 1);
    assert_eq!(w.node.rekey_register().unwrap(), 3);
    assert_ne!(fs::read_to_string(w.place.register_file()).unwrap(), old);
    // A process that read the old file reads the new one when it needs it.
    for node in [&w.node, &other] {
        assert_eq!(node.open_particulars(&[person(1)], &identity, at(1_001)).unwrap().len(), 1);
    }
    other.keep_particulars(&[section(5, Section::Identity, "a")], at(1_002)).unwrap();
    assert_eq!(w.findings(), [""; 0]);
    fs::write(w.place.register_file(), old).unwrap();
    let fresh = Node::open(w.node.url()).unwrap();
    let shut = fresh.open_particulars(&[person(1)], &identity, at(1_003)).unwrap_err();
    assert_eq!(shut.code(), "register-closed");
}

/// The file has both keys already, and nothing is wrapped with the new one.
fn a_change_of_key_that_broke_off_is_done_again(db: Database) {
    let w = world(db).reopened(|place| {
        let mut both = keyring();
        both.sealing.insert(0, register::RegisterKey::new([99; 32]));
        fs::write(place.register_file(), both.to_secret_text().as_bytes()).unwrap();
    });
    let identity = look(&[Section::Identity]);
    assert_eq!(w.node.open_particulars(&[person(1)], &identity, at(1_000)).unwrap().len(), 1);
    assert_eq!(w.node.rekey_register().unwrap(), 3);
    let text = fs::read_to_string(w.place.register_file()).unwrap();
    assert_eq!(register::Keyring::parse(&text).unwrap().sealing.len(), 1);
    assert_eq!(w.node.open_particulars(&[person(1)], &identity, at(1_001)).unwrap().len(), 1);
    assert_eq!(w.findings(), [""; 0]);
}

fn what_an_earlier_version_kept_plain_is_sealed(db: Database) {
    let mut w = World::new(db);
    let plain = section(1, Section::Identity, "plain");
    let hex = |bytes: &[u8]| {
        let digits: String = bytes.iter().map(|b| format!("{b:02x}")).collect();
        match db {
            Database::Sqlite => format!("x'{digits}'"),
            Database::Postgres => format!("'\\x{digits}'::bytea"),
        }
    };
    let no = if db == Database::Sqlite { "0" } else { "false" };
    w.place.sql(&format!(
        "insert into particulars (person, section, commitment, salt, sealed, bytes) \
         values ('{}', 'identity', {}, {}, {no}, {})",
        person(1),
        hex(&plain.commitment().0),
        hex(&plain.salt),
        hex(&plain.plaintext),
    ));
    let people = vec![(person(1), plain.commitment())];
    w.submit(|w| &mut w.custody, Event::Registered { unit: unit("north/w1"), people });
    assert_eq!(w.findings(), [""; 0]);
    assert_eq!(dispositions(&w), ["A-000001-3 identity: disclosed and matches"]);
    w.enrol_register();
    assert_eq!(w.node.seal_plain_particulars(at(2_000)).unwrap(), 1);
    assert_eq!(w.node.seal_plain_particulars(at(2_001)).unwrap(), 0);
    let identity = look(&[Section::Identity]);
    let shown = w.node.open_particulars(&[person(1)], &identity, at(2_002)).unwrap();
    assert_eq!(*shown[0].plaintext, plain.plaintext);
    assert_eq!(w.findings(), [""; 0]);
    if db == Database::Sqlite {
        assert_eq!(in_files(&w, CANARY.as_bytes()), [""; 0]);
    }
}
