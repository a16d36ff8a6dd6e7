use crate::amana::{amana, hasakah, store};
use crate::worked_example;

/// From the scenario to people admitted and accounted for: 23 nights with their troubles, the books
/// balanced after each, and a record in which everything holds.
#[test]
fn the_reference_operation_from_scenario_to_balanced_books() {
    let dir = tempfile::tempdir().unwrap();
    let store = store(dir.path());
    let scenario = hasakah();
    amana(&["init", "--store", &store, "--scenario", scenario.to_str().unwrap()]).ok();

    // Stopped after the first night and gone on with, as a laptop that is closed would.
    let play = ["play", "--store", &store, "--plan-iterations", "700"];
    amana(&[&play[..], &["--nights", "1"]].concat()).ok();
    let first = amana(&["balance", "--store", &store, "--json"]).json();
    let offered = first["departed"].as_u64().unwrap();
    assert_eq!(first["admitted"].as_u64().unwrap() + 6, offered, "{first}");
    assert_eq!(first["open_discrepancies"], 1, "{first}");
    amana(&[&play[..], &["--nights", "12"]].concat()).ok();
    amana(&play).ok();

    let mut admitted = 0;
    let first: jiff::civil::Date = "2026-01-21".parse().unwrap();
    for night in first.series(jiff::Span::new().days(1)).take(23) {
        let night = night.to_string();
        let books = amana(&["balance", "--store", &store, "--night", &night, "--json"]).json();
        assert_eq!(books["balanced"], true, "{night} {books}");
        assert_eq!(books["contested"], 0, "{night} {books}");
        let now = books["admitted"].as_u64().unwrap();
        assert!(now >= admitted, "{night} {books}");
        admitted = now;
    }
    let books = amana(&["balance", "--store", &store, "--json"]).json();
    assert_eq!(books["registered"], 7000);
    assert_eq!(books["in_transit"], 0, "{books}");
    assert_eq!(books["open_discrepancies"], 0, "every question was answered: {books}");
    let admitted = books["admitted"].as_u64().unwrap();
    assert!((5_000..=5_704).contains(&admitted), "5,704 can board: {books}");

    revisions(&store, dir.path(), &scenario);
    worked_example::check(&store, dir.path(), admitted);
    let verified = amana(&["verify", "--store", &store, "--json"]).json();
    assert_eq!(verified["holds"], true, "{verified}");
    // Played out, another play adds nothing.
    amana(&play).ok();
    let again = amana(&["verify", "--store", &store, "--json"]).json();
    assert_eq!(again["root"], verified["root"]);
}

/// Revisions are judged, explained, compared and put in question by the scenario and the plan each
/// replaced, as they came out of the record.
fn revisions(store: &str, dir: &std::path::Path, scenario: &std::path::Path) {
    let scenario = scenario.to_str().unwrap();
    let at = |name: &str| dir.join(name).to_str().unwrap().to_owned();
    let plan = |revision: &str, name: &str| {
        let told =
            amana(&["plan", "get", "--store", store, "--revision", revision, "--out", &at(name)]);
        assert!(told.ok().starts_with(&format!("revision {revision}, plan ")));
    };
    for (revision, name) in [("4", "4.json"), ("5", "5.json"), ("6", "6.json")] {
        plan(revision, name);
    }
    let check = ["plan", "check", scenario];
    amana(&[&check[..], &[&at("5.json"), "--parent", &at("4.json")]].concat()).ok();
    let lonely = amana(&[&check[..], &[&at("5.json")]].concat());
    assert!(lonely.code == 2 && lonely.err.contains("--parent"), "{}", lonely.err);
    let other = amana(&[&check[..], &[&at("6.json"), "--parent", &at("4.json")]].concat());
    assert!(other.code == 2 && other.err.contains("it replaces plan"), "{}", other.err);

    // A lowered promise is why the fifth was made.
    let diff = ["plan", "diff", &at("4.json"), &at("5.json"), "--problem", scenario, "--json"];
    let told = amana(&diff).json();
    let because = |p: &serde_json::Value| !p["because"].as_array().unwrap().is_empty();
    let persons = told["persons"].as_array().unwrap();
    assert!(persons.iter().any(because), "somebody was forced: {}", told["problem"]);

    let svg = ["--format", "svg", "--out", &at("5.svg"), "--problem", scenario];
    amana(&[&["plan", "export", &at("5.json")][..], &svg].concat()).ok();

    let explain = ["plan", "explain", scenario, &at("5.json"), "--prices", "0", "--json"];
    assert!(!amana(&explain).json()["classes"].as_array().unwrap().is_empty());
    let ask = ["--lose", "night=20", "--iterations", "50", "--json"];
    let whatif = amana(&[&["plan", "whatif", scenario, &at("5.json")][..], &ask].concat()).json();
    assert!(whatif["changed"]["cost"].as_i64() >= whatif["base"]["bound"].as_i64(), "{whatif}");
}

