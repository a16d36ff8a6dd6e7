//! What whoever asks may see, and of whom.

use crate::api::{PolicyLine, PolicyRefusal, Problem};
use crate::app::App;
use crate::fold::Fold;
use crate::problem::ProblemCode;
use crate::sentence::Sentence;
use access::{About, Ask, Asker, Decision, Needed, Part, Policies, relations};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use domain::{AuthorityId, PersonId, PolicyId, Record, Relation, Role};
use scenario::Scenario;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Who asks, held to the policies. A handler has it from the guard, as an argument.
#[derive(Clone)]
pub struct Sight {
    who: Who,
    policies: Arc<Policies>,
}

#[derive(Clone)]
enum Who {
    /// A visitor of the open room: everything but particulars and keys.
    Visitor,
    Officer(Asker),
}

impl<S: Sync> FromRequestParts<S> for Sight {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let none = || Problem::saying(ProblemCode::SignInNeeded, Sentence::SignedOut, []);
        parts.extensions.get::<Sight>().cloned().ok_or_else(none)
    }
}

impl Sight {
    pub fn visitor(policies: Arc<Policies>) -> Self {
        Self { who: Who::Visitor, policies }
    }

    pub fn officer(policies: Arc<Policies>, asker: Asker) -> Self {
        Self { who: Who::Officer(asker), policies }
    }

    /// The officer who asks; `None` for a visitor who has not chosen to look as one.
    pub fn asker(&self) -> Option<&Asker> {
        match &self.who {
            Who::Visitor => None,
            Who::Officer(asker) => Some(asker),
        }
    }

    pub fn policies(&self) -> &Policies {
        &self.policies
    }

    pub fn decide(&self, ask: &Ask) -> Decision {
        match &self.who {
            Who::Officer(asker) => self.policies.decide(asker, ask),
            // Looking at particulars and writing them is somebody's, and a device is enrolled by who
            // answers for it.
            Who::Visitor => Decision {
                allowed: !matches!(
                    ask,
                    Ask::Read { .. } | Ask::Write { .. } | Ask::Do(access::Act::EnrolDevice)
                ),
                policies: Vec::new(),
            },
        }
    }

    pub fn allows(&self, ask: &Ask) -> bool {
        self.decide(ask).allowed
    }

    /// Refuses, saying by what and who could, what the policies do not let this officer do.
    pub fn require(&self, ask: &Ask) -> Result<(), Problem> {
        let decision = self.decide(ask);
        if decision.allowed {
            return Ok(());
        }
        let Some(asker) = self.asker() else {
            return Err(Problem::saying(ProblemCode::NotAllowed, Sentence::ActAs, []));
        };
        let others = self.roles_that_may(asker, ask);
        let who = match others.as_slice() {
            [] => "no other role of your authority may".to_owned(),
            others => format!("of your authority, {} may", others.join(", ")),
        };
        let why = self.policies.sentences(&decision.policies);
        let role = asker.officer.role;
        let what = format!("'{ask}' is not for a {role} of {}: {who}. {why}", asker.authority);
        let refused = PolicyRefusal {
            roles: others.into_iter().map(str::to_owned).collect(),
            ..self.refusal(asker, ask, &decision)
        };
        Err(Problem::new(ProblemCode::NotAllowed, what.trim_end()).refusing(refused))
    }

    /// What was refused and by which policies; what would let it is the caller's to add.
    pub fn refusal(&self, asker: &Asker, ask: &Ask, decision: &Decision) -> PolicyRefusal {
        let line = |id: &PolicyId| PolicyLine {
            id: id.to_string(),
            says: self.policies.text(id).map(|text| text.says.clone()),
        };
        PolicyRefusal {
            action: ask.action().to_owned(),
            resource: match ask {
                Ask::See(screen) | Ask::Export(screen) => Some(screen.code().to_owned()),
                Ask::Read { section, .. } | Ask::Write { section, .. } => {
                    Some(section.code().to_owned())
                }
                Ask::Person { .. } | Ask::Looks { .. } | Ask::Do(_) => None,
            },
            authority: asker.authority.to_string(),
            role: asker.officer.role.to_string(),
            forbidden_by: decision.policies.iter().map(line).collect(),
            roles: Vec::new(),
            stands: Vec::new(),
            purposes: Vec::new(),
            relations: Vec::new(),
            glass: false,
        }
    }

