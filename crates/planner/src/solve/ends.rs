//! Where annealings have ended, to go on from.

use super::genome::Genome;

/// Ends that are kept.
const MOST: usize = 16;

struct End {
    cost: i64,
    /// How often an annealing began from it.
    begun: u32,
    genome: Genome,
}

/// The cheapest ends, in the order of their cost.
#[derive(Default)]
pub(super) struct Ends {
    list: Vec<End>,
    /// The one from which the present annealing began.
    from: Option<usize>,
}

impl Ends {
    /// The present annealing has ended here: in the place of where it began, if that was dearer.
    pub fn note(&mut self, cost: i64, genome: &Genome) {
        match self.from.take() {
            Some(from) => {
                let end = &mut self.list[from];
                if cost < end.cost {
                    end.cost = cost;
                    end.genome.clone_from(genome);
                }
            }
            None => self.list.push(End { cost, begun: 0, genome: genome.clone() }),
        }
        self.list.sort_by_key(|end| end.cost);
        self.list.truncate(MOST);
    }

    /// Where the next annealing begins: of the `among` cheapest ends the one from which fewest have.
    pub fn begin(&mut self, among: usize) -> Option<&Genome> {
        let among = among.min(self.list.len());
        let from = (0..among).min_by_key(|&n| (self.list[n].begun, n))?;
        self.from = Some(from);
        self.list[from].begun += 1;
        Some(&self.list[from].genome)
    }
}
