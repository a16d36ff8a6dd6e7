//! `sites.toml`.

use super::source::Index;
use super::table::Table;
use crate::site::*;
use domain::ids::{AuthorityId, SiteId, UnitId};

pub fn sites(t: &Table, index: &mut Index) -> Option<Vec<Site>> {
    let mut all = Vec::new();
    for item in t.tables("site") {
        all.extend(site(&item, index));
    }
    let receivers: Vec<&Site> = all.iter().filter(|s: &&Site| s.destination.is_some()).collect();
    if !receivers.is_empty() && !receivers.iter().any(|s| s.units.iter().any(|u| u.juvenile)) {
        let help = "add juvenile = true to one unit of a destination";
        t.file().find_whole(
            "no-juvenile-unit",
            "no destination has a unit for people under 18",
            help,
        );
    }
    Some(all)
}

/// The authority named by `authority`, which must be defined.
pub fn authority(t: &Table, index: &Index) -> Option<AuthorityId> {
    let id = t.str("authority")?;
    let known = index.refer("authority", id.value, t.file(), id.at);
    AuthorityId::new(id.value).ok().filter(|_| known)
}

fn site(t: &Table, index: &mut Index) -> Option<Site> {
    let text = t.str("id");
    if let Some(id) = text {
        index.define("site", id.value, t.file(), id.at);
    }
    let id = t.parse("id", SiteId::new);
    let names = t.text("names");
    let kind = t.code("kind", SiteKind::ALL, SiteKind::code);
    if let (Some(id), Some(SiteKind::Crossing)) = (text, kind) {
        index.define("crossing", id.value, t.file(), id.at);
    }
    let authority = authority(t, index);
    let country = t.string("country");
    let (lat, lon) = (t.float("lat", -90.0, 90.0), t.float("lon", -180.0, 180.0));
    let in_scope = t.bool_or("in_scope", true);
    let airfield = t.bool_or("airfield", false);
    let hold_max_h = if t.has("hold_max_h") { t.uint("hold_max_h") } else { None };
    let origin_table = t.opt_table("origin");
    let origin = origin_table.as_ref().and_then(|o| origin(o, index));
    let destination_table = t.opt_table("destination");
    let destination = destination_table.as_ref().and_then(|d| destination(d, index));
    if let Some(id) = text {
        if origin_table.is_some() {
            index.define("origin", id.value, t.file(), id.at);
        }
        if destination_table.is_some() {
            index.define("destination", id.value, t.file(), id.at);
        }
    }
    let mut units = Vec::new();
    for item in t.tables("unit") {
        units.extend(unit(&item, index, id.as_ref()));
    }
    if units.is_empty() && (origin_table.is_some() || destination_table.is_some()) {
        let help = "add a [[site.unit]] with its capacity";
        t.file().find(t.at, "missing-key", "a site that holds people has no unit", help);
    }
    t.done();
    Some(Site {
        id: id?,
        names: names?,
        kind: kind?,
        authority: authority?,
        country: country?,
        lat: lat?,
        lon: lon?,
        in_scope,
        airfield,
        hold_max_h,
        origin,
        destination,
        units,
    })
}

fn origin(t: &Table, index: &Index) -> Option<Origin> {
    let depot = t.str("depot");
    let known = depot.is_some_and(|d| index.refer("depot", d.value, t.file(), d.at));
    let (out_limit, bays, safe) = (t.uint("out_limit"), t.uint("bays"), t.uint("safe"));
    let (wait_cost, growth) = (t.uint("wait_cost"), t.uint("wait_growth_percent"));
    let over_cost = t.uint("over_cost");
    t.done();
    Some(Origin {
        depot: depot.filter(|_| known)?.value.to_owned(),
        out_limit: out_limit?,
        bays: bays?,
        safe: safe?,
        wait_cost: wait_cost?,
        wait_growth_percent: growth?,
        over_cost: over_cost?,
    })
}

fn destination(t: &Table, index: &Index) -> Option<Destination> {
    let accepts = groups(t, index, "accepts", "nationality group");
    if accepts.is_empty() {
        t.file().find(t.at, "missing-key", "the destination accepts nobody", "add accepts = […]");
    }
    t.done();
    Some(Destination { accepts })
}

fn groups(t: &Table, index: &Index, key: &'static str, kind: &'static str) -> Vec<String> {
    let known = t.strings(key).into_iter().filter(|g| index.refer(kind, g.value, t.file(), g.at));
    known.map(|g| g.value.to_owned()).collect()
}

fn unit(t: &Table, index: &mut Index, site: Option<&SiteId>) -> Option<Unit> {
    let text = t.str("id");
    let id = site.and_then(|site| t.parse("id", |id| UnitId::new(site.clone(), id)));
    if let (Some(text), Some(id)) = (text, &id) {
        index.define("unit", &id.to_string(), t.file(), text.at);
    }
    let names = t.text("names");
    let rating = t.code("rating", Rating::ALL, Rating::code);
    let (medical, juvenile) = (t.bool_or("medical", false), t.bool_or("juvenile", false));
    let capacity = t.uint("capacity");
    let separation = groups(t, index, "separation", "separation group");
    t.done();
    Some(Unit {
        id: id?,
        names: names?,
        rating: rating?,
        medical,
        juvenile,
        capacity: capacity?,
        separation,
    })
}
