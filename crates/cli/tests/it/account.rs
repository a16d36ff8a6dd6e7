//! What the record owes and states, through the binary: one night played, its statements, sheet,
//! duties and differences.

use crate::amana::{amana, hasakah, store};
use std::path::Path;

/// The first night, with six people who left and did not arrive.
fn first_night(dir: &Path) -> String {
    let store = store(dir);
    let scenario = hasakah();
    amana(&["init", "--store", &store, "--scenario", scenario.to_str().unwrap()]).ok();
    amana(&["play", "--store", &store, "--nights", "1", "--plan-iterations", "100"]).ok();
    store
}

#[test]
fn a_night_is_stated_compared_and_balanced() {
    let dir = tempfile::tempdir().unwrap();
    let store = first_night(dir.path());
    let at = |name: &str| dir.path().join(name).to_str().unwrap().to_owned();
    let issue = |definition: &str, authority: &str, out: &str| {
        let out = at(out);
        let said = ["--definition", definition, "--authority", authority, "--out", &out];
        amana(&[&["statement", "issue", "--store", &store][..], &said].concat()).ok();
    };
    issue("departed@1", "escort-force", "departed.txt");
    issue("admitted@1", "justice", "admitted.txt");

    // By anyone, and by those who hold the record.
    let (departed, admitted) = (at("departed.txt"), at("admitted.txt"));
    amana(&["statement", "verify", &departed]).ok();
    let told = amana(&["statement", "verify", &departed, "--store", &store]);
    assert!(told.out.contains("all holds"), "{}", told.out);
    let text = std::fs::read_to_string(&departed).unwrap();
    let forged = at("forged.txt");
    let value = text.lines().find(|l| l.starts_with("value ")).unwrap();
    std::fs::write(&forged, text.replace(value, "value 151")).unwrap();
    let told = amana(&["statement", "verify", &forged]);
    assert_eq!(told.code, 1, "{}", told.out);

    let compare = ["statement", "compare", &departed, &admitted];
    let blind = amana(&[&compare[..], &["--json"]].concat());
    assert_eq!(blind.code, 1, "they differ");
    let told = amana(&[&compare[..], &["--store", &store, "--json"]].concat());
    let told: serde_json::Value = serde_json::from_str(&told.out).unwrap();
    let explained = &told["explained"];
    let causes = explained["causes"].as_array().unwrap();
    assert_eq!(causes.len(), 1, "{causes:?}");
    assert_eq!(causes[0]["people"], 6, "the six: {causes:?}");
    assert_eq!((&causes[0]["side"], &causes[0]["cause"]), (&"first".into(), &"definition".into()));
    assert_eq!(causes[0]["discrepancy"], "handover-short");

    // Another record does not know them.
    let other = tempfile::tempdir().unwrap();
    let elsewhere = crate::amana::store(other.path());
    let scenario = hasakah();
    let init = ["init", "--store", &elsewhere, "--scenario", scenario.to_str().unwrap()];
    amana(&[&init[..], &["--seed", "9"]].concat()).ok();
    let told = amana(&["statement", "verify", &departed, "--store", &elsewhere]);
    assert_eq!(told.code, 1, "{}", told.out);

    let sheet = at("night.json");
    let balance = ["balance", "--store", &store, "--night", "2026-01-21", "--out"];
    amana(&[&balance[..], &[&sheet]].concat()).ok();
    let sheet: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(sheet).unwrap()).unwrap();
    assert_eq!(sheet["sheet"]["balanced"], true);
    assert!(sheet["signature"].as_str().unwrap().starts_with("amana/balance-sheet/v1\n"));
    let page = at("night.html");
    amana(&[&balance[..], &[&page, "--lang", "ar"]].concat()).ok();
    let page = std::fs::read_to_string(page).unwrap();
    assert!(page.contains("dir=\"rtl\"") && page.contains("amana/balance-sheet/v1"));
    let by_site = amana(&["balance", "--store", &store, "--by", "site", "--json"]).json();
    let whole = amana(&["balance", "--store", &store, "--json"]).json();
    let sum: u64 = by_site.as_object().unwrap().values().map(|n| n.as_u64().unwrap()).sum();
    assert!(sum <= whole["answered_for"].as_u64().unwrap());
    amana(&["verify", "--store", &store]).ok();
}

