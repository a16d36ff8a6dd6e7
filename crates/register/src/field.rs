//! What may stand in each field of a section: one table, by which whatever is written is checked,
//! from a file or from a page, and from which a page draws its form.

use domain::Section;

/// A field of a section's form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    pub name: &'static str,
    pub kind: Kind,
    /// Whether a section without it is none. What is not known of the others is left out.
    pub needed: bool,
}

/// What stands in a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Free text of one line or more.
    Text,
    /// `2026-01-21`.
    Date,
    /// A date, or the year alone.
    YearOrDate,
    /// A whole number between these, both included.
    Number(u32, u32),
    /// A word of a closed list.
    Word(&'static [&'static str]),
    /// Two letters of ISO 3166-1.
    Country,
    /// Free texts, one at least where there are any.
    Texts,
    /// Numbers of people, each once.
    People,
    /// Rows of fields.
    Rows(&'static [Field]),
}

/// Characters of one text, at most.
pub const TEXT_MAX: usize = 2_000;
/// Entries of one list, at most.
pub const LIST_MAX: usize = 200;

impl Kind {
    /// The kind's word, for whoever draws a form.
    pub fn code(&self) -> &'static str {
        match self {
            Kind::Text => "text",
            Kind::Date => "date",
            Kind::YearOrDate => "year-or-date",
            Kind::Number(..) => "number",
            Kind::Word(_) => "word",
            Kind::Country => "country",
            Kind::Texts => "texts",
            Kind::People => "people",
            Kind::Rows(_) => "rows",
        }
    }
}

const fn needed(name: &'static str, kind: Kind) -> Field {
    Field { name, kind, needed: true }
}

const fn if_known(name: &'static str, kind: Kind) -> Field {
    Field { name, kind, needed: false }
}

use Kind::*;

const AGE_BASES: &[&str] = &["document", "declared", "interview", "medical", "visual"];

const IDENTITY: &[Field] = &[
    needed("name_ar", Text),
    needed("name_latin", Text),
    needed("mother_ar", Text),
    needed("mother_latin", Text),
    needed("born", YearOrDate),
    needed("recorded_age", Number(0, 120)),
    needed("age_basis", Word(AGE_BASES)),
    needed("nationality_claimed", Country),
    if_known("nationality_documented", Country),
    if_known("nationality_verified", Country),
];
const HEALTH: &[Field] = &[
    needed("examined_on", Date),
    needed("travels", Word(&["fit", "medical", "stretcher"])),
    if_known("conditions", Texts),
    if_known("medication", Texts),
    if_known("injuries", Texts),
];
const CASE: &[Field] = &[
    needed("ordered_by", Text),
    needed("grounds", Text),
    needed("security", Word(&["low", "medium", "high"])),
    if_known("fears", Texts),
    if_known("review", Text),
    if_known("review_on", Date),
    if_known("separation", Text),
    if_known("apart_from", People),
];
const FAMILY: &[Field] = &[
    if_known("held", People),
    if_known(
        "contacts",
        Rows(&[needed("name", Text), needed("is", Text), needed("reached_at", Text)]),
    ),
];
const PROPERTY: &[Field] = &[
    if_known("seal", Text),
    needed("items", Rows(&[needed("what", Text), needed("count", Number(1, 10_000))])),
];
const DEATH: &[Field] = &[
    needed("on", Date),
    needed("circumstances", Text),
    needed("cause", Text),
    needed("remains", Text),
];

/// The fields of a section, in the order in which a form asks for them; whom it is about stands before
/// them.
pub fn fields(section: Section) -> &'static [Field] {
    match section {
        Section::Identity => IDENTITY,
        Section::Health => HEALTH,
        Section::Case => CASE,
        Section::Family => FAMILY,
        Section::Property => PROPERTY,
        Section::Death => DEATH,
    }
}
