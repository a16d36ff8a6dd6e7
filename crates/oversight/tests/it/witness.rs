use crate::world::*;
use log::{Checkpoint, Note};
use oversight::{Fetcher, Witness, WitnessError};
use std::sync::Barrier;
use std::time::Duration;

fn fetcher() -> Fetcher {
    Fetcher::new(Duration::from_secs(30))
}

fn post(url: &str, body: &str) -> (u16, String, String) {
    let answer = fetcher().post(&format!("{url}/add-checkpoint"), body, 1 << 20).unwrap();
    (answer.status, answer.content_type.clone(), answer.text().to_owned())
}

#[test]
fn heads_that_continue_are_cosigned_and_shown() {
    let dir = tempfile::tempdir().unwrap();
    let running = Running::start(open(dir.path()));
    let id = log::witness::log_id(ORIGIN);
    let latest = format!("{}/{id}/checkpoint", running.url);
    assert_eq!(fetcher().get(&latest, 1 << 20).unwrap().status, 404);
    for (old, new) in [(0, 5), (5, 5), (5, 300)] {
        let request = request(old, new);
        let (status, kind, lines) = post(&running.url, &request.to_string());
        assert_eq!((status, kind.as_str()), (200, "text/plain"), "{lines}");
        let mut note = request.checkpoint.clone();
        note.signatures.extend(log::cosignature::read_lines(&lines).unwrap());
        let cosigned = witness_key(8).cosigner().find(&note).unwrap().unwrap();
        assert!(cosigned.time_s > 1_700_000_000);
        let shown = fetcher().get(&latest, 1 << 20).unwrap();
        assert_eq!((shown.status, shown.text()), (200, note.to_text().as_str()));
    }
}

#[test]
fn each_refusal_has_its_status() {
    let dir = tempfile::tempdir().unwrap();
    let running = Running::start(open(dir.path()));
    let check = |body: &str, expected: u16| {
        let (status, kind, text) = post(&running.url, body);
        assert_eq!(status, expected, "{text}");
        (kind, text)
    };
    check(&request(0, 5).to_string(), 200);
    let (kind, size) = check(&request(0, 9).to_string(), 409);
    assert_eq!((kind.as_str(), size.as_str()), ("text/x.tlog.size", "5\n"));
    check("old 5\n", 400);
    check("", 400);
    let mut above = request(5, 5);
    above.old = 6;
    check(&above.to_string(), 400);
    let mut stranger = request(5, 9).to_string();
    stranger = stranger.replace(&format!("\n{ORIGIN}\n9\n"), "\nother.test/log\n9\n");
    check(&stranger, 404);
    let mut unsigned = request(5, 9);
    unsigned.checkpoint.signatures[0].signature[9] ^= 1;
    check(&unsigned.to_string(), 403);
    let mut fork = request(5, 9);
    fork.checkpoint = signed(&head(&tree(9, 4)));
    check(&fork.to_string(), 422);
    let mut same = request(5, 5);
    same.checkpoint = signed(&head(&tree(5, 4)));
    check(&same.to_string(), 422);
    let long = format!("old 5\n{}", "A".repeat(80 << 10));
    assert_eq!(post(&running.url, &long).0, 413);
    // Nothing of this moved the witness.
    check(&request(5, 300).to_string(), 200);
}

/// The witness remembers across a restart, and a state that is not its own stops it.
#[test]
fn what_was_cosigned_is_remembered_or_the_witness_does_not_start() {
    let dir = tempfile::tempdir().unwrap();
    let witness = open(dir.path());
    witness.add_checkpoint(&request(0, 7).to_string(), 1_770_000_000).unwrap();
    let twice = Witness::open(dir.path(), witness_key(8), vec![verifier()]);
    assert!(matches!(twice, Err(WitnessError::InUse(_))));
    drop(witness);
    let again = open(dir.path());
    let refused = again.add_checkpoint(&request(0, 6).to_string(), 1_770_000_001).unwrap_err();
    assert_eq!(refused.to_string(), "the size cosigned last is 7");
    drop(again);
    let other = Witness::open(dir.path(), witness_key(9), vec![verifier()]);
    assert!(matches!(other, Err(WitnessError::Damaged { .. })), "another key's state");
    let path = dir.path().join(format!("{}.checkpoint", log::witness::log_id(ORIGIN)));
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replace("\n7\n", "\n6\n")).unwrap();
    let changed = Witness::open(dir.path(), witness_key(8), vec![verifier()]);
    assert!(matches!(changed, Err(WitnessError::Damaged { .. })));
    std::fs::write(&path, "").unwrap();
    let torn = Witness::open(dir.path(), witness_key(8), vec![verifier()]);
    assert!(matches!(torn, Err(WitnessError::Damaged { .. })));
}

/// Of requests that race from one old size, one is cosigned, whatever their order.
#[test]
fn racing_requests_never_roll_the_witness_back() {
    for round in 0..20 {
        let dir = tempfile::tempdir().unwrap();
        let witness = open(dir.path());
        witness.add_checkpoint(&request(0, 3).to_string(), 1).unwrap();
        let start = Barrier::new(6);
        let won: Vec<u64> = std::thread::scope(|scope| {
            let race = |size: u64| {
                let (witness, start) = (&witness, &start);
                scope.spawn(move || {
                    let body = request(3, size).to_string();
                    start.wait();
                    witness.add_checkpoint(&body, 2).ok().map(|_| size)
                })
            };
            let racing: Vec<_> = (0..6).map(|i| race(4 + (i * 7 + round) % 11)).collect();
            racing.into_iter().filter_map(|r| r.join().unwrap()).collect()
        });
        assert_eq!(won.len(), 1, "{won:?}");
        let latest = witness.latest(&log::witness::log_id(ORIGIN)).unwrap();
        let latest = Checkpoint::of_note(&Note::parse(&latest).unwrap(), &verifier()).unwrap();
        assert_eq!(latest.size, won[0]);
    }
}

/// A witness that cannot keep its state signs nothing more, even when the disk is well again.
#[test]
fn a_failing_disk_stops_the_witness() {
    let dir = tempfile::tempdir().unwrap();
    let state = dir.path().join("state");
    let witness = open(&state);
    witness.add_checkpoint(&request(0, 3).to_string(), 1).unwrap();
    let away = dir.path().join("away");
    std::fs::rename(&state, &away).unwrap();
    std::fs::write(&state, "no folder").unwrap();
    assert!(witness.add_checkpoint(&request(3, 5).to_string(), 2).is_err());
    std::fs::remove_file(&state).unwrap();
    std::fs::rename(&away, &state).unwrap();
    let stopped = witness.add_checkpoint(&request(3, 5).to_string(), 3).unwrap_err();
    assert!(stopped.to_string().contains("signs no more"), "{stopped}");
    drop(witness);
    open(&state).add_checkpoint(&request(3, 5).to_string(), 4).unwrap();
}
