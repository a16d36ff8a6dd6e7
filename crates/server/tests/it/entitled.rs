//! Who may see what over HTTP: every route decided, lists cut down, each look a fact.

use crate::world::{World, person};
use serde_json::{Value, json};
use server::entitled::needs::{Needs, ROUTES, needs_of};

/// A visitor of the open room who looks as an officer of the exercise.
pub struct As<'w>(pub &'w World, pub &'static str);

impl As<'_> {
    pub fn ask(&self, method: &str, path: &str, body: Option<Value>) -> (u16, Value) {
        let request = ureq::http::Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.0.url))
            .header("cookie", format!("amana-as={}", self.1))
            .header("content-type", "application/json")
            .body(body.map(|b| b.to_string()).unwrap_or_default());
        let agent: ureq::Agent =
            ureq::Agent::config_builder().http_status_as_error(false).build().into();
        let mut answer = agent.run(request.unwrap()).unwrap();
        let text = answer.body_mut().read_to_string().unwrap();
        let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
        (answer.status().as_u16(), body)
    }

    pub fn get(&self, path: &str) -> (u16, Value) {
        self.ask("GET", path, None)
    }

    fn look(&self, section: &str, purpose: &str, glass: Option<&str>) -> (u16, Value) {
        let asked = json!({ "sections": [section], "purpose": purpose, "break_glass": glass });
        let path = format!("/api/v1/people/{}/particulars", person(1));
        self.ask("POST", &path, Some(asked))
    }
}

const SENDER: &str = "sender/registrar";
const MONITOR: &str = "icrc/monitor";

/// A route that nobody thought about is refused; here nobody forgot one.
#[test]
fn every_route_says_what_it_needs() {
    let document = serde_json::to_value(server::openapi()).unwrap();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in item.as_object().unwrap().keys().filter(|k| *k != "parameters") {
            let needs = needs_of(&method.to_uppercase(), path);
            assert!(needs.is_some(), "{method} {path}: name what it needs in entitled/needs.rs");
        }
    }
    for (method, path, _) in ROUTES.iter().filter(|(_, path, _)| path.starts_with("/api/v1/")) {
        let there = !document["paths"][*path][method.to_lowercase()].is_null();
        assert!(there || path.contains("/exchange/"), "{method} {path} is no route");
    }
    assert_eq!(needs_of("GET", "/api/v1/thought-of-yesterday"), None);
    assert_eq!(needs_of("DELETE", "/api/v1/people"), None);
    assert_eq!(needs_of("HEAD", "/api/v1/people"), needs_of("GET", "/api/v1/people"));
    let public = ROUTES.iter().filter(|(_, _, needs)| *needs == Needs::Nothing).count();
    assert_eq!(public, 14, "what is answered to anybody is few, and counted here");
    let at_once = ROUTES.iter().filter(|(_, _, needs)| *needs == Needs::ThePersonAtOnce).count();
    assert_eq!(
        at_once, 1,
        "handlers that open the door themselves are read with care, and counted"
    );
}

#[test]
fn an_officer_sees_the_screens_of_the_role() {
    let mut world = World::new();
    world.register();
    for (who, path, status) in [
        ("escort-force/planner", "/api/v1/plan", 200),
        ("justice/physician", "/api/v1/plan", 403),
        ("justice/physician", "/api/v1/people", 200),
        ("justice/keyholder", "/api/v1/people", 403),
        ("air-cover/air-cover", "/api/v1/discrepancies", 403),
        ("air-cover/air-cover", "/api/v1/picture", 200),
        ("national-security/director", "/api/v1/figures", 200),
        (MONITOR, "/api/v1/looks.csv", 200),
        (SENDER, "/api/v1/looks.csv", 403),
        (SENDER, "/log/tile/entries/000.p/1", 403),
        ("sender/nobody", "/api/v1/people", 200),
    ] {
        let (found, body) = As(&world, who).get(path);
        assert_eq!(found, status, "{who} {path}: {body}");
        if found == 403 {
            assert_eq!(body["code"], "not-allowed", "{who} {path}");
        }
    }
    let (_, refused) = As(&world, "justice/physician").get("/api/v1/plan");
    let detail = refused["detail"].as_str().unwrap();
    assert!(detail.contains("planner") && detail.contains("director"), "who could: {detail}");
    // The same in codes, for a room in another language.
    let codes = &refused["refused"];
    assert_eq!((&codes["action"], &codes["resource"]), (&"see-screen".into(), &"plan".into()));
    assert_eq!((&codes["role"], &codes["authority"]), (&"physician".into(), &"justice".into()));
    assert!(codes["roles"].as_array().unwrap().contains(&"planner".into()), "{codes}");
    let (_, refused) = As(&world, "icrc/monitor").ask("POST", "/api/v1/play", Some(json!({})));
    assert_eq!(refused["refused"]["action"], "drive-clock");
    assert_eq!(refused["refused"]["forbidden_by"][0]["id"], "monitors-change-nothing");
}

