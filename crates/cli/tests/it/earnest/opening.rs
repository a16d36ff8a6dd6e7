//! How it opens, and what it refuses.

use super::{ORIGIN, drawn, open, open_drawn};
use crate::amana::{amana, store};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// What is in a folder, by name.
fn names(dir: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(dir) else { return Vec::new() };
    let mut names: Vec<_> =
        entries.map(|e| e.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn an_operation_opens_with_drawn_keys_and_is_overwritten_by_nothing() {
    let dir = tempfile::tempdir().unwrap();
    open_drawn(dir.path()).ok();
    let keys = dir.path().join("keys");
    assert_eq!(names(&keys).len(), 11, "one for each authority");
    for name in names(&keys) {
        let mode = std::fs::metadata(keys.join(&name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    let kept = std::fs::read(keys.join("justice.key")).unwrap();
    let again = open_drawn(dir.path());
    assert_eq!(again.code, 2, "{}", again.out);
    assert_eq!(std::fs::read(keys.join("justice.key")).unwrap(), kept);
    let other = dir.path().join("others");
    let again = open(dir.path(), &["--origin", ORIGIN, "--keys", other.to_str().unwrap()]);
    assert!(again.code == 2 && again.err.contains("never overwritten"), "{}", again.err);
    assert!(!other.exists(), "no key is left of what was not opened");

    let store = store(dir.path());
    assert!(amana(&["verify", "--store", &store]).ok().contains("all holds: 2 facts"));
    let played = amana(&["play", "--store", &store]);
    assert!(played.err.contains("operation in earnest"), "{}", played.err);
    let served = amana(&["serve", "--store", &store, "--listen", "127.0.0.1:0"]);
    assert!(served.code == 2 && served.err.contains("nobody has an account"), "{}", served.err);
    // Nobody signs with a key that anybody could make.
    let unsigned = ["--definition", "registered@1", "--authority", "justice"];
    let unsigned = amana(&[&["statement", "issue", "--store", &store][..], &unsigned].concat());
    assert!(unsigned.code == 2 && unsigned.err.contains("--key FILE"), "{}", unsigned.err);
}

#[test]
fn keyholders_bring_public_keys_and_the_one_who_ordered_signs() {
    let dir = tempfile::tempdir().unwrap();
    let file = |name: &str| dir.path().join(name).to_str().unwrap().to_owned();
    let make = |authority: &str| {
        let vkey = amana(&["device", "key", authority, "--out", &file(authority)]).ok();
        std::fs::write(file(&format!("{authority}.pub")), vkey).unwrap();
    };
    for authority in ["justice", "judicial-council", "nobody"] {
        make(authority);
    }
    let at = tempfile::tempdir().unwrap();
    let said = |more: &[&str]| {
        let drawn = drawn(at.path());
        let ran = open(at.path(), &[&drawn.each_ref().map(String::as_str)[..], more].concat());
        assert!(ran.code == 0 || names(at.path()).is_empty(), "half made: {:?}", names(at.path()));
        ran
    };
    let stranger = said(&["--key", &file("nobody.pub")]);
    assert!(stranger.err.contains("no authority is called that"), "{}", stranger.err);
    let twice = said(&["--key", &file("justice.pub"), "--key", &file("justice")]);
    assert!(twice.err.contains("has brought another key already"), "{}", twice.err);
    let half = said(&["--key", &file("judicial-council.pub")]);
    assert!(half.err.contains("not its public half"), "{}", half.err);
    let exercise = open(at.path(), &["--origin", "amana.invalid/x", "--keys", &file("k")]);
    assert!(exercise.err.contains("are for exercises"), "{}", exercise.err);
    let none = open(at.path(), &["--origin", ORIGIN, "--key", &file("judicial-council")]);
    assert!(none.err.contains("sender has no key"), "{}", none.err);
    assert!(names(at.path()).is_empty());

    said(&["--key", &file("justice.pub"), "--key", &file("judicial-council")]).ok();
    let drawn = names(&at.path().join("keys"));
    assert_eq!(drawn.len(), 9);
    assert!(!drawn.contains(&"justice.key".to_owned()), "{drawn:?}");

    // Its keyholder enrols an office with the key that never came here.
    let store = store(at.path());
    let office = file("office");
    let vkey = amana(&["device", "key", "justice", "--out", &office]).ok();
    std::fs::write(file("office.pub"), vkey).unwrap();
    let public = file("office.pub");
    let enrol = |more: &[&str]| {
        amana(&[&["device", "office", &public, "--store", &store][..], more].concat())
    };
    let none = enrol(&["--role", "director"]);
    assert!(none.err.contains("--key FILE"), "{}", none.err);
    let self_made = enrol(&["--role", "director", "--key", &office]);
    assert!(self_made.err.contains("has not enrolled this device"), "{}", self_made.err);
    let keyholder = enrol(&["--role", "keyholder", "--key", &file("justice")]);
    assert!(keyholder.err.contains("nobody is enrolled as keyholder"), "{}", keyholder.err);
    enrol(&["--role", "director", "--key", &file("justice")]).ok();
    let listed = amana(&["device", "list", "--store", &store]).ok();
    assert!(listed.contains("justice director -  0 facts, until"), "{listed}");
}
