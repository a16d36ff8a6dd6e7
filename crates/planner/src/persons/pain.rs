//! Rules about persons that exchanges alone did not meet.

use super::hall::Hall;
use crate::plan::{Unmet, UnmetKind};

/// One place where a rule is not met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pain {
    pub kind: UnmetKind,
    /// Positions of riders.
    pub people: Vec<usize>,
    pub cabin: Option<usize>,
    pub wing: Option<usize>,
}

/// Every rule not met, in a fixed order.
pub(super) fn pains(hall: &Hall) -> Vec<Pain> {
    let mut all = Vec::new();
    let mut add = |kind, people, cabin, wing| all.push(Pain { kind, people, cabin, wing });
    for (a, rider) in hall.riders.iter().enumerate() {
        for other in rider.apart.iter().filter(|other| a < other.from) {
            let b = other.from;
            let (Some(x), Some(y)) = (rider.place, hall.riders[b].place) else { continue };
            // What has happened is told by the record, not by a plan.
            if rider.moved && hall.riders[b].moved {
                continue;
            }
            let movement = |cabin: usize| hall.cabins[cabin].movement;
            // First of all, as whoever gets a bed elsewhere will often travel elsewhere.
            if x.wing == y.wing {
                add(UnmetKind::KeepApartWing, vec![a, b], None, Some(x.wing));
            }
            if x.cabin == y.cabin {
                add(UnmetKind::KeepApartVehicle, vec![a, b], Some(x.cabin), None);
            } else if other.convoy && movement(x.cabin) == movement(y.cabin) {
                add(UnmetKind::KeepApartConvoy, vec![a, b], Some(x.cabin), None);
            }
        }
    }
    for cabin in 0..hall.cabins.len() {
        let aboard = &hall.cabins[cabin].people;
        if hall.mixed(cabin) > 0 && !aboard.iter().all(|&n| hall.riders[n].moved) {
            let young = aboard.iter().copied().filter(|&n| hall.riders[n].traveller.under18);
            add(UnmetKind::UnderAgeWithAdults, young.collect(), Some(cabin), None);
        }
    }
    for (group, g) in hall.groups.iter().enumerate() {
        if hall.split(group) > 0 {
            add(UnmetKind::TogetherSplit, g.people.clone(), None, None);
        }
    }
    all
}

impl Pain {
    pub fn unmet(&self, hall: &Hall) -> Unmet {
        let mut persons: Vec<String> = self.people.iter().map(|&n| hall.number(n)).collect();
        persons.sort();
        Unmet { kind: self.kind, persons, place: self.place(hall), reason: self.why(hall) }
    }

    pub fn place(&self, hall: &Hall) -> String {
        match (self.cabin, self.wing) {
            (Some(cabin), _) => hall.cabin_name(cabin),
            (_, Some(wing)) => format!("wing {}", hall.problem.wings[wing].id),
            _ => {
                let group = self.people.first().and_then(|&n| hall.riders[n].group);
                group.map_or_else(String::new, |g| format!("group {}", hall.groups[g].name))
            }
        }
    }

    fn why(&self, hall: &Hall) -> String {
        match self.kind {
            UnmetKind::KeepApartVehicle => "no exchange of seats parts them: their load group \
                                            needs a second vehicle"
                .to_owned(),
            UnmetKind::KeepApartConvoy => {
                "no exchange of seats parts them: their classes need a second convoy".to_owned()
            }
            UnmetKind::KeepApartWing => format!(
                "no exchange of beds parts them: their classes need beds in a second wing than {}",
                self.wing.map_or("", |w| &hall.problem.wings[w].id)
            ),
            UnmetKind::UnderAgeWithAdults => {
                "the load of this vehicle is larger than the under-18s of its group".to_owned()
            }
            UnmetKind::RiskGathered => {
                "no exchange of seats spreads them over the vehicles of their group".to_owned()
            }
            UnmetKind::TogetherSplit => {
                "their classes do not share a vehicle with room for all of them".to_owned()
            }
        }
    }
}
