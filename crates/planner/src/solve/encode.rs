//! Reads a plan back into wishes, to start from it or to stay near it.

use super::decode::ChurnPrice;
use super::done::Ids;
use super::genome::{ANY, Cap, NightWishes, Shift, Wish};
use super::model::{Groups, Model};
use super::promises::Promises;
use super::{Base, SolveError};
use crate::plan::{ClassPlan, Load};
use crate::problem::MAX_VEHICLE_TYPES;

/// The wishes that decode to (nearly) `plan`. Movements on nights the problem does not have are
/// dropped.
pub(super) fn wishes(m: &Model, plan: &ClassPlan) -> Result<Vec<NightWishes>, SolveError> {
    let ids = Ids::new(m);
    let unknown = |what, id: &str| SolveError::Unknown { what, id: id.to_owned() };
    let mut nights = vec![NightWishes::default(); m.nights];
    let within = |night: i64| usize::try_from(night).ok().filter(|&t| t < m.nights);
    let route_of = |id: &str| ids.routes.get(id).copied().ok_or_else(|| unknown("route", id));
    let mut trips = Vec::new();
    for c in &plan.convoys {
        let Some(t) = within(c.night) else { continue };
        let mut vehicles = [0u8; MAX_VEHICLE_TYPES];
        for v in &c.vehicles {
            let kind = ids.types.get(v.vehicle_type.as_str());
            let kind = *kind.ok_or_else(|| unknown("vehicle type", &v.vehicle_type))?;
            vehicles[kind] = vehicles[kind].saturating_add(1).min(ANY - 1);
        }
        let loads = c.vehicles.iter().map(|v| &v.load).collect();
        trips.push(Trip { t, route: route_of(&c.route)?, vehicles, loads });
    }
    for s in &plan.sorties {
        let Some(t) = within(s.night) else { continue };
        let vehicles = [ANY; MAX_VEHICLE_TYPES];
        trips.push(Trip { t, route: route_of(&s.route)?, vehicles, loads: vec![&s.load] });
    }
    trips.sort_by_key(|trip| trip.t);
    let mut waiting: Vec<i64> = m.problem.classes.iter().map(|c| c.count).collect();
    for trip in trips {
        let wish = trip.wish(m, &mut waiting);
        nights[trip.t].wishes.push(wish);
    }
    for r in &plan.repositions {
        let Some(t) = within(r.night) else { continue };
        let depot = |id: &str| ids.depots.get(id).copied().ok_or_else(|| unknown("depot", id));
        let kind = ids.types.get(r.vehicle_type.as_str()).copied();
        nights[t].shifts.push(Shift {
            from: depot(&r.from)? as u8,
            to: depot(&r.to)? as u8,
            vehicle: kind.ok_or_else(|| unknown("vehicle type", &r.vehicle_type))? as u8,
            count: r.count.clamp(0, 255) as u8,
        });
    }
    Ok(nights)
}

/// A convoy or sortie of a plan.
struct Trip<'p> {
    t: usize,
    route: usize,
    vehicles: [u8; MAX_VEHICLE_TYPES],
    loads: Vec<&'p Load>,
}

impl Trip<'_> {
    /// Takes those aboard off the people `waiting`, by class. Nobody else rides.
    fn wish(&self, m: &Model, waiting: &mut [i64]) -> Wish {
        let line = &m.lines[self.route];
        let mut wish = Wish { vehicles: self.vehicles, ..Wish::any(self.route as u16, 0) };
        let (mut groups, mut caps): (Groups, _) = (0, wish.caps.iter_mut());
        for c in &m.lanes[line.lane].classes {
            let id = &m.problem.classes[c.class].id;
            let aboard: i64 = self.loads.iter().filter_map(|load| load.get(id)).sum();
            waiting[c.class] -= aboard;
            if aboard > 0 {
                groups |= c.separation;
            }
            match waiting[c.class] {
                1.. if aboard == 0 => wish.barred |= c.bit,
                1.. => {
                    if let (Some(cap), Ok(people)) = (caps.next(), aboard.try_into()) {
                        *cap = Cap { class: c.bit, people };
                    }
                }
                _ => {}
            }
        }
        wish.mode = line.modes.iter().position(|s| groups & s == groups).unwrap_or(0) as u8;
        wish
    }
}

/// Groups the plan houses in each wing.
pub(super) fn housed(m: &Model, plan: &ClassPlan) -> Vec<Groups> {
    let ids = Ids::new(m);
    let mut housed = vec![0; m.problem.wings.len()];
    for h in &plan.housing {
        if let (Some(&k), Some(&w)) =
            (ids.classes.get(h.class.as_str()), ids.wings.get(h.wing.as_str()))
        {
            housed[w] |= 1 << m.problem.classes[k].separation;
        }
    }
    housed
}

/// A person told another night weighs as much as this share of a convoy that does not go.
const PEOPLE_OF_A_CONVOY: i64 = 40;

/// The price on departing from these wishes, from night `from` on. Without a price nobody is held
/// to what they were told either.
pub(super) fn churn(m: &Model, nights: &[NightWishes], from: usize, of: &Base) -> ChurnPrice {
    let mut base = vec![Vec::<(u16, i32)>::new(); nights.len()];
    for (t, night) in nights.iter().enumerate().skip(from) {
        for w in &night.wishes {
            match base[t].iter_mut().find(|(route, _)| *route == w.route) {
                Some((_, n)) => *n += 1,
                None => base[t].push((w.route, 1)),
            }
        }
    }
    let price: Vec<i64> =
        (0..nights.len()).map(|t| of.price_ahead(t.saturating_sub(from))).collect();
    let promises = Promises::new(m, &of.plan, if of.churn_price > 0 { from } else { m.nights });
    let person = price.iter().map(|units| units / PEOPLE_OF_A_CONVOY).collect();
    ChurnPrice { price, person, base, wishes: nights.to_vec(), promises }
}
