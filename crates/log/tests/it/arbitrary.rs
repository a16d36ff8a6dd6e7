//! Any fact a device might sign.

use domain::*;
use jiff::{Timestamp, civil::Date};
use log::Draft;
use proptest::collection::{btree_map, btree_set, vec};
use proptest::prelude::*;
use proptest::sample::select;

/// Milliseconds since 1970 that a timestamp can hold.
const TIMES: std::ops::Range<i64> = -377_000_000_000_000..253_000_000_000_000;

fn slug() -> impl Strategy<Value = String> {
    (0u8..26, vec(select(b"abcxyz019-".to_vec()), 0..20)).prop_map(|(first, rest)| {
        let mut bytes = vec![b'a' + first];
        bytes.extend(rest);
        String::from_utf8(bytes).unwrap()
    })
}
fn site() -> impl Strategy<Value = SiteId> {
    slug().prop_map(|s| SiteId::new(&s).unwrap())
}
fn authority() -> impl Strategy<Value = AuthorityId> {
    slug().prop_map(|s| AuthorityId::new(&s).unwrap())
}
fn unit() -> impl Strategy<Value = UnitId> {
    (site(), slug()).prop_map(|(site, unit)| UnitId::new(site, &unit).unwrap())
}
fn vehicle() -> impl Strategy<Value = VehicleId> {
    slug().prop_map(|s| VehicleId::new(&s).unwrap())
}
fn hash() -> impl Strategy<Value = FactHash> {
    any::<[u8; 32]>().prop_map(FactHash)
}
fn night() -> impl Strategy<Value = Night> {
    (0i16..=9999, 1i8..=12, 1i8..=28).prop_map(|(y, m, d)| Date::new(y, m, d).unwrap())
}
fn movement() -> impl Strategy<Value = MovementId> {
    (night(), 1u8..=99).prop_map(|(night, number)| MovementId { night, number })
}
pub fn person() -> impl Strategy<Value = PersonId> {
    (0u8..26, 0u32..1_000_000).prop_map(|(s, n)| PersonId::issue((b'A' + s) as char, n))
}
fn people() -> impl Strategy<Value = Vec<PersonId>> {
    btree_set(person(), 0..12).prop_map(|set| set.into_iter().collect::<Vec<_>>()).prop_shuffle()
}
fn links() -> impl Strategy<Value = Vec<Link>> {
    btree_map(person(), hash(), 0..12)
        .prop_map(|m| m.into_iter().map(|(person, after)| Link { person, after }).collect())
}
fn of<T: Copy + std::fmt::Debug + 'static>(all: &'static [T]) -> impl Strategy<Value = T> {
    select(all)
}
fn answer() -> impl Strategy<Value = Answer> {
    prop_oneof![
        Just(Answer::Accepted),
        Just(Answer::NotPresent),
        of(RefusalReason::ALL).prop_map(Answer::Refused)
    ]
}
fn muster() -> impl Strategy<Value = Muster> {
    prop_oneof![
        (people(), any::<prop::sample::Index>()).prop_map(|(mut present, at)| {
            let absent = present.split_off(at.index(present.len() + 1));
            Muster::ByName { present, absent }
        }),
        any::<(u32, u32)>().prop_map(|(expected, counted)| Muster::ByNumber { expected, counted }),
    ]
}
fn manifest() -> impl Strategy<Value = Vec<(VehicleId, Vec<PersonId>)>> {
    (people(), btree_set(vehicle(), 1..4)).prop_map(|(people, vehicles)| {
        let share = people.len().div_ceil(vehicles.len()).max(1);
        let mut lists = people.chunks(share);
        vehicles.into_iter().map(|v| (v, lists.next().unwrap_or_default().to_vec())).collect()
    })
}

fn term() -> impl Strategy<Value = Term> {
    let device = prop::option::of(any::<[u8; 32]>().prop_map(DeviceId));
    (prop::option::of(unit()), TIMES, 1i64..10_000_000_000, any::<u32>(), device).prop_map(
        |(unit, from, span, silence_s, replaces)| Term {
            unit,
            from: Timestamp::from_millisecond(from).unwrap(),
            until: Timestamp::from_millisecond(from + span).unwrap(),
            silence_s,
            replaces,
        },
    )
}

