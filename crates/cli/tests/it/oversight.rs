//! What an overseer does with a record: keep it, check it, and see what was changed.

use crate::amana::{Ran, amana, hasakah, store};
use std::path::Path;

/// A record of an exercise's first evening, and its export.
fn exported(dir: &Path) -> (String, String) {
    let store = store(dir);
    amana(&["init", "--store", &store, "--scenario", hasakah().to_str().unwrap()]).ok();
    amana(&["play", "--store", &store, "--nights", "1", "--plan-iterations", "50"]).ok();
    let file = dir.join("record.tar").to_str().unwrap().to_owned();
    amana(&["export", "--store", &store, "--out", &file]).ok();
    (store, file)
}

fn unpacked(file: &str, dir: &Path) -> String {
    std::fs::create_dir(dir).unwrap();
    let done = std::process::Command::new("tar").args(["-xf", file, "-C"]).arg(dir).status();
    assert!(done.unwrap().success());
    dir.to_str().unwrap().to_owned()
}

fn verify(place: &str) -> Ran {
    amana(&["verify", place])
}

#[test]
fn an_export_holds_repeats_and_names_nobody() {
    let dir = tempfile::tempdir().unwrap();
    let (store, file) = exported(dir.path());
    let said = verify(&file).ok();
    assert!(said.contains("all holds") && said.contains("files"), "{said}");
    let again = dir.path().join("again.tar").to_str().unwrap().to_owned();
    amana(&["export", "--store", &store, "--out", &again]).ok();
    let bytes = std::fs::read(&file).unwrap();
    assert!(bytes == std::fs::read(&again).unwrap(), "two exports of one record differ");
    let over = amana(&["export", "--store", &store, "--out", &file]);
    assert_eq!(over.code, 2, "an export is never overwritten");
    let whole = dir.path().join("whole.tar").to_str().unwrap().to_owned();
    let disclose = ["--disclose", "identity,case", "--to", "icrc"];
    amana(&[&["export", "--store", &store, "--out", &whole][..], &disclose].concat()).ok();
    let said = verify(&whole).ok();
    assert!(said.contains("14000 disclosed and match, 14000 withheld, 0 shredded"), "{said}");
    let name = "mother_latin";
    let holds = |path: &str, name: &str| {
        let bytes = std::fs::read(path).unwrap();
        bytes.windows(name.len()).any(|w| w == name.as_bytes())
    };
    assert!(!holds(&file, name) && holds(&whole, "particulars.jsonl"));
    assert!(holds(&whole, name) && !holds(&whole, "medication") && holds(&whole, "grounds"));
    assert!(!holds(&file, "cohort.csv") && !holds(&whole, "cohort.csv"));
    // What was shown is in the record, and so in the export that shows it.
    assert!(!holds(&file, "particulars-looked-at") && holds(&whole, "particulars-looked-at"));
    let told = amana(&["verify", &file, "--json"]).json();
    assert!(
        told["entries"].as_u64() < amana(&["verify", &whole, "--json"]).json()["entries"].as_u64()
    );
    let late = dir.path().join("late.tar").to_str().unwrap().to_owned();
    amana(&["export", "--store", &store, "--out", &late]).ok();
    let file = late;
    let live = amana(&["verify", "--store", &store, "--json"]).json();
    assert_eq!(live["holds"], true);
    assert_eq!(live["root"], amana(&["verify", &file, "--json"]).json()["root"]);
}

/// Each change to an export is named, and the command exits 1.
#[test]
fn what_was_changed_in_an_export_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let (_, file) = exported(dir.path());
    let flip = |path: &Path| {
        let mut bytes = std::fs::read(path).unwrap();
        let at = bytes.len() / 2;
        bytes[at] ^= 1;
        std::fs::write(path, bytes).unwrap();
    };
    let entries = |folder: &Path| {
        let found = std::fs::read_dir(folder.join("tile/entries")).unwrap();
        let mut found: Vec<_> = found.map(|e| e.unwrap().path()).collect();
        found.sort();
        match found[0].is_dir() {
            true => std::fs::read_dir(&found[0]).unwrap().next().unwrap().unwrap().path(),
            false => found.remove(0),
        }
    };
    type Change<'a> = &'a dyn Fn(&Path);
    let changes: [(&str, Change, &str); 7] = [
        ("a fact", &|f| flip(&entries(f)), "tile-differs at entry"),
        ("no fact", &|f| std::fs::remove_file(entries(f)).unwrap(), "bundle-missing"),
        ("the index", &|f| flip(&f.join("index.html")), "file-changed: index.html"),
        ("a table", &|f| flip(&f.join("custody.csv")), "file-changed: custody.csv"),
        ("more", &|f| std::fs::write(f.join("extra.pdf"), "x").unwrap(), "extra.pdf was added"),
        (
            "sums made anew",
            &|f| {
                flip(&f.join("custody.csv"));
                let sums = std::fs::read_to_string(f.join("SHA256SUMS")).unwrap();
                let bytes = std::fs::read(f.join("custody.csv")).unwrap();
                let sum = log::hash_of(&bytes).to_string();
                let line = sums.lines().find(|l| l.ends_with("custody.csv")).unwrap();
                let new = sums.replace(line, &format!("{sum}  custody.csv"));
                std::fs::write(f.join("SHA256SUMS"), new).unwrap();
            },
            "SHA256SUMS is not what the log's key signed",
        ),
        (
            "the checkpoint",
            &|f| {
                let text = std::fs::read_to_string(f.join("checkpoint")).unwrap();
                let mut lines: Vec<String> = text.split('\n').map(str::to_owned).collect();
                lines[1] = (lines[1].parse::<u64>().unwrap() - 1).to_string();
                std::fs::write(f.join("checkpoint"), lines.join("\n")).unwrap();
            },
            "head-signature",
        ),
    ];
    for (what, change, says) in changes {
        let folder = dir.path().join(what.replace(' ', "-"));
        let place = unpacked(&file, &folder);
        verify(&place).ok();
        change(&folder);
        let ran = verify(&place);
        assert_eq!(ran.code, 1, "{what}: {}{}", ran.out, ran.err);
        assert!(ran.out.contains(says), "{what}: {}", ran.out);
        assert!(ran.out.contains("something does not hold"), "{what}: {}", ran.out);
    }
    let nothing = verify(dir.path().join("nowhere").to_str().unwrap());
    assert_eq!(nothing.code, 2);
    let stranger =
        amana(&["witness", "key", "w.test", "--out", dir.path().join("k").to_str().unwrap()]).ok();
    let wrong = amana(&["verify", &file, "--log", stranger.trim()]);
    assert_eq!(wrong.code, 2, "a witness's key is no log's key");
}
