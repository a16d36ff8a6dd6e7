//! An honest log before witnesses that lie: it keeps nothing that does not hold, and goes on.

use crate::liars::{DRIP, Liar};
use crate::world::*;
use log::{AddCheckpoint, Cosignature, Tree};
use oversight::submit::Submission;
use oversight::{Fetcher, WitnessFault, submit};
use std::sync::atomic::Ordering;
use std::time::Duration;

const NOW_S: u64 = 1_770_000_000;
const TEXT: &str = "text/plain";

/// The honest log's submission of a tree of 300.
fn ask(url: &str, last: &mut u64, timeout_ms: u64) -> Result<Cosignature, WitnessFault> {
    ask_with(&tree(300, u64::MAX), url, last, timeout_ms)
}

fn ask_with(tree: &Tree, url: &str, last: &mut u64, ms: u64) -> Result<Cosignature, WitnessFault> {
    let checkpoint = head(tree);
    let note = signed(&checkpoint);
    let proof = |old| tree.consistency(old, checkpoint.size).ok();
    let log = verifier();
    let submission =
        Submission { log: &log, note: &note, checkpoint: &checkpoint, proof: &proof, now_s: NOW_S };
    let fetcher = Fetcher::new(Duration::from_millis(ms));
    submit(&fetcher, &witness_key(8).cosigner(), url, last, &submission)
}

/// What an honest witness would sign, said by `seed` for `time_s` over a text.
fn line(body: &str, seed: u8, time_s: u64, change: impl Fn(&str) -> String) -> String {
    let request = AddCheckpoint::parse(body).unwrap();
    format!("{}\n", witness_key(seed).cosign(&change(&request.checkpoint.text), time_s))
}

#[test]
fn an_honest_witness_that_is_ahead_of_what_we_knew_is_asked_again() {
    let liar = Liar::start(|_, body| match body.starts_with("old 255\n") {
        true => (200, TEXT, line(body, 8, NOW_S, str::to_owned)),
        false => (409, "text/x.tlog.size", "255\n".to_owned()),
    });
    let mut last = 0;
    assert_eq!(ask(&liar.url, &mut last, 10_000).unwrap().time_s, NOW_S);
    assert_eq!(last, 300);
}

#[test]
fn cosignatures_that_do_not_hold_are_not_kept() {
    type Lie = fn(&str) -> String;
    let lies: [(&str, Lie, &str); 9] = [
        ("time 0", |b| line(b, 8, 0, str::to_owned), "does not hold"),
        ("far future", |b| line(b, 8, NOW_S + 3_601, str::to_owned), "over an hour"),
        ("long past", |b| line(b, 8, NOW_S - 3_601, str::to_owned), "over an hour"),
        (
            "another log's head",
            |b| line(b, 8, NOW_S, |t| t.replace(ORIGIN, "other.test/log")),
            "does not hold",
        ),
        (
            "another size",
            |b| line(b, 8, NOW_S, |t| t.replace("\n300\n", "\n301\n")),
            "does not hold",
        ),
        ("another key", |b| line(b, 9, NOW_S, str::to_owned), "no line is by"),
        ("junk", |_| "cosigned, trust me\n".to_owned(), "signature lines"),
        ("nothing", |_| String::new(), "not ended"),
        ("too many lines", |b| line(b, 8, NOW_S, str::to_owned).repeat(65), "signature lines"),
    ];
    for (what, lie, says) in lies {
        let liar = Liar::start(move |_, body| (200, TEXT, lie(body)));
        let mut last = 0;
        let fault = ask(&liar.url, &mut last, 10_000).expect_err(what).to_string();
        assert!(fault.contains(says), "{what}: {fault}");
        assert_eq!(last, 0, "{what}: nothing is believed");
    }
}

