//! How an authority stands to a person, from the record of one story.

use access::table::officer;
use access::{About, Asker, Part, relations};
use domain::*;
use std::collections::BTreeSet;

fn authority(name: &str) -> AuthorityId {
    AuthorityId::new(name).unwrap()
}

fn of(name: &str, part: Part) -> Asker {
    Asker { authority: authority(name), ..officer(Role::Registrar, part) }
}

/// A record that facts are put into, each hashed by its number.
#[derive(Default)]
struct Story {
    record: Record,
    facts: u8,
}

impl Story {
    fn say(&mut self, by: &str, event: Event) -> FactHash {
        self.facts += 1;
        let n = self.facts;
        let fact = Fact {
            hash: FactHash([n; 32]),
            id: FactId([n; 16]),
            operation: OperationId::new("story").unwrap(),
            authority: authority(by),
            officer: Officer { role: Role::Registrar, number: 7 },
            device: DeviceId([n; 32]),
            sequence: 0,
            previous: None,
            occurred_at: jiff::Timestamp::from_second(i64::from(n) * 60).unwrap(),
            clock_error_s: 1,
            event,
        };
        self.record.insert(fact);
        FactHash([n; 32])
    }

    fn link(&self) -> Vec<Link> {
        let after = self.record.standing(person()).unwrap().tip().unwrap();
        vec![Link { person: person(), after }]
    }

    fn registered() -> Self {
        let mut story = Story::default();
        let unit = UnitId::parse("north/w1").unwrap();
        let people = vec![(person(), Commitment([1; 32]))];
        story.say("sender", Event::Registered { unit, people });
        story
    }

    fn told(&self, asker: &Asker, about: &About) -> Vec<Relation> {
        relations(&self.record, person(), asker, about).into_iter().collect()
    }

    fn plainly(&self, name: &str, part: Part) -> Vec<Relation> {
        self.told(&of(name, part), &About::default())
    }
}

fn person() -> PersonId {
    PersonId::issue('A', 1)
}

#[test]
fn follows_custody_through_a_handover() {
    let mut story = Story::registered();
    let of_all = |story: &Story| {
        [("sender", Part::Sender), ("escort", Part::Escort), ("justice", Part::Receiver)]
            .map(|(name, part)| story.plainly(name, part)[0])
    };
    use Relation::*;
    assert_eq!(of_all(&story), [Holds, Unrelated, Unrelated]);

    let movement = MovementId::parse("2026-01-21/01").unwrap();
    let vehicle = VehicleId::new("bus-01").unwrap();
    let people = story.link();
    story.say("sender", Event::Boarded { movement, vehicle, people });
    let (to, site) = (authority("escort"), SiteId::new("north").unwrap());
    let people = story.link();
    let offer = story.say("sender", Event::HandoverOffered { movement, to, site, people });
    assert_eq!(of_all(&story), [Holds, WillHold, Unrelated], "offered and not yet answered");

    let outcomes = vec![(person(), Answer::Accepted)];
    story.say("escort", Event::HandoverAnswered { offer, outcomes });
    assert_eq!(of_all(&story), [Held, Holds, Unrelated]);

    let expected = BTreeSet::from([authority("justice"), authority("escort")]);
    let about = About { expected: Some(&expected), compatriot: false };
    assert_eq!(story.told(&of("justice", Part::Receiver), &about), [WillHold]);
    assert_eq!(story.told(&of("escort", Part::Escort), &about), [Holds], "holds already");

    let people = story.link();
    story.say("escort", Event::Exited { why: ExitReason::Died, people });
    assert_eq!(of_all(&story), [Held, Held, Unrelated]);
    assert_eq!(story.told(&of("justice", Part::Receiver), &about), [Unrelated], "custody ended");
}

#[test]
fn whoever_claims_a_contested_person_may_find_them() {
    let mut story = Story::registered();
    let link = story.link();
    let people = link.clone();
    story.say("sender", Event::Exited { why: ExitReason::Released, people });
    let (to, site) = (authority("escort"), SiteId::new("north").unwrap());
    let movement = MovementId::parse("2026-01-21/01").unwrap();
    story.say("sender", Event::HandoverOffered { movement, to, site, people: link });
    assert!(story.record.standing(person()).unwrap().contest.is_some());
    assert_eq!(story.plainly("sender", Part::Sender), [Relation::Holds], "undisputed until then");
    assert_eq!(story.plainly("escort", Part::Escort), [Relation::Unrelated], "it claimed nothing");
}

#[test]
fn a_court_tries_whom_it_decided_about() {
    let mut story = Story::registered();
    assert_eq!(story.plainly("court", Part::Court), [Relation::Tries], "none has decided");
    assert_eq!(story.plainly("other-court", Part::Court), [Relation::Tries]);
    let decision = Event::GateDecided {
        gate: Gate::Review,
        outcome: GateOutcome::Passed,
        basis: Basis::Interview,
        people: vec![person()],
        replaces: None,
    };
    story.say("court", decision);
    assert_eq!(story.plainly("court", Part::Court), [Relation::Tries]);
    assert_eq!(story.plainly("other-court", Part::Court), [Relation::Unrelated]);
    // Only courts try, whoever signs a decision.
    assert_eq!(story.plainly("court", Part::Receiver), [Relation::Unrelated]);
}

#[test]
fn a_consulate_represents_until_the_person_declines() {
    let mut story = Story::registered();
    let consulate = of("foreign", Part::ForeignMinistry);
    let compatriot = About { expected: None, compatriot: true };
    assert_eq!(story.told(&consulate, &About::default()), [Relation::Unrelated]);
    assert_eq!(story.told(&consulate, &compatriot), [Relation::Represents]);
    let deferred = Event::NoticeDeferred {
        whom: Notified::Consulate,
        why: DeferralReason::PersonDeclines,
        until: None,
        people: vec![person()],
    };
    story.say("sender", deferred);
    assert_eq!(story.told(&consulate, &compatriot), [Relation::Unrelated]);
    let told = Event::Notified { whom: Notified::Consulate, people: vec![person()] };
    story.say("sender", told);
    assert_eq!(story.told(&consulate, &compatriot), [Relation::Represents], "asked for later");
}

#[test]
fn nobody_has_a_relation_to_somebody_unknown() {
    let story = Story::default();
    assert_eq!(story.plainly("monitors", Part::Monitor), [Relation::Unrelated]);
    assert_eq!(Story::registered().plainly("monitors", Part::Monitor), [Relation::Monitors]);
}
