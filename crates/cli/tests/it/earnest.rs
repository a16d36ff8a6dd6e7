//! An operation in earnest, from its opening on. Its people are invented all the same.

use crate::amana::{amana, hasakah, store};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

const ORIGIN: &str = "amana.example/hasakah-2026";

fn open(dir: &Path, more: &[&str]) -> crate::amana::Ran {
    let (store, scenario) = (store(dir), hasakah());
    let said = ["open", "--store", &store, "--scenario", scenario.to_str().unwrap()];
    amana(&[&said[..], more].concat())
}

fn drawn(dir: &Path) -> [String; 4] {
    let keys = dir.join("keys").to_str().unwrap().to_owned();
    ["--origin".to_owned(), ORIGIN.to_owned(), "--keys".to_owned(), keys]
}

fn open_drawn(dir: &Path) -> crate::amana::Ran {
    let drawn = drawn(dir);
    open(dir, &drawn.each_ref().map(String::as_str))
}

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

/// An open operation, and what its offices are enrolled with.
struct Operation {
    dir: tempfile::TempDir,
    store: String,
}

impl Operation {
    fn open() -> Self {
        let dir = tempfile::tempdir().unwrap();
        open_drawn(dir.path()).ok();
        let store = store(dir.path());
        Self { dir, store }
    }

    fn file(&self, name: &str) -> String {
        self.dir.path().join(name).to_str().unwrap().to_owned()
    }

    fn run(&self, said: &[&str]) -> crate::amana::Ran {
        amana(&[said, &["--store", &self.store]].concat())
    }

    /// The file of a new key that the authority's keyholder enrols.
    fn office(&self, authority: &str, role: &str, site: Option<&str>) -> String {
        let name = format!("{authority}-{role}-{}", site.unwrap_or("hq"));
        let (key, public) = (self.file(&name), self.file(&format!("{name}.pub")));
        let vkey = amana(&["device", "key", authority, "--out", &key]).ok();
        std::fs::write(&public, vkey).unwrap();
        let own = self.file(&format!("keys/{authority}.key"));
        let mut said = vec!["device", "office", &public, "--role", role, "--key", &own];
        said.extend(site.into_iter().flat_map(|site| ["--site", site]));
        self.run(&said).ok();
        key
    }

    fn register(&self, roll: &str, key: &str) -> crate::amana::Ran {
        let file = self.file("roll.csv");
        std::fs::write(&file, roll).unwrap();
        self.run(&["people", "register", &file, "--site", "hasakah", "--key", key])
    }
}

const HEADER: &str = "id,unit,given_ar,given,father_ar,father,grandfather_ar,grandfather,family_ar,family,\
    mother_ar,mother,birth,recorded_age,age_basis,claimed,documented,verified,security,health,examined_on,\
    separation,ordered_by,grounds,keep_apart,together";

/// The roll of so many invented people at the first site.
fn roll(count: usize) -> String {
    let scenario = scenario::Scenario::read(&hasakah()).unwrap();
    let cohort = scenario::cohort::generate(&scenario, 1);
    let here = cohort.people.iter().filter(|p| p.unit.site().as_str() == "hasakah");
    let mut text = format!("{HEADER}\n");
    for p in here.take(count) {
        let n = &p.name;
        let parts = [&n.given, &n.father, &n.grandfather, &n.family, &n.mother];
        let names: Vec<_> = parts.iter().flat_map(|part| [&part.arabic[..], &part.latin]).collect();
        let names = names.join(",");
        let (claimed, security, health) = (p.claimed, p.security, p.health);
        text += &format!(
            "{},{},{names},1990,{},declared,{claimed},,,{security},{health},2026-11-20,{},\
             judicial-council,charged,,\n",
            p.id, p.unit, p.recorded_age, p.separation
        );
    }
    text
}

#[test]
fn a_roll_is_registered_whole_once_or_not_at_all() {
    let operation = Operation::open();
    let registrar = operation.office("sender", "registrar", Some("hasakah"));
    let elsewhere = operation.office("sender", "registrar", Some("qamishli"));
    let director = operation.office("sender", "director", Some("hasakah"));
    let roll = roll(20);
    for key in [&elsewhere, &director] {
        let refused = operation.register(&roll, key);
        assert!(refused.code == 2 && refused.err.contains("signs its roll"), "{}", refused.err);
    }
    let registered =
        || operation.run(&["balance", "--json"]).json()["registered"].as_u64().unwrap();
    let first = roll.lines().nth(1).unwrap();
    let id = &first[..10];
    let fields: Vec<&str> = first.split(',').collect();
    let other_digit = format!("{}{}", &id[..9], (id[9..].parse::<u8>().unwrap() + 1) % 10);
    let column: usize = fields[..10].iter().map(|f| f.chars().count() + 1).sum::<usize>()
        + fields[10..20].iter().map(|f| f.chars().count() + 1).sum::<usize>()
        + 1;
    let with = |n: usize, value: &str| {
        let mut changed = fields.clone();
        changed[n] = value;
        roll.replacen(first, &changed.join(","), 1)
    };
    for (wrong, said) in [
        (roll.replacen("id,", "number,", 1), "wrong-header".to_owned()),
        (with(0, &other_digit), "roll.csv:2:1: not-valid".to_owned()),
        (with(1, "qamishli/w1"), "is no unit of hasakah".to_owned()),
        (with(15, "ZZ"), "knows no nationality 'ZZ'".to_owned()),
        (with(20, "yesterday"), format!("roll.csv:2:{column}: not-valid: 'examined_on'")),
        (with(21, "nobody"), "there is no separation group 'nobody'".to_owned()),
        (with(23, &"x".repeat(2_001)), "roll.csv:2: grounds: too-long".to_owned()),
        (with(24, "A-999999-0"), "A-999999-0, who is not in the file".to_owned()),
        (with(25, id), "the person's own number".to_owned()),
        (format!("{roll}{first}\n"), "is listed twice".to_owned()),
    ] {
        let refused = operation.register(&wrong, &registrar);
        assert!(refused.code == 1 && refused.out.contains(&said), "{said}: {}", refused.out);
        assert!(refused.out.contains("nobody was registered"), "{}", refused.out);
        assert_eq!(registered(), 0, "{said}");
    }

    // As a spreadsheet saves it.
    let told =
        operation.register(&format!("\u{feff}{roll}").replace('\n', "\r\n"), &registrar).ok();
    assert!(told.contains("20 registered, 0 were before"), "{told}");
    assert_eq!(registered(), 20);
    let before = operation.run(&["verify"]).ok();
    assert!(before.contains("60 disclosed and match"), "{before}");
    let told = operation.register(&roll, &registrar).ok();
    assert!(told.contains("0 registered, 20 were before"), "{told}");
    assert_eq!(operation.run(&["verify"]).ok(), before, "no fact more");
}
