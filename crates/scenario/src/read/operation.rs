//! `operation.toml` and `authorities.toml`.

use super::source::Index;
use super::table::{Placed, Table};
use crate::authority::{Authority, AuthorityKind};
use crate::cohort::Gate;
use crate::operation::*;
use domain::ids::{AuthorityId, OperationId};
use jiff::tz::Offset;

pub fn operation(t: &Table, index: &mut Index) -> Option<Operation> {
    let id = t.parse("id", OperationId::new);
    let names = t.text("names");
    let first_night = t.date("first_night");
    let nights = t.uint("nights");
    if nights == Some(0) {
        t.file().find(t.at, "out-of-range", "'nights' is 0", "an operation has at least one night");
    }
    let utc_offset = t.parse("utc_offset", offset);
    let (night_from, night_to) = (t.time("night_from"), t.time("night_to"));
    let cohort_size = t.uint("cohort_size");
    let max_vehicles = t.uint("max_vehicles");
    let mandate = t.table("mandate").and_then(|m| mandate(&m));
    let prices = t.table("prices").and_then(|p| prices(&p));
    let separation = named(t, index, "separation_group", "separation group")
        .into_iter()
        .map(|(id, names)| SeparationGroup { id, names })
        .collect();
    let nationality_groups = named(t, index, "nationality_group", "nationality group")
        .into_iter()
        .map(|(id, names)| NationalityGroup { id, names })
        .collect();
    let conflicts = pairs(t, index, "conflicts");
    let convoy_apart = pairs(t, index, "convoy_apart");
    let minima = t.table("minima");
    let air_minima = minima.as_ref().and_then(|m| m.table("air")).and_then(|m| self::minima(&m));
    let road_minima = minima.as_ref().and_then(|m| m.table("road")).and_then(|m| self::minima(&m));
    let stations = minima.as_ref().map(|m| strings(m.strings("stations"))).unwrap_or_default();
    if let Some(minima) = minima {
        minima.done();
    }
    Some(Operation {
        id: id?,
        names: names?,
        mandate: mandate?,
        first_night: first_night?,
        nights: nights?,
        utc_offset: utc_offset?,
        night_from: night_from?,
        night_to: night_to?,
        cohort_size: cohort_size?,
        max_vehicles: max_vehicles?,
        prices: prices?,
        separation,
        conflicts,
        convoy_apart,
        nationality_groups,
        air_minima: air_minima?,
        road_minima: road_minima?,
        stations,
    })
}

/// `+03:00` or `-05:30`.
fn offset(text: &str) -> Result<Offset, &'static str> {
    let wanted = "an offset as +03:00 is wanted";
    let sign = match text.as_bytes().first() {
        Some(b'+') => 1,
        Some(b'-') => -1,
        _ => return Err(wanted),
    };
    let (hours, minutes) = text[1..].split_once(':').ok_or(wanted)?;
    let hours: i32 = hours.parse().map_err(|_| wanted)?;
    let minutes: i32 = minutes.parse().map_err(|_| wanted)?;
    Offset::from_seconds(sign * (hours * 3600 + minutes * 60)).map_err(|_| wanted)
}

fn mandate(t: &Table) -> Option<Mandate> {
    let ordered_by = t.parse("ordered_by", AuthorityId::new);
    let ordered_on = t.date("ordered_on");
    let legal_basis = t.text("legal_basis");
    let source = t.string("source");
    t.done();
    Some(Mandate {
        ordered_by: ordered_by?,
        ordered_on: ordered_on?,
        legal_basis: legal_basis?,
        source: source?,
    })
}

fn prices(t: &Table) -> Option<Prices> {
    let (team, orbit, reposition) = (t.uint("team"), t.uint("orbit"), t.uint("reposition"));
    let (left, air) = (t.uint("left"), t.uint("air"));
    t.done();
    Some(Prices { team: team?, orbit: orbit?, reposition: reposition?, left: left?, air: air? })
}

fn minima(t: &Table) -> Option<Minima> {
    let (ceiling_ft, visibility_m) = (t.uint("ceiling_ft"), t.uint("visibility_m"));
    let (wind_kt, gust_kt) = (t.uint("wind_kt"), t.uint("gust_kt"));
    let prohibited = t.strings("prohibited");
    for pattern in &prohibited {
        if weather::Pattern::new(pattern.value).is_err() {
            let what = format!("'{}' is not a weather code", pattern.value);
            let help = "write it as in a METAR: TS, +SS, BLDU, FZRA";
            t.file().find(pattern.at, "unknown-weather", what, help);
        }
    }
    let prohibited = strings(prohibited);
    t.done();
    Some(Minima {
        ceiling_ft: ceiling_ft?,
        visibility_m: visibility_m?,
        wind_kt: wind_kt?,
        gust_kt: gust_kt?,
        prohibited,
    })
}

/// Tables of an id and names; ids are noted under `kind`.
fn named(
    t: &Table,
    index: &mut Index,
    key: &'static str,
    kind: &'static str,
) -> Vec<(String, crate::Text)> {
    let mut all = Vec::new();
    for item in t.tables(key) {
        let id = item.str("id");
        if let Some(id) = id {
            index.define(kind, id.value, t.file(), id.at);
        }
        let names = item.text("names");
        item.done();
        all.extend(id.zip(names).map(|(id, names)| (id.value.to_owned(), names)));
    }
    all
}

/// Pairs of separation groups.
fn pairs(t: &Table, index: &Index, key: &'static str) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for item in t.items(key) {
        let groups = item.value.as_array().filter(|a| a.len() == 2);
        let groups: Option<Vec<&str>> =
            groups.and_then(|a| a.iter().map(|v| v.get_ref().as_str()).collect());
        let Some(groups) = groups else {
            let help = "write [\"one\", \"other\"]";
            t.file().find(item.at, "wrong-type", format!("'{key}' wants pairs of groups"), help);
            continue;
        };
        let known = |id| index.refer("separation group", id, t.file(), item.at);
        if known(groups[0]) & known(groups[1]) {
            all.push((groups[0].to_owned(), groups[1].to_owned()));
        }
    }
    all
}

pub fn strings(all: Vec<Placed<&str>>) -> Vec<String> {
    all.into_iter().map(|p| p.value.to_owned()).collect()
}

pub fn authorities(t: &Table, index: &mut Index) -> Option<Vec<Authority>> {
    let mut all = Vec::new();
    for item in t.tables("authority") {
        all.extend(authority(&item, index));
    }
    for gate in Gate::ALL {
        if !all.iter().any(|a: &Authority| a.clears.contains(gate)) {
            let help = format!("add clears = [\"{gate}\"] to the authority that does");
            t.file().find_whole("no-one-decides", format!("nobody decides gate '{gate}'"), help);
        }
    }
    Some(all)
}

fn authority(t: &Table, index: &mut Index) -> Option<Authority> {
    let id = t.str("id");
    if let Some(id) = id {
        index.define("authority", id.value, t.file(), id.at);
    }
    let id = t.parse("id", AuthorityId::new);
    let names = t.text("names");
    let kind = t.code("kind", AuthorityKind::ALL, AuthorityKind::code);
    let country = if t.has("country") { t.string("country") } else { None };
    let resolves = t.bool_or("resolves", false);
    let observes = t.bool_or("observes", false);
    let clears = t.codes("clears", Gate::ALL, Gate::code);
    t.done();
    Some(Authority { id: id?, names: names?, kind: kind?, country, resolves, observes, clears })
}
