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
    pub code: String,
    pub title: String,
    pub status: u16,
    pub detail: String,
    /// What the person at the desk does next.
    pub next: String,
}
