//! What splitting on each column has given so far.

/// A column's record is relied on after so many tries on both sides.
const RELIABLE: u32 = 4;

/// Rise of the bound for each unit that a column was moved by, summed, and how often.
#[derive(Debug, Clone, Copy, Default)]
struct Gain {
    sum: f64,
    count: u32,
}

impl Gain {
    fn mean(self) -> Option<f64> {
        (self.count > 0).then(|| self.sum / f64::from(self.count))
    }
}

/// By column, when made smaller and when made larger; and of all columns together.
pub struct Record {
    gains: Vec<[Gain; 2]>,
    typical: [Gain; 2],
}

impl Record {
    pub fn new(columns: usize) -> Self {
        Self { gains: vec![Default::default(); columns], typical: Default::default() }
    }

    /// The bound rose by `rise` when the column was moved from `value` to the whole number below
    /// (side 0) or above (side 1).
    pub fn note(&mut self, column: u32, side: usize, value: f64, rise: f64) {
        let gain = rise.max(0.0) / moves(value)[side];
        for known in [&mut self.gains[column as usize][side], &mut self.typical[side]] {
            known.sum += gain;
            known.count += 1;
        }
    }

    pub fn is_reliable(&self, column: u32) -> bool {
        self.gains[column as usize].iter().all(|g| g.count >= RELIABLE)
    }

    /// The merit of a split, by what is known; no side can rise by more than `most`.
    pub fn guess(&self, column: u32, value: f64, most: f64) -> f64 {
        let gains = &self.gains[column as usize];
        let by = moves(value);
        let rise = |side: usize| {
            gains[side].mean().or(self.typical[side].mean()).unwrap_or(1.0) * by[side]
        };
        merit([rise(0), rise(1)], most)
    }
}

/// How far a value is from the whole numbers below and above.
fn moves(value: f64) -> [f64; 2] {
    let down = (value - value.floor()).clamp(1e-6, 1.0 - 1e-6);
    [down, 1.0 - down]
}

/// How good a split is that raises its two cases so far. What a side rises beyond `most` is worth
/// nothing: it is done.
pub fn merit(rise: [f64; 2], most: f64) -> f64 {
    let [low, high] = rise.map(|rise| rise.min(most).max(1e-3));
    low * high
}
