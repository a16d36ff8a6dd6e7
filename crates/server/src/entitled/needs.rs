//! What each route asks for. A route that is not here is refused, and fails a test.

use access::{Act, Screen};

/// What a request must show, or be allowed, before it is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// Nothing: signing in and out, what proves that the record holds together, and what carries its
    /// own signature.
    Nothing,
    /// A session, or the open room.
    Session,
    /// A peer's token: other nodes of the operation.
    Peer,
    /// The log's entries: a peer, as an overseer's mirror is one, or whoever may see them.
    Entries,
    See(Screen),
    Export(Screen),
    Do(Act),
    /// To see the person whom the path names as `{id}`; what else of them, the handler asks.
    ThePerson,
    /// The same; the handler opens the door itself ([`Knock::enter`](crate::sign_in::knock::Knock::enter)),
    /// in the one go in which it reads.
    ThePersonAtOnce,
}

use Needs::*;

/// Every route: method, path, needs.
pub const ROUTES: &[(&str, &str, Needs)] = &[
    ("GET", "/api/v1/session", Nothing),
    ("POST", "/api/v1/session", Nothing),
    ("DELETE", "/api/v1/session", Nothing),
    ("PUT", "/api/v1/session/password", Session),
    ("PUT", "/api/v1/session/persona", Session),
    ("POST", "/api/v1/session/passkey/options", Nothing),
    ("POST", "/api/v1/session/passkey", Nothing),
    ("POST", "/api/v1/session/passkeys/options", Session),
    ("POST", "/api/v1/session/passkeys", Session),
    ("GET", "/api/v1/session/provider", Nothing),
    ("GET", "/api/v1/session/provider/back", Nothing),
    ("GET", "/api/v1/checkpoint", Nothing),
    ("GET", "/checkpoint", Nothing),
    ("GET", "/log/checkpoint", Nothing),
    ("GET", "/log/vkey", Nothing),
    ("GET", "/log/tile/{*path}", Nothing),
    ("GET", "/log/tile/entries/{*path}", Entries),
    ("POST", "/api/v1/facts", Nothing),
    ("POST", "/api/v1/devices/requests", Nothing),
    ("GET", "/api/v1/devices", See(Screen::Devices)),
    ("GET", "/api/v1/devices/{id}/chain", See(Screen::Record)),
    ("GET", "/api/v1/devices/requests", See(Screen::Devices)),
    ("DELETE", "/api/v1/devices/requests/{key}", Do(Act::EnrolDevice)),
    ("POST", "/api/v1/devices/tickets", Do(Act::EnrolDevice)),
    ("POST", "/api/v1/devices/orders/picture", Do(Act::EnrolDevice)),
    ("GET", "/api/v1/operation", See(Screen::Operation)),
    ("GET", "/api/v1/map/provinces", See(Screen::Operation)),
    ("GET", "/api/v1/map/towns", See(Screen::Operation)),
    ("GET", "/api/v1/feed", See(Screen::Operation)),
    ("GET", "/api/v1/play", See(Screen::Operation)),
    ("POST", "/api/v1/play", Do(Act::DriveClock)),
    ("GET", "/api/v1/picture", See(Screen::Picture)),
    ("GET", "/api/v1/nights", See(Screen::Picture)),
    ("GET", "/api/v1/movements/{night}/{number}", See(Screen::Movements)),
    ("GET", "/api/v1/people", See(Screen::People)),
    ("GET", "/api/v1/people/{id}", ThePerson),
    ("GET", "/api/v1/people/{id}/custody", ThePersonAtOnce),
    // Broken glass is for people whom the officer has nothing to do with otherwise, so these ask the
    // policies themselves.
    ("GET", "/api/v1/people/{id}/particulars", Session),
    ("POST", "/api/v1/people/{id}/particulars", Session),
    ("PUT", "/api/v1/people/{id}/particulars/{section}", Session),
    ("GET", "/api/v1/people/{id}/looks", Session),
    ("GET", "/api/v1/looks", See(Screen::Looks)),
    ("GET", "/api/v1/looks.csv", Export(Screen::Looks)),
    ("GET", "/api/v1/policies", Session),
    ("GET", "/api/v1/facts/{hash}", See(Screen::Record)),
    ("GET", "/api/v1/facts/{hash}/receipt", See(Screen::Record)),
    ("GET", "/api/v1/sites/{id}", See(Screen::Sites)),
    ("GET", "/api/v1/discrepancies", See(Screen::Discrepancies)),
    ("GET", "/api/v1/discrepancies/{id}", See(Screen::Discrepancies)),
    ("GET", "/api/v1/obligations", See(Screen::Obligations)),
    ("GET", "/api/v1/figures", See(Screen::Figures)),
    ("GET", "/api/v1/statements", See(Screen::Statements)),
    ("GET", "/api/v1/statements/{hash}", See(Screen::Statements)),
    ("GET", "/api/v1/statements/{hash}/against/{other}", See(Screen::Statements)),
    ("GET", "/api/v1/balance/{night}", See(Screen::Balance)),
    ("GET", "/api/v1/balance/{night}/page", Export(Screen::Balance)),
    ("GET", "/api/v1/plan", See(Screen::Plan)),
    ("GET", "/api/v1/plan/{plan}/changes", See(Screen::Plan)),
    ("GET", "/api/v1/plan/resources", See(Screen::Plan)),
    ("GET", "/api/v1/plan/late", See(Screen::Plan)),
    ("POST", "/api/v1/plan/whatif", Do(Act::TryPlan)),
    ("GET", "/api/v1/exchange/head", Peer),
    ("GET", "/api/v1/exchange/entries", Peer),
    ("POST", "/api/v1/exchange/entries", Peer),
    ("GET", "/api/v1/exchange/documents", Peer),
    ("GET", "/api/v1/exchange/documents/{*name}", Peer),
];

/// What a request needs, by its method and the route it matched. A path that has a route but not this
/// method answers that itself, to whoever is signed in; what has no route here is `None`.
pub fn needs_of(method: &str, route: &str) -> Option<Needs> {
    let method = if method == "HEAD" { "GET" } else { method };
    let found = ROUTES.iter().find(|(m, r, _)| *m == method && *r == route);
    found.map(|(_, _, needs)| *needs)
}

/// Whether the table has the route by another method.
pub fn is_known(route: &str) -> bool {
    route == "/api/{*rest}" || ROUTES.iter().any(|(_, r, _)| *r == route)
}
