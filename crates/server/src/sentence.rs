//! What the detail of a problem says, where that is one sentence with values in it. It leaves the server
//! twice: as English, in `detail`, and as the sentence's word with its values, in `said`, so that a room
//! in another language tells it whole (RFC 9457, 3.2: extension members).

use crate::api::{Problem, Said};
use crate::problem::ProblemCode;
use serde_json::Value;

/// A list of sentences, each with the word that it goes by. `web/messages` has all of them, in the same
/// words in English.
macro_rules! sentences {
    (
        $(#[$doc:meta])*
        pub enum $name:ident;
        $($variant:ident of $of:literal = $id:literal $says:literal,)*
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name { $($variant,)* }

        impl $name {
            pub const ALL: &[$name] = &[$($name::$variant,)*];
            /// The word that it goes by.
            pub fn id(self) -> &'static str {
                match self { $($name::$variant => $id,)* }
            }
            /// What it is said of.
            pub fn of(self) -> &'static str {
                match self { $($name::$variant => $of,)* }
            }
            /// In English, with the names of its values in braces.
            pub fn says(self) -> &'static str {
                match self { $($name::$variant => $says,)* }
            }
            /// With its values, as they leave the server.
            pub fn with<const N: usize>(
                self,
                values: [(&'static str, serde_json::Value); N],
            ) -> $crate::api::Said {
                $crate::api::Said { id: self.id(), values: values.into() }
            }
            /// In English.
            pub fn filled(self, said: &$crate::api::Said) -> String {
                $crate::sentence::fill(self.says(), said)
            }
        }
    };
}
pub(crate) use sentences;

sentences! {
    /// What a problem's detail says, of problems with that code: `detail_*` in `web/messages`.
    pub enum Sentence;
    NotWithin of "not-understood" = "not-within" "{what} {found} is not between {least} and {most}",
    NoSuchWord of "not-understood" = "no-such-word" "'{word}' is no {what}",
    NoSections of "not-understood" = "no-sections" "name the sections to open",
    PersonShape of "bad-person-number" = "person-shape"
        "person number '{text}' must be written A-000000-0: a letter, six digits, a check digit",
    PersonCheck of "bad-person-number" = "person-check"
        "person number '{text}' has check digit {found}, it should be {expected}: read it again",
    SignedOut of "sign-in-needed" = "signed-out" "nobody is signed in, or the session is over",
    NotRight of "sign-in-refused" = "not-right" "the name, the password or the passkey is not right",
    NoAccount of "sign-in-refused" = "no-account"
        "{who} is known to the provider and has no account here: ask the keyholder for one",
    OtherSite of "cross-site" = "other-site" "another site's page sent this",
    ActAs of "not-allowed" = "act-as" "this is for an officer: choose one of the exercise to look as",
    NoPart of "not-allowed" = "no-part" "your authority takes no part in this operation",
    LookAs of "look-refused" = "look-as"
        "a look is somebody's: choose an officer of the exercise to look as",
    WriteAs of "write-refused" = "write-as"
        "a writing is somebody's: choose an officer of the exercise to look as",
    NoAddress of "no-such-address" = "no-address" "nothing is at {path}",
    NoSite of "unknown-site" = "no-site" "no site '{site}' in this operation",
    Nobody of "unknown-person" = "nobody" "nobody whom you may see has the number {person}",
    NoMovement of "unknown-movement" = "no-movement" "no movement {movement}",
    NoFact of "unknown-fact" = "no-fact" "no fact {fact}",
    NoDifference of "unknown-discrepancy" = "no-difference" "no difference {id}",
    NoStatement of "unknown-statement" = "no-statement" "no statement {statement}",
    NothingKept of "no-particulars" = "nothing-kept" "nothing of that is kept about {person}",
    NoMethod of "no-such-method" = "no-method" "not with {path}",
    NothingPlayed of "not-an-exercise" = "nothing-played" "nothing is being played here",
    NotCovered of "not-witnessed-yet" = "not-covered"
        "it is entry {index}, the published head covers {size}",
    NoName of "no-passkeys" = "no-name" "this node is not opened by a name",
    NoProvider of "no-provider" = "no-provider" "this node knows no provider",
    Stale of "sign-in-stale" = "stale"
        "this sign-in took too long or was used before: begin again",
    Spent of "ticket-spent" = "spent" "the ticket is used up or past its time: ask for a new one",
    OtherHost of "wrong-host" = "other-host" "host '{host}' is not this machine",
    NoPlan of "no-plan" = "no-plan" "no plan is in force whose problem is kept here",
    Ahead of "position-ahead" = "ahead" "position {position} is not between 1 and {head}",
    Changes of "plan.change" = "changes" "{changes} changes are not within 1 to {most}",
    Seconds of "plan.change" = "seconds" "seconds {seconds} is not within {least} to {most}",
    ChangePeople of "plan.change" = "change-people"
        "cannot read '{text}': it does not end in =N, a number of people; for example {example}",
    ChangeAmount of "plan.change" = "change-amount"
        "cannot read '{text}': it does not end in =N, a whole number above 0; for example {example}",
    ChangeNightAdded of "plan.change" = "change-night-added"
        "cannot read '{text}': a night cannot be added; for example {example}",
    ChangeNight of "plan.change" = "change-night"
        "cannot read '{text}': it does not say which night; for example {example}",
    ChangePlace of "plan.change" = "change-place"
        "cannot read '{text}': it does not say where; for example {example}",
    ChangeBackwards of "plan.change" = "change-backwards"
        "cannot read '{text}': its nights end before they begin; for example {example}",
    ChangeNear of "plan.change" = "change-near"
        "cannot read '{text}': no {what} '{given}'; is {near} meant?",
    ChangeUnknown of "plan.change" = "change-unknown"
        "cannot read '{text}': no {what} '{given}'; there is {known}",
    ChangeNoNight of "plan.change" = "change-no-night"
        "cannot read '{text}': no night '{given}'; they are {first} to {last}",
    ChangePast of "plan.change" = "change-past"
        "the {nights} nights already carried out do not fit the change (rules {rules}); change only nights from {next} on",
    ChangeStart of "plan.change" = "change-start"
        "the search cannot begin from the plan in force, which does not fit its problem",
    Speed of "play.speed" = "speed" "a speed of {speed} is not between 1 and {most}",
    Short of "password-unfit" = "password-short"
        "a password has at least {least} characters; this one has {characters}: take a few words",
    Long of "password-unfit" = "password-long"
        "a password has at most {most} bytes; this one has {bytes}",
    Guessable of "password-unfit" = "password-guessable"
        "the password contains the sign-in name or is one character over and over: take another",
    Queue of "sign-in-busy" = "queue" "more officers sign in at once than can be checked",
    Searching of "plan.busy" = "searching" "another what-if is being searched",
    OrderLong of "order-too-long" = "order-long"
        "an order of {bytes} bytes does not go into one picture, {most} is the most",
    Changed of "section-changed" = "changed"
        "another version of {section} of {person} was kept meanwhile",
    UnknownDevice of "unknown-device" = "device-not-enrolled" "device {device} is not enrolled",
    WrongAuthority of "wrong-authority" = "device-of-another"
        "the fact is by '{claimed}', its device is enrolled for '{enrolled}'",
    WrongOperation of "wrong-operation" = "other-operation"
        "the fact is of operation '{found}', this record is of '{expected}'",
    NotEntitled of "not-entitled" = "not-its-decision"
        "'{authority}' does not decide this in this operation; it is for {entitled}",
    Open of "already-open" = "open"
        "the operation is open already; its first entry alone says who takes part",
    Parked of "too-many-parked" = "parked"
        "{parked} facts of device {device} wait for ones before them on its chain, {most} is the most",
}

