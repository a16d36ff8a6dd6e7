//! One entry of each kind, as version 1 writes it for ever. `UPDATE_GOLDEN=1` writes new ones; an
//! existing file that changes is a break of the format.

use domain::*;
use log::{Draft, SigningKey, encode, verify};
use std::collections::BTreeSet;
use std::path::Path;

const ORIGIN: &str = "amana.test/golden";

fn hash(n: u8) -> FactHash {
    FactHash([n; 32])
}

/// The key of the golden entries gives way to that of seed 12.
fn key_changed() -> Event {
    let old = log::device_id(&log::public_key(&SigningKey::from_bytes(&[0x11; 32])));
    log::key_change::event(&old, &SigningKey::from_bytes(&[0x12; 32]), ORIGIN)
}

fn samples() -> Vec<(&'static str, Event)> {
    use Event::*;
    let movement = MovementId::parse("2026-01-21/03").unwrap();
    let site = || SiteId::new("karkh").unwrap();
    let unit = || UnitId::parse("karkh/w1").unwrap();
    let authority = |s: &str| AuthorityId::new(s).unwrap();
    let vehicle = |s: &str| VehicleId::new(s).unwrap();
    let (a, b) = (PersonId::issue('A', 4711), PersonId::issue('A', 4712));
    let c = PersonId::issue('B', 0);
    let link = |person, n| Link { person, after: hash(n) };
    let night = |s: &str| s.parse::<Night>().unwrap();
    let party = |name: &str, n, resolves| Party {
        authority: authority(name),
        key: PublicKey([n; 32]),
        resolves,
    };
    vec![
        (
            "operation-opened",
            OperationOpened {
                authorities: vec![party("custody", 1, false), party("court", 2, true)],
                deciders: None,
            },
        ),
        (
            "operation-opened-with-deciders",
            OperationOpened {
                authorities: vec![party("custody", 1, false), party("court", 2, true)],
                deciders: Some(Box::new(Deciders {
                    plans: authority("custody"),
                    cover: vec![authority("air")],
                    intake: vec![(site(), authority("custody"))],
                })),
            },
        ),
        (
            "device-enrolled",
            DeviceEnrolled {
                key: PublicKey([3; 32]),
                role: Role::Gate,
                site: Some(site()),
                term: None,
            },
        ),
        (
            "device-enrolled-anywhere",
            DeviceEnrolled { key: PublicKey([3; 32]), role: Role::Monitor, site: None, term: None },
        ),
        (
            "device-enrolled-for-a-term",
            DeviceEnrolled {
                key: PublicKey([3; 32]),
                role: Role::Reception,
                site: Some(site()),
                term: Some(Box::new(Term {
                    unit: Some(unit()),
                    from: "2026-01-20T00:00:00Z".parse().unwrap(),
                    until: "2026-03-01T00:00:00Z".parse().unwrap(),
                    silence_s: 86_400,
                    replaces: Some(DeviceId([20; 32])),
                })),
            },
        ),
        (
            "device-enrolled-for-a-bare-term",
            DeviceEnrolled {
                key: PublicKey([3; 32]),
                role: Role::Monitor,
                site: None,
                term: Some(Box::new(Term {
                    unit: None,
                    from: "2026-01-20T00:00:00Z".parse().unwrap(),
                    until: "2026-03-01T00:00:00Z".parse().unwrap(),
                    silence_s: 3_600,
                    replaces: None,
                })),
            },
        ),
        ("key-changed", key_changed()),
        (
            "device-revoked",
            DeviceRevoked {
                device: DeviceId([20; 32]),
                last: Some(57),
                why: RevocationReason::Stolen,
            },
        ),
        (
            "device-revoked-whole",
            DeviceRevoked { device: DeviceId([20; 32]), last: None, why: RevocationReason::Copied },
        ),
        (
            "heads-seen",
            HeadsSeen {
                heads: vec![ChainHead { device: DeviceId([20; 32]), sequence: 57, hash: hash(21) }],
            },
        ),
        ("heads-seen-none", HeadsSeen { heads: vec![] }),
        (
            "plan-adopted",
            PlanAdopted {
                plan: PlanHash([4; 32]),
                revision: 2,
                parent: Some(PlanHash([5; 32])),
                why: AdoptionReason::NightLost,
            },
        ),
        (
            "plan-adopted-first",
            PlanAdopted {
                plan: PlanHash([5; 32]),
                revision: 1,
                parent: None,
                why: AdoptionReason::First,
            },
        ),
        (
            "intake-promised",
            IntakePromised {
                site: site(),
                nights: vec![(night("2026-01-21"), 150), (night("2026-01-22"), 0)],
            },
        ),
        (
            "cover-decided",
            CoverDecided {
                night: night("2026-01-21"),
                decision: CoverDecision::Stands { orbits: 2, slots: 24 },
                reports: vec!["METAR ORBI 211800Z 31008KT 9999 FEW040 09/02 Q1022".into()],
            },
        ),
        (
            "cover-decided-withdrawn",
            CoverDecided {
                night: night("2026-01-22"),
                decision: CoverDecision::Withdrawn,
                reports: vec![],
            },
        ),
        (
            "registered",
            Registered {
                unit: unit(),
                people: vec![(a, Commitment([6; 32])), (b, Commitment([7; 32]))],
            },
        ),
        (
            "gate-decided",
            GateDecided {
                gate: Gate::Fitness,
                outcome: GateOutcome::Passed,
                basis: Basis::Medical,
                people: vec![a, b],
                replaces: Some(hash(8)),
            },
        ),
        (
            "manifest-frozen",
            ManifestFrozen {
                movement,
                vehicles: vec![(vehicle("bus-1"), vec![a, b]), (vehicle("ambulance-1"), vec![c])],
            },
        ),
        (
            "boarded",
            Boarded { movement, vehicle: vehicle("bus-1"), people: vec![link(a, 9), link(b, 10)] },
        ),
        ("departed", Departed { movement, aboard: 150 }),
        (
            "waypoint-passed",
            WaypointPassed {
                movement,
                waypoint: WaypointId::new("rabia").unwrap(),
                aboard: Some(150),
            },
        ),
        (
            "waypoint-passed-uncounted",
            WaypointPassed { movement, waypoint: WaypointId::new("km-40").unwrap(), aboard: None },
        ),
        ("arrived", Arrived { movement, site: site() }),
        ("movement-cancelled", MovementCancelled { movement, why: CancelReason::Weather }),
        (
            "handover-offered",
            HandoverOffered {
                movement,
                to: authority("justice"),
                site: site(),
                people: vec![link(a, 11), link(b, 11), link(c, 12)],
            },
        ),
        (
            "handover-answered",
            HandoverAnswered {
                offer: hash(13),
                outcomes: vec![
                    (a, Answer::Accepted),
                    (b, Answer::Refused(RefusalReason::UnderAge)),
                    (c, Answer::NotPresent),
                ],
            },
        ),
        ("handover-withdrawn", HandoverWithdrawn { offer: hash(13), people: vec![a] }),
        ("placed", Placed { unit: unit(), people: vec![link(a, 14)] }),
        ("exited", Exited { why: ExitReason::Released, people: vec![link(a, 15)] }),
        ("recovered", Recovered { unit: unit(), people: vec![link(a, 16)] }),
        (
            "muster-taken",
            MusterTaken {
                site: site(),
                count: Muster::ByName { present: vec![a, b], absent: vec![c] },
            },
        ),
        (
            "muster-taken-by-number",
            MusterTaken { site: site(), count: Muster::ByNumber { expected: 150, counted: 144 } },
        ),
        ("incident-reported", IncidentReported { site: site(), kind: IncidentKind::LostControl }),
        ("age-found", AgeFound { person: a, under_18: true, basis: Basis::Medical }),
        ("notified", Event::Notified { whom: domain::Notified::Family, people: vec![a, b] }),
        (
            "fork-resolved",
            ForkResolved {
                person: a,
                at: Some(hash(17)),
                stands: hash(18),
                why: ResolutionReason::DoubleReport,
            },
        ),
        (
            "fork-resolved-registration",
            ForkResolved {
                person: a,
                at: None,
                stands: hash(18),
                why: ResolutionReason::ClerkError,
            },
        ),
        (
            "discrepancy-resolved",
            DiscrepancyResolved {
                code: DiscrepancyCode::HandoverShort,
                fact: hash(19),
                why: ResolutionReason::FoundAtOrigin,
            },
        ),
        (
            "notice-deferred",
            NoticeDeferred {
                whom: domain::Notified::Family,
                why: DeferralReason::Security,
                until: Some("2026-01-30T09:00:00Z".parse().unwrap()),
                people: vec![a, b],
            },
        ),
        (
            "notice-deferred-for-good",
            NoticeDeferred {
                whom: domain::Notified::Consulate,
                why: DeferralReason::PersonDeclines,
                until: None,
                people: vec![c],
            },
        ),
        ("examined", Examined { people: vec![a, c] }),
        (
            "statement-issued",
            StatementIssued {
                definition: DefinitionId::parse("nationality/verified@1").unwrap(),
                position: 81_204,
                document: DocumentHash([6; 32]),
            },
        ),
        (
            "particulars-kept",
            ParticularsKept {
                kept: vec![
                    (a, Section::Health, Commitment([7; 32])),
                    (a, Section::Case, Commitment([8; 32])),
                    (c, Section::Identity, Commitment([9; 32])),
                ],
                written: None,
            },
        ),
        (
            "particulars-kept-as-an-officer-wrote",
            ParticularsKept {
                kept: vec![(a, Section::Property, Commitment([7; 32]))],
                written: Some(Box::new(Writing {
                    by: look().by,
                    purpose: Purpose::Transfer,
                    relation: Relation::Holds,
                    policies: vec![PolicyId::new("handlers-write-down-property").unwrap()],
                    policy_set: PolicySetHash([13; 32]),
                })),
            },
        ),
        (
            "particulars-looked-at",
            ParticularsLookedAt { people: vec![a, c], look: Box::new(look()) },
        ),
        (
            "particulars-looked-at-by-a-text",
            ParticularsLookedAt {
                people: vec![a],
                look: Box::new(Look { policy_set: Some(PolicySetHash([13; 32])), ..look() }),
            },
        ),
        (
            "particulars-looked-at-by-a-text-glass-broken",
            ParticularsLookedAt {
                people: vec![a],
                look: Box::new(Look {
                    policy_set: Some(PolicySetHash([13; 32])),
                    break_glass: Some(BreakGlass::CourtOrder),
                    ..look()
                }),
            },
        ),
        (
            "particulars-looked-at-glass-broken",
            ParticularsLookedAt {
                people: vec![b],
                look: Box::new(Look {
                    sections: vec![Section::Health],
                    relation: Relation::Unrelated,
                    policies: vec![],
                    break_glass: Some(BreakGlass::MedicalEmergency),
                    ..look()
                }),
            },
        ),
        (
            "erasure-approved",
            ErasureApproved {
                person: a,
                sections: vec![(Section::Identity, Commitment([7; 32]))],
                ground: ErasureGround::CourtOrder,
            },
        ),
        (
            "sections-shredded",
            SectionsShredded {
                person: a,
                sections: vec![
                    (Section::Identity, Commitment([7; 32])),
                    (Section::Identity, Commitment([8; 32])),
                ],
                ground: ErasureGround::CourtOrder,
                approvals: vec![hash(30), hash(31)],
            },
        ),
    ]
}

