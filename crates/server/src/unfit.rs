//! A change that cannot be tried, in sentences: what could not be read of it, or what it would undo.

use crate::api::Problem;
use crate::problem::ProblemCode;
use crate::sentence::Sentence;
use planner::change::{ChangeError, Unfit, Unknown};
use planner::whatif::CompareError;
use std::collections::BTreeSet;

/// Names listed in a sentence, at most.
const LISTED: usize = 12;

/// A change that could not be read. `nights` are the operation's, as the room names them.
pub fn unread(error: ChangeError, nights: &[String]) -> Problem {
    match error {
        ChangeError::Form { text, why, example } => {
            let sentence = match why {
                Unfit::People => Sentence::ChangePeople,
                Unfit::Amount => Sentence::ChangeAmount,
                Unfit::NightAdded => Sentence::ChangeNightAdded,
                Unfit::Night => Sentence::ChangeNight,
                Unfit::Place => Sentence::ChangePlace,
                Unfit::Backwards => Sentence::ChangeBackwards,
            };
            saying(sentence, [("text", text.into()), ("example", example.into())])
        }
        ChangeError::Unknown { text, unknown: Unknown { what, given, near, known } } => {
            let (sentence, name, names) = if near.is_empty() {
                (Sentence::ChangeUnknown, "known", listed(&known))
            } else {
                (Sentence::ChangeNear, "near", near.join(" / "))
            };
            let values = [("text", text.into()), ("what", what.into()), ("given", given.into())];
            let [text, what, given] = values;
            saying(sentence, [text, what, given, (name, names.into())])
        }
        ChangeError::NoNight { text, given, last } => {
            let (text, given) = (("text", text.into()), ("given", given.into()));
            let first = ("first", night(nights, 0).into());
            saying(
                Sentence::ChangeNoNight,
                [text, given, first, ("last", night(nights, last).into())],
            )
        }
    }
}

/// A change that was read and cannot be compared.
pub fn untried(error: &CompareError, nights: &[String]) -> Problem {
    match error {
        CompareError::Past { nights: done, broken } => {
            let rules: BTreeSet<_> = broken.iter().map(|b| b.code).collect();
            let rules = Vec::from_iter(rules).join(", ");
            let values = [
                ("nights", (*done).into()),
                ("rules", rules.into()),
                ("next", night(nights, *done).into()),
            ];
            saying(Sentence::ChangePast, values)
        }
        CompareError::Solve(_) => saying(Sentence::ChangeStart, []),
    }
}

fn saying<const N: usize>(
    sentence: Sentence,
    values: [(&'static str, serde_json::Value); N],
) -> Problem {
    Problem::saying(ProblemCode::BadChange, sentence, values)
}

/// A night by its date, or by its number where the operation has none for it.
fn night(nights: &[String], at: usize) -> String {
    nights.get(at).cloned().unwrap_or_else(|| at.to_string())
}

fn listed(known: &[String]) -> String {
    let names = known[..known.len().min(LISTED)].join(", ");
    if known.len() > LISTED { format!("{names} …") } else { names }
}
