//! `fleet.toml`.

use super::source::Index;
use super::table::Table;
use crate::fleet::*;
use crate::operation::Operation;
use std::collections::BTreeMap;

pub fn fleet(t: &Table, index: &mut Index, operation: Option<&Operation>) -> Option<Fleet> {
    let mut types = Vec::new();
    for item in t.tables("vehicle") {
        types.extend(vehicle_type(&item, index));
    }
    let mut depots = Vec::new();
    for item in t.tables("depot") {
        depots.extend(depot(&item, index));
    }
    let aircraft = t.table("aircraft").and_then(|a| aircraft(&a, operation));
    Some(Fleet { types, depots, aircraft: aircraft? })
}

fn vehicle_type(t: &Table, index: &mut Index) -> Option<VehicleType> {
    let id = t.str("id");
    if let Some(id) = id {
        index.define("vehicle type", id.value, t.file(), id.at);
    }
    let names = t.text("names");
    let places = t.uint("places");
    let suits = t.codes("suits", Need::ALL, Need::code);
    if suits.is_empty() {
        t.file().find(t.at, "missing-key", "the type suits nobody", "add suits = [\"seat\"]");
    }
    let (guards, cost) = (t.uint("guards"), t.uint("cost"));
    t.done();
    Some(VehicleType {
        id: id?.value.to_owned(),
        names: names?,
        places: places?,
        suits,
        guards: guards?,
        cost: cost?,
    })
}

fn depot(t: &Table, index: &mut Index) -> Option<Depot> {
    let id = t.str("id");
    if let Some(id) = id {
        index.define("depot", id.value, t.file(), id.at);
    }
    let names = t.text("names");
    let authority = super::sites::authority(t, index);
    let (lat, lon) = (t.float("lat", -90.0, 90.0), t.float("lon", -180.0, 180.0));
    let fleet = counts(t, index, "fleet");
    let parking = counts(t, index, "parking");
    if let (Some(fleet), Some(parking)) = (&fleet, &parking) {
        for (kind, n) in fleet {
            let room = parking.get(kind).copied().unwrap_or(0);
            if room < *n {
                let what = format!("{n} of type '{kind}' but parking for {room}");
                t.file().find(t.at, "over-capacity", what, "raise parking or lower the fleet");
            }
        }
    }
    let (teams, guards) = (t.uint("teams"), t.uint("guards"));
    t.done();
    Some(Depot {
        id: id?.value.to_owned(),
        names: names?,
        authority: authority?,
        lat: lat?,
        lon: lon?,
        fleet: fleet?,
        parking: parking?,
        teams: teams?,
        guards: guards?,
    })
}

fn counts(t: &Table, index: &Index, key: &'static str) -> Option<BTreeMap<String, u32>> {
    let mut all = BTreeMap::new();
    for (kind, n) in t.table(key)?.counts() {
        if index.refer("vehicle type", kind.value, t.file(), kind.at) {
            all.insert(kind.value.to_owned(), n);
        }
    }
    Some(all)
}

fn aircraft(t: &Table, operation: Option<&Operation>) -> Option<Aircraft> {
    let id = t.string("id");
    let names = t.text("names");
    let (places, litters) = (t.uint("places"), t.uint("litters"));
    let mut sorties = BTreeMap::new();
    for span in t.tables("sorties") {
        let (from, to) = (span.placed_date("from"), span.placed_date("to"));
        let per_night = span.uint("per_night");
        span.done();
        let (Some(from), Some(to), Some(n), Some(operation)) = (from, to, per_night, operation)
        else {
            continue;
        };
        for end in [from, to] {
            if operation.night_index(end.value).is_none() {
                super::calendar::out_of_operation(t.file(), end.at, end.value, operation);
            }
        }
        for night in operation.nights().filter(|n| (from.value..=to.value).contains(n)) {
            if sorties.insert(night, n).is_some() {
                let what = format!("sorties of night {night} are given twice");
                t.file().find(span.at, "duplicate-night", what, "let the spans not overlap");
            }
        }
    }
    t.done();
    Some(Aircraft { id: id?, names: names?, places: places?, litters: litters?, sorties })
}
