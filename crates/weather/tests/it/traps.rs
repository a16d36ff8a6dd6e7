//! The readings other parsers got wrong on real text (LIBRARIES, weather gating). Each would have
//! opened a gate.

use amana_weather::*;

use crate::{at, report, taf};

fn wind(conditions: &Conditions) -> Wind {
    conditions.wind.as_ref().unwrap().value
}

fn unknown(groups: &[UnknownGroup]) -> Vec<&str> {
    groups.iter().map(|group| group.text.as_str()).collect()
}

/// Elsewhere read as 3,004 kt.
#[test]
fn a_later_garbled_wind_leaves_the_body_wind_alone() {
    let read = report("OJAM 041000Z 30004KT CAVOK 30/02 Q1012 2333004KT");
    assert_eq!(wind(&read.conditions).speed.unwrap().knots(), 4);
    assert_eq!(unknown(&read.unknown_groups), ["2333004KT"]);
    assert!(!read.is_usable());
}

/// Elsewhere the trend wind 18G28 became the body wind.
#[test]
fn a_trend_wind_leaves_the_body_wind_alone() {
    let read = report("LTBS 041000Z 31013KT 9999 SCT035 20/08 Q1014 FM0000 31018G28KT");
    assert_eq!(wind(&read.conditions).peak().unwrap().knots(), 13);
    assert_eq!(wind(&read.trends[0].conditions).peak().unwrap().knots(), 28);
    assert!(read.is_usable());
    let read = report("LTBS 041000Z 31013KT 9999 SCT035 20/08 Q1014 NOSIG FM0000 31018G28KT");
    assert_eq!(wind(&read.conditions).peak().unwrap().knots(), 13);
    assert_eq!(unknown(&read.unknown_groups), ["FM0000", "31018G28KT"]);
}

#[test]
fn a_remark_wind_leaves_the_body_wind_alone() {
    let read = report("LTAP 262120Z 28005KT CAVOK 11/08 Q1011 NOSIG RMK RWY23 30034KT");
    assert_eq!(wind(&read.conditions).speed.unwrap().knots(), 5);
    assert_eq!(read.remarks.unwrap().text, "RMK RWY23 30034KT");
}

#[test]
fn a_second_valid_wind_is_unknown_not_the_wind() {
    for text in [
        "OJAM 041000Z 30004KT 31040KT 9999 NSC 30/02 Q1012",
        "OJAM 041000Z 30004KT 9999 31040KT NSC 30/02 Q1012",
        "OJAM 041000Z 30004KT 9999 NSC 30/02 Q1012 BLU 31040KT",
    ] {
        let read = report(text);
        assert_eq!(wind(&read.conditions).speed.unwrap().knots(), 4, "{text}");
        assert_eq!(unknown(&read.unknown_groups), ["31040KT"], "{text}");
    }
}

/// Elsewhere no ceiling at all.
#[test]
fn an_obscured_sky_is_not_a_clear_sky() {
    for sky in ["VV///", "VV//"] {
        let read = report(&format!("OSDI 090500Z 00000KT 9999 {sky} 04/04 Q1021"));
        assert_eq!(read.ceiling_ft(), Ceiling::Obscured);
        assert!(read.is_usable());
        assert_eq!(faa_category(&read.conditions), Some(FlightCategory::Lifr));
        let red = colour_state(&read.conditions, CloudFrom::FiveOktas);
        assert_eq!(red, Some(ColourState::Red));
        let minima = Minima { ceiling_ft: Some(100), ..Minima::default() };
        assert_eq!(judge(&read, &minima).verdict, Verdict::NotMet);
    }
    let read = report("OSDI 090500Z 00000KT 0050 FG VV000 04/04 Q1021");
    assert_eq!(read.ceiling_ft(), Ceiling::At { feet: 0 });
}

/// Elsewhere no ceiling.
#[test]
fn a_layer_behind_a_stray_solidus_is_a_layer() {
    let read = report("OSLK 090500Z 24012KT 3000 RA /OVC014 14/13 Q1009");
    assert_eq!(read.ceiling_ft(), Ceiling::At { feet: 1_400 });
}

/// Elsewhere the visibility vanished.
#[test]
fn bounded_visibilities_in_metres_are_read() {
    let read = report("ORMM 090500Z 34020KT M0400 SS VV001 38/05 Q0999");
    let below = read.conditions.lowest_visibility().unwrap().value;
    assert_eq!((below.metres, below.bound), (400, Bound::LessThan));
    assert!(below.is_below(400));
    let read = report("ORMM 090500Z 34020KT P6000 HZ NSC 38/05 Q0999");
    let above = read.conditions.lowest_visibility().unwrap().value;
    assert_eq!((above.metres, above.bound), (6_000, Bound::AtLeast));
    assert!(!above.is_below(6_000));
}

