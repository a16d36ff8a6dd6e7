//! `routes.toml`: legs and routes, and whether they connect.

use super::source::{At, Index, Source};
use super::table::{Placed, Table, number};
use crate::route::*;
use crate::site::Site;
use domain::ids::{SiteId, WaypointId};
use std::collections::BTreeMap;

/// How far the end of a leg's line may lie from its site: sites are rounded to the town.
const END_WITHIN_KM: f64 = 15.0;

pub fn routes(
    t: &Table,
    index: &mut Index,
    sites: Option<&[Site]>,
) -> Option<(Vec<Leg>, Vec<Route>)> {
    let mut legs = Vec::new();
    let mut ends = BTreeMap::new();
    for item in t.tables("leg") {
        if let (Some(id), Some(from), Some(to)) = (item.str("id"), item.str("from"), item.str("to"))
        {
            ends.insert(id.value.to_owned(), (from.value.to_owned(), to.value.to_owned()));
        }
        legs.extend(leg(&item, index, sites));
    }
    let mut routes = Vec::new();
    for item in t.tables("route") {
        routes.extend(route(&item, index, &ends));
    }
    Some((legs, routes))
}

/// A defined site (or one of a kind of site) named by `key`.
pub fn site(t: &Table, index: &Index, key: &'static str, kind: &'static str) -> Option<SiteId> {
    let id = t.str(key)?;
    let known = index.refer(kind, id.value, t.file(), id.at);
    SiteId::new(id.value).ok().filter(|_| known)
}

fn leg(t: &Table, index: &mut Index, sites: Option<&[Site]>) -> Option<Leg> {
    let id = t.str("id");
    if let Some(id) = id {
        index.define("leg", id.value, t.file(), id.at);
    }
    let (from, to) = (site(t, index, "from", "site"), site(t, index, "to", "site"));
    let kind = t.code("kind", RouteKind::ALL, RouteKind::code);
    let hours = t.float("hours", 0.01, 24.0);
    let line = line(t);
    let mut waypoints = Vec::new();
    for item in t.tables("waypoint") {
        waypoints.extend(waypoint(&item, index));
    }
    if waypoints.windows(2).any(|w| w[1].at <= w[0].at) {
        let what = "waypoints are not in order of travel";
        t.file().find(t.at, "out-of-order", what, "let `at` grow from one to the next");
    }
    t.done();
    if let (Some(sites), Some(line)) = (sites, &line) {
        for (site, end) in [(&from, line.first()), (&to, line.last())] {
            let site = site.as_ref().and_then(|id| sites.iter().find(|s| s.id == *id));
            let (Some(site), Some(end)) = (site, end) else { continue };
            let km = piece_km(Point { lon: site.lon, lat: site.lat }, *end);
            if km > END_WITHIN_KM {
                let what = format!("the line ends {km:.0} km from {}", site.id);
                let help = "points are [lon, lat]; begin and end the line at the leg's sites";
                t.file().find(t.at, "line-off-site", what, help);
            }
        }
    }
    Some(Leg {
        id: id?.value.to_owned(),
        from: from?,
        to: to?,
        kind: kind?,
        hours: hours?,
        waypoints,
        line: line?,
    })
}

fn line(t: &Table) -> Option<Vec<Point>> {
    let mut points = Vec::new();
    for item in t.items("line") {
        let pair = item.value.as_array().filter(|a| a.len() == 2);
        let pair = pair.and_then(|a| number(a[0].get_ref()).zip(number(a[1].get_ref())));
        match pair {
            Some((lon, lat)) if lon.abs() <= 180.0 && lat.abs() <= 90.0 => {
                points.push(Point { lon, lat })
            }
            _ => t.file().find(item.at, "not-valid", "a point is [lon, lat] in degrees", ""),
        }
    }
    if points.len() < 2 {
        let help = "add line = [[lon, lat], [lon, lat]]";
        t.file().find(t.at, "missing-key", "the leg has no line of two points or more", help);
        return None;
    }
    Some(points)
}

fn waypoint(t: &Table, index: &mut Index) -> Option<Waypoint> {
    let text = t.str("id");
    if let Some(id) = text {
        index.define("waypoint", id.value, t.file(), id.at);
    }
    let id = t.parse("id", WaypointId::new);
    let names = t.text("names");
    let at = t.float("at", 0.0, 1.0);
    t.done();
    Some(Waypoint { id: id?, names: names?, at: at? })
}

fn route(t: &Table, index: &mut Index, ends: &BTreeMap<String, (String, String)>) -> Option<Route> {
    let id = t.str("id");
    if let Some(id) = id {
        index.define("route", id.value, t.file(), id.at);
    }
    let kind = t.code("kind", RouteKind::ALL, RouteKind::code);
    let origin = site(t, index, "origin", "origin");
    let dest = site(t, index, "dest", "destination");
    let crossing = if t.has("crossing") { site(t, index, "crossing", "crossing") } else { None };
    if kind == Some(RouteKind::Road) && !t.has("crossing") {
        let help = "add crossing = \"…\"";
        t.file().find(t.at, "missing-key", "a route by road needs its border crossing", help);
    }
    let legs = t.strings("legs");
    for leg in &legs {
        index.refer("leg", leg.value, t.file(), leg.at);
    }
    if let (Some(origin), Some(dest)) = (&origin, &dest) {
        connect(t.file(), t.at, &legs, ends, origin.as_str(), dest.as_str());
    }
    let expo_slots = t.uint("expo_slots");
    let (cycle, team_cycle) = (t.uint("cycle_nights"), t.uint("team_cycle_nights"));
    for (key, n) in [("cycle_nights", cycle), ("team_cycle_nights", team_cycle)] {
        if n == Some(0) {
            let what = format!("'{key}' is 0, what leaves cannot be back before it left");
            t.file().find(t.at, "out-of-range", what, "write 1 or more");
        }
    }
    let teams = t.uint("teams");
    let risk = t.float("risk", 0.0, 10.0);
    t.done();
    Some(Route {
        id: id?.value.to_owned(),
        kind: kind?,
        origin: origin?,
        dest: dest?,
        legs: legs.into_iter().map(|l| l.value.to_owned()).collect(),
        crossing,
        expo_slots: expo_slots?,
        cycle_nights: cycle?,
        team_cycle_nights: team_cycle?,
        teams: teams?,
        risk: risk?,
    })
}

/// Each leg begins where the one before it ends, the first at the origin; the last ends at the destination.
fn connect(
    file: &Source,
    at: At,
    legs: &[Placed<&str>],
    ends: &BTreeMap<String, (String, String)>,
    origin: &str,
    dest: &str,
) {
    let mut here = origin;
    let mut last = at;
    for leg in legs {
        let Some((from, to)) = ends.get(leg.value) else { return };
        if from != here {
            let what = format!("leg '{}' begins at {from}, but the route is at {here}", leg.value);
            file.find(
                leg.at,
                "legs-do-not-connect",
                what,
                format!("put a leg from {here} before it"),
            );
            return;
        }
        (here, last) = (to, leg.at);
    }
    if here != dest {
        let what = format!("the legs end at {here}, the route at {dest}");
        file.find(last, "legs-do-not-connect", what, format!("add a leg from {here} to {dest}"));
    }
}
