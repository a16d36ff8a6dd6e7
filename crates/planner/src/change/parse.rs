//! `THING@PLACE:NIGHTS=N`: changes as they are typed.
//!
//! ```text
//! add, lose   VEHICLE@DEPOT=N   team@DEPOT=N   guard@DEPOT=N   bed@WING=N   people@CLASS=N
//!             orbit:NIGHTS=N   half-hour:NIGHTS=N   flight:NIGHTS=N
//!             crossing@CROSSING:NIGHTS=N   bay@ORIGIN:NIGHTS=N   out@ORIGIN:NIGHTS=N
//!             intake@FACILITY:NIGHTS=N
//! lose        night=NIGHTS   crossing@CROSSING:NIGHTS (closed)   intake@FACILITY:NIGHTS (none)
//! intake      FACILITY@NIGHTS=N   sets the promise
//! NIGHTS      7   3..9   all; the caller may let dates stand for numbers
//! ```
//! A depot may be named by an origin it serves. Without `:NIGHTS`, every night.

use super::lookup::{Unknown, find};
use super::{Amount, Change, Nights, Thing};
use crate::problem::Problem;

/// How a change is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    Add,
    Lose,
    Intake,
}

/// What is amiss with the form of a change.
#[derive(Debug, Clone, Copy, thiserror::Error, PartialEq, Eq)]
pub enum Unfit {
    #[error("it does not end in =N, a number of people")]
    People,
    #[error("it does not end in =N, a whole number above 0")]
    Amount,
    #[error("a night cannot be added")]
    NightAdded,
    #[error("it does not say which night")]
    Night,
    #[error("it does not say where")]
    Place,
    #[error("its nights end before they begin")]
    Backwards,
}

#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ChangeError {
    #[error("cannot read {text:?}: {why}; for example {example}")]
    Form { text: String, why: Unfit, example: &'static str },
    #[error("cannot read {text:?}: {unknown}")]
    Unknown { text: String, unknown: Unknown },
    #[error("cannot read {text:?}: no night {given:?}; there are nights 0 to {last}")]
    NoNight { text: String, given: String, last: usize },
}

/// Things that are not vehicle types.
const THINGS: [&str; 11] = [
    "team",
    "guard",
    "bed",
    "people",
    "orbit",
    "half-hour",
    "flight",
    "crossing",
    "bay",
    "out",
    "intake",
];

impl Change {
    /// Reads one change of `problem`. `night_of` may know nights by other names, such as dates.
    ///
    /// # Errors
    /// Says what is wrong with `text`, and what there is instead of what it names.
    pub fn parse(
        problem: &Problem,
        asked: Asked,
        text: &str,
        night_of: &dyn Fn(&str) -> Option<usize>,
    ) -> Result<Self, ChangeError> {
        let reader = Reader { p: problem, text, night_of };
        match asked {
            Asked::Intake => reader.intake(),
            Asked::Add => reader.more(1),
            Asked::Lose => reader.more(-1),
        }
    }
}

struct Reader<'a> {
    p: &'a Problem,
    text: &'a str,
    night_of: &'a dyn Fn(&str) -> Option<usize>,
}

