//! Who signs: the devices of each authority, with keys made from the exercise's seed.

use domain::{AuthorityId, Role, SiteId};
use std::collections::BTreeMap;

/// One device in the hands of one officer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Signatory {
    pub authority: AuthorityId,
    pub role: Role,
    /// Where the device is kept; `None` for one that travels or sits at headquarters.
    pub site: Option<SiteId>,
    /// Tells apart officers of one role: the number of the convoy, for its commander.
    pub desk: u8,
}

impl Signatory {
    pub fn of(authority: &AuthorityId, role: Role, site: Option<&SiteId>) -> Self {
        Self { authority: authority.clone(), role, site: site.cloned(), desk: 0 }
    }

    /// The device in the office of an authority, used by hand beside the play.
    pub fn office(authority: &AuthorityId) -> Self {
        Self { authority: authority.clone(), role: Role::Director, site: None, desk: 200 }
    }

    /// The device of the register that an authority keeps; the play itself never signs with it.
    pub fn register(authority: &AuthorityId) -> Self {
        Self { authority: authority.clone(), role: Role::Register, site: None, desk: 201 }
    }

    /// The key's name, from which its secret is made in an exercise.
    pub fn name(&self) -> String {
        let site = self.site.as_ref().map_or("-", SiteId::as_str);
        format!("{}/{}/{site}/{}", self.authority, self.role, self.desk)
    }
}

/// The authorities by the part they play, and the number of each officer.
#[derive(Debug, Clone)]
pub struct Cast {
    pub escort: AuthorityId,
    pub air_cover: AuthorityId,
    pub receiver: AuthorityId,
    pub border: AuthorityId,
    pub court: AuthorityId,
    pub tracing: AuthorityId,
    numbers: BTreeMap<Signatory, u32>,
}

/// An operation lacks an authority that has to act in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingPart(pub &'static str);

impl std::fmt::Display for MissingPart {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(f, "no authority of kind '{}' in authorities.toml: add one", self.0)
    }
}

impl std::error::Error for MissingPart {}

impl Cast {
    pub fn of(scenario: &scenario::Scenario) -> Result<Self, MissingPart> {
        use scenario::AuthorityKind as Kind;
        let find = |kind: Kind| {
            let found = scenario.authorities.iter().find(|a| a.kind == kind);
            found.map(|a| a.id.clone()).ok_or(MissingPart(kind.code()))
        };
        Ok(Self {
            escort: find(Kind::Escort)?,
            air_cover: find(Kind::AirCover)?,
            receiver: find(Kind::Receiver)?,
            border: find(Kind::Interior)?,
            court: find(Kind::Court)?,
            tracing: find(Kind::ForeignMinistry)?,
            numbers: BTreeMap::new(),
        })
    }

    /// The officer's number: given out in the order in which officers first sign, from 101.
    pub fn number(&mut self, who: &Signatory) -> u32 {
        let next = 101 + self.numbers.len() as u32;
        *self.numbers.entry(who.clone()).or_insert(next)
    }
}