/// The same seed and the same plans sign the same record.
#[test]
fn a_play_repeats_itself() {
    let root = || {
        let dir = tempfile::tempdir().unwrap();
        let store = store(dir.path());
        let scenario = hasakah();
        amana(&["init", "--store", &store, "--scenario", scenario.to_str().unwrap()]).ok();
        let play = ["play", "--store", &store, "--nights", "2", "--plan-iterations", "100"];
        amana(&play).ok();
        amana(&["verify", "--store", &store, "--json"]).json()["root"].clone()
    };
    assert_eq!(root(), root());
}

#[test]
fn a_plan_is_made_checked_and_told_apart() {
    let dir = tempfile::tempdir().unwrap();
    let scenario = hasakah();
    let scenario = scenario.to_str().unwrap();
    let at = |name: &str| dir.path().join(name).to_str().unwrap().to_owned();
    let told =
        amana(&["plan", "solve", scenario, "--out", &at("a.json"), "--time-limit", "2", "--json"])
            .json();
    let (cost, bound) = (told["cost"].as_i64().unwrap(), told["bound"].as_i64().unwrap());
    assert!(0 < bound && bound <= cost, "{told}");
    amana(&["plan", "check", scenario, &at("a.json")]).ok();

    // One person more in a bus than the plan says.
    let text = std::fs::read_to_string(at("a.json")).unwrap();
    let mut plan: serde_json::Value = serde_json::from_str(&text).unwrap();
    let persons = plan["movements"][0]["vehicles"][0]["persons"].as_array_mut().unwrap();
    persons.push("A-000001-3".into());
    std::fs::write(at("b.json"), plan.to_string()).unwrap();
    let judged = amana(&["plan", "check", scenario, &at("b.json")]);
    assert_eq!(judged.code, 1, "{}", judged.out);
    assert!(judged.out.contains("P01"), "{}", judged.out);
    amana(&["plan", "diff", &at("a.json"), &at("b.json")]).ok();

    amana(&["plan", "export", &at("a.json"), "--format", "muster-v1", "--out", &at("c.json")]).ok();
    let exported = std::fs::read_to_string(at("c.json")).unwrap();
    assert!(exported.contains("muster-plan-v1"));
}

#[test]
fn the_cohort_is_the_same_for_the_same_seed() {
    let dir = tempfile::tempdir().unwrap();
    let scenario = hasakah();
    let make = |seed: &str, name: &str| {
        let out = dir.path().join(name);
        let args = ["cohort", "generate", scenario.to_str().unwrap(), "--seed", seed, "--out"];
        amana(&[&args[..], &[out.to_str().unwrap()]].concat()).ok();
        std::fs::read(out).unwrap()
    };
    assert_eq!(make("3", "a.csv"), make("3", "b.csv"));
    assert_ne!(make("3", "a.csv"), make("4", "c.csv"));
}
