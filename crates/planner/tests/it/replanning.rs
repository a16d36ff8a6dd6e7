//! A plan in force meets each change there is: what has happened stays, what can stay does, and the
//! difference names what forced each move.

use amana_planner::check::check;
use amana_planner::diff::{Change, Difference, Forcing, diff_because};
use amana_planner::persons::{Before, Effort, Memory, SeatIn, Traveller, realise, seat};
use amana_planner::plan::{ClassPlan, PlanDocument, Since};
use amana_planner::problem::Problem;
use amana_planner::solve::{Base, Done, Flow, Options, solve};
use serde_json::{Value, json};

use crate::instances::{small, story, story_plan};
use crate::names::{compose, travellers};

/// Units for a movement of tonight that changes; a person waits a night for 100.
const CHURN_PRICE: i64 = 4000;

fn iterations(n: u64) -> Options {
    Options { max_iterations: Some(n), ..Options::default() }
}

fn read(instance: &Value) -> Problem {
    Problem::from_json(&instance.to_string()).expect("a changed story is still a problem")
}

/// The story's first night is carried out; then `change`, and the rest is planned again.
fn replanned(change: impl FnOnce(&mut Value)) -> (PlanDocument, PlanDocument, Difference) {
    let mut instance = story();
    let problem = read(&instance);
    let people = travellers(&problem);
    let effort = Effort::default();
    let seating = seat(&problem, &story_plan(), &people, &Before::default(), &effort);
    let seating = seating.expect("a valid plan");
    let old = compose(&problem, &seating);

    change(&mut instance);
    let changed = read(&instance);
    let (done, before) = after_first_night(&seating.plan, &seating.seats, &old);
    let base = Some(Base::new(seating.plan.clone(), CHURN_PRICE));
    let options = Options { done: Some(done), base, ..iterations(2000) };
    let solved = solve(&changed, &options, &mut |_| Flow::Continue).expect("the past fits");
    let people = with_gates(&changed, travellers(&changed));
    let again = Options { max_iterations: Some(500), ..options };
    let realised = realise(&changed, &solved.plan, &people, &before, &effort, &again);
    let mut new = compose(&changed, &realised.expect("a valid plan").seating);
    (new.revision, new.since) =
        (2, Some(Since { night: 1, known_on: "2026-01-22".into(), staying: Vec::new() }));
    let difference = diff_because((&old, &problem), (&new, &changed));
    (old, new, difference)
}

/// Those not ready by their class's first nights wait: the last of them by number.
fn with_gates(problem: &Problem, mut people: Vec<Traveller>) -> Vec<Traveller> {
    for class in &problem.classes {
        let of_class = people.iter_mut().filter(|t| t.class == class.id);
        // Those who have gone were ready.
        let mut order: Vec<&mut Traveller> = of_class.collect();
        order.sort_by_key(|t| t.waiting_since);
        for (n, t) in order.into_iter().enumerate() {
            t.ready = class.ready.partition_point(|count| *count <= n as i64);
        }
    }
    people
}

fn after_first_night(
    plan: &ClassPlan,
    seats: &std::collections::BTreeMap<String, SeatIn>,
    old: &PlanDocument,
) -> (Done, Before) {
    let night = |seat: &SeatIn| match *seat {
        SeatIn::Vehicle { convoy, .. } => plan.convoys[convoy].night,
        SeatIn::Aircraft { sortie } => plan.sorties[sortie].night,
    };
    let gone: std::collections::BTreeMap<String, SeatIn> =
        seats.iter().filter(|(_, s)| night(s) == 0).map(|(p, s)| (p.clone(), *s)).collect();
    let beds: std::collections::BTreeMap<String, String> =
        gone.keys().map(|p| (p.clone(), old.beds[p].clone())).collect();
    // Beds of those who have arrived only, so that each keeps theirs.
    let mut done = plan.clone();
    let mut housing: std::collections::BTreeMap<(String, String), i64> = Default::default();
    for (person, wing) in &beds {
        let class = person.rsplit_once('-').expect("class-number").0.to_owned();
        *housing.entry((class, wing.clone())).or_insert(0) += 1;
    }
    done.housing = (housing.into_iter())
        .map(|((class, wing), count)| amana_planner::plan::Housing { class, wing, count })
        .collect();
    let before = Before { seats: gone, beds, memory: Some(Memory::of(old)) };
    (Done { nights: 1, plan: done }, before)
}

/// Each change of the issue, and the words under which moves are forced by it.
#[test]
fn each_change_is_named_where_it_forces_a_move() {
    type Edit = fn(&mut Value);
    // On the second night the story sends a convoy from the north with a cell van and an ambulance,
    // and a flight.
    let table: &[(&str, Edit, &str)] = &[
        (
            "a lost night",
            |i| {
                i["cover"][1] = json!({"orbits": 0, "slots": 0});
                i["air"]["sorties"][1] = json!(0);
            },
            "night 1 is lost",
        ),
        (
            "a lowered promise of intake",
            |i| i["facilities"][0]["intake"] = json!([100, 10, 100]),
            "d0 receives 10 on night 1 instead of 100",
        ),
        (
            "broken vehicles",
            |i| i["depots"][0]["fleet"]["ambulance"] = json!(0),
            "depot North depot has 0 ambulance instead of 1",
        ),
        (
            "a closed crossing",
            |i| i["crossings"][0]["slots"] = json!([4, 0, 4]),
            "crossing b0 is closed on night 1",
        ),
        (
            "gates not passed",
            |i| i["classes"][2]["ready"] = json!([0, 0, 5]),
            "gates: 0 of class kc may board by night 1 instead of 5",
        ),
    ];
    for (what, change, words) in table {
        let (old, new, difference) = replanned(change);
        let gone = |d: &PlanDocument| -> Vec<_> {
            d.movements.iter().filter(|m| m.night == 0).map(|m| m.vehicles.clone()).collect()
        };
        assert_eq!(gone(&old), gone(&new), "{what}: what has happened stays");
        let forced = |because: &[Forcing]| because.iter().any(|b| b.to_string() == *words);
        assert!(
            difference.movements.iter().any(|m| forced(&m.because)),
            "{what}: no movement is forced by it: {difference}"
        );
        assert!(
            difference.persons.iter().any(|p| forced(&p.because)),
            "{what}: nobody is forced by it: {difference}"
        );
        assert!(new.unplaced.is_empty(), "{what}: {:?}", new.unplaced);
    }
}

