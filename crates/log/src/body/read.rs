use crate::cbor::{Fields, Flaw, Reader};
use domain::*;
use jiff::Timestamp;
use std::fmt::Display;

/// A text that names something by its published form.
pub fn named<T>(r: &mut Reader, parse: impl Fn(&str) -> Result<T, IdError>) -> Result<T, Flaw> {
    let before = r.clone();
    let text = r.text()?;
    parse(text).map_err(|e| before.flaw(e.to_string()))
}

/// A word of a closed list.
pub fn coded<T>(r: &mut Reader, from_code: impl Fn(&str) -> Option<T>) -> Result<T, Flaw> {
    let before = r.clone();
    let text = r.text()?;
    from_code(text).ok_or_else(|| before.flaw(format!("'{text}' is not in the list")))
}

fn night(r: &mut Reader) -> Result<Night, Flaw> {
    let before = r.clone();
    let text = r.text()?;
    let night = text.parse::<Night>().ok().filter(|n| n.to_string() == text);
    night.ok_or_else(|| before.flaw(format!("'{text}' is not a date YYYY-MM-DD")))
}

fn person(r: &mut Reader) -> Result<PersonId, Flaw> {
    named(r, PersonId::parse)
}

fn hash(r: &mut Reader) -> Result<FactHash, Flaw> {
    Ok(FactHash(r.fixed()?))
}

fn link(r: &mut Reader) -> Result<Link, Flaw> {
    r.array_of(2)?;
    Ok(Link { person: person(r)?, after: hash(r)? })
}

fn answer(r: &mut Reader) -> Result<(PersonId, Answer), Flaw> {
    let before = r.clone();
    let items = r.array()?;
    let person = person(r)?;
    let answer = match (items, r.text()?) {
        (2, "accepted") => Answer::Accepted,
        (2, "not-present") => Answer::NotPresent,
        (3, "refused") => Answer::Refused(coded(r, RefusalReason::from_code)?),
        (_, other) => return Err(before.flaw(format!("'{other}' with {items} items"))),
    };
    Ok((person, answer))
}

/// Twice in one fact would be counted twice or silently once: neither may be.
fn each_once<T: Ord + Display>(r: &Reader, items: impl IntoIterator<Item = T>) -> Result<(), Flaw> {
    let mut items: Vec<T> = items.into_iter().collect();
    items.sort_unstable();
    match items.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(r.flaw(format!("{} is named twice", pair[0]))),
        None => Ok(()),
    }
}

fn deciders(r: &mut Reader, m: &mut Fields) -> Result<Deciders, Flaw> {
    m.required(r, 2, "plans")?;
    let plans = named(r, AuthorityId::new)?;
    m.required(r, 3, "cover")?;
    let cover = r.list(|r| named(r, AuthorityId::new))?;
    each_once(r, &cover)?;
    m.required(r, 4, "intake")?;
    let intake = r.list(|r| {
        r.array_of(2)?;
        Ok((named(r, SiteId::new)?, named(r, AuthorityId::new)?))
    })?;
    each_once(r, intake.iter().map(|(site, _)| site))?;
    Ok(Deciders { plans, cover, intake })
}

