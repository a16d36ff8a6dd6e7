//! Sums of rows over the whole time: what must have been sent by a night for nobody to wait.
//!
//! People who have not left by night `n` are at least those for whom there were no places until
//! then. With `N` people, `P` places to a vehicle and `Y` vehicles until then, that is `N - P Y`;
//! rounded, `r (⌈N/P⌉ - Y)` with `r = N mod P`: the last vehicle is needed whole. On nights when that
//! pays, people aboard are counted instead of places, as in the (l, S) inequalities of lot sizing
//! (Barany, Van Roy and Wolsey, Management Science 1984).

use super::paths::Paths;
use super::program::{Gathering, Program};
use super::separate::{Found, Scene};

/// Cuts for each gathering, until each night up to `last`; for partial ones when `deep`.
pub(super) fn search(
    scene: &Scene<'_>,
    paths: &mut Paths<'_>,
    last: usize,
    deep: bool,
    enough: &dyn Fn() -> bool,
) -> Vec<Found> {
    let Scene { program, point, .. } = scene;
    let mut found = Vec::new();
    for gathering in program.gatherings.iter().filter(|g| deep || !g.partial) {
        if enough() {
            break;
        }
        let chosen = chosen(program, point, gathering);
        let mut nights: Vec<usize> =
            gathering.rides.iter().map(|r| r.0).filter(|night| *night <= last).collect();
        nights.sort_unstable();
        nights.dedup();
        for until in nights {
            let rides = chosen.iter().filter(|(night, _)| *night <= until);
            let links = gathering.links.iter().map(|&row| (row, -1));
            let rows: Vec<(u32, i64)> = rides.map(|r| (r.1, 1)).chain(links).collect();
            found.extend(paths.round_rows(&rows));
        }
    }
    found
}

/// The rides whose places are counted: those where they are worth less than the people aboard.
fn chosen(program: &Program, point: &[f64], gathering: &Gathering) -> Vec<(usize, u32)> {
    let cheaper = |row: u32| {
        let terms = &program.rows[row as usize].terms;
        let most = terms.iter().map(|t| -t.1).max().unwrap_or(0).max(1);
        let rest = (gathering.people - 1).rem_euclid(most) + 1;
        let sum: f64 = (terms.iter())
            // A place is worth no more than what the last of them has to carry.
            .map(|&(j, a)| a.max(-rest) as f64 * point[j as usize])
            .sum();
        sum > 0.0
    };
    gathering.rides.iter().copied().filter(|r| cheaper(r.1)).collect()
}