#[test]
fn lines_by_others_beside_the_right_one_do_no_harm() {
    let liar = Liar::start(|_, body| {
        let (other, own) = (line(body, 9, 5, str::to_owned), line(body, 8, NOW_S, str::to_owned));
        (200, TEXT, format!("{other}{own}"))
    });
    assert_eq!(ask(&liar.url, &mut 0, 10_000).unwrap().time_s, NOW_S);
}

#[test]
fn endless_conflicts_slow_bodies_and_floods_end() {
    let turn = std::sync::atomic::AtomicU64::new(0);
    let liar = Liar::start(move |_, _| {
        let size = turn.fetch_add(1, Ordering::SeqCst) % 200 + 1;
        (409, "text/x.tlog.size", format!("{size}\n"))
    });
    let fault = ask(&liar.url, &mut 0, 10_000).unwrap_err();
    assert!(matches!(fault, WitnessFault::Loops), "{fault}");
    assert_eq!(liar.asked.load(Ordering::SeqCst), 3);
    let drips = Liar::start(|_, _| (200, TEXT, DRIP.to_owned()));
    let fault = ask(&drips.url, &mut 0, 400).unwrap_err();
    assert!(matches!(fault, WitnessFault::Fetch(_)), "{fault}");
    let floods = Liar::start(|_, _| (200, TEXT, "\u{2014} w AAAA\n".repeat(10_000)));
    let fault = ask(&floods.url, &mut 0, 10_000).unwrap_err();
    assert!(fault.to_string().contains("more than 16384 bytes"), "{fault}");
    for (kind, body) in [("text/x.tlog.size", "many\n"), (TEXT, "7\n")] {
        let liar = Liar::start(move |_, _| (409, kind, body.to_owned()));
        assert!(ask(&liar.url, &mut 0, 10_000).is_err());
    }
}

/// "I cosigned more than you have" stops us only when our own key says so.
#[test]
fn a_larger_size_is_believed_with_our_own_signature_alone() {
    let shows = |note: String| {
        Liar::start(move |request, _| match request.starts_with("GET") {
            true => (200, TEXT, note.clone()),
            false => (409, "text/x.tlog.size", "400\n".to_owned()),
        })
    };
    let mut invented = signed(&head(&tree(400, u64::MAX)));
    invented.signatures[0].signature[3] ^= 1;
    let fault = ask(&shows(invented.to_text()).url, &mut 0, 10_000).unwrap_err();
    assert!(matches!(fault, WitnessFault::Claims { claimed: 400 }), "{fault}");
    let none = Liar::start(|request, _| match request.starts_with("GET") {
        true => (404, TEXT, String::new()),
        false => (409, "text/x.tlog.size", "400\n".to_owned()),
    });
    let fault = ask(&none.url, &mut 0, 10_000).unwrap_err();
    assert!(matches!(fault, WitnessFault::Claims { claimed: 400 }), "{fault}");
    let real = signed(&head(&tree(400, u64::MAX))).to_text();
    let fault = ask(&shows(real).url, &mut 0, 10_000).unwrap_err();
    assert!(matches!(fault, WitnessFault::Ahead(ref theirs) if theirs.size == 400), "{fault}");
}

/// A record restored from a backup, or forked, before an honest witness.
#[test]
fn our_own_fork_is_told_by_an_honest_witness() {
    let dir = tempfile::tempdir().unwrap();
    let running = Running::start(open(dir.path()));
    let http = Fetcher::new(Duration::from_secs(30));
    let url = format!("{}/add-checkpoint", running.url);
    assert_eq!(http.post(&url, &request(0, 300).to_string(), 1 << 16).unwrap().status, 200);
    let restored = ask_with(&tree(200, u64::MAX), &running.url, &mut 0, 30_000).unwrap_err();
    assert!(matches!(restored, WitnessFault::Ahead(ref t) if t.size == 300), "{restored}");
    let forked = ask_with(&tree(310, 250), &running.url, &mut 0, 30_000).unwrap_err();
    assert!(matches!(forked, WitnessFault::Ahead(ref t) if t.size == 300), "{forked}");
}
