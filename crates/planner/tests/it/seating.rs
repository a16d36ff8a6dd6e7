//! Plans for classes that persons cannot carry out as they are, and revisions that keep people.

use amana_planner::check::{check_document, check_revision};
use amana_planner::diff::{Change, diff};
use amana_planner::persons::{Before, Effort, Memory, Realised, SeatIn, Traveller, realise, seat};
use amana_planner::plan::{ClassPlan, PlanDocument, Since, UnmetKind};
use amana_planner::problem::Problem;
use amana_planner::solve::{Done, Flow, Options, solve};
use serde_json::{Value, json};

use crate::instances::{story, story_plan};
use crate::names::{by_number, compose, travellers};

/// Twenty people of one class; everyone fits the only wing of the near facility, so that is where
/// a plan for classes sends them. A far facility has room too when `far`.
fn one_wing(far: bool) -> Problem {
    let mut p = story();
    p["classes"] = json!([p["classes"][0].clone()]);
    p["wings"] =
        json!([{"id": "near-wing", "facility": 0, "cap": 60, "rating": "low", "medical": false}]);
    p["air"]["sorties"] = json!([0, 0, 0]);
    let mut routes = vec![p["routes"][0].clone()];
    if far {
        let facility = |id: &str| json!({"id": id, "accepts": ["n0"], "intake": [100, 100, 100]});
        p["facilities"] = json!([facility("near"), facility("far")]);
        push(
            &mut p["wings"],
            json!({"id": "far-wing", "facility": 1, "cap": 9, "rating": "low", "medical": false}),
        );
        let mut route = routes[0].clone();
        (route["id"], route["dest"], route["road_cost"]) =
            (json!("r9"), json!(1), json!([400, 400, 400]));
        routes.push(route);
    }
    p["routes"] = json!(routes);
    Problem::from_json(&p.to_string()).expect("the story, cut down")
}

fn push(list: &mut Value, one: Value) {
    list.as_array_mut().expect("a list").push(one);
}

fn searched(problem: &Problem) -> ClassPlan {
    solve(problem, &iterations(400), &mut |_| Flow::Continue).expect("nothing given").plan
}

fn iterations(n: u64) -> Options {
    Options { max_iterations: Some(n), ..Options::default() }
}

fn realised(problem: &Problem, plan: &ClassPlan, people: &[Traveller]) -> Realised {
    realise(problem, plan, people, &Before::default(), &Effort::default(), &iterations(4000))
        .expect("a valid plan")
}

fn kept(problem: &Problem, people: &[Traveller], document: &PlanDocument) {
    let report = check_document(problem, people, document);
    assert!(report.is_clean() && report.stated.is_empty(), "{report}");
}

#[test]
fn a_pair_in_the_only_wing_is_cut_and_one_goes_elsewhere() {
    let problem = one_wing(true);
    let plan = searched(&problem);
    assert!(plan.housing.iter().all(|h| h.wing == "near-wing"), "cheapest: {:?}", plan.housing);
    let mut people = travellers(&problem);
    by_number(&mut people, "ka-03").keep_apart = vec!["ka-11".into()];
    let seating = seat(&problem, &plan, &people, &Before::default(), &Effort::default());
    let unmet = seating.expect("a valid plan").unmet;
    assert_eq!(unmet[0].kind, UnmetKind::KeepApartWing, "exchanges alone cannot");

    let realised = realised(&problem, &plan, &people);
    assert_eq!(realised.unseated, 0);
    assert_eq!(realised.cuts.len(), 1, "{:?}", realised.cuts);
    let document = compose(&problem, &realised.seating);
    kept(&problem, &people, &document);
    assert_eq!(document.beds.len(), 20, "nobody stays for it");
    assert_ne!(document.beds["ka-03"], document.beds["ka-11"]);
}

#[test]
fn where_there_is_one_wing_only_one_of_a_pair_stays_and_is_told_why() {
    let problem = one_wing(false);
    let mut people = travellers(&problem);
    by_number(&mut people, "ka-03").keep_apart = vec!["ka-11".into()];
    let realised = realised(&problem, &searched(&problem), &people);
    let document = compose(&problem, &realised.seating);
    kept(&problem, &people, &document);
    let unplaced = &document.unplaced;
    assert_eq!(unplaced.len(), 1);
    // The other has waited longer.
    assert_eq!(unplaced[0].person, "ka-03");
    assert_eq!(
        unplaced[0].reason,
        "kept apart from ka-11: no wing but near-wing suits both of them"
    );
}

#[test]
fn members_of_one_case_are_all_kept_apart() {
    let problem = one_wing(true);
    let mut people = travellers(&problem);
    for n in ["ka-03", "ka-11", "ka-12"] {
        by_number(&mut people, n).apart_groups = vec!["case 7".into()];
    }
    let realised = realised(&problem, &searched(&problem), &people);
    let document = compose(&problem, &realised.seating);
    kept(&problem, &people, &document);
    // Two wings hold two of the three.
    assert_eq!(document.unplaced.len(), 1, "{:?}", document.unplaced);
}

#[test]
fn under_18s_get_a_vehicle_and_a_wing_of_their_own() {
    let problem = one_wing(true);
    let plan = searched(&problem);
    let mut people = travellers(&problem);
    let young = ["ka-03", "ka-07", "ka-11"];
    young.iter().for_each(|n| by_number(&mut people, n).under18 = true);
    let realised = realised(&problem, &plan, &people);
    let document = compose(&problem, &realised.seating);
    kept(&problem, &people, &document);
    assert_eq!(document.beds.len(), 20);
    let aboard = document.movements.iter().flat_map(|m| &m.vehicles);
    let with_young = aboard.filter(|v| v.persons.iter().any(|p| young.contains(&p.as_str())));
    assert!(with_young.clone().all(|v| v.persons.iter().all(|p| young.contains(&p.as_str()))));
    assert!(with_young.count() > 0);
}

