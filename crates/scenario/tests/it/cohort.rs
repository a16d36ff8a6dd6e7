//! What holds for every cohort, whatever the seed.

use super::hasakah;
use amana_scenario::cohort::{self, AgeBasis, Cohort, Gate, GatePlan};
use std::collections::{BTreeMap, BTreeSet};

fn bytes(cohort: &Cohort) -> Vec<u8> {
    let mut out = Vec::new();
    cohort::write_csv(cohort, &mut out).unwrap();
    out
}

#[test]
fn one_seed_gives_the_same_bytes() {
    let s = hasakah();
    let one = bytes(&cohort::generate(&s, 7));
    assert_eq!(one, bytes(&cohort::generate(&s, 7)));
    assert_ne!(one, bytes(&cohort::generate(&s, 8)));
}

#[test]
fn it_reads_back() {
    let cohort = cohort::generate(&hasakah(), 3);
    let text = String::from_utf8(bytes(&cohort)).unwrap();
    assert_eq!(cohort::read_csv(&text, "cohort.csv").unwrap(), cohort);
}

#[test]
fn counts_are_exact_for_any_seed() {
    let s = hasakah();
    for seed in [1, 2, 99] {
        let cohort = cohort::generate(&s, seed);
        let people = &cohort.people;
        assert_eq!(people.len(), 7000);
        assert_eq!(people.iter().filter(|p| p.can_board()).count(), 5704);
        let minors: Vec<_> = people.iter().filter(|p| p.true_under18).collect();
        assert_eq!(minors.len(), 157);
        for p in &minors {
            assert!(p.can_board() && p.recorded_age >= 18);
            assert!(matches!(p.age_basis, AgeBasis::Declared | AgeBasis::Visual));
        }
        assert_eq!(people.iter().filter(|p| p.duplicate_of.is_some()).count(), 25);
        for stay in &s.cohort.stays {
            if let amana_scenario::parameters::StayReason::Failed(gate) = stay.why {
                let failed = people.iter().filter(|p| matches!(p.gate(gate), GatePlan::Failed(_)));
                assert_eq!(failed.count(), stay.count as usize, "{gate}");
            }
        }
        let escaped = people.iter().filter_map(|p| p.escape);
        let back = escaped.clone().filter(|e| e.recaptured_on.is_some()).count();
        assert_eq!((escaped.count(), back), (200, 130));
    }
}

/// Three definitions, three of the published answers.
#[test]
fn nationalities_are_as_published_by_definition() {
    let s = hasakah();
    let cohort = cohort::generate(&s, 1);
    let mut counts: [BTreeMap<String, u32>; 3] = Default::default();
    for p in cohort.people.iter().filter(|p| p.can_board()) {
        for (by, code) in counts.iter_mut().zip([Some(p.claimed), p.documented, p.verified]) {
            if let Some(code) = code {
                *by.entry(code.to_string()).or_default() += 1;
            }
        }
    }
    let [claimed, documented, verified] = &counts;
    for row in &s.nationalities {
        let code = row.code.to_string();
        let of = |m: &BTreeMap<String, u32>| m.get(&code).copied().unwrap_or(0);
        assert_eq!((of(claimed), of(documented)), (row.moved, row.documented), "{code}");
        assert_eq!(of(verified), row.verified, "{code}");
    }
    assert_eq!((claimed["IQ"], documented["IQ"], verified["IQ"]), (467, 460, 270));
    assert_eq!((claimed["SY"], verified["SY"]), (3543, 3245));
    assert_eq!((claimed.len(), documented.len(), verified.len()), (61, 66, 42));

    // The whole cohort is the table scaled by largest remainder.
    let all = cohort.people.iter().filter(|p| p.claimed.as_str() == "SY").count() as f64;
    assert!((all - 3543.0 * 7000.0 / 5704.0).abs() < 1.0);
}

#[test]
fn ties_are_mutual_and_possible() {
    let cohort = cohort::generate(&hasakah(), 1);
    let by_id: BTreeMap<_, _> = cohort.people.iter().map(|p| (p.id, p)).collect();
    let pairs: usize = cohort.people.iter().map(|p| p.keep_apart.len()).sum();
    assert_eq!(pairs, 2 * 500);
    let mut groups = BTreeSet::new();
    for p in &cohort.people {
        for other in &p.keep_apart {
            assert!(by_id[other].keep_apart.contains(&p.id));
            assert!(!p.together.contains(other));
        }
        for other in &p.together {
            let other = by_id[other];
            assert!(other.together.contains(&p.id) && other.can_board());
            assert_eq!(p.unit.site(), other.unit.site());
            assert_eq!((p.security, &p.separation), (other.security, &other.separation));
        }
        if !p.together.is_empty() {
            groups.insert(p.together.iter().copied().chain([p.id]).min().unwrap());
        }
    }
    assert_eq!(groups.len(), 60);
}

#[test]
fn names_are_distinct_but_for_the_duplicates() {
    let cohort = cohort::generate(&hasakah(), 1);
    let mut seen = BTreeSet::new();
    for p in cohort.people.iter().filter(|p| p.duplicate_of.is_none()) {
        let n = &p.name;
        assert!(seen.insert((&n.given.arabic, &n.father.arabic, &n.family.arabic)), "{}", p.id);
    }
    let by_id: BTreeMap<_, _> = cohort.people.iter().map(|p| (p.id, p)).collect();
    for p in &cohort.people {
        if let Some(original) = p.duplicate_of {
            assert_ne!(p.name, by_id[&original].name, "{} is spelled as {original}", p.id);
            assert_eq!(p.claimed, by_id[&original].claimed);
        }
    }
}

/// The first convoy can be filled, and all that can board are cleared before the last night.
#[test]
fn clearances_come_in_time() {
    let s = hasakah();
    let cohort = cohort::generate(&s, 1);
    let first = &s.troubles.first_night;
    let ready = cohort.people.iter().filter(|p| {
        *p.unit.site() == first.origin
            && p.can_board()
            && p.cleared_on().is_some_and(|on| on <= first.night)
    });
    assert!(ready.count() >= first.offered as usize);
    let last = s.operation.last_night();
    for p in cohort.people.iter().filter(|p| p.can_board()) {
        assert!(p.cleared_on().is_some_and(|on| on < last));
        assert!(Gate::ALL.iter().all(|g| matches!(p.gate(*g), GatePlan::Passed(_))));
    }
}

#[test]
fn a_broken_row_is_named_by_line() {
    let text = String::from_utf8(bytes(&cohort::generate(&hasakah(), 1))).unwrap();
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    lines[2] = lines[2].replacen("A-", "a-", 1);
    lines[4].push_str(",more");
    lines[6] = lines[6].replace(",fit,", ",fitt,");
    let report = cohort::read_csv(&lines.join("\n"), "c.csv").unwrap_err();
    let places: Vec<_> = report.findings.iter().map(|f| (f.line, f.code)).collect();
    assert_eq!(
        places,
        [(Some(3), "not-valid"), (Some(5), "wrong-number-of-fields"), (Some(7), "unknown-word")],
        "{report}"
    );
}
