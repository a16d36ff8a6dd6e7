//! What the record says of a statement, and what the minima make of a weather report: sentences with
//! values in them, told as [`crate::Sentence`] is.

use crate::api::Remark;
use crate::sentence::sentences;
use serde_json::Value;

sentences! {
    /// What was found out, of what: `remark_*` in `web/messages`.
    pub enum Finding;
    OtherLog of "statement" = "other-log"
        "the tree head is signed by '{log}', not this record's log",
    OtherKey of "statement" = "other-key"
        "no device of {authority} in this record has the key it is signed with",
    UnknownDefinition of "statement" = "unknown-definition" "definition {definition} is not known here",
    OtherWords of "statement" = "other-words"
        "the definition's words ({language}) are not those known here",
    AheadOfRecord of "statement" = "ahead-of-record"
        "it is at position {position}, this record ends at {end}",
    Root of "statement" = "root" "root: stated {stated}, computed {computed}",
    RecordedUntil of "statement" = "recorded-until" "recorded until: stated {stated}, computed {computed}",
    Value of "statement" = "value" "value: stated {stated}, computed {computed}",
    Parts of "statement" = "parts" "parts: stated {stated}, computed {computed}",
    People of "statement" = "people" "people: stated {stated}, computed {computed}",

    Unreadable of "weather" = "unreadable" "the report cannot be read; ask for another",
    Ceiling of "weather" = "ceiling" "ceiling {found} ft, at least {limit} ft wanted",
    NoCeiling of "weather" = "no-ceiling" "no ceiling, at least {limit} ft wanted",
    Obscured of "weather" = "obscured" "sky obscured, height unknown, ceiling of at least {limit} ft wanted",
    CeilingUntold of "weather" = "ceiling-untold" "ceiling not reported, at least {limit} ft wanted",
    CloudUnclear of "weather" = "cloud-unclear"
        "a cloud group hides whether there is a lower ceiling, at least {limit} ft wanted",
    Visibility of "weather" = "visibility" "visibility {found} m, at least {limit} m wanted",
    VisibilityUntold of "weather" = "visibility-untold"
        "visibility not reported, at least {limit} m wanted",
    Wind of "weather" = "wind" "mean wind {found} kt, at most {limit} kt wanted",
    WindUntold of "weather" = "wind-untold" "mean wind not reported, at most {limit} kt wanted",
    Gust of "weather" = "gust" "gust {found} kt, at most {limit} kt wanted",
    NoGust of "weather" = "no-gust"
        "no gust given, mean wind {found} kt, at most {limit} kt wanted",
    GustUntold of "weather" = "gust-untold" "gust not reported, at most {limit} kt wanted",
    Prohibited of "weather" = "prohibited" "{weather}: nothing flies in it",
    NoProhibited of "weather" = "no-prohibited" "none of the {kinds} kinds of weather in which nothing flies",
    WeatherUntold of "weather" = "weather-untold"
        "weather not reported, so what forbids flying cannot be excluded",
    UnknownGroup of "weather" = "unknown-group"
        "'{group}' is not known; read the text and accept it, or get another",
    AcceptedGroup of "weather" = "accepted-group" "'{group}' is not known; accepted by a person",
    Nil of "weather" = "nil" "the station sent nothing; ask for another source",
    Cancelled of "weather" = "cancelled" "the forecast is cancelled; wait for the next",
    NotCovered of "weather" = "not-covered" "the forecast does not cover the night; get a later one",
    NoWindow of "weather" = "no-window" "the time asked about ends before it begins",
    NoLimits of "weather" = "no-limits" "no limit is set; choose a profile",
}

impl Finding {
    /// In English, and in its word with its values.
    pub fn remark<const N: usize>(self, values: [(&'static str, Value); N]) -> Remark {
        let said = self.with(values);
        Remark { text: self.filled(&said), said }
    }
}
