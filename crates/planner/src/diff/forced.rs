//! Which change of the problem a movement of the old plan did not survive.
//!
//! The old plan is counted as the checker counts it, against the new problem: a change forces
//! something only where a limit that was lowered is overrun.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Serialize, Serializer};

use crate::check::case::Case;
use crate::plan::{MovementKind, PlanDocument, PlanMovement, PlanVehicle};
use crate::problem::{Problem, Route, Way};

/// One thing that is otherwise in the new problem.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Forcing {
    /// In a word: `nothing-moved`, `carried-out-otherwise`, `no-route`, `night-lost`, `half-hour`, `sortie`, `intake`,
    /// `out-processing`, `loading-bay`, `crossing-slot`, `vehicles`, `escort-team`, `guard`, `beds`,
    /// `people`, `gates`.
    pub what: &'static str,
    /// Id of the site, depot, crossing, wing or route; of the origin, for people and gates. Empty where it
    /// is about a night.
    pub place: String,
    /// Vehicle type, for vehicles.
    pub vehicle: String,
    pub night: Option<usize>,
    /// How many there were and are; both 0 where nothing is counted.
    pub was: i64,
    pub is: i64,
    words: String,
}

/// In a sentence.
impl fmt::Display for Forcing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words)
    }
}

impl Serialize for Forcing {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.words)
    }
}

impl Forcing {
    fn new(what: &'static str, place: &str, night: Option<usize>, words: String) -> Self {
        let (place, vehicle) = (place.to_owned(), String::new());
        Self { what, place, vehicle, night, was: 0, is: 0, words }
    }

    fn counted(self, was: i64, is: i64) -> Self {
        Self { was, is, ..self }
    }
}

/// What changed between two problems, and what of the old plan that hits.
pub struct Forced<'a> {
    new: &'a Problem,
    /// Nights before this one are no longer planned but told: see [`Self::because`].
    gone_by: usize,
    /// Of those, the ones on which nothing moved.
    lost: BTreeSet<usize>,
    changes: Vec<Forcing>,
    hits: Vec<Hit>,
}

struct Hit {
    forcing: Forcing,
    what: What,
}

/// What the new problem no longer has room for.
enum What {
    Cover {
        night: usize,
    },
    Flights {
        night: usize,
    },
    Intake {
        facility: usize,
        night: usize,
    },
    OutProcessing {
        origin: usize,
        night: usize,
    },
    Bays {
        origin: usize,
        night: usize,
    },
    Crossing {
        crossing: usize,
        night: usize,
    },
    Fleet {
        depot: usize,
        kind: usize,
    },
    Escorts {
        depot: usize,
        night: usize,
    },
    /// Fewer of the class may board by this night.
    Gates {
        class: usize,
        night: usize,
    },
    Beds {
        facility: usize,
    },
}

impl<'a> Forced<'a> {
    /// From `old`, that `plan` was made for, to `new`, that `revision` was.
    pub fn between(
        old: &Problem,
        new: &'a Problem,
        plan: &PlanDocument,
        revision: &PlanDocument,
    ) -> Self {
        let since = |plan: &PlanDocument| plan.since.as_ref().map_or(0, |since| since.night);
        let (from, gone_by) = (since(plan), since(revision).min(new.nights));
        let moved = |t: usize| revision.movements.iter().any(|m| m.night == t);
        let lost = (from..gone_by).filter(|t| !moved(*t)).collect();
        let mut forced = Self { new, gone_by, lost, changes: Vec::new(), hits: Vec::new() };
        let class_plan = plan.class_plan();
        let case = Case::new(new, &class_plan);
        for t in from..gone_by {
            if plan.movements.iter().any(|m| m.night == t) && !moved(t) {
                forced.changes.push(forced.past(t));
            }
        }
        for t in gone_by..new.nights.min(old.nights) {
            forced.nightly(old, &case, t);
        }
        forced.lasting(old, &case);
        forced.people(old, &case);
        forced
    }

    /// What became of a night that has gone by.
    fn past(&self, night: usize) -> Forcing {
        let (what, words) = match self.lost.contains(&night) {
            true => ("nothing-moved", format!("nothing moved on night {night}")),
            false => ("carried-out-otherwise", format!("night {night} was carried out otherwise")),
        };
        Forcing::new(what, "", Some(night), words)
    }

    /// Every change of the problem, whether it hit anything or not.
    pub fn changes(&self) -> &[Forcing] {
        &self.changes
    }

    /// The changes under which these vehicles of an old movement could not go as they did.
    pub fn because(&self, movement: &PlanMovement, vehicles: &[PlanVehicle]) -> Vec<Forcing> {
        if movement.night < self.gone_by {
            return vec![self.past(movement.night)];
        }
        let Some(route) = self.new.routes.iter().find(|r| r.id == movement.route) else {
            let words = format!("there is no route {} any more", movement.route);
            return vec![Forcing::new("no-route", &movement.route, None, words)];
        };
        let hit = |h: &&Hit| self.hits_movement(&h.what, movement, route, vehicles);
        self.hits.iter().filter(hit).map(|h| h.forcing.clone()).collect()
    }

