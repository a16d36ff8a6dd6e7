//! Groups: the space-separated words of a coded report, and what became of each.
//!
//! Every group of a report ends in exactly one place: read (with its [`GroupKind`]) or unknown.
//! [`Coded`] ties a value to the group it was read from, so that a reason can quote it.

use std::fmt;
use std::ops::Deref;

/// Longest text taken as one report, in bytes. Real TAFs reach about 700.
pub const MAX_BYTES: usize = 8_192;

/// One group of a report: its text as received and where it starts, in bytes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Group {
    pub text: String,
    pub at: usize,
    pub kind: GroupKind,
}

/// What a group was read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum GroupKind {
    /// METAR, SPECI, TAF, COR, AMD, AUTO, NIL, CNL, station, times of issue and validity.
    Header,
    Wind,
    Visibility,
    RunwayVisualRange,
    Weather,
    Cloud,
    Cavok,
    Temperature,
    Pressure,
    RecentWeather,
    WindShear,
    /// State of a runway, sea state, rainfall: read as a form, not decoded further.
    Surface,
    /// Colour state as the station reports it.
    Colour,
    /// Icing (6.....) and turbulence (5.....) of military TAFs: form only, not judged.
    Hazard,
    /// NOSIG, BECMG, TEMPO, FM, PROB and their times.
    Change,
    /// RMK and all that follows; amendment notes at the end of a TAF. Not judged.
    Remark,
    Unknown,
}

/// A group that was not read. One of these makes a report unusable for a gate until accepted.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct UnknownGroup {
    pub text: String,
    /// Byte offset in the report.
    pub at: usize,
    pub why: Why,
}

/// Why a group was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Why {
    #[error("not a form this reader knows")]
    Unrecognised,
    #[error("a second group of a kind that is given once")]
    Repeated,
    #[error("a known form where it does not belong")]
    OutOfPlace,
    #[error("contradicts an earlier group")]
    Contradiction,
    #[error("announces a change that is not there, the text may be cut short")]
    NoContent,
    #[error("stands after the end sign '='")]
    AfterEnd,
}

impl fmt::Display for UnknownGroup {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "'{}' at byte {}: {}", self.text, self.at, self.why)
    }
}

/// A value and the group (or groups, as in `2 1/2SM`) it was read from.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Coded<T> {
    pub value: T,
    pub text: String,
    /// Byte offset in the report.
    pub at: usize,
}

impl<T> Deref for Coded<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: fmt::Debug> fmt::Debug for Coded<T> {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}={:?}", self.text, self.value)
    }
}

/// Why a text cannot be taken as a report at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    #[error("the text is empty: paste the whole report, from its first word to '='")]
    Empty,
    #[error("the text is {bytes} bytes long, at most {MAX_BYTES} are read: paste one report only")]
    TooLong { bytes: usize },
    #[error(
        "expected {expected} at byte {at}, found '{found}': check that the text is one {report}, \
         whole and in capitals"
    )]
    Header { expected: &'static str, found: String, at: usize, report: &'static str },
    #[error("'{found}' at byte {at} is not a possible {what}: ask the source for the report again")]
    Impossible { what: &'static str, found: String, at: usize },
}

/// A group before it is read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Token<'a> {
    pub text: &'a str,
    pub at: usize,
    /// Stands after an end sign.
    pub after_end: bool,
}

/// Walks the groups in order and keeps the account of what each became.
pub(crate) struct Reader<'a> {
    tokens: Vec<Token<'a>>,
    next: usize,
    pub groups: Vec<Group>,
    pub unknown: Vec<UnknownGroup>,
}

impl<'a> Reader<'a> {
    pub fn new(text: &'a str) -> Result<Self, ReadError> {
        if text.len() > MAX_BYTES {
            return Err(ReadError::TooLong { bytes: text.len() });
        }
        let tokens = split(text);
        if tokens.is_empty() {
            return Err(ReadError::Empty);
        }
        Ok(Self { tokens, next: 0, groups: Vec::new(), unknown: Vec::new() })
    }

    /// The group `ahead` of the current one; `None` past the last or past the end sign.
    pub fn peek(&self, ahead: usize) -> Option<&'a str> {
        self.tokens.get(self.next + ahead).filter(|token| !token.after_end).map(|token| token.text)
    }

    /// Byte offset of the current group, or of the end of the last one.
    pub fn at(&self) -> usize {
        match self.tokens.get(self.next) {
            Some(token) => token.at,
            None => self.tokens.last().map_or(0, |token| token.at + token.text.len()),
        }
    }

    /// Reads the next `count` groups as `kind`, keeping `value`.
    pub fn take<T>(&mut self, count: usize, kind: GroupKind, value: T) -> Coded<T> {
        let at = self.at();
        let end = (self.next + count).min(self.tokens.len());
        let taken = &self.tokens[self.next..end];
        let text = taken.iter().map(|token| token.text).collect::<Vec<_>>().join(" ");
        self.groups.extend(taken.iter().map(|token| Group {
            text: token.text.to_owned(),
            at: token.at,
            kind,
        }));
        self.next = end;
        Coded { value, text, at }
    }

    pub fn unknown(&mut self, why: Why) {
        let Coded { text, at, .. } = self.take(1, GroupKind::Unknown, ());
        self.unknown.push(UnknownGroup { text, at, why });
    }

    /// Reads all groups up to the end sign as a remark.
    pub fn take_rest(&mut self) -> Coded<()> {
        let count = self.tokens[self.next..].iter().take_while(|token| !token.after_end).count();
        self.take(count, GroupKind::Remark, ())
    }

    /// A change whose indicator is followed at once by another, by remarks or by the end says
    /// nothing: its groups become unknown.
    pub fn disown_if_empty(&mut self, indicator: &Coded<()>) {
        let end = indicator.at + indicator.text.len();
        let Some(next) = self.groups.iter().position(|group| group.at >= end) else {
            return self.disown(indicator.at, self.groups.len());
        };
        if matches!(self.groups[next].kind, GroupKind::Change | GroupKind::Remark) {
            self.disown(indicator.at, next);
        }
    }

    fn disown(&mut self, at: usize, next: usize) {
        for group in self.groups[..next].iter_mut().filter(|group| group.at >= at) {
            group.kind = GroupKind::Unknown;
            let text = group.text.clone();
            self.unknown.push(UnknownGroup { text, at: group.at, why: Why::NoContent });
        }
        self.unknown.sort_by_key(|group| group.at);
    }

    /// Nothing may be lost: what is left after the end sign is unknown.
    pub fn finish(&mut self) {
        while self.next < self.tokens.len() {
            self.unknown(Why::AfterEnd);
        }
    }
}

/// Splits at white space and at '=', the end sign.
fn split(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut after_end = false;
    let mut start = None;
    for (at, character) in text.char_indices().chain([(text.len(), ' ')]) {
        let boundary = character == '=' || character.is_whitespace();
        match (boundary, start) {
            (false, None) => start = Some(at),
            (true, Some(from)) => {
                tokens.push(Token { text: &text[from..at], at: from, after_end });
                start = None;
            }
            _ => {}
        }
        after_end |= character == '=';
    }
    tokens
}

/// `text` as a number when it is `length` ASCII digits and nothing else.
pub(crate) fn digits(text: &str, length: usize) -> Option<u32> {
    let all = text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
    all.then(|| text.parse().ok()).flatten()
}
