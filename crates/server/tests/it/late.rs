//! Who leaves later than they could, or not at all, one by one, and why.

use crate::changes::{adopt, keep, planned};
use crate::entitled::As;
use crate::whatif::problem;
use crate::world::{World, person};
use serde_json::{Value, json};

/// Ten leave on the first night and five on the second; all fifteen could on the first. The first five of
/// the record have the second night, its sixth was not planned for.
#[test]
fn each_who_waits_is_told_with_what_refused_them() {
    let mut world = World::new();
    world.register();
    let problem = problem();
    let mut plan = planned(&problem, 1);
    let number = |n: u32| person(n).to_string();
    let seats = [(7..=16).map(number).collect(), (1..=5).map(number).collect::<Vec<_>>()];
    let vehicles = plan.movements.iter_mut().flat_map(|m| &mut m.vehicles);
    for (vehicle, persons) in vehicles.zip(seats.clone()) {
        vehicle.persons = persons;
    }
    let hash = adopt(&mut world, "2026-01-20T15:00:00Z", &plan, None);
    assert_eq!(world.json("/api/v1/plan/late")["plan"], "", "its reasons are not kept yet");
    let people = [("k0".to_owned(), [(0, seats.concat())].into())].into();
    let reasons = server::reasons(&plan, &problem, 0, &people).unwrap();
    assert!(
        !String::from_utf8_lossy(&reasons).contains("k0"),
        "of which class they are is not kept"
    );
    keep(&world, server::reasons_name(&hash), reasons);

    let told = world.json("/api/v1/plan/late");
    let order = |page: &Value| -> Vec<Value> {
        let all = page["people"].as_array().unwrap();
        all.iter().map(|one| json!([one["person"], one["state"], one["night"]])).collect()
    };
    let late = |n: u32| json!([number(n), "late", "2026-01-22"]);
    let first = json!([number(6), "not-planned", null]);
    assert_eq!(order(&told), [first, late(1), late(2), late(3), late(4), late(5)], "{told}");
    assert_eq!(
        told["states"],
        json!([{"key": "late", "value": 5}, {"key": "not-planned", "value": 1}])
    );
    let one = &told["people"][1];
    let of = |field: &str| one[field].clone();
    assert_eq!(
        [of("from"), of("first"), of("nights"), of("movement")],
        [json!("hasakah"), json!("2026-01-21"), json!(1), json!("2026-01-22/01")]
    );
    let bus = json!({"what": "vehicles", "where": "hasakah", "vehicle": "bus", "rule": "R28", "nights": 1});
    assert_eq!(one["because"], json!([bus]));
    assert_eq!(told["people"][0]["because"][0]["what"], "since-cleared");

    let total = |query: &str| world.json(&format!("/api/v1/plan/late?{query}"))["total"].clone();
    let totals =
        ["state=late", "site=hasakah", "cause=vehicles", "cause=intake", "site=karkh"].map(total);
    assert_eq!(json!(totals), json!([5, 6, 5, 0, 0]));
    let page = world.json("/api/v1/plan/late?offset=5&limit=1");
    assert_eq!((order(&page), &page["total"]), (vec![late(5)], &json!(6)));
    assert_eq!(world.get("/api/v1/plan/late?state=early").status, 400);

    // The receiver expects nobody by a plan that gives no beds.
    let (status, theirs) = As(&world, "justice/reception").get("/api/v1/plan/late");
    assert_eq!((status, &theirs["total"], &theirs["withheld"]), (200, &json!(0), &json!(6)));
    assert_eq!((&theirs["people"], &theirs["causes"]), (&json!([]), &json!([])));
    assert_eq!(As(&world, "justice/physician").get("/api/v1/plan/late").0, 403);
}
