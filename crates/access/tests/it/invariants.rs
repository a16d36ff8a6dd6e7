//! What must hold whatever the policies say in detail, over every combination there is.

use access::table::{officer, parts};
use access::{Act, Ask, Asker, Looks, Part, Policies, Screen};
use domain::{Purpose, Relation, Role, Section};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use std::collections::BTreeSet;

fn any_asker() -> impl Strategy<Value = Asker> {
    (select(Role::ALL), select(Part::ALL)).prop_map(|(role, part)| officer(role, part))
}

fn any_relations() -> impl Strategy<Value = BTreeSet<Relation>> {
    subsequence(Relation::ALL, 0..=Relation::ALL.len()).prop_map(|r| r.into_iter().collect())
}

/// Every way to ask for a section, by an officer of a part in which the relation can come up.
fn every_look() -> impl Iterator<Item = (Asker, Relation, Section, Purpose, bool)> {
    let who = Role::ALL.iter().flat_map(|role| {
        let relations = Relation::ALL.iter();
        relations.flat_map(move |r| parts(*r).iter().map(move |p| (officer(*role, *p), *r)))
    });
    who.flat_map(|(asker, relation)| {
        let asker = asker.clone();
        Section::ALL.iter().flat_map(move |section| {
            let asker = asker.clone();
            Purpose::ALL.iter().flat_map(move |purpose| {
                let asker = asker.clone();
                [false, true].map(move |glass| (asker.clone(), relation, *section, *purpose, glass))
            })
        })
    })
}

/// A decision is remembered, and forgotten when there are many: it is the same each time.
#[test]
fn asked_again_the_answer_is_the_same() {
    let policies = Policies::built_in();
    let ask = |number| {
        let mut asker = officer(Role::Director, Part::Receiver);
        asker.officer.number = number;
        let person = |relation| Ask::Person { relations: BTreeSet::from([relation]) };
        let asks = Relation::ALL.iter().map(|relation| person(*relation));
        asks.map(|ask| policies.decide(&asker, &ask)).collect::<Vec<_>>()
    };
    let first = ask(0);
    assert!(first.iter().any(|d| d.allowed) && first.iter().any(|d| !d.allowed));
    // More than are remembered.
    assert!((0..2_000).all(|number| ask(number) == first));
    assert_eq!(ask(0), first);
    let other = officer(Role::Keyholder, Part::Receiver);
    let person = Ask::Person { relations: BTreeSet::from([Relation::Holds]) };
    assert!(!policies.allows(&other, &person), "another officer is another question");
}

fn read(section: Section, relation: Relation, purpose: Purpose, glass: bool) -> Ask {
    Ask::Read { section, relations: BTreeSet::from([relation]), purpose, glass }
}

#[test]
fn each_look_allowed_keeps_these_rules() {
    let policies = Policies::built_in();
    let (mut asked, mut allowed) = (0, 0);
    for (asker, relation, section, purpose, glass) in every_look() {
        asked += 1;
        let decision = policies.decide(&asker, &read(section, relation, purpose, glass));
        if !decision.allowed {
            continue;
        }
        allowed += 1;
        let what = format!("{asker:?} {relation} {section} {purpose} glass {glass}");
        let role = asker.officer.role;
        assert!(!decision.policies.is_empty(), "{what}: nobody is let by nothing");
        for id in &decision.policies {
            let text = policies.text(id).unwrap_or_else(|| panic!("{what}: {id} is no policy"));
            assert!(!text.forbids, "{what}: let by a policy that forbids");
        }
        assert!(glass || relation != Relation::Unrelated, "{what}: read without a relation");
        assert!(glass || relation != Relation::Keeps, "{what}: keeping is no reason to read");
        if section == Section::Health {
            assert!(glass || role == Role::Physician, "{what}: health is for physicians");
        }
        if section == Section::Case {
            assert!(matches!(role, Role::Judge | Role::Monitor), "{what}: a case in confidence");
            assert_ne!(relation, Relation::Represents, "{what}: a case for the person's state");
        }
        let never = [Role::Keyholder, Role::Planner, Role::AirCover, Role::Register];
        assert!(!never.contains(&role), "{what}: reads nobody's particulars");
        assert_ne!(asker.part, Part::NationalSecurity, "{what}");
        if relation == Relation::Monitors && !glass {
            assert_eq!(purpose, Purpose::Oversight, "{what}: monitors oversee");
        }
    }
    assert!(
        allowed > 100 && asked > 10 * allowed,
        "{allowed} of {asked}: little is let, not nothing"
    );
}

