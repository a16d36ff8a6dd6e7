//! Looking as an officer of the exercise: while nobody has an account, a visitor of the open room may
//! choose one, and is then held to what that officer may see.

use access::{Asker, Part};
use domain::{AuthorityId, Officer, Role};
use scenario::Scenario;

/// The cookie that names the officer, as `justice/physician`.
pub const COOKIE: &str = "amana-as";

/// Officers a visitor can look as, by the part of their authority.
const ROLES: &[(Part, &[Role])] = &[
    (
        Part::Sender,
        &[Role::Registrar, Role::Gate, Role::Physician, Role::Director, Role::Keyholder],
    ),
    (Part::Escort, &[Role::Escort, Role::Physician, Role::Planner, Role::Director]),
    (Part::AirCover, &[Role::AirCover]),
    (
        Part::Receiver,
        &[Role::Registrar, Role::Reception, Role::Physician, Role::Director, Role::Keyholder],
    ),
    (Part::Interior, &[Role::Border]),
    (Part::Court, &[Role::Judge]),
    (Part::NationalSecurity, &[Role::Director]),
    (Part::ForeignMinistry, &[Role::Consular]),
    (Part::Monitor, &[Role::Monitor, Role::Physician]),
];

/// Numbers of these officers start here: nobody who signs in the exercise has one so high.
const FIRST_NUMBER: u32 = 9_001;

/// All of them, by authority as the scenario lists them.
pub fn all(scenario: &Scenario) -> Vec<Asker> {
    let mut all = Vec::new();
    for authority in &scenario.authorities {
        let Some(part) = part_of(scenario, &authority.id) else { continue };
        let roles = ROLES.iter().find(|(p, _)| *p == part).map_or(&[] as &[Role], |(_, r)| r);
        for role in roles {
            let number = FIRST_NUMBER + all.len() as u32;
            let officer = Officer { role: *role, number };
            all.push(Asker { authority: authority.id.clone(), part, officer });
        }
    }
    all
}

/// The officer whom a cookie or a request names.
pub fn named(scenario: &Scenario, text: &str) -> Option<Asker> {
    let (authority, role) = text.split_once('/')?;
    let role = Role::from_code(role)?;
    all(scenario).into_iter().find(|a| a.authority.as_str() == authority && a.officer.role == role)
}

/// What part an authority has; `None` for one that takes no part, whose officers may nothing.
pub fn part_of(scenario: &Scenario, authority: &AuthorityId) -> Option<Part> {
    let found = scenario.authorities.iter().find(|a| a.id == *authority)?;
    Part::from_code(found.kind.code())
}

#[cfg(test)]
mod tests {
    use super::Part;
    use scenario::AuthorityKind;

    #[test]
    fn every_kind_of_authority_is_a_part() {
        for kind in AuthorityKind::ALL {
            assert!(Part::from_code(kind.code()).is_some(), "{kind}");
        }
        assert_eq!(AuthorityKind::ALL.len(), Part::ALL.len());
    }
}