fn look() -> Look {
    Look {
        sections: vec![Section::Identity, Section::Case],
        by: Looker {
            authority: AuthorityId::new("court").unwrap(),
            officer: Officer { role: Role::Judge, number: 7 },
        },
        purpose: Purpose::Review,
        relation: Relation::Tries,
        policies: vec![PolicyId::new("judges-see-the-cases-they-try").unwrap()],
        policy_set: None,
        break_glass: None,
    }
}

fn draft(event: Event) -> Draft {
    Draft {
        id: log::fact_id(1_769_018_400_000, [0xab; 10]),
        operation: OperationId::new("hasakah-2026").unwrap(),
        authority: AuthorityId::new("custody").unwrap(),
        officer: Officer { role: Role::Registrar, number: 12 },
        sequence: 300,
        previous: Some(hash(0xee)),
        occurred_at: "2026-01-21T18:00:00.123Z".parse().unwrap(),
        clock_error_s: 2,
        event,
    }
}

fn to_hex(bytes: &[u8]) -> String {
    let lines: Vec<_> = bytes
        .chunks(32)
        .map(|line| line.iter().map(|b| format!("{b:02x}")).collect::<String>() + "\n")
        .collect();
    lines.concat()
}

fn from_hex(text: &str) -> Vec<u8> {
    let digits: String = text.split_whitespace().collect();
    (0..digits.len() / 2)
        .map(|i| u8::from_str_radix(&digits[2 * i..2 * i + 2], 16).unwrap())
        .collect()
}