/// Reads the map under key 12 for a fact of that kind.
pub fn read(r: &mut Reader, kind: u64) -> Result<Event, Flaw> {
    let mut m = r.map()?;
    let event = match kind {
        1 | 36 => {
            m.required(r, 1, "authorities")?;
            let authorities = r.list(|r| {
                r.array_of(3)?;
                let authority = named(r, AuthorityId::new)?;
                Ok(Party { authority, key: PublicKey(r.fixed()?), resolves: r.bool()? })
            })?;
            each_once(r, authorities.iter().map(|p| &p.authority))?;
            each_once(r, authorities.iter().map(|p| p.key))?;
            let deciders = if kind == 36 { Some(Box::new(deciders(r, &mut m)?)) } else { None };
            Event::OperationOpened { authorities, deciders }
        }
        2 | 26 => {
            m.required(r, 1, "key")?;
            let key = PublicKey(r.fixed()?);
            m.required(r, 2, "role")?;
            let role = coded(r, Role::from_code)?;
            let site = match m.optional(r, 3, "site")? {
                true => Some(named(r, SiteId::new)?),
                false => None,
            };
            let term = if kind == 26 { Some(Box::new(term(r, &mut m)?)) } else { None };
            Event::DeviceEnrolled { key, role, site, term }
        }
        3 => {
            m.required(r, 1, "plan")?;
            let plan = PlanHash(r.fixed()?);
            m.required(r, 2, "revision")?;
            let revision = r.u32()?;
            let parent = match m.optional(r, 3, "parent")? {
                true => Some(PlanHash(r.fixed()?)),
                false => None,
            };
            m.required(r, 4, "why")?;
            Event::PlanAdopted { plan, revision, parent, why: coded(r, AdoptionReason::from_code)? }
        }
        4 => {
            m.required(r, 1, "site")?;
            let site = named(r, SiteId::new)?;
            m.required(r, 2, "nights")?;
            let nights = r.list(|r| {
                r.array_of(2)?;
                Ok((night(r)?, r.u32()?))
            })?;
            each_once(r, nights.iter().map(|(night, _)| *night))?;
            Event::IntakePromised { site, nights }
        }
        5 => {
            m.required(r, 1, "night")?;
            let night = night(r)?;
            let decision = match m.optional(r, 2, "stands")? {
                true => {
                    r.array_of(2)?;
                    CoverDecision::Stands { orbits: r.u32()?, slots: r.u32()? }
                }
                false => CoverDecision::Withdrawn,
            };
            m.required(r, 3, "reports")?;
            let reports = r.list(|r| Ok(r.text()?.to_owned()))?;
            Event::CoverDecided { night, decision, reports }
        }
        6 => {
            m.required(r, 1, "unit")?;
            let unit = named(r, UnitId::parse)?;
            m.required(r, 2, "people")?;
            let people = r.list(|r| {
                r.array_of(2)?;
                Ok((person(r)?, Commitment(r.fixed()?)))
            })?;
            each_once(r, people.iter().map(|(p, _)| *p))?;
            Event::Registered { unit, people }
        }
        7 => {
            m.required(r, 1, "gate")?;
            let gate = coded(r, Gate::from_code)?;
            m.required(r, 2, "outcome")?;
            let outcome = coded(r, GateOutcome::from_code)?;
            m.required(r, 3, "basis")?;
            let basis = coded(r, Basis::from_code)?;
            m.required(r, 4, "people")?;
            let people = people(r)?;
            let replaces = match m.optional(r, 5, "replaces")? {
                true => Some(hash(r)?),
                false => None,
            };
            Event::GateDecided { gate, outcome, basis, people, replaces }
        }
        8 => {
            m.required(r, 1, "movement")?;
            let movement = named(r, MovementId::parse)?;
            m.required(r, 2, "vehicles")?;
            let vehicles = r.list(|r| {
                r.array_of(2)?;
                Ok((named(r, VehicleId::new)?, r.list(person)?))
            })?;
            each_once(r, vehicles.iter().map(|(vehicle, _)| vehicle))?;
            each_once(r, vehicles.iter().flat_map(|(_, people)| people))?;
            Event::ManifestFrozen { movement, vehicles }
        }
        9 => {
            m.required(r, 1, "movement")?;
            let movement = named(r, MovementId::parse)?;
            m.required(r, 2, "vehicle")?;
            let vehicle = named(r, VehicleId::new)?;
            m.required(r, 3, "people")?;
            Event::Boarded { movement, vehicle, people: links(r)? }
        }
        10 => {
            m.required(r, 1, "movement")?;
            let movement = named(r, MovementId::parse)?;
            m.required(r, 2, "aboard")?;
            Event::Departed { movement, aboard: r.u32()? }
        }
        11 => {
            m.required(r, 1, "movement")?;
            let movement = named(r, MovementId::parse)?;
            m.required(r, 2, "waypoint")?;
            let waypoint = named(r, WaypointId::new)?;
            let aboard = match m.optional(r, 3, "aboard")? {
                true => Some(r.u32()?),
                false => None,
            };
            Event::WaypointPassed { movement, waypoint, aboard }
        }
        12 => {
            m.required(r, 1, "movement")?;
            let movement = named(r, MovementId::parse)?;
            m.required(r, 2, "site")?;
            Event::Arrived { movement, site: named(r, SiteId::new)? }
        }
        13 => {
            m.required(r, 1, "movement")?;
            let movement = named(r, MovementId::parse)?;
            m.required(r, 2, "why")?;
            Event::MovementCancelled { movement, why: coded(r, CancelReason::from_code)? }
        }
        14 => {
            m.required(r, 1, "movement")?;
            let movement = named(r, MovementId::parse)?;
            m.required(r, 2, "to")?;
            let to = named(r, AuthorityId::new)?;
            m.required(r, 3, "site")?;
            let site = named(r, SiteId::new)?;
            m.required(r, 4, "people")?;
            Event::HandoverOffered { movement, to, site, people: links(r)? }
        }
        15 => {
            m.required(r, 1, "offer")?;
            let offer = hash(r)?;
            m.required(r, 2, "outcomes")?;
            let outcomes = r.list(answer)?;
            each_once(r, outcomes.iter().map(|(p, _)| *p))?;
            Event::HandoverAnswered { offer, outcomes }
        }
        16 => {
            m.required(r, 1, "offer")?;
            let offer = hash(r)?;
            m.required(r, 2, "people")?;
            Event::HandoverWithdrawn { offer, people: people(r)? }
        }
        17 | 19 => {
            m.required(r, 1, "unit")?;
            let unit = named(r, UnitId::parse)?;
            m.required(r, 2, "people")?;
            let people = links(r)?;
            if kind == 17 {
                Event::Placed { unit, people }
            } else {
                Event::Recovered { unit, people }
            }
        }
        18 => {
            m.required(r, 1, "why")?;
            let why = coded(r, ExitReason::from_code)?;
            m.required(r, 2, "people")?;
            Event::Exited { why, people: links(r)? }
        }
        20 => {
            m.required(r, 1, "site")?;
            let site = named(r, SiteId::new)?;
            let count = if m.optional(r, 2, "present")? {
                let present = r.list(person)?;
                m.required(r, 3, "absent")?;
                let absent = r.list(person)?;
                each_once(r, present.iter().chain(&absent))?;
                Muster::ByName { present, absent }
            } else {
                m.required(r, 4, "expected")?;
                let expected = r.u32()?;
                m.required(r, 5, "counted")?;
                Muster::ByNumber { expected, counted: r.u32()? }
            };
            Event::MusterTaken { site, count }
        }
        21 => {
            m.required(r, 1, "site")?;
            let site = named(r, SiteId::new)?;
            m.required(r, 2, "incident")?;
            Event::IncidentReported { site, kind: coded(r, IncidentKind::from_code)? }
        }
        22 => {
            m.required(r, 1, "person")?;
            let person = person(r)?;
            m.required(r, 2, "under_18")?;
            let under_18 = r.bool()?;
            m.required(r, 3, "basis")?;
            Event::AgeFound { person, under_18, basis: coded(r, Basis::from_code)? }
        }
        23 => {
            m.required(r, 1, "whom")?;
            let whom = coded(r, Notified::from_code)?;
            m.required(r, 2, "people")?;
            Event::Notified { whom, people: people(r)? }
        }
        24 => {
            m.required(r, 1, "person")?;
            let person = person(r)?;
            let at = match m.optional(r, 2, "at")? {
                true => Some(hash(r)?),
                false => None,
            };
            m.required(r, 3, "stands")?;
            let stands = hash(r)?;
            m.required(r, 4, "why")?;
            Event::ForkResolved { person, at, stands, why: coded(r, ResolutionReason::from_code)? }
        }
        25 => {
            m.required(r, 1, "code")?;
            let code = coded(r, DiscrepancyCode::from_code)?;
            m.required(r, 2, "fact")?;
            let fact = hash(r)?;
            m.required(r, 3, "why")?;
            Event::DiscrepancyResolved { code, fact, why: coded(r, ResolutionReason::from_code)? }
        }
        27 => {
            m.required(r, 1, "key")?;
            let key = PublicKey(r.fixed()?);
            m.required(r, 2, "proof")?;
            Event::KeyChanged { key, proof: KeyProof(r.fixed()?) }
        }
        28 => {
            m.required(r, 1, "device")?;
            let device = DeviceId(r.fixed()?);
            let last = match m.optional(r, 2, "last")? {
                true => Some(r.uint()?),
                false => None,
            };
            m.required(r, 3, "why")?;
            Event::DeviceRevoked { device, last, why: coded(r, RevocationReason::from_code)? }
        }
        29 => {
            m.required(r, 1, "heads")?;
            let heads = r.list(|r| {
                r.array_of(3)?;
                Ok(ChainHead { device: DeviceId(r.fixed()?), sequence: r.uint()?, hash: hash(r)? })
            })?;
            each_once(r, heads.iter().map(|h| h.device))?;
            Event::HeadsSeen { heads }
        }
        30 | 35 => {
            m.required(r, 1, "kept")?;
            let kept = r.list(|r| {
                r.array_of(3)?;
                let person = person(r)?;
                Ok((person, coded(r, Section::from_code)?, Commitment(r.fixed()?)))
            })?;
            // Which of two versions in one fact were the newer, nobody could say.
            each_once(r, kept.iter().map(|(person, section, _)| format!("{section} of {person}")))?;
            let written = match kind {
                35 => Some(Box::new(writing(r, &mut m)?)),
                _ => None,
            };
            Event::ParticularsKept { kept, written }
        }
        31 | 34 => {
            m.required(r, 1, "people")?;
            let people = people(r)?;
            let mut look = look(r, &mut m)?;
            if kind == 34 {
                m.required(r, 8, "policy set")?;
                look.policy_set = Some(PolicySetHash(r.fixed()?));
            }
            Event::ParticularsLookedAt { people, look: Box::new(look) }
        }
        32 | 33 => {
            m.required(r, 1, "person")?;
            let person = person(r)?;
            m.required(r, 2, "sections")?;
            let sections = committed(r)?;
            m.required(r, 3, "ground")?;
            let ground = coded(r, ErasureGround::from_code)?;
            if kind == 32 {
                Event::ErasureApproved { person, sections, ground }
            } else {
                m.required(r, 4, "approvals")?;
                let approvals = r.list(hash)?;
                each_once(r, approvals.iter().copied())?;
                Event::SectionsShredded { person, sections, ground, approvals }
            }
        }
        40 => {
            m.required(r, 1, "whom")?;
            let whom = coded(r, Notified::from_code)?;
            m.required(r, 2, "why")?;
            let why = coded(r, DeferralReason::from_code)?;
            let until = match m.optional(r, 3, "until")? {
                true => Some(time(r)?),
                false => None,
            };
            m.required(r, 4, "people")?;
            Event::NoticeDeferred { whom, why, until, people: people(r)? }
        }
        41 => {
            m.required(r, 1, "people")?;
            Event::Examined { people: people(r)? }
        }
        42 => {
            m.required(r, 1, "definition")?;
            let definition = named(r, DefinitionId::parse)?;
            m.required(r, 2, "position")?;
            let position = r.uint()?;
            m.required(r, 3, "document")?;
            Event::StatementIssued { definition, position, document: DocumentHash(r.fixed()?) }
        }
        other => {
            r.field = "kind";
            return Err(
                r.flaw(format!("kind {other} is not known here, only 1 to 36 and 40 to 42"))
            );
        }
    };
    m.end(r)?;
    Ok(event)
}

