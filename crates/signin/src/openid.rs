//! Sign-in by a ministry's OpenID Connect provider: authorization code flow with PKCE.
//!
//! The provider says who somebody is; which authority and role they have here, their account says.

use crate::account::{Account, Accounts};
use crate::{Refused, SigninError};
use jiff::{SignedDuration, Timestamp};
use openidconnect::core::{CoreAuthenticationFlow, CoreClient, CoreProviderMetadata};
use openidconnect::{
    AuthorizationCode, ClientId, ClientSecret, CsrfToken, HttpRequest, HttpResponse, IssuerUrl,
    Nonce, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, TokenResponse,
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;
use store::Node;

const DRAWER: &str = "openid";
/// How long an officer may take at the provider.
const LASTS: SignedDuration = SignedDuration::from_mins(10);
/// The longest answer taken from a provider, in bytes.
const ANSWER_MAX: u64 = 1024 * 1024;

/// What the provider is told about this node and this node about the provider.
#[derive(Debug, Clone)]
pub struct Provider {
    /// As its discovery document names itself.
    pub issuer: String,
    pub client_id: String,
    pub client_secret: Option<String>,
    /// `<address of the room>/api/v1/session/provider/back`, as registered there.
    pub redirect: String,
}

/// Signing in by a provider. Blocking, and waits for the provider.
pub struct OpenId {
    node: Arc<Node>,
    provider: Provider,
}

#[derive(Serialize, Deserialize)]
struct Begun {
    nonce: Nonce,
    verifier: PkceCodeVerifier,
}

impl OpenId {
    pub fn new(node: Arc<Node>, provider: Provider) -> Self {
        Self { node, provider }
    }

    /// Where to send the browser, and the state that must come back with it. The state is also set
    /// as a cookie, so that nobody can be signed in as somebody else by a link.
    pub fn begin(&self, now: Timestamp) -> Result<(String, String), SigninError> {
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let metadata = self.discover()?;
        let client = CoreClient::from_provider_metadata(metadata, self.client_id(), None)
            .set_redirect_uri(self.redirect()?);
        let (url, state, nonce) = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                CsrfToken::new_random,
                Nonce::new_random,
            )
            .set_pkce_challenge(challenge)
            .url();
        let begun = serde_json::to_vec(&Begun { nonce, verifier }).expect("a ceremony is JSON");
        self.node.clear_out(now)?;
        let until = now.saturating_add(LASTS).unwrap_or(now);
        self.node.keep(DRAWER, state.secret(), None, &begun, Some(until))?;
        Ok((url.to_string(), state.into_secret()))
    }

    /// The account of whom the provider sent back with `code`.
    pub fn finish(&self, state: &str, code: &str, now: Timestamp) -> Result<Account, SigninError> {
        if self.node.kept(DRAWER, state, now)?.is_none() {
            return Err(Refused::Stale.into());
        }
        let kept = self.node.take_kept(DRAWER, state)?.ok_or(Refused::Stale)?;
        let begun: Begun = serde_json::from_slice(&kept.value).map_err(|source| {
            SigninError::Damaged { what: "a sign-in by provider".to_owned(), source }
        })?;
        let secret = self.provider.client_secret.clone().map(ClientSecret::new);
        let client = CoreClient::from_provider_metadata(self.discover()?, self.client_id(), secret)
            .set_redirect_uri(self.redirect()?);
        let answer = client
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .map_err(|e| self.unusable(e))?
            .set_pkce_verifier(begun.verifier)
            .request(&ask)
            .map_err(|e| self.unusable(e))?;
        let token = answer.id_token().ok_or_else(|| self.unusable("it sent no id token"))?;
        let claims = token
            .claims(&client.id_token_verifier(), &begun.nonce)
            .map_err(|e| self.unusable(e))?;
        let subject = claims.subject().as_str();
        let account = Accounts::new(self.node.clone()).of_subject(subject)?;
        let account = account.filter(|a| a.closed.is_none());
        Ok(account.ok_or_else(|| Refused::NoAccount(subject.to_owned()))?)
    }

    fn client_id(&self) -> ClientId {
        ClientId::new(self.provider.client_id.clone())
    }

    fn redirect(&self) -> Result<RedirectUrl, SigninError> {
        RedirectUrl::new(self.provider.redirect.clone()).map_err(|e| self.unusable(e))
    }

    /// Its document and keys, asked for each time: keys are replaced without notice.
    fn discover(&self) -> Result<CoreProviderMetadata, SigninError> {
        let issuer = IssuerUrl::new(self.provider.issuer.clone()).map_err(|e| self.unusable(e))?;
        CoreProviderMetadata::discover(&issuer, &ask).map_err(|e| self.unusable(e))
    }

    fn unusable(&self, what: impl std::fmt::Display) -> SigninError {
        let issuer = self.provider.issuer.clone();
        SigninError::Provider { issuer, what: what.to_string() }
    }
}

/// One request to the provider. Follows no redirects: a provider could point it anywhere.
fn ask(request: HttpRequest) -> Result<HttpResponse, ureq::Error> {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .timeout_global(Some(Duration::from_secs(15)))
        .build()
        .into();
    let mut answer = agent.run(request)?;
    let body = answer.body_mut().with_config().limit(ANSWER_MAX).read_to_vec()?;
    let (parts, _) = answer.into_parts();
    Ok(HttpResponse::from_parts(parts, body))
}
