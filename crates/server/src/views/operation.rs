//! What does not change while an operation runs.

use crate::api;
use scenario::{PublishedFigure, Scenario, Site};

pub fn operation(scenario: &Scenario, exercise: bool) -> api::Operation {
    let operation = &scenario.operation;
    let mandate = &operation.mandate;
    api::Operation {
        id: operation.id.to_string(),
        names: text(&operation.names),
        mandate: format!(
            "Ordered by {} on {}: {} ({})",
            mandate.ordered_by, mandate.ordered_on, mandate.legal_basis.en, mandate.source
        ),
        cohort: operation.cohort_size,
        nights: operation.nights().map(|n| n.to_string()).collect(),
        utc_offset_s: operation.utc_offset.seconds(),
        authorities: (scenario.authorities.iter())
            .map(|a| api::Authority {
                id: a.id.to_string(),
                names: text(&a.names),
                kind: a.kind.code().to_owned(),
            })
            .collect(),
        sites: scenario.sites.iter().map(site).collect(),
        legs: (scenario.legs.iter())
            .map(|leg| api::Leg {
                id: leg.id.clone(),
                from: leg.from.to_string(),
                to: leg.to.to_string(),
                kind: leg.kind.code().to_owned(),
                line: leg.line.iter().map(|p| [p.lon, p.lat]).collect(),
            })
            .collect(),
        published: scenario.published.iter().map(published).collect(),
        waypoints: (scenario.legs.iter())
            .flat_map(|leg| &leg.waypoints)
            .map(|waypoint| named(waypoint.id.as_str(), &waypoint.names))
            .collect(),
        depots: (scenario.fleet.depots.iter()).map(|d| named(&d.id, &d.names)).collect(),
        vehicle_types: (scenario.fleet.types.iter())
            .map(|kind| named(&kind.id, &kind.names))
            .chain([named(&scenario.fleet.aircraft.id, &scenario.fleet.aircraft.names)])
            .collect(),
        vehicles: (scenario.fleet.vehicles().into_iter())
            .map(|v| api::Vehicle { id: v.id.to_string(), kind: v.kind, depot: v.depot })
            .collect(),
        exercise,
    }
}

fn named(id: &str, names: &scenario::Text) -> api::Named {
    api::Named { id: id.to_owned(), names: text(names) }
}

fn site(site: &Site) -> api::Site {
    let part = match (&site.origin, &site.destination) {
        _ if !site.in_scope => "context",
        (Some(_), _) => "origin",
        (_, Some(_)) => "destination",
        _ => "way",
    };
    api::Site {
        id: site.id.to_string(),
        names: text(&site.names),
        kind: site.kind.code().to_owned(),
        part: part.to_owned(),
        authority: Some(site.authority.to_string()),
        lat: site.lat,
        lon: site.lon,
        units: (site.units.iter())
            .map(|u| api::Unit {
                id: u.id.to_string(),
                names: text(&u.names),
                rating: u.rating.code().to_owned(),
                capacity: u.capacity,
                medical: u.medical,
                juvenile: u.juvenile,
            })
            .collect(),
    }
}

pub fn text(text: &scenario::Text) -> api::Text {
    api::Text { en: text.en.clone(), ar: text.ar.clone(), ckb: text.ckb.clone() }
}

pub fn published(figure: &PublishedFigure) -> api::Published {
    api::Published {
        date: figure.date.to_string(),
        subject: figure.subject.clone(),
        low: figure.low,
        high: figure.high,
        who: figure.said_by.clone(),
        source: figure.source.clone(),
    }
}

/// What each site is to the operation, for `ledger`.
pub fn sites(scenario: &Scenario) -> ledger::Sites {
    let kind = |site: &Site| match (&site.origin, &site.destination) {
        (Some(_), _) => ledger::SiteKind::Origin,
        (_, Some(_)) => ledger::SiteKind::Destination,
        _ if site.kind == scenario::SiteKind::Staging => ledger::SiteKind::Staging,
        _ => ledger::SiteKind::Other,
    };
    scenario.sites.iter().map(|s| (s.id.clone(), kind(s))).collect()
}
