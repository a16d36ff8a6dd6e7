//! Observations against minima: what is met, what is not, what cannot be told.

use amana_weather::*;

use crate::report;

/// Plainly invented: no unit flies by these.
fn invented() -> Minima {
    Minima {
        ceiling_ft: Some(1_500),
        visibility_m: Some(5_000),
        wind_kt: Some(25),
        gust_kt: Some(35),
        prohibited: ["TS", "DS", "SS", "FZRA", "+RA"].map(|p| Pattern::new(p).unwrap()).into(),
    }
}

fn verdict(body: &str) -> Verdict {
    judge(&report(&format!("METAR ORBI 261300Z {body}")), &invented()).verdict
}

#[test]
fn verdicts() {
    use Verdict::*;
    let cases = [
        ("31012KT CAVOK 28/09 Q1011 NOSIG", Met),
        ("31025G35KT 5000 HZ BKN015 28/09 Q1011", Met),
        ("31026KT CAVOK 28/09 Q1011", NotMet),
        ("31020G36KT CAVOK 28/09 Q1011", NotMet),
        // 13 m/s is 25.3 kt, which rounds to 25 and is still above it.
        ("31013MPS CAVOK 28/09 Q1011", NotMet),
        ("31012KT 4900 HZ NSC 28/09 Q1011", NotMet),
        ("31012KT 9999 4000SW NSC 28/09 Q1011", NotMet),
        ("31012KT 9999 BKN014 28/09 Q1011", NotMet),
        ("31012KT 9999 SCT014 28/09 Q1011", Met),
        ("31012KT 9999 VV/// 28/09 Q1011", NotMet),
        ("31012KT 9999 VCTS FEW040CB 28/09 Q1011", NotMet),
        ("31012KT 9999 DSTS FEW040CB 28/09 Q1011", NotMet),
        ("31012KT 9999 RA NSC 28/09 Q1011", Met),
        ("31012KT 9999 +SHRA NSC 28/09 Q1011", NotMet),
        ("31012KT 9999 RETS NSC 28/09 Q1011", Unusable),
        ("31012KT 9999 NSC 28/09 Q1011 RETS", Met),
        // What is missing is not within.
        ("/////KT CAVOK 28/09 Q1011", Unusable),
        ("31012KT //// NSC 28/09 Q1011", Unusable),
        ("31012KT 9999 28/09 Q1011", Unusable),
        ("31012KT 9999 // NSC 28/09 Q1011", Unusable),
        ("31012KT 9999 ////// 28/09 Q1011", Unusable),
        ("31012KT 9999 BKN/// 28/09 Q1011", Unusable),
        ("31012KT 9999 BKN040 ///010 28/09 Q1011", Unusable),
        ("31012KT 4000 HZ ////// 28/09 Q1011", NotMet),
        ("31012KT CAVOK 28/09 Q1011 FOO", Unusable),
        ("310P99KT CAVOK 28/09 Q1011", NotMet),
        ("31015G//KT CAVOK 28/09 Q1011", Unusable),
        // Cut short.
        ("31012KT CAVOK 28/09 Q1011 TEMPO", Unusable),
        ("31012KT CAVOK 28/09 Q1011 BECMG FM1400 RMK X", Unusable),
        ("NIL", Unusable),
        // Trends: worse counts, better does not, a passing shower is noted.
        ("31012KT CAVOK 28/09 Q1011 BECMG 3000 DU", NotMet),
        ("31012KT 3000 DU NSC 28/09 Q1011 BECMG CAVOK", NotMet),
        ("31012KT CAVOK 28/09 Q1011 TEMPO 3000 BLDU", NotMet),
        ("31012KT CAVOK 28/09 Q1011 TEMPO 3000 SHRA BKN010", Met),
        ("31012KT CAVOK 28/09 Q1011 TEMPO 3000 TSRA", NotMet),
        ("31012KT CAVOK 28/09 Q1011 FM1400 31040KT", NotMet),
    ];
    for (body, wanted) in cases {
        assert_eq!(verdict(body), wanted, "{body}");
    }
}

#[test]
fn reasons_name_the_group_the_number_and_the_limit() {
    let read = report(
        "SPECI ORBI 261300Z 25022G45KT 9999 1200NE +DSSS SCT010 BKN012 28/09 Q1011 \
         TEMPO 3000 SHRA OVC008",
    );
    let judgement = judge(&read, &invented());
    let reasons: Vec<_> = judgement.reasons.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(format!("{}\n{}", judgement.verdict, reasons.join("\n")));
}

