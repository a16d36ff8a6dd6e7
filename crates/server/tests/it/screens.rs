//! What the screens show of a small story: six leave Hasakah, four are admitted at Karkh.

use crate::world::{MOVEMENT, World, person};
use domain::*;
use serde_json::Value;

#[test]
fn the_operation_is_described() {
    let world = World::new();
    let operation = world.json("/api/v1/operation");
    assert_eq!(operation["nights"][0], "2026-01-21");
    assert_eq!(operation["utc_offset_s"], 10_800);
    assert_eq!(operation["exercise"], false);
    let sites = operation["sites"].as_array().unwrap();
    let part = |id: &str| sites.iter().find(|s| s["id"] == id).unwrap()["part"].clone();
    assert_eq!(part("hasakah"), "origin");
    assert_eq!(part("karkh"), "destination");
    assert_eq!(part("rabia"), "way");
    assert_eq!(part("al-hol"), "context");
    let towns = world.get("/api/v1/map/towns");
    assert_eq!(towns.kind, "application/geo+json");
    assert_eq!(towns.json()["features"][0]["geometry"]["type"], "Point");
}

#[test]
fn a_night_from_the_gate_to_the_bed() {
    let mut world = World::new();
    let people = world.register();
    let totals = |world: &World| world.json("/api/v1/picture")["totals"].clone();
    assert_eq!(totals(&world)["cleared"], 6);
    assert_eq!(totals(&world)["departed"], 0);

    world.depart(&people);
    let picture = world.json("/api/v1/picture");
    assert_eq!(picture["totals"]["departed"], 6);
    assert_eq!(picture["totals"]["in_transit"], 6);
    assert_eq!(picture["position"], world.node.position());
    assert_eq!(held(&picture, "hasakah"), 0);
    let page = world.json("/api/v1/people?state=in-transit&limit=2&offset=1");
    assert_eq!(page["total"], 6);
    assert_eq!(page["people"].as_array().unwrap().len(), 2);
    assert_eq!(page["people"][0]["person"], person(2).to_string());
    assert_eq!(page["people"][0]["custody"]["movement"], MOVEMENT);
    assert_eq!(world.json("/api/v1/people?site=hasakah")["total"], 0);
    assert_eq!(world.json("/api/v1/people?q=000003")["total"], 1);
    assert_eq!(world.json("/api/v1/people?gate=order")["total"], 0);
    assert_eq!(world.json("/api/v1/people?gate=order:passed")["total"], 6);

    world.arrive(&people);
    let picture = world.json("/api/v1/picture");
    assert_eq!(picture["totals"]["admitted"], 4);
    assert_eq!(picture["totals"]["in_transit"], 2);
    assert_eq!(picture["totals"]["open_discrepancies"], 1);
    assert_eq!(picture["totals"]["balanced"], true);
    assert_eq!(held(&picture, "karkh"), 4);
    assert_eq!(world.json("/api/v1/people?discrepancy=handover-short")["total"], 2);

    let movement = world.json(&format!("/api/v1/movements/{MOVEMENT}"));
    let line = &movement["line"];
    assert_eq!(line["status"], "handed-over");
    assert_eq!((&line["offered"], &line["accepted"]), (&6.into(), &4.into()));
    assert_eq!((&line["from"], &line["to"]), (&"hasakah".into(), &"karkh".into()));
    let passengers = movement["vehicles"][0]["people"].as_array().unwrap();
    assert_eq!(passengers[4]["answer"], "refused");
    assert_eq!(passengers[4]["reason"], "papers-missing");
    assert_eq!(passengers[5]["answer"], "not-present");
    assert_eq!(movement["discrepancies"].as_array().unwrap().len(), 1);

    let nights = world.json("/api/v1/nights");
    assert_eq!((&nights[0]["departed"], &nights[0]["admitted"]), (&6.into(), &4.into()));
    assert_eq!(nights[0]["cover"]["decision"], "planned");
    assert_eq!(nights.as_array().unwrap().len(), 23);

    let book = world.json("/api/v1/sites/karkh");
    assert_eq!(
        (&book["held"], &book["came_in"], &book["went_out"]),
        (&4.into(), &4.into(), &0.into())
    );
    let book = world.json("/api/v1/sites/hasakah");
    assert_eq!((&book["came_in"], &book["went_out"]), (&6.into(), &6.into()));
    assert_eq!(book["lines"][0]["fact"]["kind"], "boarded");
    assert_eq!(book["lines"][0]["balance"], 0);
}

fn held(picture: &Value, site: &str) -> u64 {
    let sites = picture["sites"].as_array().unwrap();
    sites.iter().find(|s| s["site"] == site).unwrap()["held"].as_u64().unwrap()
}

