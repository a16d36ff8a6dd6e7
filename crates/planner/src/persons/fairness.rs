//! Among equals the worst place and the longest wait go first.

use super::hall::{Hall, Place};
use super::start::rank;

/// Exchanges for the rules may have put somebody behind another of their class who waited less.
/// Whoever has no ties can sit anywhere their class sits: they are put in order again.
pub(super) fn restore(hall: &mut Hall) {
    for class in 0..hall.problem.classes.len() {
        let free = |n: &usize| {
            let rider = &hall.riders[*n];
            let untied = rider.apart.is_empty() && rider.group.is_none();
            rider.class == class && untied && !rider.moved && !rider.traveller.under18
        };
        let mut people: Vec<usize> = (0..hall.riders.len()).filter(free).collect();
        let mut places: Vec<Place> = people.iter().filter_map(|&n| hall.riders[n].place).collect();
        places.sort_by_key(|p| (hall.cabins[p.cabin].night, p.cabin, p.wing));
        for &n in &people {
            if let Some(place) = hall.riders[n].place.take() {
                hall.alight(n, place.cabin);
            }
        }
        people.sort_by_key(|&n| rank(hall, n));
        for place in places {
            let night = hall.cabins[place.cabin].night;
            // Those who sat here are enough: each was ready on their night.
            let Some(at) =
                people.iter().position(|&n| hall.riders[n].traveller.ready as i64 <= night)
            else {
                continue;
            };
            let n = people.remove(at);
            hall.riders[n].place = Some(place);
            hall.board(n, place.cabin);
        }
    }
}