/// Elsewhere five miles and a half: an open gate in fog.
#[test]
fn a_mixed_number_that_lost_its_space_is_the_lower_reading() {
    for miles in ["1 1/2SM", "11/2SM"] {
        let read = taf(&format!("TAF CYQB 111740Z 1118/1218 07007KT {miles} -DZ BR OVC005"));
        assert_eq!(read.initial.lowest_visibility().unwrap().value.metres, 2_414);
    }
}

/// Elsewhere left unparsed.
#[test]
fn weather_joined_by_a_solidus_is_two() {
    let read = taf("TAF OIII 021100Z 0212/0318 15006MPS 6000 NSC TEMPO 0212/0215 1000 SA/TSRA");
    let weather = &read.changes[0].conditions.weather;
    let words: Vec<_> = weather.iter().map(|weather| weather.value.to_string()).collect();
    assert_eq!(words, ["sand", "thunderstorm with rain"]);
    assert!(read.is_usable());
}

/// Elsewhere rejected, one of them with the whole report.
#[test]
fn dust_and_sand_storms_are_read() {
    let storms = [
        ("DS", "duststorm"),
        ("+SS", "heavy sandstorm"),
        ("+DSSS", "heavy duststorm and sandstorm"),
        ("BLDU", "blowing widespread dust"),
        ("BLSA", "blowing sand"),
        ("DRDU", "low drifting widespread dust"),
        ("PO", "dust or sand whirls"),
        ("VCDS", "duststorm in the vicinity"),
        ("VCBLDU", "blowing widespread dust in the vicinity"),
        ("VCPO", "dust or sand whirls in the vicinity"),
    ];
    for (code, words) in storms {
        let read = report(&format!("OIII 021300Z 27048G60KT 4000 {code} NSC 23/11 Q1014"));
        assert_eq!(read.conditions.weather[0].to_string(), words);
        assert!(read.is_usable(), "{code}");
    }
}

/// Elsewhere an error.
#[test]
fn a_missing_forecast_is_read_as_missing() {
    assert_eq!(taf("TAF EGKB 182000Z NIL=").status, TafStatus::Missing);
    assert_eq!(taf("TAF AMD EGYD 280939Z 2809/2818 CNL=").status, TafStatus::Cancelled);
    let minima = Minima { visibility_m: Some(1), ..Minima::default() };
    for text in ["TAF EGKB 182000Z NIL=", "TAF AMD EGYD 280939Z 2809/2818 CNL="] {
        let now = at("2026-01-28T12:00:00Z");
        let judgement = judge_forecast(&taf(text), now, now, &minima);
        assert_eq!(judgement.verdict, Verdict::Unusable);
    }
}

#[test]
fn the_month_rolls_over() {
    let cases = [
        ("311200Z", "2026-02-01T00:10:00Z", "2026-01-31T12:00:00Z"),
        ("010005Z", "2026-01-31T23:59:00Z", "2026-02-01T00:05:00Z"),
        ("312350Z", "2026-01-01T00:10:00Z", "2025-12-31T23:50:00Z"),
        ("290600Z", "2028-03-01T06:00:00Z", "2028-02-29T06:00:00Z"),
        ("290600Z", "2026-03-01T06:00:00Z", "2026-01-29T06:00:00Z"),
    ];
    for (time, received, observed) in cases {
        let text = format!("ORBI {time} 00000KT CAVOK 20/10 Q1010");
        let read = Report::parse(&text, at(received)).unwrap();
        assert_eq!(read.observed_at, at(observed), "{time} received {received}");
    }
    let text = "TAF ORBI 311700Z 3118/0124 00000KT CAVOK BECMG 0100/0102 20010KT";
    let read = Taf::parse(text, at("2026-01-31T17:00:00Z")).unwrap();
    let validity = read.validity.unwrap();
    assert_eq!(validity.to, at("2026-02-02T00:00:00Z"));
    assert_eq!(read.changes[0].from, at("2026-02-01T00:00:00Z"));
}

#[test]
fn errors_say_what_where_and_what_to_do() {
    let error = |text| Report::parse(text, crate::received()).unwrap_err().to_string();
    insta::assert_snapshot!(
        [
            error(""),
            error("METAR orbi 261300Z"),
            error("METAR ORBI 2613Z"),
            error("METAR ORBI 321300Z 00000KT"),
            Taf::parse("TAF ORBI 261100Z 31012KT", crate::received()).unwrap_err().to_string(),
            Taf::parse("TAF ORBI 261100Z 2612/2912", crate::received()).unwrap_err().to_string(),
        ]
        .join("\n")
    );
}
