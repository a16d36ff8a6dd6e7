//! Opening somebody's particulars: what could be opened and why not, and the look itself, which is a
//! fact in the record before anything is shown.

use crate::api::{
    FieldLine, LookAsked, OfficerLine, Openable, OpenableSection, Opened, OpenedSection, Problem,
};
use crate::app::App;
use crate::ask::Body;
use crate::entitled::Sight;
use crate::looks::line;
use crate::problem::ProblemCode;
use crate::sentence::{Sentence, no_such_word};
use crate::stands::{Stands, enough_alone, stands};
use crate::views::fact_line::fact_line;
use access::{Ask, Asker, Decision};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::IntoResponse;
use domain::{BreakGlass, Event, Look, Looker, PersonId, PolicyId, Purpose, Relation, Section};
use std::collections::BTreeSet;
use store::{Disclosed, Shown};

/// What the officer may open about a person, for what, and what would be needed for the rest.
#[utoipa::path(
    get,
    path = "/api/v1/people/{id}/particulars",
    tag = "people",
    params(("id" = String, Path, description = "Person number, as A-004711-3")),
    responses(
        (status = 200, body = Openable),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn get_openable(
    State(app): State<App>,
    sight: Sight,
    Path(id): Path<String>,
) -> Result<Json<Openable>, Problem> {
    let person = PersonId::parse(&id)?;
    let Stands { relations, seen } = stands(&app, &sight, person).await?;
    let found = app.blocking(move |app| {
        let kept = app.node.sections_kept(person)?;
        let versions = |section| {
            let of = kept.iter().filter(|(s, ..)| *s == section);
            seen.then(|| of.count() as u32)
        };
        let sections = Section::ALL
            .iter()
            .map(|section| openable(&sight, *section, &relations, versions(*section)));
        // That a section is kept says something too, as that somebody died, or that there is somebody
        // at all: whoever may not see the person is told of those sections alone that broken glass
        // would open, and not whether they are kept.
        let seen = sight.allows(&Ask::Person { relations: relations.clone() });
        let sections = sections.filter(|one| {
            seen || sight.asker().is_none() || !one.purposes.is_empty() || !one.glass.is_empty()
        });
        Ok(Openable {
            person: person.to_string(),
            officer: sight.asker().map(officer_line),
            sections: sections.collect(),
            relations: relations.iter().map(|r| r.to_string()).collect(),
        })
    });
    found.await.map(Json)
}

fn officer_line(asker: &Asker) -> OfficerLine {
    OfficerLine {
        authority: asker.authority.to_string(),
        role: asker.officer.role.to_string(),
        number: asker.officer.number,
    }
}

fn openable(
    sight: &Sight,
    section: Section,
    relations: &BTreeSet<Relation>,
    versions: Option<u32>,
) -> OpenableSection {
    let may = |purpose: &Purpose, glass| {
        let (relations, purpose) = (relations.clone(), *purpose);
        sight.allows(&Ask::Read { section, relations, purpose, glass })
    };
    let purposes: Vec<_> = Purpose::ALL.iter().filter(|p| may(p, false)).collect();
    let glass = Purpose::ALL.iter().filter(|p| !purposes.contains(p) && may(p, true));
    let needed = sight
        .asker()
        .filter(|_| purposes.is_empty())
        .map(|asker| sight.policies().needed(asker, section, relations, Purpose::Identification));
    let needed = needed.unwrap_or_default();
    let writes = |purpose: &&Purpose| {
        let (relations, purpose) = (relations.clone(), **purpose);
        sight.asker().is_some() && sight.allows(&Ask::Write { section, relations, purpose })
    };
    let writes: Vec<_> = Purpose::ALL.iter().filter(writes).map(|p| p.to_string()).collect();
    let form = if writes.is_empty() { &[][..] } else { register::fields(section) };
    OpenableSection {
        section: section.to_string(),
        versions,
        glass: glass.map(|p| p.to_string()).collect(),
        purposes: purposes.into_iter().map(|p| p.to_string()).collect(),
        relations: needed.relations.iter().map(|r| r.to_string()).collect(),
        roles: needed.roles.iter().map(|r| r.to_string()).collect(),
        form: form.iter().map(FieldLine::from).collect(),
        writes,
    }
}

/// Open sections of somebody's particulars. That the officer looked, at what and why, is in the record
/// before anything is answered.
#[utoipa::path(
    post,
    path = "/api/v1/people/{id}/particulars",
    tag = "people",
    params(("id" = String, Path, description = "Person number, as A-004711-3")),
    request_body = LookAsked,
    responses(
        (status = 200, body = Opened),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 503, body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn post_look(
    State(app): State<App>,
    sight: Sight,
    Path(id): Path<String>,
    Body(asked): Body<LookAsked>,
) -> Result<impl IntoResponse, Problem> {
    let person = PersonId::parse(&id)?;
    let wanted = Wanted::of(&asked)?;
    let Stands { relations, .. } = stands(&app, &sight, person).await?;
    let look = wanted.let_by(&sight, &relations)?;
    let opened = app.blocking(move |app| {
        let shown = app.node.open_particulars(&[person], &look, app.now())?;
        if shown.is_empty() {
            let about = [("person", person.to_string().into())];
            return Err(Problem::saying(ProblemCode::NoParticulars, Sentence::NothingKept, about));
        }
        opened(app, person, &shown)
    });
    let opened = opened.await?;
    app.feed.stir();
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(opened)))
}

