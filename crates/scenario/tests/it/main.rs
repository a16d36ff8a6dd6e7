//! The reference scenario and its cohort; broken folders and what is said of each.

mod broken;
mod cohort;
mod hasakah;
mod planning;
mod weather_reports;

use amana_scenario::Scenario;
use std::path::PathBuf;

pub fn hasakah_dir() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../scenarios/hasakah-2026")
}

pub fn hasakah() -> Scenario {
    Scenario::read(&hasakah_dir()).unwrap_or_else(|e| panic!("{e}"))
}
