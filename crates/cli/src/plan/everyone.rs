//! Whether somebody has to be left behind, and which promises conflict then.

use planner::conflict::{Conflict, Effort, find, least_left};
use planner::problem::Problem;
use std::io::IsTerminal;
use std::time::Duration;

/// What is proven about leaving nobody behind.
pub struct Everyone {
    /// At least so many are left by every plan; 0 when nothing is proven.
    pub at_least_left: i64,
    pub conflict: Option<Conflict>,
}

/// Asked for with `--everyone`: the promises that conflict. Otherwise only how many must be left.
pub fn judge(problem: &Problem, name_the_conflict: bool, limit: Duration) -> Everyone {
    if !name_the_conflict {
        let at_least_left = least_left(problem, limit.min(Duration::from_secs(5)));
        return Everyone { at_least_left, conflict: None };
    }
    let live = std::io::stderr().is_terminal();
    let mut told = |left: usize| {
        if live {
            eprint!("\r{left} promises in question\x1b[K");
        }
    };
    let conflict = find(problem, &Effort { proof: limit, ..Effort::default() }, &mut told);
    if live {
        eprintln!();
    }
    Everyone { at_least_left: conflict.as_ref().map_or(0, |c| c.at_least_left_in_all), conflict }
}

impl Everyone {
    pub fn tell(&self, left_behind: i64, asked: bool) {
        match &self.conflict {
            Some(conflict) => tell(conflict),
            None if self.at_least_left > 0 => println!(
                "every plan leaves at least {} behind; --everyone names the promises that conflict",
                self.at_least_left
            ),
            None if asked => println!(
                "this plan leaves {left_behind} behind and no conflict is proven in the time: a longer \
                 --time-limit may find a plan, or the conflict"
            ),
            None => {}
        }
    }
}

fn tell(conflict: &Conflict) {
    println!(
        "\nnot everybody can leave: every plan leaves at least {} behind. These promises cannot all \
         be kept (at least {} left by them alone):",
        conflict.at_least_left_in_all, conflict.at_least_left
    );
    for member in &conflict.promises {
        println!("  - {}", member.words);
    }
    let unsure: Vec<&str> = (conflict.promises.iter())
        .filter(|m| !m.alone_would_free)
        .map(|m| m.words.as_str())
        .collect();
    if unsure.is_empty() {
        println!("Give up any one of them and the others can be kept: a plan was found for each.");
    } else {
        println!(
            "Each was needed for the proof. Without it a plan that keeps the others was found for all \
             but: {}",
            unsure.join("; ")
        );
    }
}
