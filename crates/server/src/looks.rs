//! Who looked at whose particulars: for overseers all, for others what the policies let them see.

use crate::api::{FactLine, LookLine, LooksPage, PolicyLine, Problem};
use crate::app::App;
use crate::ask::Asked;
use crate::entitled::{Seen, Sight};
use crate::problem::ProblemCode;
use crate::sentence::{limit_not_within, no_such_word};
use crate::views::fact_line::fact_line;
use access::{Ask, Looks, Policies};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::IntoResponse;
use domain::{Event, Fact, Look, PersonId, Record, Relation, Section, kind};
use serde::Deserialize;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;
use utoipa::IntoParams;

/// Looks in one answer, when the request does not say, and at most.
const PAGE_LOOKS: (u32, u32) = (100, 500);

/// Which looks; what is absent does not narrow.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct LooksAsked {
    /// At this person; a number.
    pub person: Option<String>,
    /// By officers of this authority.
    pub authority: Option<String>,
    /// By the officer of this number.
    pub officer: Option<u32>,
    /// At this section.
    pub section: Option<String>,
    /// Only those that broke the glass.
    pub glass: Option<bool>,
    /// Looks to skip, newest first; 0 when absent.
    pub offset: Option<u32>,
    /// Looks in this answer: 1 to 500, 100 when absent.
    pub limit: Option<u32>,
}

/// What [`LooksAsked`] asks, understood.
#[derive(Default)]
struct Which {
    person: Option<PersonId>,
    authority: Option<String>,
    officer: Option<u32>,
    section: Option<Section>,
    glass: bool,
}

impl LooksAsked {
    fn which(&self) -> Result<Which, Problem> {
        let section = self
            .section
            .as_deref()
            .map(|word| Section::from_code(word).ok_or_else(|| no_such_word("section", word)));
        Ok(Which {
            person: self.person.as_deref().map(PersonId::parse).transpose()?,
            authority: self.authority.clone(),
            officer: self.officer,
            section: section.transpose()?,
            glass: self.glass.unwrap_or(false),
        })
    }
}

impl Which {
    fn takes(&self, people: &[PersonId], look: &Look) -> bool {
        self.person.is_none_or(|person| people.contains(&person))
            && self.authority.as_ref().is_none_or(|a| look.by.authority.as_str() == a)
            && self.officer.is_none_or(|number| look.by.officer.number == number)
            && self.section.is_none_or(|section| look.sections.contains(&section))
            && (!self.glass || look.break_glass.is_some())
    }
}

/// Looks at particulars, newest first, of those that the officer may see.
#[utoipa::path(
    get,
    path = "/api/v1/looks",
    tag = "looks",
    params(LooksAsked),
    responses(
        (status = 200, body = LooksPage),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn get_looks(
    State(app): State<App>,
    sight: Sight,
    Asked(asked): Asked<LooksAsked>,
) -> Result<Json<LooksPage>, Problem> {
    let limit = asked.limit.unwrap_or(PAGE_LOOKS.0);
    if !(1..=PAGE_LOOKS.1).contains(&limit) {
        return Err(limit_not_within(limit, PAGE_LOOKS.1));
    }
    let (which, offset) = (asked.which()?, asked.offset.unwrap_or(0));
    let policies = app.policies.clone();
    Ok(Json(page(lines(app, sight, which).await?, &policies, offset, limit)))
}

fn page(lines: Vec<LookLine>, policies: &Policies, offset: u32, limit: u32) -> LooksPage {
    LooksPage {
        policy_set: policies.hash().to_string(),
        total: lines.len() as u32,
        glass: lines.iter().filter(|l| l.break_glass.is_some()).count() as u32,
        looks: lines.into_iter().skip(offset as usize).take(limit as usize).collect(),
    }
}

/// The looks at one person that the officer may see, newest first.
#[utoipa::path(
    get,
    path = "/api/v1/people/{id}/looks",
    tag = "looks",
    params(("id" = String, Path, description = "Person number, as A-004711-3")),
    responses(
        (status = 200, body = LooksPage),
        (status = 400, body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn get_looks_at(
    State(app): State<App>,
    sight: Sight,
    Path(id): Path<String>,
) -> Result<Json<LooksPage>, Problem> {
    let asked = LooksAsked { person: Some(id), ..LooksAsked::default() };
    let policies = app.policies.clone();
    Ok(Json(page(lines(app, sight, asked.which()?).await?, &policies, 0, PAGE_LOOKS.0)))
}

/// The looks as a file: one line for each person looked at.
#[utoipa::path(
    get,
    path = "/api/v1/looks.csv",
    tag = "looks",
    params(LooksAsked),
    responses(
        (status = 200, body = String, content_type = "text/csv"),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn get_looks_file(
    State(app): State<App>,
    sight: Sight,
    Asked(asked): Asked<LooksAsked>,
) -> Result<impl IntoResponse, Problem> {
    let lines = lines(app, sight, asked.which()?).await?;
    let csv = csv_of(&lines).map_err(|e| Problem::new(ProblemCode::Internal, e))?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"looks.csv\""),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, csv))
}

fn csv_of(lines: &[LookLine]) -> Result<Vec<u8>, csv::Error> {
    let mut file = csv::Writer::from_writer(Vec::new());
    file.write_record([
        "position",
        "occurred_at",
        "recorded_at",
        "authority",
        "role",
        "officer",
        "person",
        "sections",
        "purpose",
        "relation",
        "policies",
        "policy_set",
        "break_glass",
        "fact",
    ])?;
    for line in lines {
        let policies: Vec<&str> = line.policies.iter().map(|p| p.id.as_str()).collect();
        for person in &line.people {
            file.write_record([
                &line.fact.position.to_string(),
                &line.fact.occurred_at,
                &line.fact.recorded_at,
                &line.authority,
                &line.role,
                &line.officer.to_string(),
                person,
                &line.sections.join(" "),
                &line.purpose,
                &line.relation,
                &policies.join(" "),
                line.policy_set.as_deref().unwrap_or(""),
                line.break_glass.as_deref().unwrap_or(""),
                &line.fact.hash,
            ])?;
        }
    }
    file.into_inner().map_err(|e| csv::Error::from(e.into_error()))
}

/// The looks asked for, newest first.
async fn lines(app: App, sight: Sight, which: Which) -> Result<Vec<LookLine>, Problem> {
    let mut lines = among(&app, sight, 0..u64::MAX, which).await?;
    lines.reverse();
    Ok(lines)
}

/// The looks asked for among the facts of those positions, as the officer may see them, in order.
async fn among(
    app: &App,
    sight: Sight,
    positions: Range<u64>,
    which: Which,
) -> Result<Vec<LookLine>, Problem> {
    let fold = app.fold_at_hand().await?;
    app.blocking(move |app| {
        let seen = sight.over(app, fold)?;
        let state = app.node.state();
        let told = |fact: &Arc<Fact>| {
            let Event::ParticularsLookedAt { people, look } = &fact.event else { return None };
            let position = state.position_of(&fact.hash).filter(|at| positions.contains(at))?;
            if !which.takes(people, look) {
                return None;
            }
            let people = may_see(&sight, &seen, &state, people, look)?;
            Some((position, line(fact_line(&state, fact), people, look, &app.policies)))
        };
        let mut lines: Vec<_> = candidates(&state.record, &which).filter_map(told).collect();
        lines.sort_unstable_by_key(|(position, _)| *position);
        Ok(lines.into_iter().map(|(_, line)| line).collect())
    })
    .await
}

/// The facts among which the looks asked for are: those about the one person, or all looks.
fn candidates<'a>(
    record: &'a Record,
    which: &Which,
) -> Box<dyn Iterator<Item = &'a Arc<Fact>> + 'a> {
    match which.person {
        Some(person) => Box::new(record.mentions(person).into_iter()),
        None => Box::new(record.of_kind(kind::PARTICULARS_LOOKED_AT)),
    }
}

