//! What would be needed for a look or a writing that was refused: found by asking the policies, one
//! change at a time, so that it cannot say other than they do.

use crate::ask::{Ask, Asker};
use crate::policies::Policies;
use domain::{Purpose, Relation, Role, Section};
use std::collections::BTreeSet;

/// What would let a section be read, or written. Each list stands alone: any one of it is enough.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Needed {
    /// For the same officer: another purpose.
    pub purposes: Vec<Purpose>,
    /// For the same officer, for some purpose: another relation of their authority to the person.
    pub relations: Vec<Relation>,
    /// With the same relation, for some purpose: another officer of the same authority.
    pub roles: Vec<Role>,
    /// Breaking the glass, for this purpose.
    pub glass: bool,
}

impl Policies {
    /// What would let `asker` read a section, who may not for this purpose.
    pub fn needed(
        &self,
        asker: &Asker,
        section: Section,
        relations: &BTreeSet<Relation>,
        purpose: Purpose,
    ) -> Needed {
        let read = |asker: &Asker, relations: BTreeSet<Relation>, purpose, glass| {
            self.allows(asker, &Ask::Read { section, relations, purpose, glass })
        };
        Needed {
            glass: read(asker, relations.clone(), purpose, true),
            ..needed(asker, relations, |a, r, p| read(a, r.clone(), p, false))
        }
    }

    /// What would let `asker` write a section, who may not for the purpose asked.
    pub fn needed_to_write(
        &self,
        asker: &Asker,
        section: Section,
        relations: &BTreeSet<Relation>,
    ) -> Needed {
        needed(asker, relations, |asker, relations, purpose| {
            let relations = relations.clone();
            self.allows(asker, &Ask::Write { section, relations, purpose })
        })
    }
}

/// What `lets` would let, with one thing changed.
fn needed(
    asker: &Asker,
    relations: &BTreeSet<Relation>,
    lets: impl Fn(&Asker, &BTreeSet<Relation>, Purpose) -> bool,
) -> Needed {
    let for_some = |asker: &Asker, relations: &BTreeSet<Relation>| {
        Purpose::ALL.iter().any(|purpose| lets(asker, relations, *purpose))
    };
    let with_role = |role: &Role| {
        let mut other = asker.clone();
        other.officer.role = *role;
        other
    };
    let purposes = Purpose::ALL.iter().copied();
    let others = Relation::ALL.iter().copied().filter(|r| !relations.contains(r));
    let roles = Role::ALL.iter().copied().filter(|r| *r != asker.officer.role);
    Needed {
        purposes: purposes.filter(|p| lets(asker, relations, *p)).collect(),
        relations: others.filter(|r| for_some(asker, &BTreeSet::from([*r]))).collect(),
        roles: roles.filter(|role| for_some(&with_role(role), relations)).collect(),
        glass: false,
    }
}

impl Needed {
    /// In words, for the officer who was refused; `done` is what was asked, as `read`.
    pub fn told(&self, done: &str) -> String {
        let words = |codes: Vec<&str>| codes.join(" or ");
        let mut ways = Vec::new();
        if !self.purposes.is_empty() {
            ways.push(format!("for {}", words(self.purposes.iter().map(|p| p.code()).collect())));
        }
        if !self.relations.is_empty() {
            let relations = words(self.relations.iter().map(|r| r.code()).collect());
            ways.push(format!("by an authority that stands to the person as {relations}"));
        }
        if !self.roles.is_empty() {
            let roles = words(self.roles.iter().map(|r| r.code()).collect());
            ways.push(format!("by your {roles}"));
        }
        if self.glass {
            ways.push("by breaking the glass, in an emergency and with a reason".to_owned());
        }
        match ways.as_slice() {
            [] => format!("no change of purpose, relation or role would let it be {done}"),
            ways => format!("it can be {done} {}", ways.join("; ")),
        }
    }
}
