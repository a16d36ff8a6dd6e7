//! Flight category and colour state on both sides of every limit.

use amana_weather::*;

use crate::report;

#[test]
fn flight_categories() {
    let cases = [
        ("10SM CLR", "VFR"),
        ("6SM BKN031", "VFR"),
        ("6SM BKN030", "MVFR"),
        ("5SM CLR", "MVFR"),
        ("3SM BKN100", "MVFR"),
        ("2 3/4SM CLR", "IFR"),
        ("10SM OVC010", "MVFR"),
        ("10SM OVC009", "IFR"),
        ("10SM OVC005", "IFR"),
        ("10SM OVC004", "LIFR"),
        ("1SM CLR", "IFR"),
        ("3/4SM CLR", "LIFR"),
        ("M1/4SM FG VV000", "LIFR"),
        ("9999 VV///", "LIFR"),
        ("CAVOK", "VFR"),
        ("8000 NSC", "MVFR"),
        ("9000 SCT005", "VFR"),
        ("5000 NSC", "MVFR"),
        ("4800 NSC", "IFR"),
        ("1500 NSC", "LIFR"),
        ("9999 BKN///", "none"),
        ("//// CLR", "none"),
        ("10SM", "none"),
    ];
    for (text, wanted) in cases {
        let read = report(&format!("KABC 091952Z 00000KT {text} 10/05 A3001"));
        let found = faa_category(&read.conditions).map_or("none".to_owned(), |c| c.to_string());
        assert_eq!(found, wanted, "{text}");
    }
}

#[test]
fn colour_states() {
    // Text, counted from three oktas, counted from five.
    let cases = [
        ("9999 NSC", "BLU", "BLU"),
        ("CAVOK", "BLU", "BLU"),
        ("9999 SCT024 BKN030", "WHT", "BLU"),
        ("9999 SCT014 BKN020", "GRN", "WHT"),
        ("7000 BKN030", "WHT", "WHT"),
        ("4900 NSC", "GRN", "GRN"),
        ("3600 NSC", "YLO1", "YLO1"),
        ("2400 NSC", "YLO2", "YLO2"),
        ("1500 NSC", "AMB", "AMB"),
        ("0700 NSC", "RED", "RED"),
        ("9999 BKN001", "RED", "RED"),
        ("9999 BKN002", "AMB", "AMB"),
        ("9999 BKN003", "YLO2", "YLO2"),
        ("9999 BKN005", "YLO1", "YLO1"),
        ("9999 BKN007", "GRN", "GRN"),
        ("9999 3000SW NSC", "YLO1", "YLO1"),
        ("9999 VV///", "RED", "RED"),
        ("9999 //////", "none", "none"),
        ("9999 SCT///", "none", "BLU"),
        ("//// NSC", "none", "none"),
    ];
    for (text, three, five) in cases {
        let read = report(&format!("EGXX 091952Z 00000KT {text} 10/05 Q1001"));
        for (from, wanted) in [(CloudFrom::ThreeOktas, three), (CloudFrom::FiveOktas, five)] {
            let found = colour_state(&read.conditions, from);
            let found = found.map_or("none".to_owned(), |colour| colour.to_string());
            assert_eq!(found, wanted, "{text} from {from:?}");
        }
    }
}