impl Reader<'_> {
    fn form<T>(&self, why: Unfit, example: &'static str) -> Result<T, ChangeError> {
        Err(ChangeError::Form { text: self.text.to_owned(), why, example })
    }

    /// What stands before and after the last `=`, if there is one.
    fn sides(&self) -> (&str, Option<&str>) {
        match self.text.rsplit_once('=') {
            Some((thing, amount)) => (thing.trim(), Some(amount.trim())),
            None => (self.text.trim(), None),
        }
    }

    fn intake(&self) -> Result<Change, ChangeError> {
        const EXAMPLE: &str = "--intake SITE@7=200";
        let (thing, amount) = self.sides();
        let Some(n) = amount.and_then(|n| n.parse().ok()).filter(|n| *n >= 0) else {
            return self.form(Unfit::People, EXAMPLE);
        };
        let (site, nights) = match thing.split_once(['@', ':']) {
            Some((site, nights)) => (site, Some(nights)),
            None => (thing, None),
        };
        let facility = self.find("facility", site, self.p.facilities.iter().map(|f| &f.id))?;
        let thing = Thing::Intake { facility, nights: self.nights(nights)? };
        Ok(Change { thing, amount: Amount::To(n) })
    }

    fn more(&self, sign: i64) -> Result<Change, ChangeError> {
        let example = if sign > 0 { "--add bus@DEPOT=1" } else { "--lose bus@DEPOT=1" };
        let (thing, amount) = self.sides();
        if thing == "night" {
            if sign > 0 {
                return self.form(Unfit::NightAdded, "--add orbit:7=1");
            }
            let Some(nights) = amount else {
                return self.form(Unfit::Night, "--lose night=7");
            };
            let thing = Thing::Night { nights: self.nights(Some(nights))? };
            return Ok(Change { thing, amount: Amount::To(0) });
        }
        let (name, place, nights) = parts(thing);
        let closed = sign < 0 && amount.is_none() && matches!(name, "crossing" | "intake");
        let amount = match amount.map(str::parse::<i64>) {
            None if closed => Amount::To(0),
            Some(Ok(n)) if n > 0 => Amount::By(sign * n),
            _ => return self.form(Unfit::Amount, example),
        };
        Ok(Change { thing: self.thing(name, place, nights, example)?, amount })
    }

    fn thing(
        &self,
        name: &str,
        place: Option<&str>,
        nights: Option<&str>,
        example: &'static str,
    ) -> Result<Thing, ChangeError> {
        let p = self.p;
        // `orbit@7` is `orbit:7`: there is nowhere it could be.
        let anywhere = || self.nights(nights.or(place));
        match name {
            "orbit" => return Ok(Thing::Orbits { nights: anywhere()? }),
            "half-hour" => return Ok(Thing::HalfHours { nights: anywhere()? }),
            "flight" => return Ok(Thing::Flights { nights: anywhere()? }),
            _ => {}
        }
        let Some(place) = place else {
            self.known_thing(name)?;
            return self.form(Unfit::Place, example);
        };
        Ok(match name {
            "team" => Thing::Teams { depot: self.depot(place)? },
            "guard" => Thing::Guards { depot: self.depot(place)? },
            "bed" => Thing::Beds { wing: self.find("wing", place, p.wings.iter().map(|w| &w.id))? },
            "people" => {
                Thing::People { class: self.find("class", place, p.classes.iter().map(|c| &c.id))? }
            }
            "crossing" => {
                let crossing = self.find("crossing", place, p.crossings.iter().map(|c| &c.id))?;
                Thing::Crossing { crossing, nights: self.nights(nights)? }
            }
            "bay" => Thing::Bays { origin: self.origin(place)?, nights: self.nights(nights)? },
            "out" => {
                Thing::OutProcessing { origin: self.origin(place)?, nights: self.nights(nights)? }
            }
            "intake" => {
                let facility = self.find("facility", place, p.facilities.iter().map(|f| &f.id))?;
                Thing::Intake { facility, nights: self.nights(nights)? }
            }
            _ => Thing::Vehicles { kind: self.known_thing(name)?, depot: self.depot(place)? },
        })
    }

    /// The vehicle type of that name; an error that lists every thing when there is none.
    fn known_thing(&self, name: &str) -> Result<usize, ChangeError> {
        let kinds = self.p.vehicle_types.iter().map(|v| &v.id);
        let found = find("thing", name, kinds.map(String::as_str).chain(THINGS));
        found.map_err(|unknown| ChangeError::Unknown { text: self.text.to_owned(), unknown })
    }

    fn find<'a>(
        &self,
        what: &'static str,
        given: &str,
        names: impl Iterator<Item = &'a String>,
    ) -> Result<usize, ChangeError> {
        find(what, given, names.map(String::as_str))
            .map_err(|unknown| ChangeError::Unknown { text: self.text.to_owned(), unknown })
    }

    fn origin(&self, place: &str) -> Result<usize, ChangeError> {
        self.find("origin", place, self.p.origins.iter().map(|o| &o.id))
    }

    fn depot(&self, place: &str) -> Result<usize, ChangeError> {
        let by_itself = self.find("depot", place, self.p.depots.iter().map(|d| &d.id));
        let served = self.p.origins.iter().find(|o| o.id == place).map(|o| o.depot);
        by_itself.or_else(|unknown| served.ok_or(unknown))
    }

    fn nights(&self, given: Option<&str>) -> Result<Nights, ChangeError> {
        let last = self.p.nights - 1;
        let one = |night: &str| {
            let number = night.parse().ok().filter(|t| *t <= last);
            number.or_else(|| (self.night_of)(night).filter(|t| *t <= last)).ok_or_else(|| {
                let (text, given) = (self.text.to_owned(), night.to_owned());
                ChangeError::NoNight { text, given, last }
            })
        };
        match given {
            None | Some("all") => Ok(0..=last),
            Some(given) => match given.split_once("..") {
                Some((from, to)) if one(from)? <= one(to)? => Ok(one(from)?..=one(to)?),
                Some(_) => self.form(Unfit::Backwards, "--lose night=3..9"),
                None => Ok(one(given)?..=one(given)?),
            },
        }
    }
}

/// `THING@PLACE:NIGHTS` in its parts.
fn parts(thing: &str) -> (&str, Option<&str>, Option<&str>) {
    let (head, nights) = match thing.rsplit_once(':') {
        Some((head, nights)) => (head, Some(nights)),
        None => (thing, None),
    };
    match head.split_once('@') {
        Some((name, place)) => (name, Some(place), nights),
        None => (head, None, nights),
    }
}