/// A change of key is left out: its proof must be one (`tests/it/key_change.rs`).
fn plans_and_devices() -> BoxedStrategy<Event> {
    use Event::*;
    let key = || any::<[u8; 32]>().prop_map(PublicKey);
    let plan = || any::<[u8; 32]>().prop_map(PlanHash);
    let parties = btree_map(authority(), (any::<[u8; 32]>(), any::<bool>()), 0..5);
    let deciders =
        (authority(), btree_set(authority(), 0..3), btree_map(site(), authority(), 0..4)).prop_map(
            |(plans, cover, intake)| {
                let (cover, intake) = (cover.into_iter().collect(), intake.into_iter().collect());
                Box::new(Deciders { plans, cover, intake })
            },
        );
    prop_oneof![
        (parties, prop::option::of(deciders)).prop_map(|(parties, deciders)| OperationOpened {
            authorities: parties
                .into_iter()
                .map(|(authority, (key, resolves))| Party {
                    authority,
                    key: PublicKey(key),
                    resolves
                })
                .collect(),
            deciders,
        }),
        (key(), of(Role::ALL), prop::option::of(site()), prop::option::of(term())).prop_map(
            |(key, role, site, term)| DeviceEnrolled { key, role, site, term: term.map(Box::new) }
        ),
        (hash(), any::<Option<u64>>(), of(RevocationReason::ALL)).prop_map(
            |(device, last, why)| DeviceRevoked { device: DeviceId(device.0), last, why }
        ),
        btree_map(any::<[u8; 32]>(), (any::<u64>(), hash()), 0..5).prop_map(|heads| HeadsSeen {
            heads: heads
                .into_iter()
                .map(|(device, (sequence, hash))| ChainHead {
                    device: DeviceId(device),
                    sequence,
                    hash
                })
                .collect()
        }),
        (plan(), any::<u32>(), prop::option::of(plan()), of(AdoptionReason::ALL))
            .prop_map(|(plan, revision, parent, why)| PlanAdopted { plan, revision, parent, why }),
        (site(), btree_map(night(), any::<u32>(), 0..5)).prop_map(|(site, nights)| {
            IntakePromised { site, nights: nights.into_iter().collect() }
        }),
        (night(), prop::option::of(any::<(u32, u32)>()), vec(".*", 0..3)).prop_map(
            |(night, stands, reports)| {
                let decision = match stands {
                    Some((orbits, slots)) => CoverDecision::Stands { orbits, slots },
                    None => CoverDecision::Withdrawn,
                };
                CoverDecided { night, decision, reports }
            }
        ),
    ]
    .boxed()
}

fn movements() -> BoxedStrategy<Event> {
    use Event::*;
    prop_oneof![
        (movement(), manifest())
            .prop_map(|(movement, vehicles)| ManifestFrozen { movement, vehicles }),
        (movement(), vehicle(), links()).prop_map(|(movement, vehicle, people)| Boarded {
            movement,
            vehicle,
            people
        }),
        (movement(), any::<u32>()).prop_map(|(movement, aboard)| Departed { movement, aboard }),
        (movement(), slug(), any::<Option<u32>>()).prop_map(|(movement, waypoint, aboard)| {
            let waypoint = WaypointId::new(&waypoint).unwrap();
            WaypointPassed { movement, waypoint, aboard }
        }),
        (movement(), site()).prop_map(|(movement, site)| Arrived { movement, site }),
        (movement(), of(CancelReason::ALL))
            .prop_map(|(movement, why)| MovementCancelled { movement, why }),
    ]
    .boxed()
}

fn custody() -> BoxedStrategy<Event> {
    use Event::*;
    let registered = btree_map(person(), any::<[u8; 32]>(), 0..12);
    prop_oneof![
        (unit(), registered).prop_map(|(unit, people)| Registered {
            unit,
            people: people.into_iter().map(|(p, c)| (p, Commitment(c))).collect()
        }),
        (movement(), authority(), site(), links()).prop_map(|(movement, to, site, people)| {
            HandoverOffered { movement, to, site, people }
        }),
        (hash(), btree_map(person(), answer(), 0..12)).prop_map(|(offer, outcomes)| {
            HandoverAnswered { offer, outcomes: outcomes.into_iter().collect() }
        }),
        (hash(), people()).prop_map(|(offer, people)| HandoverWithdrawn { offer, people }),
        (unit(), links()).prop_map(|(unit, people)| Placed { unit, people }),
        (of(ExitReason::ALL), links()).prop_map(|(why, people)| Exited { why, people }),
        (unit(), links()).prop_map(|(unit, people)| Recovered { unit, people }),
    ]
    .boxed()
}

fn findings() -> BoxedStrategy<Event> {
    use Event::*;
    let gate = (of(Gate::ALL), of(GateOutcome::ALL), of(Basis::ALL));
    prop_oneof![
        (gate, people(), prop::option::of(hash())).prop_map(
            |((gate, outcome, basis), people, replaces)| GateDecided {
                gate,
                outcome,
                basis,
                people,
                replaces
            }
        ),
        (site(), muster()).prop_map(|(site, count)| MusterTaken { site, count }),
        (site(), of(IncidentKind::ALL)).prop_map(|(site, kind)| IncidentReported { site, kind }),
        (person(), any::<bool>(), of(Basis::ALL)).prop_map(|(person, under_18, basis)| AgeFound {
            person,
            under_18,
            basis
        }),
        (of(domain::Notified::ALL), people())
            .prop_map(|(whom, people)| Event::Notified { whom, people }),
        (person(), prop::option::of(hash()), hash(), of(ResolutionReason::ALL))
            .prop_map(|(person, at, stands, why)| ForkResolved { person, at, stands, why }),
        (of(DiscrepancyCode::ALL), hash(), of(ResolutionReason::ALL))
            .prop_map(|(code, fact, why)| DiscrepancyResolved { code, fact, why }),
        notices(),
    ]
    .boxed()
}