/// Keys 2 to 7 of a look.
fn look(r: &mut Reader, m: &mut Fields) -> Result<Look, Flaw> {
    m.required(r, 2, "sections")?;
    let sections = r.list(|r| coded(r, Section::from_code))?;
    each_once(r, sections.iter().copied())?;
    m.required(r, 3, "by")?;
    let by = looker(r)?;
    m.required(r, 4, "purpose")?;
    let purpose = coded(r, Purpose::from_code)?;
    m.required(r, 5, "relation")?;
    let relation = coded(r, Relation::from_code)?;
    m.required(r, 6, "policies")?;
    let policies = r.list(|r| named(r, PolicyId::new))?;
    each_once(r, policies.iter())?;
    let break_glass = match m.optional(r, 7, "break glass")? {
        true => Some(coded(r, BreakGlass::from_code)?),
        false => None,
    };
    Ok(Look { sections, by, purpose, relation, policies, policy_set: None, break_glass })
}

/// Keys 2 to 6 of sections that an officer wrote down.
fn writing(r: &mut Reader, m: &mut Fields) -> Result<Writing, Flaw> {
    m.required(r, 2, "by")?;
    let by = looker(r)?;
    m.required(r, 3, "purpose")?;
    let purpose = coded(r, Purpose::from_code)?;
    m.required(r, 4, "relation")?;
    let relation = coded(r, Relation::from_code)?;
    m.required(r, 5, "policies")?;
    let policies = r.list(|r| named(r, PolicyId::new))?;
    each_once(r, policies.iter())?;
    m.required(r, 6, "policy set")?;
    let policy_set = PolicySetHash(r.fixed()?);
    Ok(Writing { by, purpose, relation, policies, policy_set })
}

