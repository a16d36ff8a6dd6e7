//! A section written down from a page: let by the policies, told by the record, refused field by field.

use crate::entitled::As;
use crate::world::{World, person};
use domain::{Event, PersonId, Section};
use serde_json::{Value, json};

const SENDER: &str = "sender/registrar";

fn path(person: PersonId, section: &str) -> String {
    format!("/api/v1/people/{person}/particulars/{section}")
}

fn property() -> Value {
    json!({ "seal": "K-118", "items": [{ "what": "ring", "count": 1 }] })
}

fn write(world: &World, who: &'static str, section: &str, asked: Value) -> (u16, Value) {
    As(world, who).ask("PUT", &path(person(1), section), Some(asked))
}

/// What an officer opens of a section.
fn open(world: &World, who: &'static str, section: &str, purpose: &str) -> Value {
    let path = format!("/api/v1/people/{}/particulars", person(1));
    let asked = json!({ "sections": [section], "purpose": purpose });
    let (status, opened) = As(world, who).ask("POST", &path, Some(asked));
    assert_eq!(status, 200, "{opened}");
    opened["sections"][0].clone()
}

#[test]
fn what_is_written_is_kept_and_the_record_says_by_whom() {
    let mut world = World::new();
    world.register();
    let asked = json!({ "purpose": "transfer", "says": property() });
    let (status, kept) = write(&world, SENDER, "property", asked);
    assert_eq!(status, 201, "{kept}");
    assert_eq!((&kept["version"], &kept["section"]), (&1.into(), &"property".into()));
    let says = &kept["fact"]["says"];
    assert_eq!(kept["fact"]["kind"], "particulars-kept");
    assert!(says["writer"].as_str().unwrap().starts_with("sender registrar"), "{says}");
    assert_eq!((&says["purpose"], &says["relation"]), (&"transfer".into(), &"holds".into()));
    assert_eq!(says["policies"], "handlers-write-down-property");
    // The fact is the one that the holder of the register's key leaves, with who wrote beside it.
    let facts = world.node.facts(0..world.node.position());
    let Event::ParticularsKept { kept: committed, written } = &facts.last().unwrap().fact.event
    else {
        panic!("the last fact is another")
    };
    assert_eq!(committed[0].2.to_string(), kept["commitment"].as_str().unwrap());
    assert_eq!(committed[0].1, Section::Property);
    assert_eq!(written.as_ref().unwrap().policy_set, access::Policies::built_in().hash());

    let read = open(&world, SENDER, "property", "transfer");
    assert_eq!(read["says"]["items"][0]["what"], "ring");
    assert_eq!(read["says"]["person"], person(1).to_string());
    assert_eq!(read["commitment"], kept["commitment"]);
    // A correction follows the version that was read; one that does not is nobody's.
    let corrected = json!({ "items": [{ "what": "ring", "count": 2 }] });
    let asked = json!({ "purpose": "transfer", "after": read["commitment"], "says": corrected });
    let (status, second) = write(&world, SENDER, "property", asked);
    assert_eq!((status, &second["version"]), (201, &2.into()), "{second}");
    let position = world.node.position();
    let other = json!({ "items": [{ "what": "ring", "count": 3 }] });
    let stale = json!({ "purpose": "transfer", "after": read["commitment"], "says": other });
    let unread = json!({ "purpose": "transfer", "says": other });
    for stale in [stale, unread] {
        let (status, refused) = write(&world, SENDER, "property", stale);
        assert_eq!((status, &refused["code"]), (409, &"section-changed".into()), "{refused}");
    }
    assert_eq!(world.node.position(), position, "nothing was kept");
    assert_eq!(open(&world, SENDER, "property", "transfer")["version"], 2);
}