fn notices() -> BoxedStrategy<Event> {
    use Event::*;
    let until = prop::option::of(
        (0i64..4_000_000_000_000).prop_map(|ms| Timestamp::from_millisecond(ms).unwrap()),
    );
    let definition = (slug(), 1u16..=9)
        .prop_map(|(name, version)| DefinitionId::parse(&format!("{name}@{version}")).unwrap());
    prop_oneof![
        (of(domain::Notified::ALL), of(DeferralReason::ALL), until, people())
            .prop_map(|(whom, why, until, people)| NoticeDeferred { whom, why, until, people }),
        people().prop_map(|people| Examined { people }),
        (definition, any::<u64>(), any::<[u8; 32]>()).prop_map(
            |(definition, position, document)| StatementIssued {
                definition,
                position,
                document: DocumentHash(document)
            }
        ),
    ]
    .boxed()
}

fn register() -> BoxedStrategy<Event> {
    use Event::*;
    let set = |most| btree_set(any::<[u8; 32]>(), 0..most);
    let committed = || {
        btree_set((of(Section::ALL), any::<[u8; 32]>()), 0..5)
            .prop_map(|set| set.into_iter().map(|(s, c)| (s, Commitment(c))).collect::<Vec<_>>())
    };
    let kept = btree_map((person(), of(Section::ALL)), any::<[u8; 32]>(), 0..12);
    prop_oneof![
        (kept, prop::option::of(writing().prop_map(Box::new))).prop_map(|(kept, written)| {
            let kept = kept.into_iter().map(|((p, s), c)| (p, s, Commitment(c))).collect();
            ParticularsKept { kept, written }
        }),
        (people(), look().prop_map(Box::new))
            .prop_map(|(people, look)| ParticularsLookedAt { people, look }),
        (person(), committed(), of(ErasureGround::ALL)).prop_map(|(person, sections, ground)| {
            ErasureApproved { person, sections, ground }
        }),
        (person(), committed(), of(ErasureGround::ALL), set(4)).prop_map(
            |(person, sections, ground, approvals)| SectionsShredded {
                person,
                sections,
                ground,
                approvals: approvals.into_iter().map(FactHash).collect()
            }
        ),
    ]
    .boxed()
}

fn looker() -> impl Strategy<Value = Looker> {
    (authority(), of(Role::ALL), any::<u32>()).prop_map(|(authority, role, number)| Looker {
        authority,
        officer: Officer { role, number },
    })
}

fn writing() -> impl Strategy<Value = Writing> {
    let why = (of(Purpose::ALL), of(Relation::ALL));
    (looker(), why, btree_set(slug(), 0..4), any::<[u8; 32]>()).prop_map(
        |(by, (purpose, relation), policies, set)| Writing {
            by,
            purpose,
            relation,
            policies: policies.iter().map(|p| PolicyId::new(p).unwrap()).collect(),
            policy_set: PolicySetHash(set),
        },
    )
}

fn look() -> impl Strategy<Value = Look> {
    let why = (of(Purpose::ALL), of(Relation::ALL), prop::option::of(of(BreakGlass::ALL)));
    let by_what = (btree_set(slug(), 0..4), any::<Option<[u8; 32]>>());
    (btree_set(of(Section::ALL), 0..4), looker(), why, by_what).prop_map(
        |(sections, by, (purpose, relation, break_glass), (policies, set))| Look {
            sections: sections.into_iter().collect(),
            by,
            purpose,
            relation,
            policies: policies.iter().map(|p| PolicyId::new(p).unwrap()).collect(),
            policy_set: set.map(PolicySetHash),
            break_glass,
        },
    )
}

pub fn event() -> impl Strategy<Value = Event> {
    prop_oneof![plans_and_devices(), movements(), custody(), findings(), register()]
}

pub fn draft() -> impl Strategy<Value = Draft> {
    (
        (any::<[u8; 16]>(), slug(), authority(), of(Role::ALL), any::<u32>()),
        (any::<u64>(), any::<[u8; 32]>(), TIMES, any::<u32>()),
        event(),
    )
        .prop_map(|((id, operation, authority, role, number), chain, event)| {
            let (sequence, previous, ms, clock_error_s) = chain;
            Draft {
                id: FactId(id),
                operation: OperationId::new(&operation).unwrap(),
                authority,
                officer: Officer { role, number },
                sequence,
                previous: (sequence > 0).then_some(FactHash(previous)),
                occurred_at: Timestamp::from_millisecond(ms).unwrap(),
                clock_error_s,
                event,
            }
        })
}
