//! Writing a section of somebody's particulars down, or correcting it: what is written is kept beside
//! what was there, and the record says who wrote and what let them.

use crate::api::{Problem, SectionKept, SectionWritten, UnfitField};
use crate::app::App;
use crate::ask::Body;
use crate::entitled::Sight;
use crate::people::unknown;
use crate::problem::ProblemCode;
use crate::sentence::{Sentence, no_such_word};
use crate::stands::{Stands, enough_alone, stands};
use crate::views::fact_line::fact_line;
use access::{Ask, Asker, Decision};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::{Commitment, Looker, PersonId, Purpose, Relation, Section, Writing};
use register::UnfitSection;
use std::collections::BTreeSet;
use store::Particulars;

/// Keep a section as the officer wrote it, as its newest version. 201, and the same answer when the same
/// is written once more after the same version; 409 when another version was kept since the one that the
/// officer knew, 422 with every field that will not do.
#[utoipa::path(
    put,
    path = "/api/v1/people/{id}/particulars/{section}",
    tag = "people",
    params(
        ("id" = String, Path, description = "Person number, as A-004711-3"),
        ("section" = String, Path, description = "identity, health, case, family, property or death")
    ),
    request_body = SectionWritten,
    responses(
        (status = 201, body = SectionKept),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
        (status = 503, body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn put_section(
    State(app): State<App>,
    sight: Sight,
    Path((id, section)): Path<(String, String)>,
    Body(written): Body<SectionWritten>,
) -> Result<(StatusCode, Json<SectionKept>), Problem> {
    let person = PersonId::parse(&id)?;
    let wanted = Wanted::of(person, &section, written)?;
    let Stands { relations, seen } = stands(&app, &sight, person).await?;
    if !seen {
        return Err(unknown(person));
    }
    let writing = wanted.let_by(&sight, &relations)?;
    let plaintext = wanted.read()?;
    let kept = app.blocking(move |app| {
        let new = Particulars::new(person, wanted.section, plaintext)?;
        let written = app.node.write_particulars(&new, wanted.after, writing, app.now())?;
        let fact = app.node.read(|state| {
            let fact = state.record.fact(&written.receipt.hash)?;
            Some(fact_line(state, fact))
        });
        let lost = || Problem::new(ProblemCode::Internal, "what was kept is not in the record");
        Ok(SectionKept {
            person: person.to_string(),
            section: wanted.section.to_string(),
            version: written.version,
            commitment: written.commitment.to_string(),
            fact: fact.ok_or_else(lost)?,
        })
    });
    let kept = kept.await?;
    app.feed.stir();
    Ok((StatusCode::CREATED, Json(kept)))
}

/// [`SectionWritten`] in the record's words.
struct Wanted {
    section: Section,
    purpose: Purpose,
    after: Option<Commitment>,
    says: serde_json::Value,
}

impl Wanted {
    fn of(person: PersonId, section: &str, written: SectionWritten) -> Result<Self, Problem> {
        let purpose = Purpose::from_code(&written.purpose);
        let after = written
            .after
            .as_deref()
            .map(|text| Commitment::parse(text).map_err(|_| no_such_word("commitment", text)));
        let mut says = written.says;
        // Whom it is about, the path says.
        says.insert("person".to_owned(), person.to_string().into());
        Ok(Self {
            section: Section::from_code(section).ok_or_else(|| no_such_word("section", section))?,
            purpose: purpose.ok_or_else(|| no_such_word("purpose", &written.purpose))?,
            after: after.transpose()?,
            says: says.into(),
        })
    }

    /// The writing as the record will have it, or why not.
    fn let_by(&self, sight: &Sight, relations: &BTreeSet<Relation>) -> Result<Writing, Problem> {
        let Some(asker) = sight.asker() else {
            return Err(Problem::saying(ProblemCode::WriteRefused, Sentence::WriteAs, []));
        };
        let ask = |relations: &BTreeSet<Relation>| Ask::Write {
            section: self.section,
            relations: relations.clone(),
            purpose: self.purpose,
        };
        let decision = sight.decide(&ask(relations));
        if !decision.allowed {
            return Err(self.refused(sight, asker, &ask(relations), relations, &decision));
        }
        Ok(Writing {
            by: Looker { authority: asker.authority.clone(), officer: asker.officer },
            purpose: self.purpose,
            relation: enough_alone(relations, |alone| sight.allows(&ask(alone))),
            policies: decision.policies,
            policy_set: sight.policies().hash(),
        })
    }

    fn refused(
        &self,
        sight: &Sight,
        asker: &Asker,
        ask: &Ask,
        relations: &BTreeSet<Relation>,
        decision: &Decision,
    ) -> Problem {
        let policies = sight.policies();
        let needed = policies.needed_to_write(asker, self.section, relations);
        let what = format!(
            "{} is not written for {} by a {} of {}; {}. {}",
            self.section,
            self.purpose,
            asker.officer.role,
            asker.authority,
            needed.told("written"),
            policies.sentences(&decision.policies),
        );
        let refused = sight.refusal_of_section(asker, ask, decision, relations, &needed);
        Problem::new(ProblemCode::WriteRefused, what.trim_end()).refusing(refused)
    }

    /// The bytes that are sealed, or every field that will not do.
    fn read(&self) -> Result<Vec<u8>, Problem> {
        let (_, plaintext) = register::read(self.section, &self.says).map_err(unfit)?;
        Ok(plaintext)
    }
}

fn unfit(section: UnfitSection) -> Problem {
    let problem = Problem::new(ProblemCode::SectionUnfit, &section);
    let fields = section.0.into_iter().map(|one| UnfitField {
        field: one.field,
        fault: one.fault.to_string(),
        may_be: one.may_be,
    });
    Problem { fields: fields.collect(), ..problem }
}