/// A sentence with its values in it. One that is missing would show as its name, and fail a test.
pub(crate) fn fill(says: &str, said: &Said) -> String {
    let mut text = String::new();
    let mut rest = says;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        text.push_str(before);
        match said.values.get(name) {
            Some(Value::String(value)) => text.push_str(value),
            Some(value) => text.push_str(&value.to_string()),
            None => text.push_str(name),
        }
        rest = after;
    }
    text + rest
}

impl Problem {
    /// A problem whose detail is that sentence.
    pub fn saying<const N: usize>(
        code: ProblemCode,
        sentence: Sentence,
        values: [(&'static str, Value); N],
    ) -> Self {
        debug_assert_eq!(code.code(), sentence.of(), "{sentence:?}");
        let said = sentence.with(values);
        let detail = sentence.filled(&said);
        Self { said: Some(Box::new(said)), ..Self::new(code, detail) }
    }

    /// The same, where the detail is there already in those words.
    pub fn told_as<const N: usize>(
        self,
        sentence: Sentence,
        values: [(&'static str, Value); N],
    ) -> Self {
        let said = sentence.with(values);
        debug_assert_eq!(self.detail, sentence.filled(&said), "{sentence:?}");
        Self { said: Some(Box::new(said)), ..self }
    }
}

/// A word of a closed list that is none; `what` says of which.
pub fn no_such_word(what: &str, word: &str) -> Problem {
    let of = [("word", word.into()), ("what", what.into())];
    Problem::saying(ProblemCode::NotUnderstood, Sentence::NoSuchWord, of)
}

/// More entries in one answer than there are to be had.
pub fn limit_not_within(found: u32, most: u32) -> Problem {
    let within = [
        ("what", "limit".into()),
        ("found", found.into()),
        ("least", 1.into()),
        ("most", most.into()),
    ];
    Problem::saying(ProblemCode::NotUnderstood, Sentence::NotWithin, within)
}
