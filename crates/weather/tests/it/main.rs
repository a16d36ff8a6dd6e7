//! Tests of the public face: text in, reading and verdict out.

mod category;
mod forecast;
mod gate;
mod properties;
mod second_opinion;
mod table;
mod traps;

use amana_weather::{Report, Taf};
use jiff::Timestamp;

/// All cases are received on this day unless they say otherwise.
fn received() -> Timestamp {
    "2026-01-26T14:00:00Z".parse().unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn report(text: &str) -> Report {
    Report::parse(text, received()).unwrap()
}

fn taf(text: &str) -> Taf {
    Taf::parse(text, received()).unwrap()
}

/// The cases of a file in `tests/cases`, one a line, comments left out.
fn cases(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'))
}

const REPORTS: &str = include_str!("../cases/reports.txt");
const TAFS: &str = include_str!("../cases/tafs.txt");
