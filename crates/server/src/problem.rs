//! Problems as they leave the server: RFC 9457 problem details with a stable code.

use crate::api::{PolicyRefusal, Problem};
use crate::sentence::Sentence;
use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::ids::IdError;
use serde_json::Value;
use store::{RegisterError, StoreError, SubmitError};

macro_rules! problem_codes {
    ($($(#[$doc:meta])* $variant:ident = $status:literal $code:literal $title:literal $next:literal,)*) => {
        /// Every code this crate answers with, apart from those of `store` and `domain::rules`.
        /// `docs/codes.md` has a line for each.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum ProblemCode { $($(#[$doc])* $variant,)* }

        impl ProblemCode {
            pub const ALL: &[ProblemCode] = &[$(ProblemCode::$variant,)*];
            pub fn code(self) -> &'static str {
                match self { $(ProblemCode::$variant => $code,)* }
            }
            /// HTTP status.
            pub fn status(self) -> u16 {
                match self { $(ProblemCode::$variant => $status,)* }
            }
            pub fn title(self) -> &'static str {
                match self { $(ProblemCode::$variant => $title,)* }
            }
            /// What the person at the desk does next.
            pub fn next(self) -> &'static str {
                match self { $(ProblemCode::$variant => $next,)* }
            }
        }
    };
}

problem_codes! {
    NotUnderstood = 400 "not-understood" "The request was not understood"
        "Correct what the detail names and ask again.",
    BadPersonNumber = 400 "bad-person-number" "Not a person number"
        "Read the wristband again: a letter, six digits, a check digit.",
    SignInNeeded = 401 "sign-in-needed" "Sign in first"
        "Sign in; the session may have ended after an hour without use, or after twelve.",
    SignInRefused = 401 "sign-in-refused" "Not signed in"
        "Check the name and the password; the keyholder of your authority can set a new one.",
    CrossSite = 403 "cross-site" "Sent by another site"
        "Close the page that sent this, and open the room by its own address.",
    NotAllowed = 403 "not-allowed" "Not with this role"
        "Ask an officer of the role that the detail names.",
    LookRefused = 403 "look-refused" "Not opened"
        "Look for a purpose that the detail names, or ask the officer it names; in an emergency break the glass.",
    WriteRefused = 403 "write-refused" "Not written"
        "Write for a purpose that the detail names, or ask the officer it names.",
    NoSuchAddress = 404 "no-such-address" "There is nothing at this address"
        "Check the address against docs/api/openapi.json.",
    UnknownSite = 404 "unknown-site" "No such site in this operation"
        "Choose a site from the operation's list.",
    UnknownPerson = 404 "unknown-person" "Nobody of this number whom you may see"
        "Read the number again. Whether somebody is in the record is told only to who has to do with them; \
         ask an officer who holds or oversees the person.",
    UnknownMovement = 404 "unknown-movement" "No such movement"
        "Choose a movement from the night's list; the plan may have been revised.",
    UnknownFact = 404 "unknown-fact" "No such fact in this record"
        "The fact may not have come in yet: look again once the sender is back in reach.",
    UnknownDiscrepancy = 404 "unknown-discrepancy" "No such difference in this record"
        "Choose one from the list; it goes by its code and the fact that shows it.",
    UnknownStatement = 404 "unknown-statement" "No such statement here"
        "Choose a statement from the list; one issued elsewhere is checked with amana statement verify.",
    NoParticulars = 404 "no-particulars" "The register holds nothing about this person"
        "The particulars may have been erased by order, or are kept at another node.",
    NoMethod = 405 "no-such-method" "This address does not take that method"
        "Check the address against docs/api/openapi.json.",
    SectionChanged = 409 "section-changed" "Another version was kept meanwhile"
        "Open the section again and write into its newest version; nothing of yours was kept.",
    NotAnExercise = 409 "not-an-exercise" "There is no clock to drive"
        "Only an exercise has a clock that can be driven; this operation runs by real time.",
    NotWitnessedYet = 409 "not-witnessed-yet" "The published head does not cover the fact yet"
        "The fact is in the record; ask again after the next head is published, within seconds while \
         the witnesses answer.",
    NoPasskeys = 409 "no-passkeys" "Passkeys do not work here"
        "Open the node by a name, as localhost or hub.example, and sign in by password until then.",
    NoProvider = 409 "no-provider" "There is no sign-in by provider here"
        "Sign in by password or passkey.",
    SignInStale = 410 "sign-in-stale" "Begin signing in again"
        "Go back to the sign-in page; an attempt is good once and for a few minutes.",
    TicketSpent = 410 "ticket-spent" "The ticket is used up"
        "Ask the keyholder for a new one; a ticket is good once and for ten minutes.",
    WrongHost = 421 "wrong-host" "Not an address of this machine"
        "Open http://localhost or http://127.0.0.1 with the port; other names need HTTPS.",
    NoPlan = 409 "no-plan" "There is no plan to change"
        "Wait until a plan is adopted; one adopted before this version has to be replaced first.",
    BodyTooLarge = 413 "body-too-large" "The body is too large"
        "Send one fact in each request.",
    PositionAhead = 422 "position-ahead" "The record has not got that far"
        "Ask for a position up to the head of the record.",
    BadChange = 422 "plan.change" "The change cannot be tried"
        "Correct what the detail names; docs/planning.md has the list of changes.",
    OrderTooLong = 422 "order-too-long" "The order does not go into one picture"
        "Carry it as a file, or order less at a time.",
    SectionUnfit = 422 "section-unfit" "Something in the section will not do"
        "Correct the fields that are named; nothing was kept.",
    /// Made in `play`.
    BadSpeed = 422 "play.speed" "Speed out of range"
        "Send a speed of 1 to 1,000,000 operation seconds per real second.",
    PasswordUnfit = 422 "password-unfit" "The new password will not do"
        "Take a few words, 15 characters or more, without your sign-in name.",
    SignInLocked = 429 "sign-in-locked" "Too many attempts"
        "Wait until the time the detail names, or sign in with a passkey or at a browser you signed in from before.",
    Internal = 500 "internal" "Our mistake"
        "Try again; if it comes back, report it with the time it happened.",
    ProviderFailed = 502 "provider-failed" "The provider did not sign you in"
        "Try again; if it comes back, sign in by password and tell whoever runs this node.",
    SignInBusy = 503 "sign-in-busy" "Too many sign in at once"
        "Try again in a few seconds; with a passkey there is no queue.",
    WhatIfBusy = 503 "plan.busy" "Another what-if is being searched"
        "Ask again in a few seconds.",
    RegisterClosed = 503 "register-closed" "Particulars are closed here"
        "Ask whoever runs this node for the register's key or its enrolment; the record itself goes on.",
    Unavailable = 503 "unavailable" "The record cannot be reached now"
        "Wait a moment and try again; a fact that got no receipt must be sent again.",
}