    fn hits_movement(
        &self,
        what: &What,
        movement: &PlanMovement,
        route: &Route,
        vehicles: &[PlanVehicle],
    ) -> bool {
        let (p, t, air) = (self.new, movement.night, movement.kind == MovementKind::Flight);
        let home = p.origins[route.origin].depot;
        match *what {
            What::Cover { night } => !air && night == t,
            What::Flights { night } => air && night == t,
            What::Intake { facility, night } => facility == route.dest && night == t,
            What::OutProcessing { origin, night } => origin == route.origin && night == t,
            What::Bays { origin, night } => !air && origin == route.origin && night == t,
            What::Crossing { crossing, night } => route.way == Way::Road { crossing } && night == t,
            What::Fleet { depot, kind } => {
                let id = &p.vehicle_types[kind].id;
                depot == home && vehicles.iter().any(|v| v.vehicle_type == *id)
            }
            What::Escorts { depot, night } => {
                depot == home && (t..t + route.team_cycle).contains(&night)
            }
            What::Gates { class, night } => {
                let id = &p.classes[class].id;
                t <= night && vehicles.iter().any(|v| v.load.contains_key(id))
            }
            What::Beds { facility } => facility == route.dest,
        }
    }

    fn change(&mut self, forcing: Forcing, overrun: bool, what: What) {
        self.changes.push(forcing.clone());
        if overrun {
            self.hits.push(Hit { forcing, what });
        }
    }

    fn nightly(&mut self, old: &Problem, case: &Case, t: usize) {
        let new = self.new;
        let (was, is) = (old.cover[t], new.cover[t]);
        let (flew, fly) = (old.air.sorties[t], new.air.sorties[t]);
        let closed = is.orbits <= 0 && fly <= 0 && (was.orbits > 0 || flew > 0);
        if was != is {
            let forcing = match closed {
                true => night_lost(t),
                false => {
                    let words = format!(
                        "cover of night {t} is {} orbits of {} half hours instead of {} of {}",
                        is.orbits, is.slots, was.orbits, was.slots
                    );
                    let half_hours = (was.orbits * was.slots, is.orbits * is.slots);
                    Forcing::new("half-hour", "", Some(t), words)
                        .counted(half_hours.0, half_hours.1)
                }
            };
            let under = |c: &crate::check::case::KnownConvoy| {
                c.night == t && !(0..is.orbits).contains(&c.orbit)
            };
            let overrun =
                case.convoys.iter().any(under) || case.orbits[t].values().any(|n| *n > is.slots);
            self.change(forcing, overrun, What::Cover { night: t });
        }
        if flew != fly {
            let forcing = match closed {
                true => night_lost(t),
                false => {
                    let words = format!("night {t} has {fly} flights instead of {flew}");
                    Forcing::new("sortie", "", Some(t), words).counted(flew, fly)
                }
            };
            self.change(forcing, case.flown[t] > fly, What::Flights { night: t });
        }
        for (d, f) in new.facilities.iter().enumerate() {
            let Some(was) = old.facilities.iter().find(|x| x.id == f.id) else { continue };
            let (was, is) = (was.intake[t], f.intake[t]);
            if was != is {
                let words = format!("{} receives {is} on night {t} instead of {was}", f.id);
                let what = What::Intake { facility: d, night: t };
                let forcing = Forcing::new("intake", &f.id, Some(t), words).counted(was, is);
                self.change(forcing, case.intake[d][t] > is, what);
            }
        }
        for (o, origin) in new.origins.iter().enumerate() {
            let Some(was) = old.origins.iter().find(|x| x.id == origin.id) else { continue };
            let id = &origin.id;
            if was.out_limit[t] != origin.out_limit[t] {
                let (a, b) = (was.out_limit[t], origin.out_limit[t]);
                let words = format!("{id} out-processes {b} on night {t} instead of {a}");
                let what = What::OutProcessing { origin: o, night: t };
                let forcing = Forcing::new("out-processing", id, Some(t), words).counted(a, b);
                self.change(forcing, case.out[o][t] > b, what);
            }
            if was.bays[t] != origin.bays[t] {
                let (a, b) = (was.bays[t], origin.bays[t]);
                let words = format!("{id} has {b} loading bays on night {t} instead of {a}");
                let forcing = Forcing::new("loading-bay", id, Some(t), words).counted(a, b);
                self.change(forcing, case.bays[o][t] > b, What::Bays { origin: o, night: t });
            }
        }
        for (b, crossing) in new.crossings.iter().enumerate() {
            let Some(was) = old.crossings.iter().find(|x| x.id == crossing.id) else { continue };
            let (was, is) = (was.slots[t], crossing.slots[t]);
            if was != is {
                let words = match is {
                    0 => format!("crossing {} is closed on night {t}", crossing.id),
                    is => format!(
                        "crossing {} has {is} slots on night {t} instead of {was}",
                        crossing.id
                    ),
                };
                let what = What::Crossing { crossing: b, night: t };
                let id = &crossing.id;
                let forcing = Forcing::new("crossing-slot", id, Some(t), words).counted(was, is);
                self.change(forcing, case.crossings[b][t] > is, what);
            }
        }
    }

