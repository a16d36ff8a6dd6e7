//! Facts: in a list, in full, coming in.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A fact in a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FactLine {
    pub hash: String,
    pub position: u64,
    pub kind: String,
    pub occurred_at: String,
    pub recorded_at: String,
    pub authority: String,
    pub role: String,
    pub officer: u32,
    /// People it speaks of.
    pub people: u32,
    /// The fields that tell it apart, by name, as text; no particulars.
    pub says: BTreeMap<String, String>,
}

/// A signed fact for senders that speak JSON only.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewFact {
    /// The signed bytes (COSE_Sign1), base64 with padding.
    pub entry: String,
}

/// What the server answers when a fact is in the record.
#[derive(Debug, Serialize, ToSchema)]
pub struct Receipt {
    pub hash: String,
    pub position: u64,
    /// The same bytes were here before.
    pub already: bool,
}

/// A fact with everything needed to check it elsewhere.
#[derive(Debug, Serialize, ToSchema)]
pub struct FactDetail {
    pub fact: FactLine,
    pub people: Vec<String>,
    /// People it speaks of whom the officer may not see; the signed bytes, which name everybody, are
    /// then withheld too.
    pub withheld: u32,
    pub device: String,
    pub sequence: u64,
    pub previous: Option<String>,
    pub clock_error_s: u32,
    /// The signed bytes (COSE_Sign1), base64.
    pub entry: Option<String>,
    /// Index in the tree (position less one), and the proof from leaf to root, hexadecimal.
    pub index: u64,
    pub proof: Vec<String>,
    pub tree_size: u64,
    pub root: String,
}
