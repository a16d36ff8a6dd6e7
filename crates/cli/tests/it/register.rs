//! The register by its commands: closed without its key, erased by two, found when only deleted.

use crate::amana::{amana, hasakah, store};
use std::fs;

/// The first person of the first exercise.
fn somebody(store: &str) -> String {
    let told = amana(&["verify", "--store", store, "--sections"]).ok();
    told.lines().next().unwrap().split(' ').next().unwrap().to_owned()
}

#[test]
fn what_two_have_approved_is_erased_and_said() {
    let dir = tempfile::tempdir().unwrap();
    let store = store(dir.path());
    amana(&["init", "--store", &store, "--scenario", hasakah().to_str().unwrap()]).ok();
    let file = store.strip_prefix("sqlite:").unwrap().to_owned();
    let key = format!("{file}.register");
    let person = somebody(&store);

    // Nobody's name is anywhere in the files.
    let bytes = fs::read(&file).unwrap();
    for name in ["name_latin", "medication", "grounds"] {
        assert!(!bytes.windows(name.len()).any(|part| part == name.as_bytes()), "{name}");
    }

    let register =
        |arguments: &[&str]| amana(&[&["register"], arguments, &["--store", &store]].concat());
    let status = register(&["status"]).ok();
    assert!(status.contains("open: ") && status.contains("nothing may be erased"), "{status}");
    let what = [person.as_str(), "--ground", "court-order", "--section", "health"];
    let approve = |by: &str| register(&[&["approve"], &what[..], &["--authority", by]].concat());
    let erase = || register(&[&["erase"], &what[..]].concat());
    let refused = |expected: &str| {
        let refused = erase();
        assert!(refused.code == 2 && refused.err.contains(expected), "{}", refused.err);
    };
    refused("was not allowed to");
    register(&["erasure", "--after-days", "30"]).ok();
    refused("two authorities must approve");
    approve("sender").ok();
    approve("justice").ok();
    refused("entitled to resolve disputes");
    approve("judicial-council").ok();
    assert!(erase().ok().contains(&format!("1 sections of {person} destroyed")));
    let told = amana(&["verify", "--store", &store]).ok();
    assert!(told.contains("1 shredded") && told.contains("shredded by fact"), "{told}");
    assert!(told.contains("all holds"), "{told}");

    register(&["rekey"]).ok();
    let told = amana(&["verify", "--store", &store, "--json"]).json();
    assert_eq!(told["sections"]["disclosed"], 27_999);

    // Without the key the node goes on, and the particulars are closed.
    let away = dir.path().join("away");
    fs::rename(&key, &away).unwrap();
    assert_eq!(register(&["status"]).code, 1);
    let told = amana(&["verify", "--store", &store, "--json"]).json();
    assert_eq!((&told["holds"], &told["sections"]["withheld"]), (&true.into(), &27_999.into()));
    amana(&["balance", "--store", &store]).ok();
    fs::rename(&away, &key).unwrap();
    // And it goes on to play, although something that was registered is gone.
    amana(&["play", "--nights", "1", "--plan-iterations", "10", "--store", &store]).ok();
    amana(&["verify", "--store", &store]).ok();
}

#[test]
fn property_and_death_are_kept_and_nothing_unsaid_is_lost() {
    let dir = tempfile::tempdir().unwrap();
    let store = store(dir.path());
    amana(&["init", "--store", &store, "--scenario", hasakah().to_str().unwrap()]).ok();
    let person = somebody(&store);
    let file = dir.path().join("section.json");
    let keep = |section: &str, text: String| {
        fs::write(&file, text).unwrap();
        let file = file.to_str().unwrap();
        amana(&["register", "keep", file, "--section", section, "--store", &store])
    };
    let property = format!(
        r#"{{ "person": "{person}", "seal": "K-118", "items": [{{ "what": "ring", "count": 1 }}] }}"#
    );
    assert!(keep("property", property.clone()).ok().contains("is kept, sealed"));
    let death = format!(
        r#"{{"person":"{person}","on":"2026-01-22","circumstances":"in hospital","cause":"pneumonia",
            "remains":"returned to the family"}}"#
    );
    keep("death", death).ok();
    let more = keep("property", property.replace("\"seal\"", "\"shelf\": 3, \"seal\""));
    assert!(more.code == 2 && more.err.contains("shelf: unknown"), "{}", more.err);
    let stranger = keep("property", property.replace(&person, "A-999999-9"));
    assert_eq!(stranger.code, 2, "{}", stranger.out);

    let status = amana(&["register", "status", "--store", &store]).ok();
    for section in ["property", "death"] {
        let line = status.lines().find(|l| l.starts_with(section)).unwrap();
        assert!(line.contains(" 1 versions"), "{line}");
    }
    let verdict = amana(&["verify", "--store", &store, "--sections"]).ok();
    assert!(verdict.contains("all holds"), "{verdict}");
}
