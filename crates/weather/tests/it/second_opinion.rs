//! Agreement with another parser, metar-taf-parser, on the cases both read whole.

use amana_weather::{Ceiling, Cloud, Report};
use metar_taf_parser::metar::models::cloud::CloudAmount;

use crate::{REPORTS, cases, received};

/// Cases where the other parser is known to be wrong: each is a trap with a test of its own.
const KNOWN: [&str; 6] = ["VV//", "VV///", "/OVC014", "2333004KT", "FM0000", "FM 1300"];

#[test]
fn wind_and_ceiling_agree() {
    let mut compared = 0;
    for case in cases(REPORTS).filter(|case| !KNOWN.iter().any(|known| case.contains(known))) {
        let Ok(ours) = Report::parse(case, received()) else { continue };
        if !ours.is_usable() {
            continue;
        }
        let theirs = metar_taf_parser::parse_metar(case.trim_end_matches('=')).unwrap();
        compared += 1;
        if let Some(wind) = ours.conditions.wind.as_ref().filter(|wind| wind.speed.is_some()) {
            let their_wind = theirs.wind.as_ref().unwrap();
            assert_eq!(wind.speed.unwrap().value, their_wind.speed, "{case}");
            assert_eq!(wind.gust.map(|gust| gust.value), their_wind.gust, "{case}");
        }
        let ceiling = match ours.ceiling_ft() {
            Ceiling::At { feet } => Some(feet),
            _ => None,
        };
        let is_ceiling = |amount: &CloudAmount| {
            matches!(amount, CloudAmount::BKN | CloudAmount::OVC | CloudAmount::VV)
        };
        let layers = theirs.clouds.iter().filter(|layer| is_ceiling(&layer.amount));
        let their_ceiling = layers.filter_map(|layer| layer.altitude_ft).min().map(u32::from);
        assert_eq!(ceiling, their_ceiling, "{case}");
        let layers = |cloud: &Cloud| !matches!(cloud, Cloud::Clear(_) | Cloud::NotReported);
        let count = ours.conditions.clouds.iter().filter(|cloud| layers(cloud)).count();
        let clear = [CloudAmount::NSC, CloudAmount::SKC, CloudAmount::NCD, CloudAmount::CLR];
        let their_count = theirs.clouds.iter().filter(|c| !clear.contains(&c.amount)).count();
        assert_eq!(count, their_count, "{case}");
    }
    assert!(compared >= 10, "only {compared} cases were compared");
}
