//! The shapes that leave the server: `/api/v1`, described by `docs/api/openapi.json`.
//!
//! Identifiers are text as `domain::ids` writes them. Instants are RFC 3339 in UTC, nights are
//! dates (`2026-01-21` is the night that begins that evening), positions count facts from 1.

mod account;
mod device;
mod discrepancy;
mod fact;
mod figures;
mod looks;
mod movement;
mod operation;
mod person;
mod picture;
mod plan;
mod play;
mod sheet;
mod site_book;

pub use account::*;
pub use device::*;
pub use discrepancy::*;
pub use fact::*;
pub use figures::*;
pub use looks::*;
pub use movement::*;
pub use operation::*;
pub use person::*;
pub use picture::*;
pub use plan::*;
pub use play::*;
use serde::Serialize;
pub use sheet::*;
pub use site_book::*;
use utoipa::ToSchema;

/// RFC 9457 problem details with a stable code, listed in `docs/codes.md`.
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    pub code: &'static str,
    pub title: &'static str,
    pub status: u16,
    pub detail: String,
    /// What the person at the desk does next.
    pub next: &'static str,
    /// Set where the policies refused: the same as `detail` in codes, for who tells it in another
    /// language.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refused: Option<Box<PolicyRefusal>>,
    /// The detail in a word with its values, for who tells it in another language.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub said: Option<Box<Said>>,
    /// Seconds to wait before asking again makes sense, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wait_s: Option<u32>,
    /// Where a section will not do: every field of it that is amiss.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub fields: Box<[UnfitField]>,
}

/// A sentence of `crates/server/src/sentence.rs` or `remark.rs`, in its word and its values.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Said {
    pub id: &'static str,
    /// Numbers as numbers, all else as text.
    #[schema(value_type = Object)]
    pub values: std::collections::BTreeMap<&'static str, serde_json::Value>,
}

/// Something found out, for who tells it in another language too.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Remark {
    /// In English.
    pub text: String,
    pub said: Said,
}

/// A field of a section that will not do.
#[derive(Debug, Serialize, ToSchema)]
pub struct UnfitField {
    /// As `items.0.count`; an entry of a list by its place, from 0.
    pub field: String,
    /// missing, empty, unknown, too-long, not-text, not-a-date, not-a-number, not-a-word,
    /// not-a-country, not-a-person-number, twice or not-a-list
    pub fault: String,
    /// What it may be, where that is a closed list or a range.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub may_be: Option<String>,
}

/// What the policies refused, and what would let it, by the words of `policies/schema.cedarschema`.
#[derive(Debug, Serialize, ToSchema)]
pub struct PolicyRefusal {
    /// As `see-screen`, `read-section` or `enrol-device`.
    pub action: String,
    /// The screen or section, where the action is about one.
    pub resource: Option<String>,
    pub authority: String,
    pub role: String,
    /// The policies that forbid it; none where nothing permits it.
    pub forbidden_by: Vec<PolicyLine>,
    /// Roles of the same authority that may.
    pub roles: Vec<String>,
    /// For a section: how the authority stands to the person.
    pub stands: Vec<String>,
    /// For a section: purposes for which the same officer reads it.
    pub purposes: Vec<String>,
    /// For a section: relations to the person that would let the same officer read it.
    pub relations: Vec<String>,
    /// Whether breaking the glass would let it.
    pub glass: bool,
}
