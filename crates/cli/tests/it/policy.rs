//! `amana policy`: exit codes, and what it says.

use crate::amana::{amana, hasakah, store};
use std::path::Path;

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies")
}

#[test]
fn policies_are_checked() {
    let ran = amana(&["policy", "check", folder().to_str().unwrap()]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("policies hold"), "{}", ran.out);

    let dir = tempfile::tempdir().unwrap();
    for file in std::fs::read_dir(folder()).unwrap() {
        let path = file.unwrap().path();
        std::fs::copy(&path, dir.path().join(path.file_name().unwrap())).unwrap();
    }
    let glass = dir.path().join("4-glass.cedar");
    let text = std::fs::read_to_string(&glass).unwrap();
    std::fs::write(&glass, text.replace("Role::\"escort\"", "Role::\"escrot\"")).unwrap();
    let ran = amana(&["policy", "check", dir.path().to_str().unwrap()]);
    assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("4-glass.cedar") && ran.out.contains("escrot"), "{}", ran.out);
    assert_eq!(amana(&["policy", "check", "/nowhere"]).code, 2);
}

#[test]
fn a_decision_is_explained() {
    let dir = tempfile::tempdir().unwrap();
    let store = store(dir.path());
    let scenario = hasakah();
    amana(&["init", "--store", &store, "--scenario", scenario.to_str().unwrap()]).ok();
    amana(&["play", "--store", &store, "--nights", "1", "--plan-iterations", "100"]).ok();
    let person = domain::PersonId::issue('A', 1_001).to_string();
    let explain = |who: &str, section: &str, purpose: &str| {
        let about = ["--person", &person, "--section", section, "--purpose", purpose];
        amana(&[&["policy", "explain", "--as", who, "--store", &store][..], &about].concat())
    };
    let let_in = explain("monitor@icrc", "identity", "oversight");
    assert_eq!(let_in.code, 0, "{}{}", let_in.out, let_in.err);
    assert!(let_in.out.contains("monitors-inspect"), "{}", let_in.out);
    let refused = explain("monitor@icrc", "health", "oversight");
    assert_eq!(refused.code, 1, "{}{}", refused.out, refused.err);
    assert!(refused.out.contains("health-is-for-physicians"), "{}", refused.out);
    assert!(refused.out.contains("by your physician"), "{}", refused.out);
    assert_eq!(explain("monitor@nowhere", "health", "oversight").code, 2);
    assert_eq!(explain("inspector@icrc", "health", "oversight").code, 2);
}
