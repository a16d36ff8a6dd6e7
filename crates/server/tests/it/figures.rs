//! Figures at the head and at a position before it.

use crate::world::World;
use serde_json::Value;

fn value(figures: &Value, definition: &str) -> u64 {
    let list = figures["figures"].as_array().unwrap();
    let figure = list.iter().find(|f| f["definition"] == definition);
    figure.unwrap_or_else(|| panic!("no {definition}"))["value"].as_u64().unwrap()
}

#[test]
fn a_figure_is_of_a_position_and_stays_what_it_was() {
    let mut world = World::new();
    let people = world.register();
    world.depart(&people);
    let then = world.node.position();
    let figures = world.json("/api/v1/figures");
    assert_eq!(figures["position"], then);
    assert_eq!((value(&figures, "departed@1"), value(&figures, "admitted@1")), (6, 0));
    world.arrive(&people);
    let before = world.json(&format!("/api/v1/figures?at={then}"));
    assert_eq!(before["figures"], figures["figures"]);
    assert_eq!(before["root"], figures["root"]);
    let head = world.node.position();
    let now = world.json(&format!("/api/v1/figures?at={head}"));
    assert_eq!(value(&now, "admitted@1"), 4);
    assert_eq!(value(&now, "countries@1"), 2);
    assert_eq!(value(&now, "nationality/claimed@1"), 4);
    let list = now["figures"].as_array().unwrap();
    let claimed = list.iter().find(|f| f["definition"] == "nationality/claimed@1").unwrap();
    assert_eq!(claimed["parts"].as_array().unwrap().len(), 2);
    assert!(
        claimed["published"].as_array().unwrap().iter().any(|p| p["subject"] == "nationality:IQ")
    );
    for figure in list {
        assert!(!figure["title"]["ckb"].as_str().unwrap().is_empty());
    }
}

fn sites() -> ledger::Sites {
    let kind = [
        ("hasakah", ledger::SiteKind::Origin),
        ("mosul", ledger::SiteKind::Staging),
        ("karkh", ledger::SiteKind::Destination),
    ];
    kind.into_iter().map(|(id, kind)| (domain::SiteId::new(id).unwrap(), kind)).collect()
}

/// The room and the figures page say the same.
#[test]
fn the_picture_agrees_with_the_figures() {
    let mut world = World::new();
    let people = world.register();
    world.depart(&people);
    world.arrive(&people);
    let head = world.node.position();
    let figures = world.json(&format!("/api/v1/figures?at={head}"));
    let picture = world.json("/api/v1/picture");
    for name in ["registered", "departed", "admitted", "contested"] {
        let figure = value(&figures, &format!("{name}@1"));
        assert_eq!(picture["totals"][name], figure, "{name}");
        if name != "registered" {
            let page = world.json(&format!("/api/v1/people?state={name}"));
            assert_eq!(page["total"], figure, "{name}");
        }
    }
    let balance = world.node.read(|state| store::balance(state, &sites()));
    let totals = &picture["totals"];
    assert_eq!(totals["departed"], balance.departed);
    assert_eq!(totals["in_transit"], balance.in_transit);
    assert_eq!(totals["admitted"], balance.admitted);
    assert_eq!(totals["ended"], balance.exits - balance.recovered);
    assert_eq!(totals["open_discrepancies"], balance.open_discrepancies);
    assert_eq!(totals["balanced"], balance.balanced);
    assert_eq!(picture["totals"]["in_transit"], value(&figures, "in-transit@1"));
    let nights = world.json("/api/v1/nights");
    let sum = |field: &str| -> u64 {
        nights.as_array().unwrap().iter().map(|n| n[field].as_u64().unwrap()).sum()
    };
    assert_eq!(sum("departed"), value(&figures, "departed@1"));
    assert_eq!(sum("admitted"), value(&figures, "admitted@1"));
}
