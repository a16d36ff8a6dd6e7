//! Who is not there and who is not to be known of: over every route that names a person, an officer who
//! has nothing to do with somebody is answered the same for both (docs/adr/0044-who-is-not-there.md).

use crate::entitled::As;
use crate::world::{World, person};
use serde_json::{Value, json};
use server::entitled::needs::ROUTES;

/// In the record, held by the sender.
const THERE: u32 = 1;
/// Issued to nobody.
const NOT_THERE: u32 = 999;

/// Officers whose authority has nothing to do with anybody yet, and those whose role never has.
const STRANGERS: &[&str] = &[
    "justice/registrar",
    "justice/reception",
    "justice/physician",
    "justice/director",
    "justice/keyholder",
    "escort-force/escort",
    "escort-force/physician",
    "escort-force/planner",
    "escort-force/director",
    "air-cover/air-cover",
    "interior/border",
    "national-security/director",
    "sender/keyholder",
];

/// Every way to ask for a person: each route that names one, with bodies that could be let.
fn ways() -> Vec<(&'static str, String, Option<Value>)> {
    let mut ways = Vec::new();
    for (method, route, _) in ROUTES.iter().filter(|(_, route, _)| route.contains("/people/{id}")) {
        let route = route.replace("{section}", "property");
        let bodies = match *method {
            "POST" => vec![
                json!({ "sections": ["identity"], "purpose": "care" }),
                json!({ "sections": ["identity", "health"], "purpose": "transfer" }),
                json!({ "sections": ["case"], "purpose": "review", "break_glass": "danger-to-life" }),
            ],
            "PUT" => vec![
                json!({ "purpose": "transfer", "says": { "items": [] } }),
                json!({ "purpose": "transfer", "after": "00".repeat(32), "says": {} }),
            ],
            _ => vec![],
        };
        match bodies.is_empty() {
            true => ways.push((*method, route, None)),
            false => ways.extend(bodies.into_iter().map(|b| (*method, route.clone(), Some(b)))),
        }
    }
    ways.push(("GET", "/api/v1/looks?person={id}".to_owned(), None));
    ways.push(("GET", "/api/v1/people?q={id}".to_owned(), None));
    ways
}

#[test]
fn nobody_and_nobody_for_you_are_answered_alike() {
    let mut world = World::new();
    world.register();
    // There is something to be told: somebody looked, and somebody broke the glass.
    let look =
        json!({ "sections": ["identity"], "purpose": "care", "break_glass": "danger-to-life" });
    let particulars = format!("/api/v1/people/{}/particulars", person(THERE));
    assert_eq!(As(&world, "sender/director").ask("POST", &particulars, Some(look)).0, 200);
    let before = world.node.position();
    let ways = ways();
    assert_eq!(ways.len(), 11, "a new route that names a person is asked here too");
    for who in STRANGERS {
        for (method, route, body) in &ways {
            let ask = |number: u32| {
                let number = person(number).to_string();
                let path = route.replace("{id}", &number);
                let (status, body) = As(&world, who).ask(method, &path, body.clone());
                (status, body.to_string().replace(&number, "-"))
            };
            let (there, not_there) = (ask(THERE), ask(NOT_THERE));
            assert_eq!(there, not_there, "{who} {method} {route}");
            assert_ne!(there.0, 500, "{}", there.1);
        }
    }
    assert_eq!(world.node.position(), before, "nobody looked, and the record says nothing");
    // Who has to do with them sees the one and not the other.
    let (status, _) =
        As(&world, "sender/registrar").get(&format!("/api/v1/people/{}", person(THERE)));
    assert_eq!(status, 200);
}

/// The door and the handler read the same number, however it is spelled.
#[test]
fn a_number_spelled_otherwise_opens_nothing() {
    let mut world = World::new();
    world.register();
    let number = person(THERE).to_string();
    let spelled = number.replacen('A', "%41", 1);
    for rest in ["", "/custody"] {
        let ask =
            |who, number: &str| As(&world, who).get(&format!("/api/v1/people/{number}{rest}")).0;
        assert_eq!(ask("sender/registrar", &number), 200);
        assert_eq!(ask("justice/registrar", &number), 404);
        assert_eq!(ask("justice/registrar", &spelled), 400, "{rest}");
        assert_eq!(ask("", &spelled), 200, "a visitor of the open room sees everybody");
    }
}

/// Broken glass alone tells, and the record tells of that.
#[test]
fn only_broken_glass_tells_who_is_there_and_it_is_a_fact() {
    let mut world = World::new();
    world.register();
    let look =
        json!({ "sections": ["identity"], "purpose": "care", "break_glass": "danger-to-life" });
    let ask = |number| {
        let path = format!("/api/v1/people/{}/particulars", person(number));
        As(&world, "justice/physician").ask("POST", &path, Some(look.clone()))
    };
    let before = world.node.position();
    let (status, nothing) = ask(NOT_THERE);
    assert_eq!((status, &nothing["code"]), (404, &"no-particulars".into()));
    assert_eq!(world.node.position(), before);
    assert_eq!(ask(THERE).0, 200);
    assert_eq!(world.node.position(), before + 1);
    let (_, told) = As(&world, "icrc/monitor").get("/api/v1/looks?glass=true");
    assert_eq!(told["glass"], 1);
}

/// A role that never sees anybody is told so, whomever it names; any other is told that nobody is there.
#[test]
fn a_role_that_sees_nobody_is_told_by_the_role() {
    let mut world = World::new();
    world.register();
    for (who, status, code) in [
        ("justice/keyholder", 403, "not-allowed"),
        ("air-cover/air-cover", 403, "not-allowed"),
        ("justice/registrar", 404, "unknown-person"),
        ("national-security/director", 404, "unknown-person"),
    ] {
        for number in [THERE, NOT_THERE] {
            let (found, body) = As(&world, who).get(&format!("/api/v1/people/{}", person(number)));
            assert_eq!((found, &body["code"]), (status, &code.into()), "{who}");
        }
    }
}
