//! Lists of single names to invent people from (`names/*.csv`). No list holds a full name.

/// The four lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameLists {
    /// Given names of men; also used for fathers and grandfathers.
    pub given: Vec<NameEntry>,
    pub family: Vec<NameEntry>,
    /// Given names of mothers.
    pub mother: Vec<NameEntry>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameEntry {
    pub arabic: String,
    /// At least one; the first is the usual one.
    pub latin: Vec<String>,
    /// The regions where it is used, as `levant`; `any` for all where Arabic names are usual.
    pub regions: Vec<String>,
}
