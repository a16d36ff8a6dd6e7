//! What is written down is checked field by field, and nothing of it is lost.

use domain::{PersonId, Section};
use register::{Fault, Kind, fields, is_canonical, read};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Each section with everything it can say.
fn whole(section: Section) -> Value {
    let person = PersonId::issue('A', 1).to_string();
    let other = PersonId::issue('A', 2).to_string();
    match section {
        Section::Identity => json!({
            "person": person, "name_ar": "شخص مُخترَع", "name_latin": "Invented Person",
            "mother_ar": "مُخترَعة", "mother_latin": "Invented", "born": "1990", "recorded_age": 35,
            "age_basis": "declared", "nationality_claimed": "IQ", "nationality_documented": "SY",
            "nationality_verified": "IQ",
        }),
        Section::Health => json!({
            "person": person, "examined_on": "2026-01-18", "travels": "medical",
            "conditions": ["diabetes"], "medication": ["insulin"], "injuries": ["a bruise"],
        }),
        Section::Case => json!({
            "person": person, "ordered_by": "a court", "grounds": "an investigation",
            "security": "low", "fears": ["ill-treatment"], "review": "may be sent",
            "review_on": "2026-01-19", "separation": "general", "apart_from": [other],
        }),
        Section::Family => json!({
            "person": person, "held": [other],
            "contacts": [{ "name": "Invented", "is": "mother", "reached_at": "by letter" }],
        }),
        Section::Property => json!({
            "person": person, "seal": "K-118", "items": [{ "what": "ring", "count": 1 }],
        }),
        Section::Death => json!({
            "person": person, "on": "2026-01-22", "circumstances": "in hospital",
            "cause": "pneumonia", "remains": "returned to the family",
        }),
    }
}

/// The faults found, as `field fault`.
fn faults(section: Section, written: &Value) -> Vec<String> {
    let found = read(section, written).err().map(|unfit| unfit.0).unwrap_or_default();
    found.into_iter().map(|one| format!("{} {}", one.field, one.fault)).collect()
}

#[test]
fn the_table_of_fields_says_what_the_forms_say() {
    for section in Section::ALL {
        let all = whole(*section);
        let names = all.as_object().unwrap().keys().filter(|key| *key != "person");
        let told: BTreeSet<&str> = fields(*section).iter().map(|field| field.name).collect();
        assert_eq!(names.map(String::as_str).collect::<BTreeSet<_>>(), told, "{section}");
        let (person, plaintext) = read(*section, &all).unwrap();
        assert_eq!(person.to_string(), all["person"]);
        assert!(is_canonical(&plaintext));
        assert_eq!(serde_json::from_slice::<Value>(&plaintext).unwrap(), all, "nothing is lost");
        for field in fields(*section) {
            let mut without = all.clone();
            without.as_object_mut().unwrap().remove(field.name);
            let missing = field.needed.then(|| format!("{} missing", field.name));
            assert_eq!(faults(*section, &without), Vec::from_iter(missing), "{section}");
        }
    }
}

#[test]
fn what_will_not_do_is_named_each_for_itself() {
    use Section::*;
    let cases = [
        (Identity, "born", json!("1990-02-30"), "born not-a-date"),
        (Identity, "born", json!("around 1990"), "born not-a-date"),
        (Identity, "recorded_age", json!(121), "recorded_age not-a-number"),
        (Identity, "recorded_age", json!(35.5), "recorded_age not-a-number"),
        (Identity, "recorded_age", json!("35"), "recorded_age not-a-number"),
        (Identity, "age_basis", json!("guessed"), "age_basis not-a-word"),
        (Identity, "nationality_verified", json!("iq"), "nationality_verified not-a-country"),
        (Identity, "name_ar", json!("  "), "name_ar empty"),
        (Identity, "name_latin", json!(null), "name_latin not-text"),
        (Identity, "shelf", json!(3), "shelf unknown"),
        (Identity, "person", json!("A-000001-4"), "person not-a-person-number"),
        (Health, "examined_on", json!("2026-1-18"), "examined_on not-a-date"),
        (Health, "conditions", json!([]), "conditions empty"),
        (Health, "conditions", json!("asthma"), "conditions not-a-list"),
        (Health, "conditions", json!(["asthma", ""]), "conditions.1 empty"),
        (Health, "injuries", json!(["x".repeat(2_001)]), "injuries.0 too-long"),
        (Case, "apart_from", json!(["somebody"]), "apart_from.0 not-a-person-number"),
        (Property, "items", json!([{ "what": "ring", "count": 0 }]), "items.0.count not-a-number"),
        (Property, "items", json!([{ "what": "ring" }]), "items.0.count missing"),
        (Property, "items", json!(["ring"]), "items.0 not-a-list"),
        (Property, "items", json!([{ "what": "ring", "count": 1, "at": 2 }]), "items.0.at unknown"),
        (Family, "contacts", json!(vec![json!({}); 201]), "contacts too-long"),
    ];
    for (section, field, value, expected) in cases {
        let mut written = whole(section);
        written[field] = value;
        assert_eq!(faults(section, &written), [expected], "{section}: {written}");
    }
    let twice = PersonId::issue('A', 2).to_string();
    let mut written = whole(Family);
    written["held"] = json!([twice, twice]);
    assert_eq!(faults(Family, &written), ["held.1 twice"]);
    // All of them, not the first: a page marks each.
    let several = json!({ "person": "nobody", "on": "today", "cause": "" });
    let found = faults(Death, &several);
    assert_eq!(found.len(), 5, "{found:?}");
    assert_eq!(faults(Death, &json!("dead")), ["death not-a-list"]);
    // That nothing was taken into keeping is worth writing down.
    let nothing = json!({ "person": PersonId::issue('A', 1).to_string(), "items": [] });
    assert_eq!(faults(Property, &nothing), Vec::<String>::new());
}

#[test]
fn a_closed_list_is_told() {
    let mut written = whole(Section::Health);
    written["travels"] = json!("walking");
    let unfit = read(Section::Health, &written).unwrap_err();
    assert_eq!(unfit.0[0].may_be.as_deref(), Some("fit, medical, stretcher"));
    assert_eq!(unfit.to_string(), "travels: not-a-word (it may be fit, medical, stretcher)");
    let words =
        |section: Section| fields(section).iter().filter(|f| matches!(f.kind, Kind::Word(_)));
    assert_eq!(Section::ALL.iter().flat_map(|s| words(*s)).count(), 3);
    assert_eq!(Fault::ALL.len(), 12);
}
