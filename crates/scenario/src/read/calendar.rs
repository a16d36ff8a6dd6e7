//! `crossings.csv`, `cover.csv`, `intake.csv`.

use super::rows::rows;
use super::source::{At, Index, Source};
use crate::calendar::*;
use crate::operation::Operation;
use domain::ids::{Night, SiteId};
use std::collections::BTreeMap;

/// Notes that a date is not one of the operation's nights.
pub fn out_of_operation(file: &Source, at: At, night: Night, operation: &Operation) {
    let what = format!("{night} is not a night of the operation");
    let help = format!("the nights are {} to {}", operation.first_night, operation.last_night());
    file.find(at, "out-of-range", what, help);
}

type Nights<'a> = Option<&'a Operation>;

fn night_of(row: &super::rows::Row, operation: Nights) -> Option<Night> {
    let night = row.date("night")?;
    if let Some(operation) = operation
        && operation.night_index(night).is_none()
    {
        out_of_operation(row.file(), row.at("night"), night, operation);
        return None;
    }
    Some(night)
}

fn site_of(
    row: &super::rows::Row,
    index: &Index,
    column: &str,
    kind: &'static str,
) -> Option<SiteId> {
    let id = row.str(column)?;
    let known = index.refer(kind, id, row.file(), row.at(column));
    SiteId::new(id).ok().filter(|_| known)
}

/// Notes a second row for the same thing.
fn once<K: Ord>(seen: &mut BTreeMap<K, u32>, key: K, row: &super::rows::Row, what: String) {
    if let Some(first) = seen.insert(key, row.line) {
        let at = At { line: row.line, column: None };
        let help = format!("the first is at line {first}: keep one");
        row.file().find(at, "duplicate-night", what, help);
    }
}

pub fn crossings(file: &Source, index: &Index, nights: Nights) -> Option<Vec<CrossingNight>> {
    let mut all = Vec::new();
    let mut seen = BTreeMap::new();
    for row in rows(file, &["night", "crossing", "slots", "source"]) {
        let (night, slots) = (night_of(&row, nights), row.uint("slots"));
        let crossing = site_of(&row, index, "crossing", "crossing");
        let source = row.source();
        if let (Some(night), Some(crossing)) = (night, &crossing) {
            let what = format!("slots of {crossing} for night {night} are given twice");
            once(&mut seen, (night, crossing.clone()), &row, what);
        }
        if let (Some(night), Some(crossing), Some(slots), Some(source)) =
            (night, crossing, slots, source)
        {
            all.push(CrossingNight { night, crossing, slots, source });
        }
    }
    Some(all)
}

pub fn cover(file: &Source, nights: Nights) -> Option<Vec<CoverNight>> {
    let mut all = Vec::new();
    let mut seen = BTreeMap::new();
    for row in rows(file, &["night", "orbits", "slots", "from", "to", "source"]) {
        let night = night_of(&row, nights);
        let (orbits, slots) = (row.uint("orbits"), row.uint("slots"));
        let (from, to) = (row.time("from"), row.time("to"));
        let source = row.source();
        if let Some(night) = night {
            once(&mut seen, night, &row, format!("cover of night {night} is given twice"));
        }
        if let (Some(night), Some(orbits), Some(slots), Some(from), Some(to), Some(source)) =
            (night, orbits, slots, from, to, source)
        {
            all.push(CoverNight { night, orbits, slots, from, to, source });
        }
    }
    let complete = file.is_clean();
    for night in nights.into_iter().flat_map(Operation::nights) {
        if complete && !seen.contains_key(&night) {
            let help = "add a row; 0 orbits when there is none";
            file.find_whole("missing-night", format!("cover of night {night} is not given"), help);
        }
    }
    all.sort_by_key(|c: &CoverNight| c.night);
    Some(all)
}

pub fn intake(file: &Source, index: &Index, nights: Nights) -> Option<Vec<IntakePromise>> {
    let mut all: Vec<IntakePromise> = Vec::new();
    let mut seen = BTreeMap::new();
    for row in rows(file, &["announced", "site", "night", "people", "source"]) {
        let announced = row.date("announced");
        let (night, people) = (night_of(&row, nights), row.uint("people"));
        let site = site_of(&row, index, "site", "destination");
        let source = row.source();
        if let (Some(announced), Some(night)) = (announced, night)
            && announced > night
        {
            let what = format!("a promise for {night} announced after it, on {announced}");
            row.file().find(row.at("announced"), "out-of-range", what, "announce it by that night");
        }
        if let (Some(announced), Some(site), Some(night)) = (announced, &site, night) {
            let what =
                format!("intake of {site} for night {night} is announced twice on {announced}");
            once(&mut seen, (announced, site.clone(), night), &row, what);
        }
        if let (Some(announced), Some(site), Some(night), Some(people), Some(source)) =
            (announced, site, night, people, source)
        {
            all.push(IntakePromise { announced, site, night, people, source });
        }
    }
    if let Some(operation) = nights.filter(|_| file.is_clean()) {
        first_promises(file, &all, operation);
    }
    Some(all)
}

/// At the first night there is a promise for every night of every site that promises anything.
fn first_promises(file: &Source, all: &[IntakePromise], operation: &Operation) {
    let mut sites: Vec<&SiteId> = all.iter().map(|p| &p.site).collect();
    sites.sort();
    sites.dedup();
    for site in sites {
        for night in operation.nights() {
            let known = |p: &&IntakePromise| {
                p.site == *site && p.night == night && p.announced <= operation.first_night
            };
            if !all.iter().any(|p| known(&p)) {
                let what = format!("{site} promises nothing for night {night} at the start");
                let help = "add a row announced by the first night; 0 people when none";
                file.find_whole("missing-night", what, help);
            }
        }
    }
}
