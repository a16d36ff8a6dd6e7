//! Who answers for a person, as shown.

use crate::api::CustodyNow;
use domain::{Custody, Place, SiteId, Standing};

pub fn custody_now(standing: &Standing) -> CustodyNow {
    shown(&standing.custody, standing.contest.is_some())
}

/// One custody out of a chain, at a time when nobody disputed it.
pub fn shown(custody: &Custody, contested: bool) -> CustodyNow {
    let account = match custody {
        Custody::Ended { last, .. } => Some(last),
        other => other.responsible(),
    };
    let place = account.map(|a| &a.place);
    CustodyNow {
        state: custody.state().to_owned(),
        authority: custody.responsible().map(|a| a.authority.to_string()),
        place: place.map(|p| p.to_string()),
        site: site_of(custody).map(|s| s.to_string()),
        movement: match place {
            Some(Place::Vehicle(movement, _)) => Some(movement.to_string()),
            _ => None,
        },
        offered_to: match custody {
            Custody::Offered { to, .. } => Some(to.to_string()),
            _ => None,
        },
        contested,
        ended: match custody {
            Custody::Ended { why, .. } => Some(why.to_string()),
            _ => None,
        },
    }
}

/// The site whose unit holds the person; `None` in a vehicle or when custody ended.
pub fn site_of(custody: &Custody) -> Option<&SiteId> {
    match &custody.responsible()?.place {
        Place::Unit(unit) => Some(unit.site()),
        Place::Vehicle(..) => None,
    }
}
