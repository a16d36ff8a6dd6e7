//! What one orbit can cover, and which sets of groups can fill which convoys.

/// Ways to fill one orbit's window.
pub(super) enum Patterns {
    /// For each pattern, how many convoys of each length (longest first) it has room for. Patterns
    /// that another one beats length by length are left out.
    All(Vec<Vec<i64>>),
    /// More than [`MOST_PATTERNS`]; the caller states the window in slots instead.
    TooMany,
}

const MOST_PATTERNS: usize = 300;
/// With more modes than this, only the set of all of them is closed over.
const MOST_MODES: usize = 8;

/// `lengths` in half-hour slots, longest first, all positive.
pub(super) fn orbit_patterns(lengths: &[i64], slots: i64) -> Patterns {
    let mut all = Vec::new();
    if !fill(lengths, 0, slots, &mut Vec::new(), &mut all) {
        return Patterns::TooMany;
    }
    let longer = |p: &[i64]| -> Vec<i64> {
        p.iter()
            .scan(0, |sum, n| {
                *sum += n;
                Some(*sum)
            })
            .collect()
    };
    let sums: Vec<Vec<i64>> = all.iter().map(|p| longer(p)).collect();
    let beaten = |i: usize| {
        (0..all.len()).any(|j| {
            j != i && sums[j] != sums[i] && sums[j].iter().zip(&sums[i]).all(|(a, b)| a >= b)
        })
    };
    let kept = (0..all.len()).filter(|&i| !beaten(i)).map(|i| all[i].clone()).collect();
    Patterns::All(kept)
}

fn fill(
    lengths: &[i64],
    at: usize,
    left: i64,
    now: &mut Vec<i64>,
    all: &mut Vec<Vec<i64>>,
) -> bool {
    if at == lengths.len() {
        if lengths.last().is_none_or(|&least| left < least) {
            all.push(now.clone());
        }
        return all.len() <= MOST_PATTERNS * 20;
    }
    for n in (0..=left / lengths[at]).rev() {
        now.push(n);
        let fits = fill(lengths, at + 1, left - n * lengths[at], now, all);
        now.pop();
        if !fits {
            return false;
        }
    }
    true
}

/// Pairs (set of groups, modes): the groups that ride in none but these modes. Hall's condition on
/// who fills which convoy needs only these.
pub(super) fn closed_sets(modes: &[u8]) -> Vec<(u8, Vec<usize>)> {
    let everyone = modes.iter().fold(0, |all, m| all | m);
    if modes.len() > MOST_MODES {
        return vec![(everyone, (0..modes.len()).collect())];
    }
    let mut best: std::collections::BTreeMap<u8, Vec<usize>> = std::collections::BTreeMap::new();
    for chosen in 1u32..1 << modes.len() {
        let outside = (0..modes.len()).filter(|m| chosen >> m & 1 == 0);
        let set = everyone & !outside.fold(0, |all, m| all | modes[m]);
        let list: Vec<usize> = (0..modes.len()).filter(|m| chosen >> m & 1 == 1).collect();
        if set != 0 && best.get(&set).is_none_or(|old| old.len() > list.len()) {
            best.insert(set, list);
        }
    }
    best.into_iter().collect()
}