fn opened(app: &App, person: PersonId, shown: &Shown) -> Result<Opened, Problem> {
    let told = app.node.read(|state| {
        let fact = state.record.fact(&shown.looks.first()?.hash)?;
        let Event::ParticularsLookedAt { people, look } = &fact.event else { return None };
        Some(line(fact_line(state, fact), people.clone(), look, &app.policies))
    });
    let look = told.ok_or_else(|| {
        Problem::new(ProblemCode::Internal, "the look is not in the record: nothing is shown")
    })?;
    let section = |one: &Disclosed| {
        Ok(OpenedSection {
            section: one.section.to_string(),
            version: one.version,
            commitment: one.commitment.to_string(),
            says: serde_json::from_slice(&one.plaintext)
                .map_err(|e| Problem::new(ProblemCode::Internal, e))?,
        })
    };
    let sections = shown.iter().map(section).collect::<Result<_, Problem>>()?;
    Ok(Opened { person: person.to_string(), look, sections })
}

/// [`LookAsked`] in the record's words.
struct Wanted {
    sections: Vec<Section>,
    purpose: Purpose,
    break_glass: Option<BreakGlass>,
}

impl Wanted {
    fn of(asked: &LookAsked) -> Result<Self, Problem> {
        let section =
            |word: &String| Section::from_code(word).ok_or_else(|| no_such_word("section", word));
        let sections: BTreeSet<_> =
            asked.sections.iter().map(section).collect::<Result<_, Problem>>()?;
        if sections.is_empty() {
            return Err(Problem::saying(ProblemCode::NotUnderstood, Sentence::NoSections, []));
        }
        let purpose = Purpose::from_code(&asked.purpose);
        let glass = asked.break_glass.as_deref().map(|word| {
            BreakGlass::from_code(word).ok_or_else(|| no_such_word("glass-reason", word))
        });
        Ok(Self {
            sections: sections.into_iter().collect(),
            purpose: purpose.ok_or_else(|| no_such_word("purpose", &asked.purpose))?,
            break_glass: glass.transpose()?,
        })
    }

    /// The look as the record will have it, or why not. Glass that need not be broken stays whole.
    fn let_by(&self, sight: &Sight, relations: &BTreeSet<Relation>) -> Result<Look, Problem> {
        let Some(asker) = sight.asker() else {
            return Err(Problem::saying(ProblemCode::LookRefused, Sentence::LookAs, []));
        };
        let ask = |section, relations: &BTreeSet<Relation>, glass| {
            let (relations, purpose) = (relations.clone(), self.purpose);
            sight.decide(&Ask::Read { section, relations, purpose, glass })
        };
        let mut policies: BTreeSet<PolicyId> = BTreeSet::new();
        let mut broken = None;
        for section in &self.sections {
            let mut decision = ask(*section, relations, false);
            if !decision.allowed && self.break_glass.is_some() {
                decision = ask(*section, relations, true);
                broken = self.break_glass;
            }
            if !decision.allowed {
                return Err(self.refused(sight, asker, *section, relations, &decision));
            }
            policies.extend(decision.policies);
        }
        let relation = enough_alone(relations, |alone| {
            self.sections.iter().all(|s| ask(*s, alone, broken.is_some()).allowed)
        });
        Ok(Look {
            sections: self.sections.clone(),
            by: Looker { authority: asker.authority.clone(), officer: asker.officer },
            purpose: self.purpose,
            relation,
            policies: policies.into_iter().collect(),
            policy_set: Some(sight.policies().hash()),
            break_glass: broken,
        })
    }

    fn refused(
        &self,
        sight: &Sight,
        asker: &Asker,
        section: Section,
        relations: &BTreeSet<Relation>,
        decision: &Decision,
    ) -> Problem {
        let policies = sight.policies();
        let stands: Vec<&str> = relations.iter().map(|r| r.code()).collect();
        let needed = policies.needed(asker, section, relations, self.purpose);
        let what = format!(
            "{section} is not opened for {} by a {} of {}, which stands to the person as {}; {}. {}",
            self.purpose,
            asker.officer.role,
            asker.authority,
            stands.join(", "),
            needed.told("read"),
            policies.sentences(&decision.policies),
        );
        let ask = Ask::Read {
            section,
            relations: relations.clone(),
            purpose: self.purpose,
            glass: self.break_glass.is_some(),
        };
        let refused = sight.refusal_of_section(asker, &ask, decision, relations, &needed);
        Problem::new(ProblemCode::LookRefused, what.trim_end()).refusing(refused)
    }
}
