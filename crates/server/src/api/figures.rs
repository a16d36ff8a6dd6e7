//! Numbers with their definitions.

use super::{Published, Text};
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Figures {
    pub position: u64,
    pub root: String,
    pub at: String,
    pub figures: Vec<Figure>,
}

/// A number with its definition, at a stated position of the record.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Figure {
    /// As `admitted@1`.
    pub definition: String,
    pub title: Text,
    /// The definition in a sentence.
    pub text: Text,
    pub value: u32,
    /// Parts of the value by key (a nationality code, a reason), largest first.
    pub parts: Vec<Part>,
    pub published: Vec<Published>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Part {
    pub key: String,
    pub value: u32,
}
