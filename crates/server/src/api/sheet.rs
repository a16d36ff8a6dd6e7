//! The balance sheet of a night.

use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A balance sheet with the log's signature over its digest.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SignedSheet {
    pub sheet: NightSheet,
    /// A signed note by the log's key: origin, night, positions, root, and SHA-256 of `sheet` as
    /// compact JSON in this order of fields.
    pub signature: String,
}

/// What each account had, what came and went from the end of the night before to the end of this
/// one (06:00 local), by when facts were recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct NightSheet {
    pub operation: String,
    pub night: String,
    /// Facts recorded before the sheet begins.
    pub from_position: u64,
    /// Facts recorded by its end.
    pub position: u64,
    /// Root of the tree at `position`, hexadecimal.
    pub root: String,
    pub from: String,
    pub until: String,
    pub balanced: bool,
    /// By authority, then place; accounts that answered for nobody all the time are left out.
    pub accounts: Vec<SheetAccount>,
    pub total: SheetSums,
    /// In the order of the record.
    pub musters: Vec<SheetMuster>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SheetAccount {
    pub authority: String,
    /// A unit, or a movement and its vehicle.
    pub place: String,
    #[serde(flatten)]
    pub sums: SheetSums,
}

/// opening + registered + recovered + received + moved_in = closing + handed_over + moved_out +
/// exits + withdrawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SheetSums {
    pub opening: u64,
    pub registered: u64,
    pub recovered: u64,
    /// From another authority.
    pub received: u64,
    /// From another account of the same authority.
    pub moved_in: u64,
    /// To another authority.
    pub handed_over: u64,
    pub moved_out: u64,
    /// By reason.
    pub exits: BTreeMap<String, u64>,
    /// A registration that came to be disputed or was ruled out.
    pub withdrawn: u64,
    pub closing: u64,
}

/// A physical count beside the book of the site when the count came in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SheetMuster {
    /// Hash of the fact.
    pub fact: String,
    pub site: String,
    pub at: String,
    /// `by-name` or `by-number`.
    pub method: String,
    /// On the counting officer's list.
    pub expected: u32,
    pub counted: u32,
    /// In the book.
    pub book: u32,
    pub agrees: bool,
    /// By name: in the book and not found.
    pub not_found: Vec<String>,
    /// By name: found and not in the book.
    pub not_in_book: Vec<String>,
}
