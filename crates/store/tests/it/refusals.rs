//! What anybody may send costs neither the disk nor the writer more than so much.

use crate::database::{Database, on_both};
use crate::world::*;
use domain::*;
use std::time::Instant;
use store::{Node, SubmitError};

on_both!(
    junk_is_counted_and_little_of_it_is_kept,
    junk_of_one_kind_crowds_out_no_other,
    a_device_that_another_process_enrolled_is_known,
);

/// Bytes that are no envelope, each of their own.
fn junk(n: u32) -> Vec<u8> {
    [b"no envelope at all ".as_slice(), &n.to_be_bytes()].concat()
}

fn junk_is_counted_and_little_of_it_is_kept(db: Database) {
    let w = World::new(db);
    let begun = Instant::now();
    for n in 0..2_500 {
        let refused = w.node.submit(&junk(n), at(1)).unwrap_err();
        assert_eq!(refused.code(), "bad-encoding");
        if n % 500 == 499 {
            // Whoever reads is shown what waited.
            let counted = [("bad-encoding".to_owned(), u64::from(n) + 1)];
            assert_eq!(w.node.refusal_counts().unwrap(), counted);
        }
    }
    let seconds = begun.elapsed().as_secs() as usize + 1;
    assert_eq!(w.node.refusals(10_000).unwrap().len(), 2_000);
    if let Some(turns) = w.place.turns_that_wrote("refusal") {
        assert!(turns <= 16 * seconds + 5, "{turns} transactions in {seconds} s");
    }
    // As the database has it, when somebody else opens it.
    let w = w.reopened(|_| {});
    assert_eq!(w.node.refusal_counts().unwrap(), [("bad-encoding".to_owned(), 2_500)]);
    assert_eq!(w.findings(), [""; 0]);
}

fn junk_of_one_kind_crowds_out_no_other(db: Database) {
    let mut w = World::new(db);
    let many: Vec<_> = (0..2_100).map(junk).collect();
    for some in many.chunks(700) {
        for result in w.node.submit_all(some, at(1)) {
            assert_eq!(result.unwrap_err().code(), "bad-encoding");
        }
        // Whoever reads has what waits written: all that is ever kept of the kind.
        w.node.refusal_counts().unwrap();
    }
    // By an enrolled device, in another's name.
    let mut usurper = chain("justice", 1);
    let site = SiteId::new("north").unwrap();
    let count = Event::MusterTaken { site, count: Muster::ByNumber { expected: 1, counted: 1 } };
    let entry = usurper.sign(w.id(), at(1), count).unwrap().bytes;
    assert_eq!(w.node.submit(&entry, at(2)).unwrap_err().code(), "wrong-authority");
    let kept = w.node.refusals(10_000).unwrap();
    assert!(kept.iter().any(|refusal| refusal.bytes == entry), "the evidence is kept");
    let of_junk = |code: &str| kept.iter().filter(|refusal| refusal.code == code).count();
    assert_eq!(of_junk("bad-encoding"), 2_000);
}

fn a_device_that_another_process_enrolled_is_known(db: Database) {
    let mut w = World::new(db);
    let other = Node::open(&w.place.url).unwrap();
    let site = SiteId::new("north").unwrap();
    let count = Event::MusterTaken { site, count: Muster::ByNumber { expected: 1, counted: 1 } };
    let mut device = chain("custody", 55);
    let entry = device.sign(w.id(), at(1), count).unwrap().bytes;
    let early = other.submit(&entry, at(1)).unwrap_err();
    assert!(matches!(early, SubmitError::UnknownDevice(_)), "{early}");
    w.enrol(55);
    other.submit(&entry, at(2)).unwrap();
    drop(other);
    assert_eq!(w.findings(), [""; 0]);
}
