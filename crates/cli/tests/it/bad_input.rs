use crate::amana::{amana, hasakah, hasakah_but, store};

#[test]
fn the_reference_scenario_is_clean() {
    let ran = amana(&["scenario", "check", hasakah().to_str().unwrap()]);
    assert_eq!(ran.code, 0, "{}", ran.out);
}

/// Each mistake is named with its file and line, and exits 1.
#[test]
fn a_mistake_in_a_scenario_is_named_with_its_line() {
    let row = "2026-01-20,karkh,2026-01-22,60,assumption";
    let cases = [
        (row.replace(",60,", ",sixty,"), "intake.csv", "sixty"),
        (row.replace("karkh", "kharkh"), "intake.csv", "kharkh"),
        (row.replace(",assumption", ""), "intake.csv", "field"),
    ];
    for (broken, file, says) in cases {
        let dir = hasakah_but(file, |text| text.replacen(row, &broken, 1));
        let ran = amana(&["scenario", "check", dir.path().to_str().unwrap()]);
        assert_eq!(ran.code, 1, "{}", ran.out);
        let line = std::fs::read_to_string(dir.path().join(file)).unwrap();
        let line = line.lines().position(|l| l == broken).unwrap() + 1;
        assert!(ran.out.contains(&format!("{file}:{line}")), "{broken}: {}", ran.out);
        assert!(ran.out.contains(says), "{broken}: {}", ran.out);
    }
    let nothing = amana(&["scenario", "check", "/nowhere"]);
    assert_eq!(nothing.code, 2, "{}", nothing.out);
}

#[test]
fn init_refuses_to_overwrite_and_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let store = store(dir.path());
    let scenario = hasakah();
    let init = ["init", "--store", &store, "--scenario", scenario.to_str().unwrap()];
    amana(&init).ok();
    let again = amana(&init);
    assert_eq!(again.code, 2);
    assert!(again.err.contains("already"), "{}", again.err);
}

#[test]
fn what_is_not_there_or_not_built_in_is_said() {
    let missing = amana(&["verify", "--store", "sqlite:/nowhere/at-all.sqlite"]);
    assert_eq!(missing.code, 2);
    assert!(missing.err.contains("/nowhere/at-all.sqlite"), "{}", missing.err);
    let postgres = amana(&["balance", "--store", "postgres://127.0.0.1:1/nobody-is-there"]);
    assert_eq!(postgres.code, 2);
    assert!(postgres.err.contains("PostgreSQL database nobody-is-there"), "{}", postgres.err);
    let listen = amana(&["play", "--store", "sqlite:x", "--speed", "fast"]);
    assert_eq!(listen.code, 2);
    assert!(listen.err.contains("max"), "{}", listen.err);
    let torn = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(torn.path(), "{\"format\": \"muster-v1\",\n \"people\": }").unwrap();
    let path = torn.path().to_str().unwrap();
    let plan = amana(&["plan", "solve", path, "--out", "/tmp/never.json"]);
    assert_eq!(plan.code, 2);
    assert!(plan.err.contains("line 2"), "{}", plan.err);
}