impl Problem {
    /// A problem of this crate; `detail` says what in this request it is about.
    pub fn new(code: ProblemCode, detail: impl ToString) -> Self {
        Self {
            code: code.code(),
            title: code.title(),
            status: code.status(),
            detail: detail.to_string(),
            next: code.next(),
            refused: None,
            said: None,
            wait_s: None,
            fields: Box::default(),
        }
    }
}

impl Problem {
    /// With what the policies refused, in codes.
    pub fn refusing(self, refused: PolicyRefusal) -> Self {
        Self { refused: Some(Box::new(refused)), ..self }
    }
}

impl From<IdError> for Problem {
    fn from(error: IdError) -> Self {
        let code = match error {
            IdError::PersonShape(_) | IdError::PersonCheck { .. } => ProblemCode::BadPersonNumber,
            _ => ProblemCode::NotUnderstood,
        };
        let problem = Self::new(code, &error);
        match error {
            IdError::PersonShape(text) => {
                problem.told_as(Sentence::PersonShape, [("text", text.into())])
            }
            IdError::PersonCheck { text, found, expected } => {
                let digits =
                    [("text", text.into()), ("found", found.into()), ("expected", expected.into())];
                problem.told_as(Sentence::PersonCheck, digits)
            }
            _ => problem,
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        tracing::error!(error = %chain(&error), "the record failed");
        Self::new(ProblemCode::Unavailable, error)
    }
}

/// What the register did not do. Where the record failed, its own code.
impl From<RegisterError> for Problem {
    fn from(error: RegisterError) -> Self {
        match error {
            RegisterError::Store(error) => error.into(),
            RegisterError::Submit(error) => error.into(),
            RegisterError::Changed { person, section } => {
                let of = [
                    ("section", section.to_string().into()),
                    ("person", person.to_string().into()),
                ];
                Self::saying(ProblemCode::SectionChanged, Sentence::Changed, of)
            }
            error => {
                tracing::error!(error = %chain(&error), "the register did not open");
                Self::new(ProblemCode::RegisterClosed, error)
            }
        }
    }
}

/// A fact that was not taken in. The code is the store's own.
impl From<SubmitError> for Problem {
    fn from(error: SubmitError) -> Self {
        let (status, title) = refused(&error);
        if let SubmitError::Storage(cause) = &error {
            tracing::error!(error = %chain(cause), "a fact could not be appended");
        }
        let problem = Self {
            code: error.code(),
            title,
            status,
            detail: error.to_string(),
            next: error.next_step(),
            refused: None,
            said: None,
            wait_s: None,
            fields: Box::default(),
        };
        problem.told_by_the_store(&error)
    }
}

impl Problem {
    /// With what the store says of it in words and values, where it is not about bytes.
    fn told_by_the_store(self, error: &SubmitError) -> Self {
        let text = |value: &dyn ToString| Value::from(value.to_string());
        match error {
            SubmitError::UnknownDevice(device) => {
                self.told_as(Sentence::UnknownDevice, [("device", text(device))])
            }
            SubmitError::WrongAuthority { claimed, enrolled } => {
                let of = [("claimed", text(claimed)), ("enrolled", text(enrolled))];
                self.told_as(Sentence::WrongAuthority, of)
            }
            SubmitError::WrongOperation { found, expected } => {
                let of = [("found", text(found)), ("expected", text(expected))];
                self.told_as(Sentence::WrongOperation, of)
            }
            SubmitError::NotEntitled { authority, entitled } => {
                let of = [("authority", text(authority)), ("entitled", text(entitled))];
                self.told_as(Sentence::NotEntitled, of)
            }
            SubmitError::AlreadyOpen => self.told_as(Sentence::Open, []),
            SubmitError::TooManyParked { device, parked } => {
                let of = [
                    ("parked", (*parked).into()),
                    ("device", text(device)),
                    ("most", store::PARKED_MAX.into()),
                ];
                self.told_as(Sentence::Parked, of)
            }
            SubmitError::Encoding(_)
            | SubmitError::Oversize(_)
            | SubmitError::Signature(_)
            | SubmitError::Storage(_) => self,
        }
    }
}

/// Status and title of what the store refuses.
pub fn refused(error: &SubmitError) -> (u16, &'static str) {
    match error {
        SubmitError::Encoding(_) => (400, "The fact cannot be read"),
        SubmitError::Oversize(_) => (413, "The fact is too large"),
        SubmitError::Signature(_) => (401, "The signature does not hold"),
        SubmitError::UnknownDevice(_) => (401, "The device is not enrolled"),
        SubmitError::WrongAuthority { .. } => (401, "The device is enrolled for another authority"),
        SubmitError::WrongOperation { .. } => (422, "The fact is of another operation"),
        SubmitError::NotEntitled { .. } => (403, "Not this authority's decision"),
        SubmitError::AlreadyOpen => (409, "The operation is open already"),
        SubmitError::TooManyParked { .. } => (429, "Earlier facts of the device are missing"),
        SubmitError::Storage(_) => (503, "The fact could not be kept"),
    }
}

/// An error with its causes, on one line.
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text += &format!(": {error}");
        cause = error.source();
    }
    text
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let again = self.wait_s.map(|wait_s| [(header::RETRY_AFTER, wait_s.to_string())]);
        let kind = [(header::CONTENT_TYPE, "application/problem+json")];
        (status, kind, again, Json(self)).into_response()
    }
}
