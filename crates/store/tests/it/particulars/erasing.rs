//! What is destroyed, by whose leave.

use super::*;

on_both!(
    nothing_is_destroyed_without_leave,
    what_is_erased_is_gone_and_said,
    an_erasure_that_nobody_approved_is_found,
);

fn approve(w: &mut World, by: fn(&mut World) -> &mut log::DeviceChain, ground: ErasureGround) {
    let sections = w.node.to_erase(person(1), None).unwrap();
    let approved = Event::ErasureApproved { person: person(1), sections, ground };
    w.submit(by, approved);
}

fn nothing_is_destroyed_without_leave(db: Database) {
    let mut w = world(db);
    let ended = ErasureGround::RetentionEnded;
    let refused = |w: &World, now: i64| {
        w.node.erase_particulars(person(1), None, ended, at(now)).unwrap_err().code()
    };
    assert_eq!(refused(&w, 5_000), "erasure-off");
    w.node.allow_erasure(Some(ErasureRule { after_days: 10 })).unwrap();
    assert_eq!(refused(&w, 5_000), "erasure-needs-two");
    approve(&mut w, |w| &mut w.custody, ended);
    approve(&mut w, |w| &mut w.custody, ended);
    assert_eq!(refused(&w, 5_000), "erasure-needs-two");
    approve(&mut w, |w| &mut w.escort, ended);
    assert_eq!(refused(&w, 5_000), "erasure-needs-overseer");
    // On another ground it is another approval.
    approve(&mut w, |w| &mut w.justice, ErasureGround::PersonAsks);
    assert_eq!(refused(&w, 5_000), "erasure-needs-overseer");
    approve(&mut w, |w| &mut w.justice, ended);
    assert_eq!(refused(&w, 5_000), "erasure-still-held");
    let people = w.links(1..2);
    w.submit(|w| &mut w.custody, Event::Exited { why: ExitReason::Released, people });
    assert_eq!(refused(&w, 5_000 + 9 * 86_400), "erasure-too-early");
    // A version that came after the approvals was not approved.
    let later = Particulars { salt: [50; 32], ..section(1, Section::Health, "later") };
    w.node.keep_particulars(&[later], at(2_000)).unwrap();
    assert_eq!(refused(&w, 5_000 + 11 * 86_400), "erasure-needs-two");
    w.node.allow_erasure(None).unwrap();
    assert_eq!(refused(&w, 5_000 + 11 * 86_400), "erasure-off");
    assert_eq!(w.node.sections_kept(person(1)).unwrap().len(), 3);
    assert_eq!(w.findings(), [""; 0]);
}

fn what_is_erased_is_gone_and_said(db: Database) {
    let mut w = world(db);
    let sealed = sealed_bytes(&w);
    w.node.allow_erasure(Some(ErasureRule { after_days: 0 })).unwrap();
    let ground = ErasureGround::CourtOrder;
    approve(&mut w, |w| &mut w.custody, ground);
    approve(&mut w, |w| &mut w.justice, ground);
    let before = w.node.read(|s| s.record.standing(person(1)).cloned());
    if db == Database::Sqlite {
        assert!(!in_files(&w, &sealed).is_empty());
    }
    let erased = w.node.erase_particulars(person(1), None, ground, at(5_000)).unwrap();
    assert_eq!((erased.sections, erased.key_too), (2, true));
    if db == Database::Sqlite {
        assert_eq!(erased.left, None);
        assert_eq!(in_files(&w, &sealed), [""; 0]);
    } else {
        assert!(erased.left.unwrap().contains("rekey"));
    }
    assert_eq!(w.node.read(|s| s.record.standing(person(1)).cloned()), before);
    let all = look(Section::ALL);
    assert!(w.node.open_particulars(&[person(1)], &all, at(5_001)).unwrap().is_empty());
    assert_eq!(w.findings(), [""; 0]);
    let report = store::verify(w.node.url(), &mut |_| {}).unwrap();
    let gone = report.sections.iter().filter(|v| v.person == person(1));
    let by = Disposition::Shredded { by: erased.position };
    assert_eq!(gone.map(|v| v.disposition).collect::<Vec<_>>(), [by; 2]);
    let again = w.node.erase_particulars(person(1), None, ground, at(5_002)).unwrap_err();
    assert_eq!(again.code(), "no-particulars");
    // From a backup it comes back, and is found.
    let back = [section(1, Section::Health, "b")];
    w.node.keep_particulars(&back, at(5_003)).unwrap();
    assert_eq!(w.findings(), ["erasure-undone@2"]);
}

/// The first person's boxes and keys, as the database holds them.
fn sealed_bytes(w: &World) -> Vec<u8> {
    if w.place.database == Database::Postgres {
        return Vec::new();
    }
    let conn = rusqlite::Connection::open(w.place.file()).unwrap();
    let sql = "select section_key from sealed_section where person = 'A-000001-3'";
    conn.query_row(sql, [], |row| row.get(0)).unwrap()
}

/// Whoever holds the register's device alone can say that sections are gone, and is found out.
fn an_erasure_that_nobody_approved_is_found(db: Database) {
    let mut w = world(db);
    w.place.plant("delete from sealed_section where person = 'A-000001-3'");
    let sections = vec![
        (Section::Identity, section(1, Section::Identity, "a").commitment()),
        (Section::Health, section(1, Section::Health, "b").commitment()),
    ];
    let ground = ErasureGround::CourtOrder;
    let approvals = vec![FactHash([1; 32])];
    let shredded = Event::SectionsShredded { person: person(1), sections, ground, approvals };
    let position = w.submit(|w| &mut w.custody, shredded).position;
    let missing = "particulars-missing@2".to_owned();
    let unapproved = format!("erasure-unapproved@{position}");
    assert_eq!(w.findings(), [unapproved, missing.clone(), missing]);
}
