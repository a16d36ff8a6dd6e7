//! The same commands on either store, and a record on its way between them.

use crate::amana::{Database, amana, hasakah, store};

#[test]
fn a_record_begins_on_postgres_and_moves() {
    let dir = tempfile::tempdir().unwrap();
    let first = Database::new(dir.path(), "first");
    let scenario = hasakah();
    let init = ["init", "--store", &first.url, "--scenario", scenario.to_str().unwrap()];
    assert_eq!(amana(&["verify", "--store", &first.url]).code, 2, "there is nothing yet");
    amana(&init).ok();
    assert_eq!(amana(&init).code, 2, "a record is never overwritten");
    let play = ["play", "--nights", "1", "--plan-iterations", "100", "--store"];
    amana(&[&play[..], &[&first.url]].concat()).ok();
    let night = amana(&["balance", "--store", &first.url, "--json"]).json();
    assert_eq!(night["balanced"], true, "{night}");
    let told = amana(&["verify", "--store", &first.url, "--json"]).json();
    assert_eq!(told["holds"], true, "{told}");

    let file = store(dir.path());
    let moved = amana(&["migrate-store", "--from", &first.url, "--to", &file, "--json"]).json();
    assert_eq!((&moved["entries"], &moved["root"]), (&told["entries"], &told["root"]));
    let sections = moved["tables"]["sealed_section"]["rows"].as_u64().unwrap();
    assert_eq!(sections, 28_000);
    let disclosed = |url: &str| {
        amana(&["verify", "--store", url, "--json"]).json()["sections"]["disclosed"].clone()
    };
    assert_eq!(disclosed(&file), sections, "the register's key went along");
    assert_eq!(amana(&["balance", "--store", &file, "--json"]).json(), night);
    // The old place can be read and takes nothing more.
    assert_eq!(amana(&["verify", "--store", &first.url, "--json"]).json()["holds"], true);
    let on = ["play", "--nights", "2", "--plan-iterations", "100", "--store"];
    let late = amana(&[&on[..], &[&first.url]].concat());
    assert!(late.code != 0 && late.err.contains("moved to"), "{} {}", late.code, late.err);

    let second = Database::new(dir.path(), "second");
    amana(&["migrate-store", "--from", &file, "--to", &second.url]).ok();
    let refused = amana(&["migrate-store", "--from", &second.url, "--to", &file]);
    assert_eq!(refused.code, 2, "a place that holds something is left alone");
    amana(&[&on[..], &[&second.url]].concat()).ok();
    let last = amana(&["verify", "--store", &second.url, "--json"]).json();
    assert_eq!(last["holds"], true, "{last}");
    assert!(last["entries"].as_u64() > told["entries"].as_u64());
}

#[test]
fn a_site_joins_under_a_name_of_its_own_and_its_export_holds() {
    let dir = tempfile::tempdir().unwrap();
    let hub = store(dir.path());
    amana(&["init", "--store", &hub, "--scenario", hasakah().to_str().unwrap()]).ok();
    let at = |name: &str| dir.path().join(name).to_str().unwrap().to_owned();
    let (bundle, export) = (at("operation.bundle"), at("site.tar"));
    amana(&["bundle", "write", "--store", &hub, "--out", &bundle]).ok();
    let site = format!("sqlite:{}", at("site.db"));
    let join = ["join", "--store", &site, "--from", &bundle, "--name"];
    let refused = amana(&[&join[..], &["Karkh 1"]].concat());
    assert_eq!(refused.code, 2);
    assert!(refused.err.contains("a node's name is a-z, 0-9 and '-'"), "{}", refused.err);
    amana(&[&join[..], &["karkh"]].concat()).ok();
    let told = amana(&["verify", "--store", &site, "--json"]).json();
    assert_eq!(told["holds"], true, "{told}");
    amana(&["export", "--store", &site, "--out", &export]).ok();
    let told = amana(&["verify", &export, "--json"]).json();
    assert_eq!(told["holds"], true, "{told}");
    let origin = told["origin"].as_str().unwrap();
    assert!(origin.ends_with("/node/karkh"), "{origin}");
}