#[test]
fn people_are_seen_by_who_has_to_do_with_them() {
    let mut world = World::new();
    let people = world.register();
    let total = |who| As(&world, who).get("/api/v1/people").1["total"].clone();
    let all = people.len();
    assert_eq!(total(SENDER), all);
    assert_eq!(total(MONITOR), all);
    assert_eq!(total("judicial-council/judge"), all, "the court decided about them");
    assert_eq!(total("justice/reception"), 0, "no plan gives them to the receiver yet");
    assert_eq!(total("national-security/director"), 0);
    // Three of the six claim to be Iraqi, one of them proved it; they are held by another state.
    assert_eq!(total("foreign-ministry/consular"), 3);
    let path = format!("/api/v1/people/{}", person(1));
    let (status, refused) = As(&world, "justice/reception").get(&path);
    assert_eq!((status, &refused["code"]), (404, &"unknown-person".into()));

    let offer = world.depart(&people);
    let fact = format!("/api/v1/facts/{offer}");
    let (_, seen) = As(&world, SENDER).get(&fact);
    assert_eq!((&seen["withheld"], seen["people"].as_array().unwrap().len()), (&0.into(), all));
    assert!(seen["entry"].is_string());
    let (_, seen) = As(&world, "national-security/director").get(&fact);
    assert_eq!((&seen["withheld"], seen["people"].as_array().unwrap().len()), (&all.into(), 0));
    assert!(seen["entry"].is_null(), "the signed bytes name everybody");
    let movement = format!("/api/v1/movements/{}", crate::world::MOVEMENT);
    let (_, seen) = As(&world, "interior/border").get(&movement);
    assert_eq!(seen["vehicles"][0]["withheld"], all);
    assert_eq!(
        As(&world, "escort-force/escort").get("/api/v1/people").1["total"],
        all,
        "holds them"
    );
    assert_eq!(As(&world, SENDER).get("/api/v1/people").1["total"], all, "held them");
}

#[test]
fn a_look_is_a_fact_with_what_let_it() {
    let mut world = World::new();
    world.register();
    let before = world.node.position();
    let (status, opened) = As(&world, SENDER).look("identity", "identification", None);
    assert_eq!(status, 200, "{opened}");
    assert_eq!(opened["sections"][0]["says"]["name_latin"], "Invented Person 1");
    let look = &opened["look"];
    assert_eq!((&look["relation"], &look["break_glass"]), (&"holds".into(), &Value::Null));
    assert_eq!(look["policies"][0]["id"], "handlers-establish-identity");
    assert_eq!(look["fact"]["position"], before + 1);
    assert_eq!(look["role"], "registrar");
    let (_, page) = As(&world, MONITOR).get("/api/v1/looks");
    assert_eq!(page["policy_set"], access::Policies::built_in().hash().to_string());
    assert_eq!(
        (&look["policy_set"], &look["by_text_in_force"]),
        (&page["policy_set"], &true.into())
    );

    let visible = |who| As(&world, who).get("/api/v1/looks").1["total"].clone();
    assert_eq!(visible(MONITOR), 1);
    assert_eq!(visible(SENDER), 1, "their own");
    assert_eq!(visible("judicial-council/judge"), 1, "the court tries the person");
    assert_eq!(visible("sender/director"), 0, "who holds does not oversee");
    assert_eq!(visible("justice/director"), 0);
    // Nor is it told by the fact itself, or among the facts that name the person.
    let fact = format!("/api/v1/facts/{}", look["fact"]["hash"].as_str().unwrap());
    assert_eq!(As(&world, MONITOR).get(&fact).0, 200);
    assert_eq!(As(&world, "sender/director").get(&fact).0, 404);
    let (_, detail) = As(&world, "sender/director").get(&format!("/api/v1/people/{}", person(1)));
    assert!(!detail.to_string().contains("particulars-looked-at"), "{detail}");
    assert_eq!(As(&world, "sender/director").get(&format!("{fact}/receipt")).0, 404);
    let (_, csv) = As(&world, MONITOR).get("/api/v1/looks.csv?section=identity");
    assert_eq!(csv.as_str().unwrap().lines().count(), 2, "{csv}");
    assert_eq!(As(&world, MONITOR).get("/api/v1/looks?glass=true").1["total"], 0);
}

