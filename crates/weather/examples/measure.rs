//! Measures the reader on a corpus: unknown groups, and agreement with a publisher's decoded
//! columns.
//!
//! cargo run -p amana-weather --example measure -- metar|taf|csv FILE [show]
//!
//! `metar` and `taf` take one report a line; `csv` takes the Aviation Weather Center's METAR file.

use std::collections::BTreeMap;

use amana_weather::*;
use jiff::Timestamp;

fn main() {
    let mut args = std::env::args().skip(1);
    let usage = "usage: measure metar|taf|csv FILE [show]";
    let form = args.next().expect(usage);
    let text = std::fs::read_to_string(args.next().expect(usage)).expect("cannot read FILE");
    let show = args.next().is_some();
    match form.as_str() {
        "metar" => lines(&text, show, |line, at| {
            Report::parse(line, at).map(|r| r.unknown_groups).map_err(|e| e.to_string())
        }),
        "taf" => lines(&text, show, |line, at| {
            Taf::parse(line, at).map(|t| t.unknown_groups).map_err(|e| e.to_string())
        }),
        "csv" => csv(&text, show),
        _ => panic!("{usage}"),
    }
}

fn received() -> Timestamp {
    "2025-07-01T12:00:00Z".parse().expect("a fixed date")
}

fn lines(
    text: &str,
    show: bool,
    read: impl Fn(&str, Timestamp) -> Result<Vec<UnknownGroup>, String>,
) {
    let (mut all, mut errors, mut with_unknown, mut groups, mut unknown) = (0, 0, 0, 0, 0);
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        all += 1;
        groups += line.split_whitespace().count();
        match read(line, received()) {
            Err(error) => {
                errors += 1;
                println!("ERROR {error}\n   {line}");
            }
            Ok(found) if !found.is_empty() => {
                with_unknown += 1;
                unknown += found.len();
                if show {
                    let found: Vec<_> = found.iter().map(ToString::to_string).collect();
                    println!("{}\n   {line}", found.join("; "));
                }
            }
            Ok(_) => {}
        }
    }
    println!("{all} reports, {errors} errors, {with_unknown} with unknown groups");
    println!("{groups} groups, {unknown} unknown");
}

fn csv(text: &str, show: bool) {
    let mut rows = text.lines().skip_while(|line| !line.starts_with("raw_text"));
    let Some(header) = rows.next() else { return println!("no header line") };
    let names: Vec<_> = header.split(',').collect();
    let column = |name: &str| names.iter().position(|n| *n == name).unwrap_or(usize::MAX);
    let first_sky = column("sky_cover");
    let (mut all, mut errors, mut with_unknown, mut groups, mut unknown) = (0, 0, 0, 0, 0);
    let mut tally: BTreeMap<&str, (u32, u32)> = BTreeMap::new();
    for row in rows {
        let fields: Vec<_> = row.split(',').collect();
        let field = |name: &str| fields.get(column(name)).copied().unwrap_or("");
        all += 1;
        groups += field("raw_text").split_whitespace().count();
        let at = field("observation_time").parse().unwrap_or_else(|_| received());
        let report = match Report::parse(field("raw_text"), at) {
            Ok(report) => report,
            Err(error) => {
                errors += 1;
                println!("ERROR {error}\n   {row}");
                continue;
            }
        };
        if !report.unknown_groups.is_empty() {
            with_unknown += 1;
            unknown += report.unknown_groups.len();
            if show {
                let found: Vec<_> = report.unknown_groups.iter().map(ToString::to_string).collect();
                println!("{}\n   {}", found.join("; "), report.raw);
            }
        }
        let sky: Vec<_> = (0..4)
            .map(|i| {
                let get = |at: usize| fields.get(at).copied().unwrap_or("");
                (get(first_sky + 2 * i), get(first_sky + 2 * i + 1))
            })
            .collect();
        for (name, theirs, ours) in compare(&report, &sky, field) {
            let entry = tally.entry(name).or_default();
            entry.1 += 1;
            if theirs == ours {
                entry.0 += 1;
            } else if show {
                println!("{name}: publisher '{theirs}', read '{ours}'\n   {}", report.raw);
            }
        }
    }
    println!("{all} reports, {errors} errors, {with_unknown} with unknown groups");
    println!("{groups} groups, {unknown} unknown");
    for (name, (same, of)) in tally {
        println!("{name}: {same} of {of}");
    }
}

/// Name, publisher's value, value read, both as text.
fn compare<'a>(
    report: &Report,
    sky: &[(&str, &str)],
    field: impl Fn(&str) -> &'a str,
) -> Vec<(&'static str, String, String)> {
    let body = &report.conditions;
    let mut rows = Vec::new();
    let wind = body.wind.as_ref();
    let speed = wind.and_then(|w| w.speed).map_or(String::new(), |s| s.knots().to_string());
    rows.push(("wind speed", field("wind_speed_kt").to_owned(), speed));
    let direction = match wind.map(|w| w.direction) {
        Some(Direction::From(degrees)) => degrees.to_string(),
        Some(Direction::Variable) => "0".to_owned(),
        _ => String::new(),
    };
    rows.push(("wind direction", field("wind_dir_degrees").to_owned(), direction));
    let gust = wind.and_then(|w| w.gust).map_or(String::new(), |s| s.knots().to_string());
    rows.push(("gust", field("wind_gust_kt").to_owned(), gust));
    let visibility = body.visibility.as_ref().and_then(|v| v.distance());
    let miles = visibility.map_or(String::new(), |v| format!("{:.2}", v.miles()));
    let theirs = field("visibility_statute_mi").parse::<f64>();
    let theirs = theirs.map_or(String::new(), |miles| format!("{miles:.2}"));
    rows.push(("visibility", theirs, miles));
    let ours = match body.ceiling_ft() {
        Ceiling::None => "none".to_owned(),
        Ceiling::At { feet } => feet.to_string(),
        Ceiling::Obscured => "obscured".to_owned(),
        Ceiling::NotReported => "not reported".to_owned(),
    };
    let height = |text: &str| text.parse::<u32>().ok();
    let lowest = sky
        .iter()
        .filter(|(cover, _)| matches!(*cover, "BKN" | "OVC"))
        .filter_map(|(_, base)| height(base))
        .min();
    let theirs = if sky.iter().any(|(cover, _)| *cover == "OVX") {
        height(field("vert_vis_ft")).map_or("obscured".to_owned(), |feet| feet.to_string())
    } else if let Some(feet) = lowest {
        feet.to_string()
    } else if sky.iter().all(|(cover, _)| cover.is_empty()) {
        "not reported".to_owned()
    } else {
        "none".to_owned()
    };
    rows.push(("ceiling", theirs, ours));
    let category = faa_category(body).map_or(String::new(), |c| c.to_string());
    rows.push(("flight category", field("flight_category").to_owned(), category));
    let celsius = report.temperature.as_ref().and_then(|t| t.air_c);
    let theirs = field("temp_c").parse::<f64>().map_or(String::new(), |t| format!("{t:.0}"));
    rows.push(("temperature", theirs, celsius.map_or(String::new(), |t| t.to_string())));
    let codes = body.weather.iter().map(|w| w.text.as_str()).collect::<Vec<_>>().join(" ");
    rows.push(("weather", field("wx_string").to_owned(), codes));
    rows
}