/// Every way to ask to write, by an officer of a part in which the relation can come up: few are let,
/// and whoever is may read the same for the same purpose.
#[test]
fn whoever_writes_may_read_and_has_to_do_with_the_person() {
    let policies = Policies::built_in();
    let (mut asked, mut allowed) = (0, BTreeSet::new());
    for (asker, relation, section, purpose, glass) in every_look() {
        let relations = BTreeSet::from([relation]);
        let decision = policies.decide(&asker, &Ask::Write { section, relations, purpose });
        asked += 1;
        if !decision.allowed || glass {
            continue;
        }
        let role = asker.officer.role;
        let what = format!("{asker:?} {relation} {section} {purpose}");
        allowed.insert((role, section));
        let reads = policies.allows(&asker, &read(section, relation, purpose, false));
        assert!(reads, "{what}: writes over what they may not read");
        let person = Ask::Person { relations: BTreeSet::from([relation]) };
        assert!(policies.allows(&asker, &person), "{what}: writes about whom they do not see");
        let answers = match section {
            Section::Case => relation == Relation::Tries,
            Section::Death => matches!(relation, Relation::Holds | Relation::Held),
            _ => relation == Relation::Holds,
        };
        assert!(answers, "{what}: only who answers for the person writes");
        assert_ne!(asker.part, Part::Monitor, "{what}: overseers change nothing");
        assert!(section != Section::Health || role == Role::Physician, "{what}");
    }
    use Role::*;
    let expected = [
        (Registrar, Section::Identity),
        (Registrar, Section::Family),
        (Registrar, Section::Property),
        (Gate, Section::Property),
        (Reception, Section::Identity),
        (Reception, Section::Family),
        (Reception, Section::Property),
        (Physician, Section::Health),
        (Physician, Section::Death),
        (Judge, Section::Case),
        (Director, Section::Family),
        (Director, Section::Death),
    ];
    assert_eq!(allowed, BTreeSet::from(expected), "of {asked} ways asked");
}

#[test]
fn audit_is_for_monitors_and_judges() {
    let policies = Policies::built_in();
    for role in Role::ALL {
        for relation in Relation::ALL {
            for part in parts(*relation) {
                for which in [Looks::OfAPerson, Looks::All] {
                    let relations = BTreeSet::from([*relation]);
                    let asker = officer(*role, *part);
                    if policies.allows(&asker, &Ask::Looks { which, relations }) {
                        let monitors = *role == Role::Monitor && *part == Part::Monitor;
                        let judges = *role == Role::Judge
                            && *relation == Relation::Tries
                            && which == Looks::OfAPerson;
                        assert!(monitors || judges, "{asker:?} {relation} sees {which}");
                    }
                }
            }
        }
    }
}

#[test]
fn duties_stay_apart() {
    let policies = Policies::built_in();
    for role in Role::ALL {
        for part in Part::ALL {
            let asker = officer(*role, *part);
            let does = |act| policies.allows(&asker, &Ask::Do(act));
            if does(Act::EnrolDevice) {
                let others = [Act::IssueStatement, Act::ResolveDiscrepancy, Act::TryPlan];
                assert!(
                    !others.into_iter().any(does),
                    "{asker:?} enrols devices and acts with them"
                );
                let sees = Ask::See(Screen::People);
                assert!(!policies.allows(&asker, &sees), "{asker:?} enrols devices, sees people");
            }
            if *part == Part::Monitor {
                assert!(!Act::ALL.iter().any(|act| does(*act)), "{asker:?} changes something");
            }
        }
    }
}

