//! What each section says. After ICPPED art. 17(3) and Mandela rule 7; words of closed lists stand as
//! their codes, dates as `2026-01-21`. A field that is not known is left out, never empty.

use domain::Section;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// A section in a form of its own.
pub trait Form: Serialize + DeserializeOwned {
    const SECTION: Section;
}

macro_rules! form {
    ($($form:ident),*) => {
        $(impl Form for $form {
            const SECTION: Section = Section::$form;
        })*
    };
}

form!(Identity, Health, Case, Family, Property, Death);

/// Who it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    pub person: String,
    /// In full, in each script.
    pub name_ar: String,
    pub name_latin: String,
    pub mother_ar: String,
    pub mother_latin: String,
    /// A year, or a date when known.
    pub born: String,
    /// At registration, in whole years.
    pub recorded_age: u32,
    pub age_basis: String,
    pub nationality_claimed: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nationality_documented: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nationality_verified: Option<String>,
}

/// As the last examination found it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Health {
    pub person: String,
    pub examined_on: String,
    /// How they travel: `fit`, `medical` or `stretcher`.
    pub travels: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub medication: Vec<String>,
    /// Injuries seen and complaints made, for whoever must report them (Mandela rules 7(d), 34).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub injuries: Vec<String>,
}

/// Why somebody is held, and what was decided about sending them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    pub person: String,
    pub ordered_by: String,
    pub grounds: String,
    /// How much guard they need: `low`, `medium` or `high`.
    pub security: String,
    /// Fears that the person told of in the individual review (CAT art. 3).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fears: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review_on: Option<String>,
    /// The separation group they are kept with, by its id in the operation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub separation: Option<String>,
    /// Numbers of people never to be kept together with them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub apart_from: Vec<String>,
}

/// Relatives, and whom to tell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Family {
    pub person: String,
    /// Numbers of relatives who are held too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub held: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contacts: Vec<Contact>,
}

/// Somebody to tell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    pub name: String,
    /// As `mother`, `counsel`.
    pub is: String,
    pub reached_at: String,
}

/// What was taken into keeping.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Property {
    pub person: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seal: Option<String>,
    pub items: Vec<Item>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    pub what: String,
    pub count: u32,
}

/// How somebody died.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Death {
    pub person: String,
    pub on: String,
    pub circumstances: String,
    pub cause: String,
    /// Where the remains went.
    pub remains: String,
}