#[test]
fn a_pair_may_be_kept_out_of_one_convoy() {
    let problem = one_wing(true);
    let plan = searched(&problem);
    let mut people = travellers(&problem);
    by_number(&mut people, "ka-03").convoy_apart = vec!["ka-11".into()];
    let realised = realised(&problem, &plan, &people);
    let document = compose(&problem, &realised.seating);
    kept(&problem, &people, &document);
    let movement = |person: &str| {
        let aboard = |m: &&amana_planner::plan::PlanMovement| {
            m.vehicles.iter().any(|v| v.persons.iter().any(|p| p == person))
        };
        document.movements.iter().position(|m| aboard(&m)).expect("moved")
    };
    assert_ne!(movement("ka-03"), movement("ka-11"));
}

#[test]
fn those_who_have_arrived_count_for_those_who_come_later() {
    let problem = Problem::from_json(&story().to_string()).expect("the story");
    let mut people = travellers(&problem);
    // Ten of kb arrived in w0 on the first night. kc-00, who comes on the second, may not meet
    // kb-19, and kb-00 may not either, but the other wing hosts group A.
    for n in ["kb-00", "ks-00"] {
        by_number(&mut people, n).keep_apart = vec!["kb-19".into()];
    }
    let plan = story_plan();
    let mut before = Before::default();
    let mut arrive = |class: &str, numbers: std::ops::Range<i32>, (convoy, vehicle), wing: &str| {
        for n in numbers {
            let number = format!("{class}-{n:02}");
            before.seats.insert(number.clone(), SeatIn::Vehicle { convoy, vehicle });
            before.beds.insert(number, wing.into());
        }
    };
    arrive("ka", 0..20, (0, 0), "w1");
    arrive("kb", 10..20, (0, 1), "w0");
    arrive("ko", 0..10, (1, 0), "w1");
    let mut done = Done { nights: 1, plan: plan.clone() };
    done.plan.housing.retain(|h| h.class != "kc" && h.class != "ks");
    done.plan.housing.iter_mut().filter(|h| h.class == "kb").for_each(|h| h.count = 10);
    let again = Options { done: Some(done), ..iterations(500) };
    let realised = realise(&problem, &plan, &people, &before, &Effort::default(), &again);
    let document = compose(&problem, &realised.expect("a valid plan").seating);
    kept(&problem, &people, &document);
    assert_eq!(document.beds["kb-19"], "w0");
    let stay: Vec<&str> = document.unplaced.iter().map(|u| u.person.as_str()).collect();
    // Only w0 has care for somebody on a stretcher.
    assert_eq!(stay, ["kb-00", "ks-00"]);
    let why = "kept apart from kb-19: ";
    let named = document.unplaced.iter().all(|u| u.reason.starts_with(why));
    assert!(named, "{:?}", document.unplaced);
}

#[test]
fn whoever_need_not_change_does_not() {
    let problem = Problem::from_json(&story().to_string()).expect("the story");
    let mut people = travellers(&problem);
    let effort = Effort::default();
    let seating = seat(&problem, &story_plan(), &people, &Before::default(), &effort);
    let old = compose(&problem, &seating.expect("seated"));
    // The order among equals turns round, and one of ten places moves from night 0 to night 1.
    people.iter_mut().for_each(|t| t.waiting_since = -t.waiting_since);
    let mut plan = story_plan();
    plan.convoys[0].vehicles[1].load.insert("kb".into(), 9);
    plan.sorties[0].load.insert("kb".into(), 11);
    let changed = |memory: Option<Memory>| {
        let before = Before { memory, ..Before::default() };
        let seating = seat(&problem, &plan, &people, &before, &effort).expect("a valid plan");
        let new = compose(&problem, &seating);
        let other = |c: &Change| matches!(c, Change::OtherNight { .. });
        diff(&old, &new).persons.iter().filter(|p| other(&p.change)).count()
    };
    assert_eq!(changed(Some(Memory::of(&old))), 1);
    assert!(changed(None) > 10, "dealt anew");
}

#[test]
fn a_revision_tells_of_the_plan_it_replaces() {
    let problem = Problem::from_json(&story().to_string()).expect("the story");
    let people = travellers(&problem);
    let seating = seat(&problem, &story_plan(), &people, &Before::default(), &Effort::default());
    let parent = compose(&problem, &seating.expect("seated"));
    let mut revision = parent.clone();
    revision.revision = 2;
    revision.since = Some(Since { night: 1, known_on: "2026-01-22".into(), staying: Vec::new() });
    let codes = |revision: &PlanDocument| -> Vec<&str> {
        let report = check_revision(&problem, &people, &parent, revision);
        report.broken.into_iter().map(|b| b.code).collect()
    };
    assert!(codes(&revision).is_empty());
    // Somebody who was to fly on the second night is said to have gone on the first.
    let late = revision.movements[3].vehicles[0].persons.iter().position(|p| p.starts_with("kb"));
    let late = revision.movements[3].vehicles[0].persons[late.expect("kb flies")].clone();
    let early = revision.movements[0].vehicles[1].persons[0].clone();
    for v in revision.movements.iter_mut().flat_map(|m| &mut m.vehicles) {
        for person in &mut v.persons {
            if *person == late {
                *person = early.clone();
            } else if *person == early {
                person.clone_from(&late);
            }
        }
    }
    assert_eq!(codes(&revision), ["P18"]);
}
