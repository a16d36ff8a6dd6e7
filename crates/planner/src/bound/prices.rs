//! Shadow prices: what one more of a scarce thing would save, by the relaxation.

use super::program::{DUAL_SCALE, Tag};
use super::{Certificate, CertificateError, relaxation};
use crate::problem::Problem;

/// Something there could be one more of. Positions are those of the problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Resource {
    /// A vehicle of a type at a depot for the whole horizon.
    Vehicle {
        depot: usize,
        vehicle_type: usize,
    },
    /// An escort team of a depot, one night.
    EscortTeam {
        depot: usize,
        night: usize,
    },
    Guard {
        depot: usize,
        night: usize,
    },
    Orbit {
        night: usize,
    },
    CrossingSlot {
        crossing: usize,
        night: usize,
    },
    LoadingBay {
        origin: usize,
        night: usize,
    },
    Sortie {
        night: usize,
    },
    /// One more person received in a night.
    Intake {
        facility: usize,
        night: usize,
    },
    OutProcessing {
        origin: usize,
        night: usize,
    },
    Bed {
        wing: usize,
    },
}

impl Resource {
    /// The night it is of; `None` for what is there the whole time.
    pub fn night(self) -> Option<usize> {
        match self {
            Resource::Vehicle { .. } | Resource::Bed { .. } => None,
            Resource::EscortTeam { night, .. }
            | Resource::Guard { night, .. }
            | Resource::Orbit { night }
            | Resource::CrossingSlot { night, .. }
            | Resource::LoadingBay { night, .. }
            | Resource::Sortie { night }
            | Resource::Intake { night, .. }
            | Resource::OutProcessing { night, .. } => Some(night),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ShadowPrice {
    pub resource: Resource,
    /// Units that one more would save, as far as the relaxation can tell; 100 = one person-night.
    pub units: f64,
}

/// Prices of everything scarce, dearest first.
///
/// # Errors
/// When the certificate is not one for this problem's relaxation.
pub fn shadow_prices(
    problem: &Problem,
    certificate: &Certificate,
) -> Result<Vec<ShadowPrice>, CertificateError> {
    super::verify(problem, certificate)?;
    let program = relaxation::build(&super::movable(problem).0);
    let mut prices: Vec<ShadowPrice> = (program.rows.iter().zip(&certificate.duals))
        .filter_map(|(row, &y)| {
            let units = y as f64 / DUAL_SCALE as f64;
            // Anything below a hundredth of a unit is the solver's tolerance.
            (units > 0.01).then_some(ShadowPrice { resource: resource(row.tag)?, units })
        })
        .collect();
    prices.sort_by(|a, b| b.units.total_cmp(&a.units).then(a.resource.cmp(&b.resource)));
    Ok(prices)
}

fn resource(tag: Tag) -> Option<Resource> {
    Some(match tag {
        Tag::Form => return None,
        Tag::Orbits { night } => Resource::Orbit { night },
        Tag::OutProcessing { origin, night } => Resource::OutProcessing { origin, night },
        Tag::Intake { facility, night } => Resource::Intake { facility, night },
        Tag::Bays { origin, night } => Resource::LoadingBay { origin, night },
        Tag::Crossing { crossing, night } => Resource::CrossingSlot { crossing, night },
        Tag::Sorties { night } => Resource::Sortie { night },
        Tag::Teams { depot, night } => Resource::EscortTeam { depot, night },
        Tag::Guards { depot, night } => Resource::Guard { depot, night },
        Tag::Fleet { depot, kind } => Resource::Vehicle { depot, vehicle_type: kind },
        Tag::Wing { wing } => Resource::Bed { wing },
    })
}
