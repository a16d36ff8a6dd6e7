//! A scenario: a folder of plain, commented TOML and CSV files that says who moves whom, from where,
//! by what and when. Reads it, lists everything that is wrong with it, and invents the cohort.
//!
//! It cannot tell what really happens: it knows neither plans nor facts.

pub mod authority;
pub mod calendar;
mod classes;
pub mod cohort;
pub mod finding;
pub mod fleet;
pub mod names;
pub mod nationality;
pub mod obligation;
pub mod operation;
pub mod parameters;
pub mod planning;
pub mod published;
mod read;
pub mod route;
pub mod site;
pub mod text;
pub mod troubles;
pub mod weather;

use domain::Deciders;
use domain::ids::{SiteId, UnitId};

pub use authority::{Authority, AuthorityKind};
pub use calendar::{CoverNight, CrossingNight, IntakePromise};
pub use cohort::{Cohort, Gate, GatePlan, Person};
pub use finding::{Finding, ReadError, Report};
pub use fleet::{Aircraft, Depot, Fleet, Need, Vehicle, VehicleType};
pub use names::{NameEntry, NameLists};
pub use nationality::{Nationality, NationalityRow};
pub use obligation::{Deadline, Obligation};
pub use operation::{Mandate, Minima, NationalityGroup, Operation, Prices, SeparationGroup};
pub use parameters::CohortParameters;
pub use published::PublishedFigure;
pub use read::check;
pub use route::{Leg, Point, Route, RouteKind, Waypoint};
pub use site::{Destination, Health, Origin, Rating, Security, Site, SiteKind, Unit};
pub use text::Text;
pub use troubles::Troubles;
pub use weather::{ReportKind, WeatherReport};

/// Everything the folder says, read and checked. Every reference in it resolves.
#[derive(Debug, Clone, PartialEq)]
pub struct Scenario {
    pub operation: Operation,
    /// In file order.
    pub authorities: Vec<Authority>,
    /// In file order.
    pub sites: Vec<Site>,
    pub fleet: Fleet,
    pub legs: Vec<Leg>,
    pub routes: Vec<Route>,
    pub crossings: Vec<CrossingNight>,
    /// One for each night, in order.
    pub cover: Vec<CoverNight>,
    /// In file order; a later announcement replaces an earlier one (see `intake_as_known`).
    pub intake: Vec<IntakePromise>,
    /// Synthetic METAR and TAF, in order of issue.
    pub weather: Vec<WeatherReport>,
    pub published: Vec<PublishedFigure>,
    pub nationalities: Vec<NationalityRow>,
    pub names: NameLists,
    pub cohort: CohortParameters,
    pub troubles: Troubles,
    /// In file order; empty when the folder has no `obligations.toml`.
    pub obligations: Vec<Obligation>,
}

impl Scenario {
    pub fn site(&self, id: &SiteId) -> Option<&Site> {
        self.sites.iter().find(|s| s.id == *id)
    }
    pub fn unit(&self, id: &UnitId) -> Option<&Unit> {
        self.site(id.site())?.units.iter().find(|u| u.id == *id)
    }
    pub fn leg(&self, id: &str) -> Option<&Leg> {
        self.legs.iter().find(|l| l.id == id)
    }
    pub fn route(&self, id: &str) -> Option<&Route> {
        self.routes.iter().find(|r| r.id == id)
    }
    /// Sites that people leave from, in file order.
    pub fn origins(&self) -> impl Iterator<Item = (&Site, &Origin)> {
        self.sites.iter().filter_map(|s| Some((s, s.origin.as_ref()?)))
    }
    /// Sites that people are taken to, in file order.
    pub fn destinations(&self) -> impl Iterator<Item = (&Site, &Destination)> {
        self.sites.iter().filter_map(|s| Some((s, s.destination.as_ref()?)))
    }
    /// Who decides what, as the operation's opening will say.
    pub fn deciders(&self) -> Deciders {
        let cover = self.authorities.iter().filter(|a| a.kind == AuthorityKind::AirCover);
        Deciders {
            plans: self.operation.mandate.ordered_by.clone(),
            cover: cover.map(|a| a.id.clone()).collect(),
            intake: self.destinations().map(|(s, _)| (s.id.clone(), s.authority.clone())).collect(),
        }
    }
    /// The legs of a route, in order.
    pub fn legs_of<'a>(&'a self, route: &'a Route) -> impl Iterator<Item = &'a Leg> {
        route.legs.iter().filter_map(|id| self.leg(id))
    }
    /// Travel time of a route by its legs, in hours.
    pub fn hours(&self, route: &Route) -> f64 {
        self.legs_of(route).map(|l| l.hours).sum()
    }
}