#[test]
fn who_may_not_write_is_refused_and_told_who_may() {
    let mut world = World::new();
    world.register();
    let health = json!({ "examined_on": "2026-01-20", "travels": "fit" });
    let case = json!({ "ordered_by": "a court", "grounds": "none", "security": "low" });
    let before = world.node.position();
    // Who, section, what is written, for what, and the answer.
    let cases = [
        (SENDER, "property", property(), "oversight", 403),
        (SENDER, "health", health.clone(), "care", 403),
        (SENDER, "case", case.clone(), "review", 403),
        ("sender/director", "property", property(), "transfer", 403),
        ("sender/keyholder", "property", property(), "transfer", 403),
        ("icrc/monitor", "property", property(), "oversight", 403),
        ("icrc/monitor", "case", case.clone(), "review", 403),
        ("judicial-council/judge", "health", health.clone(), "care", 403),
        ("", "property", property(), "transfer", 403),
        // They do not see the person at all.
        ("justice/registrar", "property", property(), "transfer", 404),
        ("justice/physician", "health", health.clone(), "care", 404),
        ("national-security/director", "family", json!({}), "tracing", 404),
        (SENDER, "property", property(), "curiosity", 400),
        (SENDER, "shelf", property(), "transfer", 400),
    ];
    for (who, section, says, purpose, status) in cases {
        let asked = json!({ "purpose": purpose, "says": says });
        let (found, body) = write(&world, who, section, asked);
        assert_eq!(found, status, "{who} {section} for {purpose}: {body}");
    }
    assert_eq!(world.node.position(), before, "nothing was kept");
    let asked = json!({ "purpose": "care", "says": health });
    let (_, refused) = write(&world, SENDER, "health", asked.clone());
    assert_eq!(refused["code"], "write-refused");
    let codes = &refused["refused"];
    assert_eq!((&codes["action"], &codes["resource"]), (&"write-section".into(), &"health".into()));
    assert_eq!(codes["roles"], json!(["physician"]));
    assert_eq!(codes["forbidden_by"][0]["id"], "health-is-written-by-physicians");
    let (status, kept) = write(&world, "sender/physician", "health", asked);
    assert_eq!(status, 201, "{kept}");
    let asked = json!({ "purpose": "review", "says": case });
    assert_eq!(write(&world, "judicial-council/judge", "case", asked).0, 201);
}

#[test]
fn each_field_that_will_not_do_is_named() {
    let mut world = World::new();
    world.register();
    let before = world.node.position();
    let says = json!({ "items": [{ "what": "", "count": 0 }], "shelf": 3 });
    let asked = json!({ "purpose": "transfer", "says": says });
    let (status, unfit) = write(&world, SENDER, "property", asked);
    assert_eq!((status, &unfit["code"]), (422, &"section-unfit".into()));
    let fields: Vec<_> = unfit["fields"].as_array().unwrap().iter().collect();
    let told: Vec<_> = fields.iter().map(|f| (&f["field"], &f["fault"])).collect();
    let expected =
        [("items.0.what", "empty"), ("items.0.count", "not-a-number"), ("shelf", "unknown")];
    for ((field, fault), expected) in told.into_iter().zip(expected) {
        assert_eq!((field.as_str(), fault.as_str()), (Some(expected.0), Some(expected.1)));
    }
    assert_eq!(fields[1]["may_be"], "1 to 10000");
    // Whoever may not write is not told what would do.
    let asked = json!({ "purpose": "transfer", "says": {} });
    assert_eq!(write(&world, "sender/director", "property", asked).0, 403);
    assert_eq!(world.node.position(), before, "nothing was kept");
}

#[test]
fn the_form_is_told_to_who_may_write() {
    let mut world = World::new();
    world.register();
    let openable = |who| {
        let path = format!("/api/v1/people/{}/particulars", person(1));
        let (status, body) = As(&world, who).get(&path);
        assert_eq!(status, 200, "{body}");
        let sections = body["sections"].as_array().unwrap().clone();
        sections.into_iter().filter(|s| s["form"] != json!([])).collect::<Vec<_>>()
    };
    let forms = openable(SENDER);
    let names: Vec<_> = forms.iter().map(|s| s["section"].as_str().unwrap()).collect();
    assert_eq!(names, ["identity", "family", "property"]);
    assert_eq!(forms[2]["writes"], json!(["transfer"]));
    assert_eq!(forms[2]["form"][1]["fields"][1]["most"], 10_000);
    assert_eq!(openable("icrc/monitor"), Vec::<Value>::new());
    let physician = openable("sender/physician");
    assert_eq!(physician[0]["form"][1]["words"], json!(["fit", "medical", "stretcher"]));
}
