//! How whoever asks stands to the person whom a path names, as far as they may know.

use crate::api::Problem;
use crate::app::App;
use crate::entitled::Sight;
use crate::people::unknown;
use access::Ask;
use domain::{PersonId, Purpose, Relation, Section};
use std::collections::BTreeSet;

/// What the officer is answered by.
pub struct Stands {
    /// How the officer's authority stands to the person; `unrelated` where nothing is to be told.
    pub relations: BTreeSet<Relation>,
    /// Whether the officer may know that the person is in the record. Else nobody may be: what is
    /// answered must be the same for both (docs/adr/0044-who-is-not-there.md).
    pub seen: bool,
}

/// As the record has it. 403 to an officer whose role has to do with nobody, whomever they name; 404
/// where there is nobody of that number, and in the same words where the officer may not know of them.
pub async fn stands(app: &App, sight: &Sight, person: PersonId) -> Result<Stands, Problem> {
    let sight = sight.clone();
    let unrelated = || BTreeSet::from([Relation::Unrelated]);
    if sight.asker().is_some() && !could_break_glass(&sight, &unrelated()) {
        sight.require_anybody()?;
    }
    let fold = app.fold().await?;
    app.blocking(move |app| {
        let relations = sight.relations_to(app, fold, person)?;
        if let Some(relations) = relations.filter(|known| may_know(&sight, known)) {
            return Ok(Stands { relations, seen: true });
        }
        match sight.asker().is_some() && could_break_glass(&sight, &unrelated()) {
            true => Ok(Stands { relations: unrelated(), seen: false }),
            false => Err(unknown(person)),
        }
    })
    .await
}

/// Whether the officer sees the person, or reads a section of theirs without breaking anything.
fn may_know(sight: &Sight, relations: &BTreeSet<Relation>) -> bool {
    sight.asker().is_none()
        || sight.allows(&Ask::Person { relations: relations.clone() })
        || could_read(sight, relations, false)
}

fn could_break_glass(sight: &Sight, relations: &BTreeSet<Relation>) -> bool {
    could_read(sight, relations, true)
}

fn could_read(sight: &Sight, relations: &BTreeSet<Relation>, glass: bool) -> bool {
    let ask = |section: &Section, purpose: &Purpose| {
        let (relations, section, purpose) = (relations.clone(), *section, *purpose);
        sight.allows(&Ask::Read { section, relations, purpose, glass })
    };
    Section::ALL.iter().any(|section| Purpose::ALL.iter().any(|purpose| ask(section, purpose)))
}

/// Of several relations the one that the record names: the first that is enough by itself.
pub fn enough_alone(
    relations: &BTreeSet<Relation>,
    enough: impl Fn(&BTreeSet<Relation>) -> bool,
) -> Relation {
    let alone = relations.iter().find(|relation| enough(&BTreeSet::from([**relation])));
    alone.or(relations.first()).copied().unwrap_or(Relation::Unrelated)
}
