//! Nationalities and how many of each are in the cohort (`nationalities.csv`).

use crate::text::Text;
use std::fmt;

/// ISO 3166-1 alpha-2 code, or a user-assigned one (XA to XZ) where the claim cannot be resolved.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Nationality([u8; 2]);

impl Nationality {
    /// Two capital letters; `None` for anything else.
    pub fn new(text: &str) -> Option<Self> {
        match text.as_bytes() {
            &[a, b] if a.is_ascii_uppercase() && b.is_ascii_uppercase() => Some(Self([a, b])),
            _ => None,
        }
    }
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("??")
    }
    /// Whether the code stands for a claim that no state's code fits yet.
    pub fn is_unresolved(self) -> bool {
        self.0[0] == b'X' && self.0[1] != b'K'
    }
}

impl fmt::Display for Nationality {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.pad(self.as_str())
    }
}
impl fmt::Debug for Nationality {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One line of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NationalityRow {
    pub code: Nationality,
    pub names: Text,
    /// Id of the nationality group that receivers treat it in.
    pub group: String,
    /// Which lists of names its people are invented from.
    pub name_region: String,
    /// How many claim it among the 5,704 who are moved. 0 for codes that only documents show.
    pub moved: u32,
    /// How many of those hold a document of this state or are recorded so in a case file.
    pub documented: u32,
    /// How many of those a state or court has confirmed.
    pub verified: u32,
    /// A source for `moved`, or `assumption`. The other two columns are always assumptions.
    pub source: String,
}
