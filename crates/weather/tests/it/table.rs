//! Every case of `tests/cases` and how it was read, as snapshots.

use std::fmt::Write;

use amana_weather::{Conditions, Report, Taf};

use crate::{REPORTS, TAFS, cases, received};

#[test]
fn reports() {
    let mut out = String::new();
    for case in cases(REPORTS) {
        writeln!(out, "{case}").unwrap();
        match Report::parse(case, received()) {
            Ok(report) => render_report(&mut out, &report),
            Err(error) => writeln!(out, "  error {error}").unwrap(),
        }
    }
    insta::assert_snapshot!(out);
}

#[test]
fn forecasts() {
    let mut out = String::new();
    for case in cases(TAFS) {
        writeln!(out, "{case}").unwrap();
        match Taf::parse(case, received()) {
            Ok(taf) => render_taf(&mut out, &taf),
            Err(error) => writeln!(out, "  error {error}").unwrap(),
        }
    }
    insta::assert_snapshot!(out);
}

fn render_report(out: &mut String, report: &Report) {
    let head = format!("{:?} {} {}", report.kind, report.station, report.observed_at);
    let flags =
        [(report.automatic, " auto"), (report.correction, " correction"), (report.nil, " NIL")];
    let flags: String = flags.iter().filter(|(on, _)| *on).map(|(_, word)| *word).collect();
    writeln!(out, "  {head}{flags}").unwrap();
    render_conditions(out, "  body", &report.conditions);
    for range in &report.runway_visual_ranges {
        writeln!(out, "    {}", range.value).unwrap();
    }
    if let Some(temperature) = &report.temperature {
        writeln!(out, "    {temperature:?}").unwrap();
    }
    for pressure in &report.pressures {
        writeln!(out, "    QNH {}", pressure.value).unwrap();
    }
    for recent in &report.recent_weather {
        writeln!(out, "    recent {}", recent.value).unwrap();
    }
    for shear in &report.wind_shear {
        writeln!(out, "    wind shear {}", shear.text).unwrap();
    }
    for colour in &report.colours {
        writeln!(out, "    {colour:?}").unwrap();
    }
    for trend in &report.trends {
        let name = format!("  trend {:?} '{}'", trend.kind, trend.group.text);
        render_conditions(out, &name, &trend.conditions);
    }
    if let Some(remarks) = &report.remarks {
        writeln!(out, "  {}", remarks.text).unwrap();
    }
    for group in &report.unknown_groups {
        writeln!(out, "  UNKNOWN {group}").unwrap();
    }
}

fn render_taf(out: &mut String, taf: &Taf) {
    let head = format!("{} {:?}", taf.station, taf.status);
    match &taf.validity {
        Some(validity) => writeln!(out, "  {head} {} to {}", validity.from, validity.to).unwrap(),
        None => writeln!(out, "  {head}").unwrap(),
    }
    render_conditions(out, "  initial", &taf.initial);
    for change in &taf.changes {
        let name = format!("  {:?} {} to {}", change.kind, change.from, change.to);
        render_conditions(out, &name, &change.conditions);
    }
    for temperature in &taf.temperatures {
        writeln!(out, "  {temperature:?}").unwrap();
    }
    for group in &taf.unknown_groups {
        writeln!(out, "  UNKNOWN {group}").unwrap();
    }
}

fn render_conditions(out: &mut String, name: &str, conditions: &Conditions) {
    writeln!(out, "{name}: ceiling {}", conditions.ceiling_ft()).unwrap();
    if let Some(wind) = &conditions.wind {
        writeln!(out, "    wind {}", wind.value).unwrap();
    }
    if let Some(variation) = &conditions.wind_variation {
        writeln!(out, "    varying {:?}", variation.value).unwrap();
    }
    if let Some(visibility) = &conditions.visibility {
        writeln!(out, "    visibility {}", visibility.value).unwrap();
    }
    for part in &conditions.part_visibilities {
        writeln!(out, "    part {}", part.distance).unwrap();
    }
    for weather in &conditions.weather {
        writeln!(out, "    weather {}", weather.value).unwrap();
    }
    if conditions.no_significant_weather.is_some() {
        writeln!(out, "    no significant weather").unwrap();
    }
    if conditions.weather_not_reported.is_some() {
        writeln!(out, "    weather not reported").unwrap();
    }
    for cloud in &conditions.clouds {
        writeln!(out, "    cloud {}", cloud.value).unwrap();
    }
}