    /// Vehicles, escorts and beds.
    fn lasting(&mut self, old: &Problem, case: &Case) {
        let new = self.new;
        for (d, depot) in new.depots.iter().enumerate() {
            let Some(was) = old.depots.iter().find(|x| x.id == depot.id) else { continue };
            for (v, kind) in new.vehicle_types.iter().enumerate() {
                let before = old.vehicle_types.iter().position(|x| x.id == kind.id);
                let before = before.map_or(0, |v| was.fleet[v]);
                if before == depot.fleet[v] {
                    continue;
                }
                let words = format!(
                    "depot {} has {} {} instead of {before}",
                    depot.id, depot.fleet[v], kind.id
                );
                let mut there = depot.fleet[v];
                let short = (0..new.nights).any(|t| {
                    there += case.arriving[d][v][t] - case.leaving[d][v][t];
                    there < 0
                });
                let fleet = Forcing::new("vehicles", &depot.id, None, words);
                let forcing =
                    Forcing { vehicle: kind.id.clone(), ..fleet.counted(before, depot.fleet[v]) };
                self.change(forcing, short, What::Fleet { depot: d, kind: v });
            }
            let rows = [
                (was.teams, depot.teams, ("escort-team", "escort teams"), &case.teams[d]),
                (was.guards, depot.guards, ("guard", "guards"), &case.guards[d]),
            ];
            for (was, is, (code, what), away) in rows.into_iter().filter(|r| r.0 != r.1) {
                let words = format!("depot {} has {is} {what} instead of {was}", depot.id);
                let forcing = Forcing::new(code, &depot.id, None, words).counted(was, is);
                self.changes.push(forcing.clone());
                for (night, _) in away.iter().enumerate().filter(|(_, n)| **n > is) {
                    let what = What::Escorts { depot: d, night };
                    self.hits.push(Hit { forcing: forcing.clone(), what });
                }
            }
        }
        for (w, wing) in new.wings.iter().enumerate() {
            let Some(was) = old.wings.iter().find(|x| x.id == wing.id) else { continue };
            if was.capacity != wing.capacity {
                let (id, is) = (&wing.id, wing.capacity);
                let words = format!("wing {id} has {is} beds instead of {}", was.capacity);
                let what = What::Beds { facility: wing.facility };
                let forcing = Forcing::new("beds", id, None, words).counted(was.capacity, is);
                self.change(forcing, case.wing_people[w] > is, what);
            }
        }
    }

    /// New arrivals, people gone from the cohort, gates.
    fn people(&mut self, old: &Problem, case: &Case) {
        for (k, class) in self.new.classes.iter().enumerate() {
            let before = old.classes.iter().find(|x| x.id == class.id);
            let was = before.map_or(0, |c| c.count);
            if class.count != was {
                let words =
                    format!("class {} has {} people instead of {was}", class.id, class.count);
                let from = &self.new.origins[class.origin].id;
                let forcing = Forcing::new("people", from, None, words).counted(was, class.count);
                self.changes.push(forcing);
            }
            let Some(before) = before else { continue };
            let later = (self.gone_by..self.new.nights.min(old.nights))
                .filter(|&t| class.ready[t] - before.ready[t] < (class.count - was).min(0))
                .collect::<Vec<_>>();
            let (Some(first), Some(last)) = (later.first(), later.last()) else { continue };
            let words = format!(
                "gates: {} of class {} may board by night {first} instead of {}",
                class.ready[*first], class.id, before.ready[*first]
            );
            let mut gone = 0;
            let overrun = case.left_by.iter().enumerate().any(|(t, n)| {
                gone += n[k];
                gone > class.ready[t]
            });
            let from = &self.new.origins[class.origin].id;
            let forcing = Forcing::new("gates", from, Some(*first), words)
                .counted(before.ready[*first], class.ready[*first]);
            self.change(forcing, overrun, What::Gates { class: k, night: *last });
        }
    }
}

/// Neither convoys nor flights on a night that had one of them.
fn night_lost(night: usize) -> Forcing {
    Forcing::new("night-lost", "", Some(night), format!("night {night} is lost"))
}
