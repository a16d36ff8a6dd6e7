//! Finds what somebody named, or says what there is.

use crate::problem::slug::slug;

/// Nothing, or more than one thing, has the name given.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("no {what} {given:?}{}; there {}", meant(.near), listed(.known))]
pub struct Unknown {
    pub what: &'static str,
    pub given: String,
    /// Names like it.
    pub near: Vec<String>,
    pub known: Vec<String>,
}

/// Names listed in an error, at most.
const LISTED: usize = 12;

fn meant(near: &[String]) -> String {
    match near {
        [] => String::new(),
        near => format!(" (did you mean {}?)", near.join(" or ")),
    }
}

fn listed(known: &[String]) -> String {
    match known {
        [] => "is none".to_owned(),
        [one] => format!("is {one}"),
        known => {
            let more = known.len().saturating_sub(LISTED);
            let names = known[..known.len().min(LISTED)].join(", ");
            if more == 0 { format!("are {names}") } else { format!("are {names} and {more} more") }
        }
    }
}

/// The position of the only name that is `given`, or else the only one that begins with it or has
/// it as one of its words; letters' case and signs do not count.
pub(super) fn find<'a>(
    what: &'static str,
    given: &str,
    names: impl Iterator<Item = &'a str>,
) -> Result<usize, Unknown> {
    let names: Vec<&str> = names.collect();
    let wanted = slug(given);
    let only = |fits: &dyn Fn(&str) -> bool| {
        let mut found = names.iter().enumerate().filter(|(_, n)| fits(n)).map(|(at, _)| at);
        found.next().filter(|_| found.next().is_none())
    };
    let tries: [&dyn Fn(&str) -> bool; 4] =
        [&|n| n == given, &|n| slug(n) == wanted, &|n| slug(n).starts_with(&wanted), &|n| {
            slug(n).split('-').any(|word| word == wanted)
        }];
    tries.into_iter().find_map(only).ok_or_else(|| {
        let mut near: Vec<(usize, &str)> = (names.iter())
            .flat_map(|n| {
                let whole = slug(n);
                let words = whole.split('-').map(|word| strsim::osa_distance(word, &wanted)).min();
                let far = strsim::osa_distance(&whole, &wanted).min(words.unwrap_or(usize::MAX));
                // One slip in a short word, two in a longer one.
                (far <= 1 + wanted.len() / 5).then_some((far, *n))
            })
            .collect();
        near.sort();
        Unknown {
            what,
            given: given.to_owned(),
            near: near.into_iter().take(3).map(|(_, n)| n.to_owned()).collect(),
            known: names.iter().map(|n| (*n).to_owned()).collect(),
        }
    })
}