#[test]
fn every_limit_gives_a_number_even_when_met() {
    let judgement = judge(&report("METAR ORBI 261300Z 31012KT CAVOK 28/09 Q1011"), &invented());
    assert_eq!(judgement.verdict, Verdict::Met);
    assert_eq!(judgement.reasons.len(), 5);
    assert_eq!(judgement.against().count(), 0);
}

#[test]
fn a_person_may_accept_what_was_not_read_but_not_what_is_missing() {
    let text = "METAR ORBI 261300Z 31012KT CAVOK 28/09 Q1011 FOO";
    let read = report(text);
    assert_eq!(judge(&read, &invented()).verdict, Verdict::Unusable);
    let accepted = judge_accepted(&read, &invented(), &Acceptance::of_text(text));
    assert_eq!(accepted.verdict, Verdict::Met);
    assert!(accepted.reasons.iter().any(|reason| reason.outcome == Outcome::Noted));
    let another = Acceptance::of_text("METAR ORBI 261400Z 31012KT CAVOK 28/09 Q1011 FOO");
    assert_eq!(judge_accepted(&read, &invented(), &another).verdict, Verdict::Unusable);

    let text = "METAR ORBI 261300Z 31012KT 9999X NSC 28/09 Q1011";
    let accepted = judge_accepted(&report(text), &invented(), &Acceptance::of_text(text));
    assert_eq!(accepted.verdict, Verdict::Unusable);
}

#[test]
fn a_profile_without_limits_is_no_gate() {
    let judgement = judge(&report("METAR ORBI 261300Z 31012KT CAVOK"), &Minima::default());
    assert_eq!(judgement.verdict, Verdict::Unusable);
}

/// A text that speaks only of what lies below a height cannot meet a limit above it.
#[test]
fn a_bound_short_of_the_limit_decides_nothing() {
    let ceiling = Minima { ceiling_ft: Some(6_000), ..Minima::default() };
    let visibility = Minima { visibility_m: Some(10_000), ..Minima::default() };
    let cases = [
        ("CAVOK", &ceiling, Verdict::Unusable),
        ("9999 NSC", &ceiling, Verdict::Unusable),
        ("10SM CLR", &ceiling, Verdict::Met),
        ("9999 SKC", &ceiling, Verdict::Met),
        ("9999 BKN055", &ceiling, Verdict::NotMet),
        ("P6SM SKC", &visibility, Verdict::Unusable),
        ("9999 SKC", &visibility, Verdict::Met),
        ("6SM SKC", &visibility, Verdict::NotMet),
    ];
    for (text, minima, wanted) in cases {
        let read = report(&format!("METAR ORBI 261300Z 31012KT {text} 28/09 Q1011"));
        assert_eq!(judge(&read, minima).verdict, wanted, "{text}");
    }
}

/// A road convoy: only visibility and storms.
#[test]
fn an_element_without_a_limit_is_not_asked_for() {
    let minima = Minima {
        visibility_m: Some(1_000),
        prohibited: vec![Pattern::new("DS").unwrap()],
        ..Minima::default()
    };
    let read = report("METAR ORBI 261300Z /////KT 4000 HZ ////// 28/09 Q////");
    assert_eq!(judge(&read, &minima).verdict, Verdict::Met);
}

#[test]
fn patterns_match_what_has_all_they_name() {
    let matches = |pattern: &str, weather: &str| {
        let read = report(&format!("ORBI 261300Z 31012KT 9999 {weather} NSC 28/09 Q1011"));
        let pattern = Pattern::new(pattern).unwrap();
        read.conditions.weather.iter().any(|weather| pattern.matches(weather))
    };
    for (pattern, weather, wanted) in [
        ("TS", "TS", true),
        ("TS", "-TSRA", true),
        ("TS", "VCTS", true),
        ("VCTS", "TSRA", false),
        ("DU", "BLDU", true),
        ("BLDU", "DU", false),
        ("SS", "+DSSS", true),
        ("+SS", "SS", false),
        ("+SS", "+SS", true),
        ("-RA", "RA", false),
        ("FZRA", "FZDZ", false),
        ("TS", "SA/TSRA", true),
        ("SHRA", "TSRA", false),
    ] {
        assert_eq!(matches(pattern, weather), wanted, "{pattern} on {weather}");
    }
    for text in ["", "+", "VC", "storm", "XX", "SA/TS", "DSTS", "RE"] {
        assert!(Pattern::new(text).is_err(), "{text}");
    }
    for text in ["TS", "+SS", "-RA", "VCBLDU", "+FZRASN"] {
        assert_eq!(Pattern::new(text).unwrap().to_string(), text);
    }
}
