//! A name in the three languages of the operation.

/// English, Arabic and Central Kurdish. None is empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    pub en: String,
    pub ar: String,
    pub ckb: String,
}
