//! From a problem to the file.

use super::shape::*;
use crate::problem::*;

impl From<&Problem> for ProblemFile {
    fn from(p: &Problem) -> Self {
        let sep = |s: usize| p.separation_groups[s].clone();
        let nat = |n: usize| p.nationality_groups[n].clone();
        let pairs = |list: &[[usize; 2]]| list.iter().map(|&[a, b]| [sep(a), sep(b)]).collect();
        let by_type = |counts: &[i64]| {
            p.vehicle_types.iter().map(|v| v.id.clone()).zip(counts.iter().copied()).collect()
        };
        Self {
            format: "muster-v1".to_owned(),
            name: p.name.clone(),
            people: Some(p.people()),
            nights: p.nights,
            seps: p.separation_groups.clone(),
            conflicts: pairs(&p.conflicts),
            convoy_apart: pairs(&p.convoy_apart),
            vehicles: (p.vehicle_types.iter())
                .map(|v| VehicleFile {
                    id: v.id.clone(),
                    places: v.places,
                    needs: v.needs.clone(),
                    guards: v.guards,
                    cost: v.cost,
                })
                .collect(),
            max_vehicles: p.max_vehicles,
            team_cost: p.team_cost,
            orbit_cost: p.orbit_cost,
            reposition_cost: p.reposition_cost,
            left_cost: p.left_cost,
            origins: (p.origins.iter())
                .map(|o| OriginFile {
                    id: o.id.clone(),
                    depot: o.depot,
                    out_limit: Nightly::of(&o.out_limit),
                    bays: Nightly::of(&o.bays),
                    safe: o.safe,
                    wait_cost: Nightly::Each(o.wait_cost.clone()),
                    over_cost: o.over_cost,
                })
                .collect(),
            classes: (p.classes.iter())
                .map(|c| ClassFile {
                    id: c.id.clone(),
                    origin: c.origin,
                    count: c.count,
                    security: c.security,
                    health: c.health,
                    nat: nat(c.nationality),
                    sep: sep(c.separation),
                    need: c.need,
                    vuln: c.vulnerability,
                    ready: c.ready.iter().any(|n| *n != c.count).then(|| c.ready.clone()),
                })
                .collect(),
            crossings: (p.crossings.iter())
                .map(|c| CrossingFile { id: c.id.clone(), slots: c.slots.clone() })
                .collect(),
            cover: (p.cover.iter())
                .map(|c| CoverFile { orbits: c.orbits, slots: c.slots })
                .collect(),
            facilities: (p.facilities.iter())
                .map(|f| FacilityFile {
                    id: f.id.clone(),
                    accepts: f.accepts.iter().map(|&n| nat(n)).collect(),
                    intake: Nightly::of(&f.intake),
                })
                .collect(),
            wings: (p.wings.iter())
                .map(|w| WingFile {
                    id: w.id.clone(),
                    facility: w.facility,
                    cap: w.capacity,
                    rating: w.rating,
                    medical: w.medical,
                })
                .collect(),
            routes: (p.routes.iter())
                .map(|r| RouteFile {
                    id: r.id.clone(),
                    kind: if r.is_air() { Kind::Air } else { Kind::Road },
                    origin: r.origin,
                    dest: r.dest,
                    crossing: match r.way {
                        Way::Road { crossing } => Some(crossing),
                        Way::Air => None,
                    },
                    hours: r.hours,
                    risk: r.risk.clone(),
                    road_cost: r.road_cost.clone(),
                    expo: r.exposure,
                    cycle: r.cycle,
                    team_cycle: r.team_cycle,
                    teams: r.teams,
                })
                .collect(),
            air: AirFile {
                places: p.air.places,
                litters: p.air.litters,
                cost: p.air.cost,
                sorties: p.air.sorties.clone(),
            },
            depots: (p.depots.iter())
                .map(|d| DepotFile {
                    id: d.id.clone(),
                    fleet: by_type(&d.fleet),
                    park: by_type(&d.park),
                    teams: d.teams,
                    guards: d.guards,
                })
                .collect(),
        }
    }
}
