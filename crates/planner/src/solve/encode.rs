//! Reads a plan back into wishes, to start from it or to stay near it.

use super::decode::ChurnPrice;
use super::done::Ids;
use super::genome::{ANY, Favoured, NightWishes, Shift, Wish};
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
    let groups = |load: &Load| -> Groups {
        let set = load.keys().filter_map(|k| ids.classes.get(k.as_str()));
        set.fold(0, |all, &k| all | 1 << m.problem.classes[k].separation)
    };
    let bits = |route: usize, load: &Load| -> Favoured {
        let classes = &m.lanes[m.lines[route].lane].classes;
        let aboard = load.keys().filter_map(|k| ids.classes.get(k.as_str()));
        let bit = |&k: &usize| classes.iter().find(|c| c.class == k).map_or(0, |c| c.bit);
        aboard.fold(0, |all, k| all | bit(k))
    };
    let mode_for = |route: usize, groups: Groups| {
        let modes = &m.lines[route].modes;
        modes.iter().position(|s| groups & s == groups).unwrap_or(0) as u8
    };
    for s in &plan.sorties {
        let Some(t) = within(s.night) else { continue };
        let route = *ids.routes.get(s.route.as_str()).ok_or_else(|| unknown("route", &s.route))?;
        nights[t].wishes.push(Wish {
            favoured: bits(route, &s.load),
            ..Wish::any(route as u16, mode_for(route, groups(&s.load)))
        });
    }
    for c in &plan.convoys {
        let Some(t) = within(c.night) else { continue };
        let route = *ids.routes.get(c.route.as_str()).ok_or_else(|| unknown("route", &c.route))?;
        let mut vehicles = [0u8; MAX_VEHICLE_TYPES];
        let (mut aboard, mut favoured) = (0, 0);
        for v in &c.vehicles {
            let kind = ids.types.get(v.vehicle_type.as_str());
            let kind = *kind.ok_or_else(|| unknown("vehicle type", &v.vehicle_type))?;
            vehicles[kind] = vehicles[kind].saturating_add(1).min(ANY - 1);
            aboard |= groups(&v.load);
            favoured |= bits(route, &v.load);
        }
        let mode = mode_for(route, aboard);
        nights[t].wishes.push(Wish { route: route as u16, mode, vehicles, favoured });
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