#[test]
fn what_is_refused_says_what_would_be_needed_and_leaves_no_fact() {
    let mut world = World::new();
    world.register();
    let before = world.node.position();
    let (status, refused) = As(&world, SENDER).look("identity", "oversight", None);
    assert_eq!((status, &refused["code"]), (403, &"look-refused".into()));
    let detail = refused["detail"].as_str().unwrap();
    for needed in ["identification", "will-hold", "stands to the person as holds"] {
        assert!(detail.contains(needed), "{detail}");
    }
    let codes = &refused["refused"];
    assert_eq!(
        (&codes["action"], &codes["resource"]),
        (&"read-section".into(), &"identity".into())
    );
    assert_eq!(codes["stands"], json!(["holds"]));
    assert!(codes["purposes"].as_array().unwrap().contains(&"identification".into()), "{codes}");
    let (status, refused) = As(&world, SENDER).look("health", "care", None);
    assert_eq!(status, 403);
    assert!(refused["detail"].as_str().unwrap().contains("physicians only"), "{refused}");
    // A case stays shut, broken glass or not.
    let (status, _) = As(&world, SENDER).look("case", "care", Some("danger-to-life"));
    assert_eq!(status, 403);
    let (status, refused) = As(&world, "").look("identity", "identification", None);
    assert_eq!((status, &refused["code"]), (403, &"look-refused".into()), "a look is somebody's");
    let (status, _) = As(&world, SENDER).look("identity", "curiosity", None);
    assert_eq!(status, 400);
    assert_eq!(world.node.position(), before, "nobody looked");

    let path = format!("/api/v1/people/{}/particulars", person(1));
    let (_, openable) = As(&world, SENDER).get(&path);
    let identity = &openable["sections"][0];
    assert_eq!((&identity["section"], &identity["versions"]), (&"identity".into(), &1.into()));
    assert!(identity["purposes"].as_array().unwrap().contains(&"transfer".into()));
    assert_eq!(world.node.position(), before, "asking what could be opened opens nothing");
}

/// Nobody is told where somebody is, or that they died, by what is refused to them.
#[test]
fn a_refusal_does_not_tell_how_the_authority_stands_to_the_person() {
    let mut world = World::new();
    world.register();
    let path = format!("/api/v1/people/{}", person(1));
    let particulars = format!("{path}/particulars");
    // The one's authority holds the person, the other's has nothing to do with them.
    let refused = |authority: &str, who, path: &str| {
        let (status, body) = As(&world, who).get(path);
        assert_eq!((status, &body["code"]), (403, &"not-allowed".into()), "{who} {path}: {body}");
        body.to_string().replace(authority, "-")
    };
    for path in [&path, &particulars] {
        let holds = refused("sender", "sender/keyholder", path);
        assert_eq!(holds, refused("justice", "justice/keyholder", path), "{path}");
        assert!(!holds.contains("holds"), "{holds}");
    }
    let (status, looked) = As(&world, "sender/keyholder").look("identity", "care", None);
    assert_eq!((status, &looked["refused"]["stands"]), (403, &json!([])));
    let (status, _) = As(&world, "air-cover/air-cover").get(&particulars);
    assert_eq!(status, 403);

    let (_, openable) = As(&world, "justice/physician").get(&particulars);
    let told: Vec<_> =
        openable["sections"].as_array().unwrap().iter().map(|s| &s["section"]).collect();
    assert_eq!(told, ["identity", "health", "family"], "what broken glass would open, no more");
    assert_eq!(openable["sections"][0]["versions"], Value::Null, "not even whether it is kept");
}

#[test]
fn broken_glass_is_told_to_who_oversees_and_who_holds() {
    let mut world = World::new();
    world.register();
    let (status, _) = As(&world, "justice/physician").look("identity", "care", None);
    assert_eq!(status, 403, "has nothing to do with the person");
    let glass = Some("medical-emergency");
    let (status, opened) = As(&world, "justice/physician").look("identity", "care", glass);
    assert_eq!(status, 200, "{opened}");
    let look = &opened["look"];
    assert_eq!(look["break_glass"], "medical-emergency");
    assert_eq!(look["relation"], "unrelated");
    assert_eq!(look["policies"][0]["id"], "glass-for-who-handles-people");
    let told = |who| As(&world, who).get("/api/v1/looks?glass=true").1["glass"].clone();
    assert_eq!(told(MONITOR), 1);
    assert_eq!(told("sender/director"), 1, "holds the person");
    assert_eq!(told("escort-force/director"), 0);
    // Glass that need not be broken stays whole.
    let (_, opened) = As(&world, SENDER).look("identity", "transfer", glass);
    assert_eq!(opened["look"]["break_glass"], Value::Null);
}