fn looker(r: &mut Reader) -> Result<Looker, Flaw> {
    r.array_of(3)?;
    let authority = named(r, AuthorityId::new)?;
    let officer = Officer { role: coded(r, Role::from_code)?, number: r.u32()? };
    Ok(Looker { authority, officer })
}

/// Versions of sections, each by its commitment.
fn committed(r: &mut Reader) -> Result<Vec<(Section, Commitment)>, Flaw> {
    let sections = r.list(|r| {
        r.array_of(2)?;
        Ok((coded(r, Section::from_code)?, Commitment(r.fixed()?)))
    })?;
    each_once(r, sections.iter().map(|(section, commitment)| format!("{section} {commitment}")))?;
    Ok(sections)
}

/// Keys 4 to 8 of an enrolment.
fn term(r: &mut Reader, m: &mut Fields) -> Result<Term, Flaw> {
    let unit = match m.optional(r, 4, "unit")? {
        true => Some(named(r, UnitId::parse)?),
        false => None,
    };
    m.required(r, 5, "from")?;
    let from = time(r)?;
    m.required(r, 6, "until")?;
    let until = time(r)?;
    if until <= from {
        return Err(r.flaw("the term ends before it begins"));
    }
    m.required(r, 7, "longest silence")?;
    let silence_s = r.u32()?;
    let replaces = match m.optional(r, 8, "replaces")? {
        true => Some(DeviceId(r.fixed()?)),
        false => None,
    };
    Ok(Term { unit, from, until, silence_s, replaces })
}

/// Milliseconds since 1970.
pub fn time(r: &mut Reader) -> Result<Timestamp, Flaw> {
    let before = r.clone();
    let ms = r.int()?;
    Timestamp::from_millisecond(ms)
        .map_err(|_| before.flaw(format!("{ms} ms is outside the years -9999 to 9999")))
}

fn people(r: &mut Reader) -> Result<Vec<PersonId>, Flaw> {
    let people = r.list(person)?;
    each_once(r, people.iter().copied())?;
    Ok(people)
}

fn links(r: &mut Reader) -> Result<Vec<Link>, Flaw> {
    let links = r.list(link)?;
    each_once(r, links.iter().map(|l| l.person))?;
    Ok(links)
}
