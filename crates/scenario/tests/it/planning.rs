//! The planner's problem built from the reference scenario.

use super::hasakah;
use amana_scenario::cohort::{self, Person};
use amana_scenario::planning::{Known, Planning, build, expected};
use jiff::civil::{Date, date};
use planner::problem::Problem;
use std::collections::BTreeMap;

fn planned(on: Date, ready: &dyn Fn(&Person) -> Option<Date>) -> Planning {
    let s = hasakah();
    let lost = [date(2026, 2, 3)].into();
    let partial = BTreeMap::from([(date(2026, 2, 4), 8)]);
    build(&s, &cohort::generate(&s, 1), &Known { on, lost, partial, ready })
}

#[test]
fn everyone_planned_for_is_in_one_class() {
    let planning = planned(date(2026, 1, 25), &|p| p.cleared_on().filter(|_| p.can_board()));
    let problem = &planning.problem;
    assert_eq!(problem.people(), 5704);
    assert_eq!((planning.class_of.len(), planning.travellers.len()), (5704, 5704));
    let mut counts: BTreeMap<&str, i64> = BTreeMap::new();
    for class in planning.class_of.values() {
        *counts.entry(class).or_default() += 1;
    }
    for class in &problem.classes {
        assert_eq!(counts[class.id.as_str()], class.count);
        assert!(
            class.ready.is_sorted() && class.ready.last() == Some(&class.count),
            "{}",
            class.id
        );
        let wings = problem.wings.iter().enumerate();
        let room: i64 = wings
            .filter(|(w, _)| {
                problem.suits(problem.classes.iter().position(|c| c == class).unwrap(), *w)
            })
            .map(|(_, w)| w.capacity)
            .sum();
        assert!(room >= class.count, "{} has nowhere to live", class.id);
    }
    assert!(problem.classes.len() < 5 * 30, "{} classes", problem.classes.len());
    assert!(Problem::from_json(&problem.to_json()).is_ok());
    for together in planning.travellers.iter().filter(|t| t.together.is_some()) {
        let same = planning.travellers.iter().filter(|t| t.together == together.together);
        assert!(same.clone().count() >= 2 && same.clone().all(|t| t.class == together.class));
    }
}

#[test]
fn a_night_lost_or_cut_short_is_in_the_problem() {
    let planning = planned(date(2026, 1, 25), &|p| p.cleared_on());
    let problem = &planning.problem;
    let night = |d: Date| hasakah().operation.night_index(d).unwrap();
    let (lost, partial) = (night(date(2026, 2, 3)), night(date(2026, 2, 4)));
    assert!((0..problem.routes.len()).all(|r| !problem.open(r, lost)));
    assert_eq!(problem.cover[partial].slots, 8);
    // The last night is for flights only.
    let last = night(date(2026, 2, 12));
    for (r, route) in problem.routes.iter().enumerate() {
        assert_eq!(problem.open(r, last), route.is_air(), "{}", route.id);
    }
}

#[test]
fn what_is_expected_follows_what_is_known() {
    let s = hasakah();
    let cohort = cohort::generate(&s, 1);
    let (start, end) = (s.operation.first_night, s.operation.last_night());
    let open = |on| cohort.people.iter().filter(|p| expected(&s, p, on).is_some()).count();
    // 200 are missing on the first evening, 130 of them are back later; 24 + 95 + 60 fail a gate.
    assert!(open(start) >= 7000 - 200 - 179 && open(start) <= 7000 - 200);
    assert_eq!(open(end), 7000 - 70 - 179);
    let late = cohort.people.iter().find(|p| p.is_open_on(end) && !p.can_board()).unwrap();
    assert!(
        expected(&s, late, end).unwrap() > end,
        "an undecided gate is not expected in the past"
    );
}