fn words(all: &[Forcing]) -> Vec<String> {
    all.iter().map(Forcing::to_string).collect()
}

#[test]
fn new_arrivals_change_nobody_who_was_told_a_night() {
    let (_, new, difference) = replanned(|i| i["classes"][3]["count"] = json!(1 + 2));
    assert!(words(&difference.problem).contains(&"class ks has 3 people instead of 2".to_owned()));
    // Some go by the flight instead of the road; nobody on another night.
    let other = |c: &Change| !matches!(c, Change::OtherRoute { .. } | Change::OtherWing { .. });
    let others = difference.persons.iter().filter(|p| other(&p.change));
    assert!(others.clone().all(|p| p.person == "ks-02"), "{difference}");
    assert!(new.beds.contains_key("ks-02") || new.unplaced.iter().any(|u| u.person == "ks-02"));
    let (_, _, nothing) = replanned(|_| ());
    assert!(!nothing.persons.iter().any(|p| other(&p.change)), "{nothing}");
    assert!(nothing.problem.is_empty(), "{nothing}");
}

/// What has gone by is told as it went, not as a promise that was lowered.
#[test]
fn a_night_that_came_to_nothing_is_told_as_such() {
    let problem = read(&story());
    let people = travellers(&problem);
    let seating = seat(&problem, &story_plan(), &people, &Before::default(), &Effort::default());
    let old = compose(&problem, &seating.expect("a valid plan"));
    let mut lost = story();
    lost["facilities"][0]["intake"] = json!([0, 100, 100]);
    let lost = read(&lost);
    let done = Some(Done { nights: 1, plan: ClassPlan::default() });
    let options = Options { done, ..iterations(500) };
    let solved = solve(&lost, &options, &mut |_| Flow::Continue).expect("nothing happened");
    let seating = seat(&lost, &solved.plan, &people, &Before::default(), &Effort::default());
    let mut new = compose(&lost, &seating.expect("a valid plan"));
    (new.revision, new.since) =
        (2, Some(Since { night: 1, known_on: "2026-01-22".into(), staying: Vec::new() }));
    let difference = diff_because((&old, &problem), (&new, &lost));
    assert_eq!(words(&difference.problem), ["nothing moved on night 0"]);
    let forced = difference.persons.iter().filter(|p| p.because == difference.problem).count();
    assert_eq!(forced, 40, "all of the first night: {difference}");
}

/// On random problems: whatever changes, the past is kept, no rule is broken, and a plan that still
/// fits is left as it is.
#[test]
fn random_plans_keep_the_past_and_what_fits() {
    for seed in 0..40 {
        let problem = small(seed);
        let found = solve(&problem, &iterations(800), &mut |_| Flow::Continue).expect("found");
        let half = problem.nights / 2;
        let done = || Some(Done { nights: half, plan: found.plan.clone() });
        let base = || Some(Base::new(found.plan.clone(), 1_000_000));
        let again = |problem: &Problem| {
            let options = Options { done: done(), base: base(), ..iterations(800) };
            solve(problem, &options, &mut |_| Flow::Continue).expect("the past fits").plan
        };
        let same = again(&problem);
        assert_eq!(trips(&same, 0), trips(&found.plan, 0), "seed {seed}: a price nobody pays");
        let mut lost = problem.clone();
        let night = half.min(problem.nights - 1);
        (lost.cover[night].orbits, lost.air.sorties[night]) = (0, 0);
        let other = again(&lost);
        let report = check(&lost, &other);
        assert!(report.is_clean(), "seed {seed}: {report}");
        let past = |plan: &ClassPlan| -> Vec<_> {
            trips(plan, 0).into_iter().filter(|(t, _)| *t < half as i64).collect()
        };
        assert_eq!(past(&other), past(&found.plan), "seed {seed}: what has happened stays");
    }
}

fn trips(plan: &ClassPlan, from: i64) -> Vec<(i64, String)> {
    let convoys = plan.convoys.iter().map(|c| (c.night, c.route.clone()));
    let sorties = plan.sorties.iter().map(|s| (s.night, s.route.clone()));
    let mut trips: Vec<_> = convoys.chain(sorties).filter(|t| t.0 >= from).collect();
    trips.sort();
    trips
}

#[test]
fn a_movement_forced_twice_is_told_both() {
    let (_, _, difference) = replanned(|i| {
        i["crossings"][0]["slots"] = json!([4, 0, 4]);
        i["depots"][0]["fleet"]["ambulance"] = json!(0);
    });
    let both =
        ["crossing b0 is closed on night 1", "depot North depot has 0 ambulance instead of 1"];
    assert!(difference.movements.iter().any(|m| words(&m.because) == both), "{difference}");
}