#[test]
fn a_person_has_a_chain_of_signatures() {
    let mut world = World::new();
    let people = world.register();
    world.depart(&people);
    world.arrive(&people);
    let shown = world.json(&format!("/api/v1/people/{}", person(1)));
    let steps: Vec<_> =
        shown["chain"].as_array().unwrap().iter().map(|l| l["step"].as_str().unwrap()).collect();
    assert_eq!(
        steps,
        ["registered", "boarded", "offered", "accepted", "offered", "accepted", "placed"]
    );
    for link in shown["chain"].as_array().unwrap() {
        assert_eq!(link["signature"]["valid"], true, "{link}");
        assert_eq!(link["signature"]["short"].as_str().unwrap().len(), 16);
    }
    assert_eq!(shown["custody"]["place"], "karkh/w1");
    assert_eq!(shown["gates"].as_array().unwrap().len(), 5);
    assert!(shown["gates"].as_array().unwrap().iter().all(|g| g["state"] == "passed"));
    assert!(shown.to_string().find("Invented").is_none(), "names are apart");
    // What could be opened is told; opening is somebody's, and `entitled` tries that.
    let openable = world.json(&format!("/api/v1/people/{}/particulars", person(1)));
    assert_eq!(openable["officer"], serde_json::Value::Null);

    let hash = shown["chain"][6]["fact"]["hash"].as_str().unwrap();
    let fact = world.json(&format!("/api/v1/facts/{hash}"));
    assert_eq!(fact["fact"]["kind"], "placed");
    let position = fact["fact"]["position"].as_u64().unwrap();
    assert_eq!(fact["index"].as_u64().unwrap() + 1, position);
    let hex = |v: &Value| FactHash::parse(v.as_str().unwrap()).unwrap().0;
    let proof: Vec<_> = fact["proof"].as_array().unwrap().iter().map(hex).collect();
    let (_, entry) = world.node.entry(&FactHash::parse(hash).unwrap()).unwrap().unwrap();
    let size = fact["tree_size"].as_u64().unwrap();
    let leaf = log::merkle::leaf_hash(&entry);
    let root = hex(&fact["root"]);
    log::merkle::verify_inclusion(position - 1, size, &leaf, &proof, &root).unwrap();
    let checkpoint = world.get("/checkpoint");
    assert!(checkpoint.text.starts_with(&format!("amana.test/server\n{size}\n")));
    assert_eq!(checkpoint.text, world.get("/api/v1/checkpoint").text);
}

/// A second acceptance of one offer is evidence: it is kept, and the people are contested.
#[test]
fn a_second_acceptance_is_kept_and_contested() {
    let mut world = World::new();
    let people = world.register();
    let offer = world.depart(&people);
    let outcomes = vec![(person(1), domain::Answer::Accepted)];
    let second = Event::HandoverAnswered { offer, outcomes };
    let entry = world.sign("escort-force", "2026-01-21T16:45:00Z", second);
    assert_eq!(world.post(&entry.bytes).status, 201);
    let list = world.json("/api/v1/discrepancies");
    let contested = list.as_array().unwrap().iter().find(|d| d["code"] == "contested").unwrap();
    assert_eq!(contested["open"], true);
    assert_eq!(contested["people"][0], person(1).to_string());
    assert_eq!(contested["fact"]["hash"], offer.to_string());
    let shown = world.json(&format!("/api/v1/people/{}", person(1)));
    assert_eq!(shown["custody"]["contested"], true);
    let how: Vec<_> =
        shown["beside"].as_array().unwrap().iter().map(|b| b["how"].clone()).collect();
    assert_eq!(how.iter().filter(|h| **h == "branch").count(), 2, "{how:?}");
    assert_eq!(world.json("/api/v1/picture")["totals"]["contested"], 1);
    assert_eq!(world.json("/api/v1/people?state=contested")["total"], 1);

    let why = ResolutionReason::DoubleReport;
    let stands = entry.hash;
    let ruling = Event::ForkResolved { person: person(1), at: Some(offer), stands, why };
    world.say("judicial-council", "2026-01-22T08:00:00Z", ruling.clone());
    let list = world.json("/api/v1/discrepancies");
    let contested = list.as_array().unwrap().iter().find(|d| d["code"] == "contested").unwrap();
    assert_eq!(contested["open"], true, "one authority alone settles nothing");
    world.say("sender", "2026-01-22T08:30:00Z", ruling);
    let list = world.json("/api/v1/discrepancies");
    let contested = list.as_array().unwrap().iter().find(|d| d["code"] == "contested").unwrap();
    assert_eq!(contested["open"], false);
    assert_eq!(contested["resolution"]["why"], "double-report");
}

#[test]
fn promises_and_cover_are_read_from_facts() {
    let mut world = World::new();
    let night: Night = "2026-01-21".parse().unwrap();
    let site = SiteId::new("karkh").unwrap();
    for (when, people) in [("2026-01-14T05:30:00Z", 300), ("2026-01-20T05:30:00Z", 150)] {
        let promised = Event::IntakePromised { site: site.clone(), nights: vec![(night, people)] };
        world.say("justice", when, promised);
    }
    let withdrawn = Event::CoverDecided {
        night,
        decision: CoverDecision::Withdrawn,
        reports: vec!["METAR ORBI 211400Z 00000KT 0800 DS NSC 12/05 Q1013".to_owned()],
    };
    world.say("air-cover", "2026-01-21T14:30:00Z", withdrawn);
    let book = world.json("/api/v1/sites/karkh");
    assert_eq!(book["promises"][0]["people"], 150);
    assert_eq!(book["promises"][0]["before"], 300);
    let first = &world.json("/api/v1/nights")[0];
    assert_eq!(first["promised"], 150);
    assert_eq!(first["cover"]["decision"], "withdrawn");
    assert_eq!(first["lost"], "no-cover");
    let picture = world.json("/api/v1/picture");
    assert_eq!(picture["night"], "2026-01-21");
    assert_eq!(picture["at"], "2026-01-21T14:30:00Z", "the record's clock without an exercise");
}

#[test]
fn the_web_client_is_served_and_its_addresses_fall_back_to_it() {
    let web = tempfile::tempdir().unwrap();
    std::fs::write(web.path().join("index.html"), "<title>Amana</title>").unwrap();
    std::fs::write(web.path().join("app.js"), "1").unwrap();
    let world = World::with_web(Some(web.path().to_owned()));
    assert_eq!(world.get("/").text, "<title>Amana</title>");
    assert_eq!(world.get("/app.js").text, "1");
    let deep = world.get("/people/A-000001-3");
    assert_eq!((deep.status, deep.text.as_str()), (200, "<title>Amana</title>"));
    assert_eq!(world.get("/api/v1/nothing").problem(), "no-such-address");
}
