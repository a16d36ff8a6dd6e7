//! Shapes of sign-in and enrolment.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Who is asking, and how one may sign in here.
#[derive(Debug, Serialize, ToSchema)]
pub struct Session {
    /// Absent when nobody is signed in.
    pub officer: Option<SignedIn>,
    /// Whether the room answers without sign-in: on this machine alone, while there is no account.
    pub open: bool,
    /// Ways to sign in: password, passkey, provider.
    pub ways: Vec<String>,
    /// In the open room: the officer of the exercise whom the visitor looks as, if any.
    pub persona: Option<Persona>,
    /// In the open room: the officers a visitor can look as.
    pub personas: Vec<Persona>,
    /// Screens that whoever asks may see, by the policies' words.
    pub screens: Vec<String>,
    /// What whoever asks may do at this node, by the policies' words.
    pub acts: Vec<String>,
}

/// An officer of the exercise, whom a visitor of the open room can look as.
#[derive(Debug, Serialize, ToSchema)]
pub struct Persona {
    /// `authority/role`
    pub id: String,
    pub authority: String,
    pub role: String,
    pub number: u32,
}

/// Whom a visitor wants to look as.
#[derive(Debug, Deserialize, ToSchema)]
pub struct PersonaChosen {
    /// `authority/role`; absent for nobody in particular.
    pub persona: Option<String>,
}

/// The officer who is signed in.
#[derive(Debug, Serialize, ToSchema)]
pub struct SignedIn {
    pub login: String,
    /// As colleagues call the officer; stays at this node.
    pub name: String,
    pub authority: String,
    pub role: String,
    pub number: u32,
    /// password, passkey or provider
    pub way: String,
    /// When the session ends if nothing more is asked.
    pub ends: String,
    /// How many passkeys the officer has here.
    pub passkeys: usize,
}

/// Signing in by password.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Credentials {
    pub login: String,
    pub password: String,
}

/// A new password for the officer who is signed in. Ends the officer's other sessions.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewPassword {
    pub old: String,
    pub new: String,
}

/// What a phone is to be enrolled for, at the keyholder's own authority.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewTicket {
    pub role: String,
    pub site: Option<String>,
}

/// An order, to be drawn.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderDrawn {
    /// As docs/formats/order.md says.
    pub order: String,
}

/// An order as a QR code.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrderPicture {
    /// SVG.
    pub qr: String,
}

/// A ticket, shown once: the phone opens its address.
#[derive(Debug, Serialize, ToSchema)]
pub struct Ticket {
    /// The address the QR code holds; the secret is after `#` and never reaches a server's log.
    pub address: String,
    /// The QR code as SVG.
    pub qr: String,
    pub until: String,
}

/// A phone that asks to be enrolled.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewRequest {
    pub ticket: String,
    /// Who holds the phone, in their own words, as a name and a service number; at most 80 characters.
    /// It stays at this node and goes when the request is answered.
    pub holder: Option<String>,
    /// Ed25519 public key, base64.
    pub key: String,
    /// Ed25519 signature by that key over `amana/enrolment/v1`, a line feed and the ticket; base64.
    pub signature: String,
}

/// A phone that waits for its authority's keyholder.
#[derive(Debug, Serialize, ToSchema)]
pub struct Request {
    /// Ed25519 public key, hexadecimal.
    pub key: String,
    pub authority: String,
    pub role: String,
    pub site: Option<String>,
    /// Who says that they hold it; absent when they did not.
    pub holder: Option<String>,
    /// The login of who drew its ticket.
    pub drawn_by: String,
    pub asked: String,
}