#[test]
fn every_officer_sees_the_operation_and_their_own_looks() {
    let policies = Policies::built_in();
    for role in Role::ALL {
        for part in Part::ALL {
            let asker = officer(*role, *part);
            assert!(policies.allows(&asker, &Ask::See(Screen::Operation)), "{asker:?}");
            let own = Ask::Looks { which: Looks::Own, relations: BTreeSet::new() };
            assert!(policies.allows(&asker, &own), "{asker:?}");
        }
    }
}

proptest! {
    /// However many permits apply, one forbid refuses, and says that it did.
    #[test]
    fn a_forbid_beats_every_permit(
        asker in any_asker(),
        relations in any_relations(),
        section in select(Section::ALL),
        purpose in select(Purpose::ALL),
        glass: bool,
    ) {
        let forbids = "@id(\"no\") @says(\"No.\") @source(\"test\")
            forbid (principal, action == Action::\"read-section\", resource);";
        let permits = "@id(\"yes\") @says(\"Yes.\") @source(\"test\") permit (principal, action, resource);";
        let mut files = built_in();
        files.push(("8.cedar".to_owned(), permits.to_owned()));
        files.push(("9.cedar".to_owned(), forbids.to_owned()));
        let policies = Policies::read(&files).unwrap();
        let ask = Ask::Read { section, relations, purpose, glass };
        let decision = policies.decide(&asker, &ask);
        prop_assert!(!decision.allowed);
        prop_assert!(decision.policies.iter().any(|id| id.as_str() == "no"));
    }

    /// Without breaking the glass, an authority unrelated to a person reads nothing about them, and
    /// does not see the person.
    #[test]
    fn the_unrelated_read_nothing(
        asker in any_asker(),
        section in select(Section::ALL),
        purpose in select(Purpose::ALL),
    ) {
        let policies = Policies::built_in();
        prop_assert!(!policies.allows(&asker, &read(section, Relation::Unrelated, purpose, false)));
        let person = Ask::Person { relations: BTreeSet::from([Relation::Unrelated]) };
        prop_assert!(!policies.allows(&asker, &person));
    }

    /// What would be needed is what the policies say: each way told does let the section be read.
    #[test]
    fn each_way_told_is_a_way(
        asker in any_asker(),
        relations in any_relations(),
        section in select(Section::ALL),
        purpose in select(Purpose::ALL),
    ) {
        let policies = Policies::built_in();
        let needed = policies.needed(&asker, section, &relations, purpose);
        let lets = |asker: &Asker, relations: &BTreeSet<Relation>, purpose: Purpose| {
            let relations = relations.clone();
            policies.allows(asker, &Ask::Read { section, relations, purpose, glass: false })
        };
        for purpose in &needed.purposes {
            prop_assert!(lets(&asker, &relations, *purpose), "for {}", purpose);
        }
        let some = |asker: &Asker, relations: &BTreeSet<Relation>| {
            Purpose::ALL.iter().any(|purpose| lets(asker, relations, *purpose))
        };
        for relation in &needed.relations {
            prop_assert!(some(&asker, &BTreeSet::from([*relation])));
        }
        for role in &needed.roles {
            prop_assert!(some(&officer(*role, asker.part), &relations));
        }
        let to_write = policies.needed_to_write(&asker, section, &relations);
        let writes = |asker: &Asker, relations: &BTreeSet<Relation>, purpose: Purpose| {
            policies.allows(asker, &Ask::Write { section, relations: relations.clone(), purpose })
        };
        for purpose in &to_write.purposes {
            prop_assert!(writes(&asker, &relations, *purpose), "to write for {}", purpose);
        }
        for role in &to_write.roles {
            let other = officer(*role, asker.part);
            prop_assert!(Purpose::ALL.iter().any(|p| writes(&other, &relations, *p)));
        }
        let glass = Ask::Read { section, relations, purpose, glass: true };
        prop_assert_eq!(needed.glass, policies.allows(&asker, &glass));
    }
}

fn built_in() -> Vec<(String, String)> {
    access::files(concat!(env!("CARGO_MANIFEST_DIR"), "/../../policies").as_ref()).unwrap()
}
