//! Who is asking: local accounts with passwords and passkeys, an OpenID Connect provider, sessions,
//! and tickets by which a phone asks to be enrolled.
//!
//! Accounts live beside the record and may change; they are never facts. What an officer does with
//! an account becomes facts under the officer's number and role. What an officer may see is decided
//! elsewhere. Times are handed in, so that tests need not wait.

mod account;
mod attempts;
mod browser;
mod ceremony;
mod comparison;
mod error;
mod openid;
mod passkey;
mod password;
mod peer;
mod session;
mod ticket;
mod token;

pub use account::{Account, Accounts, as_typed};
pub use attempts::{ANYWHERE, AT_A_PLACE, Attempts, Whence};
pub use browser::{Browsers, KNOWN};
pub use comparison::{comparison_code, same_code};
pub use error::{Refused, SigninError};
pub use openid::{OpenId, Provider};
pub use passkey::{Passkeys, RelyingParty};
pub use password::{LEAST_CHARACTERS, MOST_BYTES, PasswordError, PasswordHash};
pub use peer::{Peer, Peers};
pub use session::{ABSOLUTE, IDLE, Session, Sessions, Way};
pub use ticket::{Request, Ticket, Tickets, possession_message};
pub use token::Token;