#[test]
fn a_difference_is_resolved_by_a_signature_and_duties_become_overdue() {
    let dir = tempfile::tempdir().unwrap();
    let store = first_night(dir.path());
    let list = amana(&["discrepancy", "list", "--store", &store, "--open", "--json"]);
    assert_eq!(list.code, 1, "one is open: {}", list.out);
    let list: serde_json::Value = serde_json::from_str(&list.out).unwrap();
    let id = list[0]["id"].as_str().unwrap().to_owned();
    assert!(id.starts_with("handover-short:"), "{id}");
    let resolve = |why: &str| {
        let said = ["--id", &id[..30], "--why", why, "--authority", "judicial-council"];
        amana(&[&["discrepancy", "resolve", "--store", &store][..], &said].concat())
    };
    assert_eq!(resolve("because").code, 2);
    assert_eq!(resolve("found-at-origin").code, 0);
    assert_eq!(resolve("found-at-origin").code, 2, "it is resolved already");
    amana(&["discrepancy", "list", "--store", &store, "--open"]).ok();

    let duties = ["obligations", "--store", &store];
    let told = amana(&[&duties[..], &["--json"]].concat()).json();
    let running = |a: &serde_json::Value| a["running"].as_u64().unwrap();
    assert!(told["authorities"].as_array().unwrap().iter().map(running).sum::<u64>() > 144);
    let month_later = ["--overdue", "--at", "2026-02-21T00:00:00Z", "--authority", "justice"];
    let told = amana(&[&duties[..], &month_later].concat());
    assert_eq!(told.code, 1, "{}", told.out);
    assert!(told.out.contains("examined"), "{}", told.out);
    assert_eq!(amana(&[&duties[..], &["--authority", "nobody"]].concat()).code, 2);
    // The office signs on: its facts are a chain of their own, and the record holds.
    let told = amana(&["verify", "--store", &store, "--json"]).json();
    assert_eq!(told["holds"], true, "{told}");
    amana(&["play", "--store", &store, "--nights", "2", "--plan-iterations", "100"]).ok();
    let told = amana(&["verify", "--store", &store, "--json"]).json();
    assert_eq!(told["holds"], true, "the play goes on beside the office: {told}");
}

/// A figure that is wrong, signed by those who may sign.
fn state_wrongly(store: &str) {
    let node = store::Node::open(store).unwrap();
    let kept = node.documents().unwrap().into_iter().filter(|n| n.starts_with("statement/"));
    let read = |name: String| {
        let text = String::from_utf8(node.document(&name).unwrap().unwrap().bytes).unwrap();
        log::SignedStatement::open(&text).unwrap().statement
    };
    let mut statement = kept.map(read).find(|s| s.definition.as_str() == "departed@1").unwrap();
    statement.value += 1;
    let seed = node.setting("exercise.seed").unwrap().unwrap().parse().unwrap();
    let office = simulator::Signatory::office(&statement.authority);
    let key = simulator::exercise_key(seed, &office);
    let signing = log::LogKey::new(statement.authority.as_str(), key.clone()).unwrap();
    let signed = statement.sign(&signing, node.signing_key().unwrap()).unwrap();
    node.put_document(&server::statement_document(&signed)).unwrap();
    let statement = &signed.statement;
    let (authority, officer) = (statement.authority.clone(), statement.officer);
    let (operation, origin) = (node.operation().clone(), node.origin());
    let mut chain = log::DeviceChain::new(key, authority, officer, operation, origin);
    let device = chain.device();
    node.read(|state| {
        let head = state.record.device(&device).unwrap().head().unwrap();
        (chain.sequence, chain.previous) = (head.sequence + 1, Some(head.first()));
    });
    let now = statement.issued_at;
    let fact = domain::Event::StatementIssued {
        definition: statement.definition.clone(),
        position: statement.position,
        document: signed.hash(),
    };
    let id = log::fact_id(now.as_millisecond() as u64, [7; 10]);
    node.submit(&chain.sign(id, now, fact).unwrap().bytes, now).unwrap();
}

#[test]
fn statements_are_computed_again_from_a_store_and_an_export() {
    let dir = tempfile::tempdir().unwrap();
    let store = first_night(dir.path());
    let said = |place: &[&str]| amana(&[&["verify"], place].concat());
    let none = said(&["--store", &store]).ok();
    assert!(none.contains("none was issued"), "{none}");
    for definition in ["departed@1", "nationality/claimed@1"] {
        let said = ["--definition", definition, "--authority", "escort-force"];
        amana(&[&["statement", "issue", "--store", &store][..], &said].concat()).ok();
    }
    let live = said(&["--store", &store]).ok();
    assert!(live.contains("2 of 2 computed again from the facts, the same"), "{live}");
    let export = |name: &str| {
        let file = dir.path().join(name).to_str().unwrap().to_owned();
        amana(&["export", "--store", &store, "--out", &file]).ok();
        file
    };
    // An export names nobody, so it cannot tell nationalities, unless identities are disclosed.
    let apart = said(&[&export("right.tar")]).ok();
    assert!(apart.contains("1 of 2 computed again"), "{apart}");
    assert!(apart.contains("nationality/claimed@1 counts by the register"), "{apart}");
    let named = dir.path().join("named.tar").to_str().unwrap().to_owned();
    let disclosing = ["--disclose", "identity", "--to", "escort-force"];
    amana(&[&["export", "--store", &store, "--out", &named][..], &disclosing].concat()).ok();
    let counted = said(&[&named]).ok();
    assert!(counted.contains("2 of 2 computed again from the facts, the same"), "{counted}");

    state_wrongly(&store);
    let file = export("wrong.tar");
    for place in [&["--store", &store][..], &[&file]] {
        let told = said(place);
        assert_eq!(told.code, 1, "{}", told.out);
        assert!(told.out.contains("FAIL statements"), "{}", told.out);
        assert!(told.out.contains("value: stated"), "{}", told.out);
    }
}