    /// The same of a section: how the authority stands to the person, and what would let it.
    pub fn refusal_of_section(
        &self,
        asker: &Asker,
        ask: &Ask,
        decision: &Decision,
        relations: &BTreeSet<Relation>,
        needed: &Needed,
    ) -> PolicyRefusal {
        PolicyRefusal {
            roles: needed.roles.iter().map(|r| r.to_string()).collect(),
            stands: relations.iter().map(|r| r.to_string()).collect(),
            purposes: needed.purposes.iter().map(|p| p.to_string()).collect(),
            relations: needed.relations.iter().map(|r| r.to_string()).collect(),
            glass: needed.glass,
            ..self.refusal(asker, ask, decision)
        }
    }

    /// Refuses an officer who could see nobody, however their authority stood to whomever. Decided
    /// before the record is asked, so that it says nothing about anybody.
    pub fn require_anybody(&self) -> Result<(), Problem> {
        let person = |relation| Ask::Person { relations: BTreeSet::from([relation]) };
        match Relation::ALL.iter().any(|relation| self.allows(&person(*relation))) {
            true => Ok(()),
            false => self.require(&person(Relation::Holds)),
        }
    }

    fn roles_that_may(&self, asker: &Asker, ask: &Ask) -> Vec<&'static str> {
        let may = |role: &&Role| {
            let mut other = asker.clone();
            other.officer.role = **role;
            self.policies.allows(&other, ask)
        };
        Role::ALL.iter().filter(may).map(|role| role.code()).collect()
    }

    /// With this, people can be looked at one by one. Blocking: it may read the register.
    pub fn over(&self, app: &App, fold: Arc<Fold>) -> Result<Seen, Problem> {
        let ministry = self.asker().filter(|asker| asker.part == Part::ForeignMinistry);
        let country = ministry.and_then(|asker| country(&app.scenario, &asker.authority));
        let compatriots = match country {
            Some(country) => app.nationalities.now(&app.node)?.nationals(country),
            None => Arc::default(),
        };
        Ok(Seen { sight: self.clone(), fold, scenario: app.scenario.clone(), compatriots })
    }

    /// How the asker's authority stands to a person; `None` for nobody in the record. Blocking.
    pub fn relations_to(
        &self,
        app: &App,
        fold: Arc<Fold>,
        person: PersonId,
    ) -> Result<Option<BTreeSet<Relation>>, Problem> {
        let seen = self.over(app, fold)?;
        Ok(app.node.read(|state| {
            let known = state.record.standing(person).is_some();
            known.then(|| seen.relations(&state.record, person))
        }))
    }
}

/// How the authority of somebody who is not at this server stands to a person; `None` for nobody in the
/// record. Blocking.
pub fn relations_of(
    app: &App,
    asker: &Asker,
    person: PersonId,
) -> Result<Option<BTreeSet<Relation>>, RelationsUnknown> {
    let fold = app.folds.at_once(&app.node, &app.scenario);
    let sight = Sight::officer(app.policies.clone(), asker.clone());
    sight.relations_to(app, fold, person).map_err(|problem| RelationsUnknown(problem.detail))
}

/// The register or the record could not be read.
#[derive(Debug, thiserror::Error)]
#[error("how the authority stands to the person cannot be worked out: {0}")]
pub struct RelationsUnknown(String);

/// Whom somebody sees, at one position of the record.
pub struct Seen {
    sight: Sight,
    fold: Arc<Fold>,
    scenario: Arc<Scenario>,
    /// People of the asker's state, for a foreign ministry.
    compatriots: Arc<BTreeSet<PersonId>>,
}

impl Seen {
    /// As whom.
    pub fn sight(&self) -> &Sight {
        &self.sight
    }

    /// How the asker's authority stands to a person.
    pub fn relations(&self, record: &Record, person: PersonId) -> BTreeSet<Relation> {
        let Some(asker) = self.sight.asker() else {
            return BTreeSet::from([Relation::Unrelated]);
        };
        let about = About {
            expected: self.fold.expected.get(&person),
            compatriot: self.compatriots.contains(&person) && self.abroad(record, person, asker),
        };
        relations(record, person, asker, &about)
    }

    /// Whether another state than the asker's holds the person.
    fn abroad(&self, record: &Record, person: PersonId, asker: &Asker) -> bool {
        let holder = record.standing(person).and_then(|s| s.custody.responsible());
        let holder = holder.and_then(|account| country(&self.scenario, &account.authority));
        holder != country(&self.scenario, &asker.authority)
    }

    /// Whether the person is to be shown by number.
    pub fn sees(&self, record: &Record, person: PersonId) -> bool {
        if self.sight.asker().is_none() {
            return true;
        }
        self.sight.allows(&Ask::Person { relations: self.relations(record, person) })
    }
}

/// The state that an authority belongs to, where it belongs to one.
fn country<'a>(scenario: &'a Scenario, authority: &AuthorityId) -> Option<&'a str> {
    let found = scenario.authorities.iter().find(|a| a.id == *authority)?;
    found.country.as_deref()
}