/// Looks that broke the glass, by facts after one position and up to another, of which the officer is
/// to be told at once.
pub async fn notices(
    app: &App,
    sight: &Sight,
    after: u64,
    upto: u64,
) -> Result<Vec<LookLine>, Problem> {
    let glass = |event: &Event| matches!(event, Event::ParticularsLookedAt { look, .. } if look.break_glass.is_some());
    let any = app.node.facts(after..upto).iter().any(|entry| glass(&entry.fact.event));
    // A visitor who looks as nobody is told nothing: it is not their watch.
    if !any || sight.asker().is_none() {
        return Ok(Vec::new());
    }
    among(app, sight.clone(), after..upto, Which { glass: true, ..Which::default() }).await
}

/// The people of a look that the officer may see was looked at; `None` when the whole look is not
/// theirs to see.
pub fn may_see(
    sight: &Sight,
    seen: &Seen,
    state: &store::State,
    people: &[PersonId],
    look: &Look,
) -> Option<Vec<PersonId>> {
    let none = || BTreeSet::from([Relation::Unrelated]);
    let sees = |which, relations| sight.allows(&Ask::Looks { which, relations });
    if sees(Looks::All, none()) {
        return Some(people.to_vec());
    }
    let own = sight
        .asker()
        .is_some_and(|a| a.authority == look.by.authority && a.officer == look.by.officer);
    if own && sees(Looks::Own, none()) {
        return Some(people.to_vec());
    }
    let shown = |person: &&PersonId| {
        let relations = seen.relations(&state.record, **person);
        sees(Looks::OfAPerson, relations.clone())
            || look.break_glass.is_some() && sees(Looks::GlassOfAPerson, relations)
    };
    let shown: Vec<PersonId> = people.iter().filter(shown).copied().collect();
    (!shown.is_empty()).then_some(shown)
}

pub fn line(fact: FactLine, people: Vec<PersonId>, look: &Look, policies: &Policies) -> LookLine {
    let policy = |id: &domain::PolicyId| PolicyLine {
        id: id.to_string(),
        says: policies.text(id).map(|text| text.says.clone()),
    };
    LookLine {
        people: people.iter().map(|p| p.to_string()).collect(),
        sections: look.sections.iter().map(|s| s.to_string()).collect(),
        authority: look.by.authority.to_string(),
        role: look.by.officer.role.to_string(),
        officer: look.by.officer.number,
        purpose: look.purpose.to_string(),
        relation: look.relation.to_string(),
        policies: look.policies.iter().map(policy).collect(),
        policy_set: look.policy_set.map(|set| set.to_string()),
        by_text_in_force: look.policy_set.map(|set| set == policies.hash()),
        break_glass: look.break_glass.map(|why| why.to_string()),
        fact,
    }
}
