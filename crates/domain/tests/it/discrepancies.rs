use crate::world::*;
use domain::*;

fn told(record: &Record) -> Vec<String> {
    discrepancies(record)
        .into_iter()
        .map(|d| {
            let people: Vec<_> = d.people.iter().map(|p| p.to_string()).collect();
            let counts =
                d.counts.map_or(String::new(), |(e, f)| format!(" {e} expected {f} found"));
            let open = d.resolution.map_or("open".to_owned(), |r| r.why.to_string());
            format!("{}{counts} [{}] {open}", d.code, people.join(" "))
        })
        .collect()
}

#[test]
fn a_short_handover_names_its_people_until_resolved() {
    let mut pen = Pen::default();
    let registered = pen.registered("alpha", "north/w1", &[1, 2, 3]);
    let after = registered.hash;
    let offered = pen.offered("alpha", "bravo", &[(1, after), (2, after), (3, after)]);
    let refused = Answer::Refused(RefusalReason::PapersMissing);
    let answered = pen.answered(
        "bravo",
        offered.hash,
        &[(1, Answer::Accepted), (2, refused), (3, Answer::NotPresent)],
    );
    let about = answered.hash;
    let mut record = record(&[registered, offered, answered]);
    let names = format!("{} {}", person(2), person(3));
    assert_eq!(told(&record), [format!("handover-short 3 expected 1 found [{names}] open")]);
    for n in [2, 3] {
        let custody = &record.standing(person(n)).unwrap().custody;
        assert_eq!(custody.responsible().unwrap().authority, authority("alpha"));
    }
    record.insert(pen.fact(
        "alpha",
        Event::DiscrepancyResolved {
            code: DiscrepancyCode::HandoverShort,
            fact: about,
            why: ResolutionReason::FoundAtOrigin,
        },
    ));
    assert_eq!(
        told(&record),
        [format!("handover-short 3 expected 1 found [{names}] found-at-origin")]
    );
}

#[test]
fn a_muster_names_who_is_missing_or_how_many() {
    let mut pen = Pen::default();
    let site = SiteId::new("north").unwrap();
    let registered = pen.registered("alpha", "north/w1", &[1, 2]);
    let by_name = Muster::ByName { present: vec![person(1)], absent: vec![person(2)] };
    let by_name = pen.fact("alpha", Event::MusterTaken { site: site.clone(), count: by_name });
    let by_number = Muster::ByNumber { expected: 2, counted: 3 };
    let by_number = pen.fact("alpha", Event::MusterTaken { site: site.clone(), count: by_number });
    let right = Muster::ByNumber { expected: 2, counted: 2 };
    let right = pen.fact("alpha", Event::MusterTaken { site, count: right });
    let mut told = told(&record(&[registered, by_name, by_number, right]));
    told.sort();
    assert_eq!(
        told,
        [
            format!("muster-differs 2 expected 1 found [{}] open", person(2)),
            "muster-differs 2 expected 3 found [] open".to_owned(),
        ]
    );
}

#[test]
fn boarding_without_a_gate_is_shown_and_nothing_hides_it_later() {
    let mut pen = Pen::default();
    let registered = pen.registered("alpha", "north/w1", &[1]);
    let mut facts = vec![registered.clone()];
    let gate = |gate| Event::GateDecided {
        gate,
        outcome: GateOutcome::Passed,
        basis: Basis::Document,
        people: vec![person(1)],
        replaces: None,
    };
    for g in [Gate::Order, Gate::Age, Gate::Fitness, Gate::Acceptance] {
        facts.push(pen.fact("alpha", gate(g)));
    }
    let refused = rules::freeze_manifest(&record(&facts), &authority("alpha"), &[person(1)]);
    assert_eq!(
        refused,
        [rules::Refusal::GateClosed {
            person: person(1),
            gate: Gate::Review,
            state: GateState::Pending,
        }]
    );
    facts.push(pen.boarded("alpha", &[(1, registered.hash)]));
    let shown = [format!("gate-missing [{}] open", person(1))];
    assert_eq!(told(&record(&facts)), shown);
    facts.push(pen.fact("judges", gate(Gate::Review)));
    assert_eq!(told(&record(&facts)), shown, "a gate passed after boarding does not undo it");
}

#[test]
fn a_failed_gate_stays_closed_until_its_decision_is_replaced() {
    let mut pen = Pen::default();
    let decide = |outcome, replaces| Event::GateDecided {
        gate: Gate::Review,
        outcome,
        basis: Basis::Interview,
        people: vec![person(1)],
        replaces,
    };
    let failed = pen.fact("judges", decide(GateOutcome::Failed, None));
    let passed = pen.fact("judges", decide(GateOutcome::Passed, None));
    let replacing = pen.fact("judges", decide(GateOutcome::Passed, Some(failed.hash)));
    let review = |facts: &[Fact]| record(facts).gates(person(1))[&Gate::Review];
    assert_eq!(review(&[]), GateState::Pending);
    assert_eq!(review(&[passed.clone(), failed.clone()]), GateState::Failed);
    assert_eq!(review(&[failed, passed, replacing]), GateState::Passed);
}

#[test]
fn a_wrong_count_on_the_way_a_parked_fact_and_a_device_gap_are_shown() {
    let mut pen = Pen::default();
    let registered = pen.registered("alpha", "north/w1", &[1]);
    let boarded = pen.boarded("alpha", &[(1, registered.hash)]);
    let mut departed = pen.fact("alpha", Event::Departed { movement: movement(), aboard: 2 });
    departed.sequence += 1;
    let parked = pen.placed("bravo", "south/w1", &[(1, hash(999))]);
    let mut told = told(&record(&[registered, boarded, departed, parked]));
    told.sort();
    assert_eq!(
        told,
        [
            "count-differs 1 expected 2 found [] open".to_owned(),
            "device-gap 2 expected 3 found [] open".to_owned(),
            format!("gate-missing [{}] open", person(1)),
            format!("parked [{}] open", person(1)),
        ]
    );
}
