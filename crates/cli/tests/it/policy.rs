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
fn looks_and_writings_are_held_against_the_policy_files() {
    use domain::*;
    let dir = tempfile::tempdir().unwrap();
    let store = store(dir.path());
    amana(&["init", "--store", &store, "--scenario", hasakah().to_str().unwrap()]).ok();
    amana(&["play", "--store", &store, "--nights", "1", "--plan-iterations", "100"]).ok();
    let check = || amana(&["policy", "check", folder().to_str().unwrap(), "--store", &store]);
    let ran = check();
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("0 looks, 0 writings decided by this text"), "{}", ran.out);

    let look = |policy_set| Look {
        sections: vec![Section::Identity],
        by: Looker {
            authority: AuthorityId::new("sender").unwrap(),
            officer: Officer { role: Role::Registrar, number: 7 },
        },
        purpose: Purpose::Transfer,
        relation: Relation::Holds,
        policies: vec![PolicyId::new("handlers-establish-identity").unwrap()],
        policy_set,
        break_glass: None,
    };
    let node = ::store::Node::open(&store).unwrap();
    let person = [PersonId::issue('A', 1_001)];
    let own = access::Policies::of_folder(&folder()).unwrap().hash();
    let when = node.read(::store::State::recorded_until);
    for set in [Some(own), None] {
        node.open_particulars(&person, &look(set), when).unwrap();
    }
    let ran = check();
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("1 look, 0 writings decided by this text"), "{}", ran.out);
    assert!(ran.out.contains("1 look, 0 writings without a word"), "{}", ran.out);
    // A writing by another text is told as a look by one is.
    let write = |policy_set, after, items: &str| {
        let Look { by, purpose, relation, policies, .. } = look(None);
        let writing = Writing { by, purpose, relation, policies, policy_set };
        let property = format!("{{\"items\":[{items}]}}").into_bytes();
        let new = ::store::Particulars::new(person[0], Section::Property, property).unwrap();
        node.write_particulars(&new, after, writing, when).unwrap().commitment
    };
    let first = write(own, None, "");
    assert_eq!(check().code, 0);
    let other = PolicySetHash([7; 32]);
    write(other, Some(first), "1");
    let ran = check();
    assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
    let told = format!("0 looks, 1 writing decided by another text, {other}");
    assert!(ran.out.contains(&told), "{}", ran.out);
    node.open_particulars(&person, &look(Some(other)), when).unwrap();
    let ran = amana(&["verify", "--store", &store]);
    assert_eq!(ran.code, 0, "a text that is not at hand is no fault: {}{}", ran.out, ran.err);
    assert!(
        ran.out.contains(&format!(
            "1 look, 1 writing decided by this text; 1 look, 1 writing decided by another text, {other}"
        )),
        "{}",
        ran.out
    );
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