fn check(name: &str, draft: &Draft) {
    let key = SigningKey::from_bytes(&[0x11; 32]);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/golden/{name}.hex"));
    let written = encode(draft, &key, ORIGIN).unwrap();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, to_hex(&written.bytes)).unwrap();
    }
    let golden = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{name}: {e}"));
    assert_eq!(golden, to_hex(&written.bytes), "{name} is written differently");
    let fact = verify(&from_hex(&golden), &key.verifying_key(), ORIGIN).unwrap();
    assert_eq!(fact.event, draft.event, "{name} reads differently");
    assert_eq!(fact.occurred_at, draft.occurred_at);
}

#[test]
fn every_kind_is_written_and_read_as_published() {
    for (name, event) in samples() {
        assert!(name.starts_with(event.kind()), "{name}");
        check(name, &draft(event));
    }
}

#[test]
fn the_first_fact_of_a_device_and_a_time_before_1970() {
    let mut first = draft(samples().swap_remove(0).1);
    first.sequence = 0;
    first.previous = None;
    first.occurred_at = "1969-12-31T23:59:59.999Z".parse().unwrap();
    check("operation-opened-first", &first);
}

/// A new kind needs a sample; the table in docs/formats/envelope-v1.md has a row for each.
#[test]
fn no_kind_is_left_out() {
    let kinds: BTreeSet<_> = samples().iter().map(|(_, event)| event.kind()).collect();
    assert_eq!(kinds.len(), 35);
    let doc = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/formats/envelope-v1.md");
    let doc = std::fs::read_to_string(doc).unwrap();
    for kind in kinds {
        assert!(doc.contains(&format!("`{kind}`")), "{kind} is not described");
    }
}
