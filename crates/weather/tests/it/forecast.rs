//! Forecasts over a window: which part counts when.

use amana_weather::*;
use jiff::{SignedDuration, Timestamp};

use crate::{at, taf};

fn minima() -> Minima {
    Minima {
        ceiling_ft: Some(1_500),
        visibility_m: Some(5_000),
        wind_kt: Some(25),
        gust_kt: Some(35),
        prohibited: vec![Pattern::new("DS").unwrap()],
    }
}

/// An instant of 26 January 2026 (24 and more: the days after).
fn hour(hour: i64) -> Timestamp {
    at("2026-01-26T00:00:00Z") + SignedDuration::from_hours(hour)
}

fn judged(changes: &str, from: i64, to: i64) -> Judgement {
    let forecast = taf(&format!("TAF ORBI 261100Z 2612/2718 {changes}"));
    judge_forecast(&forecast, hour(from), hour(to), &minima())
}

#[test]
fn windows() {
    use Verdict::*;
    let worsening = "31012KT CAVOK BECMG 2616/2618 3000 DU";
    let improving = "31012KT 3000 DU NSC BECMG 2616/2618 9999 NSW";
    let cases = [
        // Worsening counts from the start of the change, less the margin.
        (worsening, 13, 14, Met),
        (worsening, 13, 15, Met),
        (worsening, 13, 16, NotMet),
        (worsening, 20, 22, NotMet),
        // Improvement counts from its end, plus the margin.
        (improving, 15, 16, NotMet),
        (improving, 17, 20, NotMet),
        (improving, 18, 20, NotMet),
        (improving, 19, 22, Met),
        // FM replaces all at once.
        ("31012KT 3000 DU NSC FM261600 31012KT CAVOK", 17, 20, Met),
        ("31012KT 3000 DU NSC FM261600 31012KT CAVOK", 16, 20, NotMet),
        // What FM leaves out is missing, not carried over.
        ("31012KT CAVOK FM261600 31020KT", 18, 20, Unusable),
        // TEMPO: better is disregarded, worse that lasts counts, a shower is noted.
        ("31012KT 3000 DU NSC TEMPO 2612/2718 CAVOK", 14, 15, NotMet),
        ("31012KT CAVOK TEMPO 2616/2618 3000 BLDU", 15, 16, NotMet),
        ("31012KT CAVOK TEMPO 2616/2618 3000 BLDU", 13, 15, Met),
        ("31012KT CAVOK TEMPO 2616/2618 3000 BLDU", 19, 20, Met),
        ("31012KT CAVOK TEMPO 2616/2618 3000 SHRA", 16, 17, Met),
        ("31012KT CAVOK TEMPO 2616/2618 3000 SA/TSRA", 16, 17, NotMet),
        ("31012KT CAVOK TEMPO 2616/2618 BKN010", 16, 17, NotMet),
        ("31012KT CAVOK TEMPO 2616/2618 31030G45KT", 16, 17, NotMet),
        ("31012KT CAVOK TEMPO 2616/2618 9999 VV///", 16, 17, NotMet),
        ("31012KT CAVOK PROB30 TEMPO 2616/2618 0400 FG", 16, 17, NotMet),
        ("31012KT CAVOK PROB40 2616/2618 0400 FG", 16, 17, NotMet),
        // Prohibited weather counts however short.
        ("31012KT CAVOK PROB30 TEMPO 2616/2618 VCDS", 16, 17, NotMet),
        // The validity must cover window and margin.
        ("31012KT CAVOK", 13, 41, Met),
        ("31012KT CAVOK", 12, 14, Unusable),
        ("31012KT CAVOK", 40, 42, Unusable),
        ("31012KT CAVOK", 16, 14, Unusable),
        ("31012KT CAVOK", 16, 16, Met),
        // A change whose time is garbled takes the whole forecast with it.
        ("31012KT CAVOK BECMG 2615/2 617 0800 DS", 30, 31, Unusable),
        ("31012KT CAVOK TEMPO 2616/2618 BKN01", 30, 31, Unusable),
        // Cut short after an indicator.
        ("31012KT CAVOK TEMPO 2616/2618", 30, 31, Unusable),
        ("31012KT CAVOK TEMPO 2616/2618 BECMG 2620/2622 31010KT", 30, 31, Unusable),
        // CAVOK ends by visibility alone: its sky stays.
        ("31012KT CAVOK BECMG 2616/2618 6000 HZ", 20, 22, Met),
        // Each change builds on the one before.
        ("31012KT 9999 BKN010 BECMG 2614/2615 3000 DU BECMG 2617/2618 9999 NSW", 20, 22, NotMet),
        ("31012KT 9999 BKN010 BECMG 2614/2615 SCT010 BECMG 2617/2618 8000 HZ", 20, 22, Met),
    ];
    for (changes, from, to, wanted) in cases {
        let found = judged(changes, from, to);
        assert_eq!(found.verdict, wanted, "{changes} {from} to {to}: {:#?}", found.reasons);
    }
}

#[test]
fn the_worst_segment_is_named() {
    let judgement = judged(
        "31012KT CAVOK BECMG 2615/2617 33018G30KT 4000 BLDU NSC \
         TEMPO 2616/2620 33025G45KT 0800 DS VV002 PROB30 TEMPO 2619/2620 3000 SHRA",
        14,
        18,
    );
    let reasons: Vec<_> = judgement.reasons.iter().map(ToString::to_string).collect();
    let worst = judgement.worst.map(|place| place.to_string()).unwrap_or_default();
    insta::assert_snapshot!(format!(
        "{}\nworst {worst}\n{}",
        judgement.verdict,
        reasons.join("\n")
    ));
}

#[test]
fn the_rule_can_be_made_stricter() {
    let forecast = taf("TAF ORBI 261100Z 2612/2718 31012KT CAVOK TEMPO 2616/2618 3000 SHRA");
    let rule = ForecastRule { transient: Transient::Count, ..ForecastRule::default() };
    let judge = |rule| judge_forecast_with(&forecast, hour(16), hour(17), &minima(), rule).verdict;
    assert_eq!(judge(&rule), Verdict::NotMet);
    assert_eq!(judge(&ForecastRule::default()), Verdict::Met);
    let rule = ForecastRule { margin: SignedDuration::ZERO, ..rule };
    let early = judge_forecast_with(&forecast, hour(12), hour(16), &minima(), &rule);
    assert_eq!(early.verdict, Verdict::Met);
}

#[test]
fn unknown_groups_of_a_forecast_can_be_accepted() {
    let text = "TAF ORBI 261100Z 2612/2718 31012KT CAVOK WND 33009KT";
    let rule =
        ForecastRule { acceptance: Some(Acceptance::of_text(text)), ..ForecastRule::default() };
    let verdict = judge_forecast_with(&taf(text), hour(16), hour(17), &minima(), &rule).verdict;
    assert_eq!(verdict, Verdict::Met);
}
