//! Signing in, and what a request must show before anything is answered.

pub mod enrolment;
pub mod guard;
pub mod knock;
pub mod passkeys;
pub mod password;
pub mod personas;
pub mod provider;
pub mod queue;
pub mod shapes;

use crate::api::Problem;
use crate::problem::ProblemCode;
use crate::sentence::Sentence;
use crate::sign_in::queue::Queues;
use axum::http::{HeaderMap, HeaderValue, header};
use cookie::{Cookie, SameSite};
use jiff::Timestamp;
use signin::{
    ABSOLUTE, Accounts, Browsers, KNOWN, LEAST_CHARACTERS, MOST_BYTES, OpenId, Passkeys,
    PasswordError, Peers, Provider, Refused, RelyingParty, Sessions, SigninError, Tickets, Token,
};
use std::sync::Arc;
use store::Node;

/// Cookies: of the session, of the browser, of a sign-in by passkey under way.
const SESSION: &str = "amana";
const BROWSER: &str = "amana-browser";
const BEGUN: &str = "amana-passkey";

/// How officers sign in at this node.
#[derive(Clone)]
pub struct SignIn {
    pub(crate) accounts: Accounts,
    pub(crate) sessions: Sessions,
    pub(crate) tickets: Tickets,
    pub(crate) peers: Peers,
    pub(crate) browsers: Browsers,
    pub(crate) queues: Queues,
    pub(crate) passkeys: Option<Arc<Passkeys>>,
    pub(crate) provider: Option<Arc<OpenId>>,
    /// As browsers write it, without a slash at the end.
    pub(crate) address: String,
}

impl SignIn {
    /// `address` is what officers open: `https://hub.example` or `http://localhost:8080`. Without a
    /// name in it there are no passkeys.
    pub fn new(node: Arc<Node>, address: &str) -> Self {
        let address = address.trim_end_matches('/').to_owned();
        let party = RelyingParty::of(&address).ok();
        Self {
            accounts: Accounts::new(node.clone()),
            sessions: Sessions::new(node.clone()),
            tickets: Tickets::new(node.clone()),
            peers: Peers::new(node.clone()),
            browsers: Browsers::new(node.clone()),
            queues: Queues::default(),
            passkeys: party.map(|party| Arc::new(Passkeys::new(node, party))),
            provider: None,
            address,
        }
    }

    /// Where the provider must send officers back to.
    pub fn redirect(&self) -> String {
        format!("{}/api/v1/session/provider/back", self.address)
    }

    pub fn with_provider(mut self, node: Arc<Node>, provider: Provider) -> Self {
        self.provider = Some(Arc::new(OpenId::new(node, provider)));
        self
    }

    /// Whether the address is HTTPS: cookies then never leave it.
    pub(crate) fn is_secure(&self) -> bool {
        self.address.starts_with("https://")
    }

    /// `__Host-` binds a cookie to this very host, and is allowed with HTTPS only (RFC 6265bis).
    fn own(&self, name: &str) -> String {
        if self.is_secure() { format!("__Host-{name}") } else { name.to_owned() }
    }

    /// The token a request brings, if any.
    pub(crate) fn token(&self, headers: &HeaderMap) -> Option<Token> {
        cookie_of(headers, &self.own(SESSION)).map(|value| Token::presented(&value))
    }

    /// The token by which the browser is known, if any.
    pub(crate) fn browser(&self, headers: &HeaderMap) -> Option<Token> {
        cookie_of(headers, &self.own(BROWSER)).map(|value| Token::presented(&value))
    }

    /// What the browser has to bring back to end a sign-in by passkey.
    pub(crate) fn begun(&self, headers: &HeaderMap) -> Option<String> {
        cookie_of(headers, &self.own(BEGUN))
    }

    /// Sets the session's cookie, or with no token takes it away.
    pub(crate) fn set_cookie(&self, token: Option<&Token>) -> HeaderValue {
        let (value, age) = match token {
            Some(token) => (token.secret(), ABSOLUTE.as_secs()),
            None => ("", 0),
        };
        self.cookie(&self.own(SESSION), value, age, SameSite::Strict)
    }

    pub(crate) fn set_browser(&self, token: &Token) -> HeaderValue {
        self.cookie(&self.own(BROWSER), token.secret(), KNOWN.as_secs(), SameSite::Strict)
    }

    pub(crate) fn set_begun(&self, begun: &str) -> HeaderValue {
        self.cookie(&self.own(BEGUN), begun, 300, SameSite::Strict)
    }

    pub(crate) fn cookie(
        &self,
        name: &str,
        value: &str,
        age_s: i64,
        same_site: SameSite,
    ) -> HeaderValue {
        let cookie = Cookie::build((name, value))
            .path("/")
            .http_only(true)
            .secure(self.is_secure())
            .same_site(same_site)
            .max_age(cookie::time::Duration::seconds(age_s));
        let text = cookie.build().to_string();
        HeaderValue::from_str(&text).expect("cookies are made of base64 and our own words")
    }
}

pub(crate) fn cookie_of(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(Cookie::split_parse)
        .filter_map(Result::ok)
        .find(|cookie| cookie.name() == name)
        .map(|cookie| cookie.value().to_owned())
}

impl From<SigninError> for Problem {
    fn from(error: SigninError) -> Self {
        let code = match &error {
            SigninError::Refused(Refused::NotRight | Refused::NoAccount(_)) => {
                ProblemCode::SignInRefused
            }
            SigninError::Refused(Refused::Locked { .. }) => ProblemCode::SignInLocked,
            SigninError::Refused(Refused::Stale) => ProblemCode::SignInStale,
            SigninError::Password(_) => ProblemCode::PasswordUnfit,
            SigninError::Passkey(_) | SigninError::Possession => ProblemCode::NotUnderstood,
            SigninError::Ticket => ProblemCode::TicketSpent,
            SigninError::Provider { .. } => {
                tracing::error!(%error, "sign-in by provider failed");
                ProblemCode::ProviderFailed
            }
            SigninError::Store(_) | SigninError::Damaged { .. } => {
                tracing::error!(%error, "sign-in failed on our side");
                ProblemCode::Unavailable
            }
            _ => ProblemCode::Internal,
        };
        let wait_s = match &error {
            SigninError::Refused(Refused::Locked { until }) => {
                let wait = until.duration_since(Timestamp::now());
                Some(u32::try_from(wait.as_secs() + 1).unwrap_or(1))
            }
            _ => None,
        };
        let problem = Problem::new(code, &error);
        let problem = match error {
            SigninError::Refused(Refused::NotRight) => problem.told_as(Sentence::NotRight, []),
            SigninError::Refused(Refused::NoAccount(who)) => {
                problem.told_as(Sentence::NoAccount, [("who", who.into())])
            }
            SigninError::Refused(Refused::Stale) => problem.told_as(Sentence::Stale, []),
            SigninError::Ticket => problem.told_as(Sentence::Spent, []),
            SigninError::Password(PasswordError::Short(found)) => {
                let least = ("least", LEAST_CHARACTERS.into());
                problem.told_as(Sentence::Short, [least, ("characters", found.into())])
            }
            SigninError::Password(PasswordError::Long(found)) => {
                let most = ("most", MOST_BYTES.into());
                problem.told_as(Sentence::Long, [most, ("bytes", found.into())])
            }
            SigninError::Password(PasswordError::Guessable) => {
                problem.told_as(Sentence::Guessable, [])
            }
            _ => problem,
        };
        Problem { wait_s, ..problem }
    }
}
