use crate::world::*;
use domain::obligation::*;
use domain::*;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use std::collections::BTreeSet;

fn hours(n: i64) -> SignedDuration {
    SignedDuration::from_hours(n)
}

/// The family is told within `within_h` of being placed in the south.
pub fn family_told(within_h: i64) -> ObligationRule {
    ObligationRule {
        code: "family-told".to_owned(),
        starts: Start::Placed([SiteId::new("south").unwrap()].into()),
        again: Again::EachSite,
        within: hours(within_h),
        early: SignedDuration::ZERO,
        proof: Proof::Notified(Notified::Family),
        who: Who::Signer,
        lapses: [ExitReason::Released].into(),
    }
}

/// Facts of one person who comes to the south, with what follows at given hours after that.
struct Story {
    pen: Pen,
    facts: Vec<Fact>,
    placed: Timestamp,
}

impl Story {
    fn new() -> Self {
        let mut pen = Pen::default();
        let registered = pen.registered("alpha", "north/w1", &[1]);
        let placed = pen.placed("alpha", "south/w1", &[(1, registered.hash)]);
        let at = placed.occurred_at;
        Self { pen, facts: vec![registered, placed], placed: at }
    }
    fn tip(&self) -> FactHash {
        self.facts[1].hash
    }
    fn then(mut self, after_h: i64, by: &str, event: Event) -> Self {
        let mut fact = self.pen.fact(by, event);
        fact.occurred_at = self.placed + hours(after_h);
        self.facts.push(fact);
        self
    }
    fn told(self, after_h: i64) -> Self {
        let event = Event::Notified { whom: Notified::Family, people: vec![person(1)] };
        self.then(after_h, "bravo", event)
    }
    fn deferred(self, after_h: i64, why: DeferralReason, until_h: Option<i64>) -> Self {
        let until = until_h.map(|h| self.placed + hours(h));
        let (whom, people) = (Notified::Family, vec![person(1)]);
        self.then(after_h, "bravo", Event::NoticeDeferred { whom, why, until, people })
    }
    /// The state of the only clock, `at_h` hours after it started.
    fn state(&self, rule: &ObligationRule, at_h: i64) -> &'static str {
        let clocks = clocks(&record(&self.facts), std::slice::from_ref(rule));
        assert_eq!(clocks.len(), 1, "{clocks:?}");
        clocks[0].state(self.placed + hours(at_h)).code()
    }
}

#[test]
fn a_clock_runs_is_met_is_late_or_overdue() {
    let rule = family_told(48);
    let cases = [
        (Story::new(), 48, "running"),
        (Story::new(), 49, "overdue"),
        (Story::new().told(47), 100, "met"),
        (Story::new().told(49), 100, "late"),
        (Story::new().told(60).told(3), 100, "met"),
        (Story::new().deferred(1, DeferralReason::PersonDeclines, None), 100, "waived"),
        (Story::new().deferred(1, DeferralReason::Security, None), 100, "overdue"),
        (Story::new().deferred(1, DeferralReason::Security, Some(120)), 100, "running"),
        (Story::new().deferred(1, DeferralReason::Security, Some(120)), 121, "overdue"),
        (Story::new().deferred(50, DeferralReason::Security, Some(120)), 100, "overdue"),
        (Story::new().deferred(1, DeferralReason::NotReached, Some(72)).told(70), 100, "met"),
    ];
    for (n, (story, at_h, expected)) in cases.into_iter().enumerate() {
        assert_eq!(story.state(&rule, at_h), expected, "case {n}");
    }
}

#[test]
fn an_end_of_custody_lifts_the_duty_only_before_the_deadline() {
    let exit = |after_h, why| {
        let story = Story::new();
        let people = vec![Link { person: person(1), after: story.tip() }];
        story.then(after_h, "alpha", Event::Exited { why, people })
    };
    let rule = family_told(48);
    assert_eq!(exit(10, ExitReason::Released).state(&rule, 100), "lapsed");
    assert_eq!(exit(60, ExitReason::Released).state(&rule, 100), "overdue");
    assert_eq!(exit(10, ExitReason::Escaped).state(&rule, 100), "overdue");
}

/// A bed in another wing is no new arrival; another site's is, under `each-site`.
#[test]
fn moving_within_a_site_starts_no_clock() {
    let mut story = Story::new();
    let within = story.pen.placed("alpha", "south/w2", &[(1, story.tip())]);
    let away = story.pen.placed("alpha", "north/w1", &[(1, within.hash)]);
    let back = story.pen.placed("alpha", "south/w1", &[(1, away.hash)]);
    story.facts.extend([within, away, back]);
    let record = record(&story.facts);
    let count = |again| clocks(&record, &[ObligationRule { again, ..family_told(48) }]).len();
    assert_eq!((count(Again::EachSite), count(Again::Never), count(Again::Always)), (1, 1, 2));
}

/// A placing that does not fit custody is no arrival.
#[test]
fn a_misfit_starts_nothing() {
    let mut story = Story::new();
    let stranger = story.pen.placed("bravo", "south/w1", &[(1, story.facts[0].hash)]);
    let facts = [story.facts[0].clone(), stranger];
    assert!(clocks(&record(&facts), &[family_told(48)]).is_empty());
}

/// A list frozen before boarding proves the duty that boarding starts.
#[test]
fn proof_may_come_before_the_start_when_the_rule_says_so() {
    let rule = |early| ObligationRule {
        starts: Start::Boarded,
        within: SignedDuration::ZERO,
        early,
        proof: Proof::ManifestFrozen,
        lapses: BTreeSet::new(),
        ..family_told(0)
    };
    let mut pen = Pen::default();
    let registered = pen.registered("alpha", "north/w1", &[1]);
    let vehicles = vec![(VehicleId::new("bus-1").unwrap(), vec![person(1)])];
    let frozen = pen.fact("alpha", Event::ManifestFrozen { movement: movement(), vehicles });
    let boarded = pen.boarded("alpha", &[(1, registered.hash)]);
    let at = boarded.occurred_at + hours(1);
    let record = record(&[registered, frozen, boarded]);
    let state = |early| clocks(&record, &[rule(early)])[0].state(at);
    assert_eq!(state(hours(24)), ClockState::Met);
    assert_eq!(state(SignedDuration::ZERO), ClockState::Overdue);
}

proptest! {
    /// Clocks are a function of the set of facts.
    #[test]
    fn any_order_of_arrival_gives_the_same_clocks(
        hours_after in prop::collection::vec((0i64..100, 0u8..4), 0..8),
        order in any::<prop::sample::Index>(), seed in any::<u64>(),
    ) {
        let mut story = Story::new();
        for (after_h, what) in hours_after {
            story = match what {
                0 => story.told(after_h),
                1 => story.deferred(after_h, DeferralReason::Security, Some(after_h + 30)),
                2 => story.deferred(after_h, DeferralReason::PersonDeclines, None),
                _ => {
                    let people = vec![Link { person: person(1), after: story.tip() }];
                    story.then(after_h, "alpha", Event::Exited { why: ExitReason::Released, people })
                }
            };
        }
        let expected = clocks(&record(&story.facts), &[family_told(48)]);
        let mut shuffled = story.facts.clone();
        shuffled.sort_by_key(|f| u64::from_be_bytes(f.hash.0[..8].try_into().unwrap()) ^ seed);
        let at = order.index(shuffled.len());
        shuffled.rotate_left(at);
        prop_assert_eq!(clocks(&record(&shuffled), &[family_told(48)]), expected);
    }
}
