//! What an officer writes on somebody's page.

use super::*;

on_both!(
    what_an_officer_writes_follows_what_they_knew,
    the_same_writing_again_is_answered_as_the_first_time,
);

/// By who looks in [`look`], for the same.
fn writing() -> Writing {
    let Look { by, purpose, relation, policies, .. } = look(&[]);
    Writing { by, purpose, relation, policies, policy_set: PolicySetHash([5; 32]) }
}

fn what_an_officer_writes_follows_what_they_knew(db: Database) {
    let w = world(db);
    let health = look(&[Section::Health]);
    let writing = writing();
    let write = |says: &str, after, at| {
        let new = Particulars { salt: [78; 32], ..section(1, Section::Health, says) };
        let done = w.node.write_particulars(&new, after, writing.clone(), at);
        done.map(|written| (new.commitment(), written.receipt.hash))
    };
    let first = section(1, Section::Health, "b").commitment();
    let (second, fact) = write("seen again", Some(first), at(960)).unwrap();
    let told = w.node.read(|state| state.record.fact(&fact).unwrap().event.clone());
    let kept = vec![(person(1), Section::Health, second)];
    assert_eq!(told, Event::ParticularsKept { kept, written: Some(Box::new(writing.clone())) });
    let position = w.node.position();
    for stale in [None, Some(first)] {
        assert_eq!(write("unread", stale, at(961)).unwrap_err().code(), "section-changed");
    }
    let unjustified = Writing { policies: vec![], ..writing.clone() };
    let new = section(1, Section::Health, "c");
    let refused = w.node.write_particulars(&new, Some(second), unjustified, at(962));
    assert_eq!(refused.unwrap_err().code(), "look-unjustified");
    assert_eq!(w.node.position(), position, "nothing was kept");
    let shown = w.node.open_particulars(&[person(1)], &health, at(1_000)).unwrap();
    assert_eq!((shown[0].version, shown[0].commitment), (2, second));
    // Of what is not kept yet, nothing is known.
    let seal = section(1, Section::Property, "seal");
    w.node.write_particulars(&seal, None, writing, at(1_001)).unwrap();
    assert!(dispositions(&w).iter().all(|line| !line.contains("missing")), "all is here");
}

fn the_same_writing_again_is_answered_as_the_first_time(db: Database) {
    let w = world(db);
    let mut salt = 78;
    let mut write = |says: &str, after, by: &Writing| {
        salt += 1;
        let new = Particulars { salt: [salt; 32], ..section(1, Section::Health, says) };
        w.node.write_particulars(&new, after, by.clone(), at(960))
    };
    let (kept, mine) = (section(1, Section::Health, "b").commitment(), writing());
    let first = write("fit", Some(kept), &mine).unwrap();
    assert_eq!((first.version, first.receipt.already), (2, false));
    let repeated = |again: store::Written| {
        let told = (again.version, again.commitment, again.receipt.hash, again.receipt.position);
        let receipt = first.receipt;
        assert_eq!(told, (2, first.commitment, receipt.hash, receipt.position));
        assert!(again.receipt.already);
    };
    let position = w.node.position();
    repeated(write("fit", Some(kept), &mine).unwrap());
    // By another set of policies than the first time: it was let then.
    let since = Writing { policy_set: PolicySetHash([6; 32]), ..mine.clone() };
    repeated(write("fit", Some(kept), &since).unwrap());
    // Another writing after the same version: other words, another officer, for something else, or
    // after a version that this one did not follow.
    let colleague = Officer { number: 8, ..mine.by.officer };
    let colleague = Looker { officer: colleague, ..mine.by.clone() };
    let others = [
        ("ill", Some(kept), mine.clone()),
        ("fit", Some(kept), Writing { by: colleague, ..mine.clone() }),
        ("fit", Some(kept), Writing { purpose: Purpose::Care, ..mine.clone() }),
        ("fit", None, mine.clone()),
        ("fit", Some(Commitment([0; 32])), mine.clone()),
    ];
    for (says, after, by) in others {
        assert_eq!(write(says, after, &by).unwrap_err().code(), "section-changed", "{says}");
    }
    assert_eq!(w.node.position(), position, "nothing more was kept");
    // Written over since, the first one still has its answer; the same words after it are new.
    let next = write("fit", Some(first.commitment), &mine).unwrap();
    assert_eq!((next.version, next.receipt.already), (3, false));
    repeated(write("fit", Some(kept), &mine).unwrap());
    assert_eq!(w.findings(), [""; 0]);
}
