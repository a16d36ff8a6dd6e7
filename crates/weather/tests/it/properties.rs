//! Whatever the text: no panic, and no group lost.

use std::collections::BTreeSet;

use amana_weather::{
    Conditions, Group, GroupKind, Minima, Report, Taf, UnknownGroup, Verdict, judge,
};
use proptest::prelude::*;

use crate::{REPORTS, TAFS, cases, received};

/// Every word of the text is in `groups` once, in order, and the unknown ones are in both lists.
fn accounted(text: &str, groups: &[Group], unknown: &[UnknownGroup]) -> Result<(), TestCaseError> {
    let words: Vec<_> =
        text.split(|c: char| c == '=' || c.is_whitespace()).filter(|w| !w.is_empty()).collect();
    let read: Vec<_> = groups.iter().map(|group| group.text.as_str()).collect();
    prop_assert_eq!(words, read);
    for group in groups {
        prop_assert_eq!(&text[group.at..group.at + group.text.len()], group.text.as_str());
    }
    let marked: Vec<_> = groups
        .iter()
        .filter(|group| group.kind == GroupKind::Unknown)
        .map(|group| (group.text.as_str(), group.at))
        .collect();
    let listed: Vec<_> = unknown.iter().map(|group| (group.text.as_str(), group.at)).collect();
    prop_assert_eq!(marked, listed);
    Ok(())
}

/// A group read as wind, visibility, weather or cloud is held as a value somewhere.
fn held<'a>(
    groups: &[Group],
    all: impl Iterator<Item = &'a Conditions>,
) -> Result<(), TestCaseError> {
    let mut starts = BTreeSet::new();
    for held in all {
        starts.extend(held.wind.iter().map(|coded| coded.at));
        starts.extend(held.wind_variation.iter().map(|coded| coded.at));
        if let Some(coded) = &held.visibility {
            // `2 1/2SM` is one value of two groups.
            let words = coded.text.split(' ').count();
            let own = groups.iter().filter(|group| group.at >= coded.at).take(words);
            starts.extend(own.map(|group| group.at));
        }
        starts.extend(held.part_visibilities.iter().map(|coded| coded.at));
        starts.extend(held.weather.iter().map(|coded| coded.at));
        starts.extend(held.no_significant_weather.iter().map(|coded| coded.at));
        starts.extend(held.weather_not_reported.iter().map(|coded| coded.at));
        starts.extend(held.clouds.iter().map(|coded| coded.at));
    }
    for group in groups {
        let element = matches!(
            group.kind,
            GroupKind::Wind
                | GroupKind::Visibility
                | GroupKind::Cavok
                | GroupKind::Weather
                | GroupKind::Cloud
        );
        // A `CB` apart belongs to the layer before it.
        if element && !matches!(group.text.as_str(), "CB" | "TCU") {
            prop_assert!(starts.contains(&group.at), "{:?} is not held", group);
        }
    }
    Ok(())
}

fn read_both(text: &str) -> Result<(), TestCaseError> {
    if let Ok(report) = Report::parse(text, received()) {
        accounted(text, &report.groups, &report.unknown_groups)?;
        let trends = report.trends.iter().map(|trend| &trend.conditions);
        held(&report.groups, trends.chain([&report.conditions]))?;
        let minima = Minima { visibility_m: Some(5_000), ..Minima::default() };
        let verdict = judge(&report, &minima).verdict;
        prop_assert!(report.is_usable() || verdict == Verdict::Unusable);
    }
    if let Ok(taf) = Taf::parse(text, received()) {
        accounted(text, &taf.groups, &taf.unknown_groups)?;
        let changes = taf.changes.iter().map(|change| &change.conditions);
        held(&taf.groups, changes.chain([&taf.initial]))?;
    }
    Ok(())
}

/// A case of the tables with some words dropped, doubled, moved, or changed by one character.
fn mutated() -> impl Strategy<Value = String> {
    let all: Vec<String> = cases(REPORTS).chain(cases(TAFS)).map(str::to_owned).collect();
    let edit = (any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0..5_u8, "[ -~]");
    (prop::sample::select(all), prop::collection::vec(edit, 1..6)).prop_map(|(text, edits)| {
        let mut words: Vec<String> = text.split(' ').map(str::to_owned).collect();
        for (first, second, what, character) in edits {
            if words.is_empty() {
                break;
            }
            let (i, j) = (first.index(words.len()), second.index(words.len()));
            match what {
                0 => drop(words.remove(i)),
                1 => words.insert(j, words[i].clone()),
                2 => words.swap(i, j),
                _ => {
                    let at = second.index(words[i].len().max(1));
                    let end = (at + usize::from(what == 3)).min(words[i].len());
                    words[i].replace_range(at.min(end)..end, &character);
                }
            }
        }
        words.join(" ")
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn any_ascii_is_read_or_refused(text in "[ -~\\n\\t]{0,200}") {
        read_both(&text)?;
    }

    #[test]
    fn any_unicode_after_a_header_is_accounted_for(text in "\\PC{0,80}") {
        read_both(&format!("METAR ORBI 261300Z {text}"))?;
        read_both(&format!("TAF ORBI 261100Z 2612/2718 {text}"))?;
    }

    #[test]
    fn words_made_of_report_letters_are_accounted_for(
        words in prop::collection::vec("[0-9/KTMPSVGRWBNOCDFEAQ+-]{1,9}", 0..12),
    ) {
        read_both(&format!("METAR ORBI 261300Z {}", words.join(" ")))?;
        read_both(&format!("TAF ORBI 261100Z 2612/2718 {}", words.join(" ")))?;
    }

    #[test]
    fn a_damaged_report_loses_no_group(text in mutated()) {
        read_both(&text)?;
    }

    /// Whatever stands after the first wind, the wind stays.
    #[test]
    fn nothing_overwrites_the_body_wind(text in mutated()) {
        let text = format!("METAR ORBI 261300Z 30004KT 9999 {text}");
        if let Ok(report) = Report::parse(&text, received()) {
            prop_assert_eq!(report.conditions.wind.unwrap().text, "30004KT");
        }
    }
}
