//! Sign-in by a ministry's OpenID Connect provider: authorization code flow with PKCE.
//!
//! The provider says who somebody is; which authority and role they have here, their account says.

use crate::account::{Account, Accounts};
use crate::ceremony::Ceremonies;
use crate::{Refused, SigninError};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use jiff::{SignedDuration, Timestamp};
use openidconnect::core::{CoreAuthenticationFlow, CoreClient, CoreProviderMetadata};
use openidconnect::{
    AuthorizationCode, ClientId, ClientSecret, CsrfToken, HttpRequest, HttpResponse, IssuerUrl,
    Nonce, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, TokenResponse,
};
use std::sync::Arc;
use std::time::Duration;
use store::Node;

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

impl OpenId {
    pub fn new(node: Arc<Node>, provider: Provider) -> Self {
        Self { node, provider }
    }

    /// Where to send the browser, and the state that must come back with it. The state is also set
    /// as a cookie, so that nobody can be signed in as somebody else by a link.
    pub fn begin(&self, now: Timestamp) -> Result<(String, String), SigninError> {
        let state = self.ceremonies().seal(CsrfToken::new_random().secret().as_bytes(), now)?;
        let (nonce, verifier) = self.secrets(&state)?;
        let client = CoreClient::from_provider_metadata(self.discover()?, self.client_id(), None)
            .set_redirect_uri(self.redirect()?);
        let (url, state, _) = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                || CsrfToken::new(state),
                || nonce,
            )
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier))
            .url();
        Ok((url.to_string(), state.into_secret()))
    }

    /// The account of whom the provider sent back with `code`.
    pub fn finish(&self, state: &str, code: &str, now: Timestamp) -> Result<Account, SigninError> {
        self.ceremonies().unseal(state, now)?;
        let (nonce, verifier) = self.secrets(state)?;
        let secret = self.provider.client_secret.clone().map(ClientSecret::new);
        let client = CoreClient::from_provider_metadata(self.discover()?, self.client_id(), secret)
            .set_redirect_uri(self.redirect()?);
        let answer = client
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .map_err(|e| self.unusable(e))?
            .set_pkce_verifier(verifier)
            .request(&ask)
            .map_err(|e| self.unusable(e))?;
        let token = answer.id_token().ok_or_else(|| self.unusable("it sent no id token"))?;
        let claims =
            token.claims(&client.id_token_verifier(), &nonce).map_err(|e| self.unusable(e))?;
        self.ceremonies().end(state, now)?;
        let subject = claims.subject().as_str();
        let account = Accounts::new(self.node.clone()).of_subject(subject)?;
        let account = account.filter(|a| a.closed.is_none());
        Ok(account.ok_or_else(|| Refused::NoAccount(subject.to_owned()))?)
    }

    fn ceremonies(&self) -> Ceremonies {
        Ceremonies { node: self.node.clone(), kind: "openid", lasts: LASTS }
    }

    /// What the state stands for, and nobody but this node can tell.
    fn secrets(&self, state: &str) -> Result<(Nonce, PkceCodeVerifier), SigninError> {
        let of = |what| Ok(BASE64.encode(self.ceremonies().derive(what, state.as_bytes())?));
        let nonce: Result<String, SigninError> = of("nonce");
        Ok((Nonce::new(nonce?), PkceCodeVerifier::new(of("verifier")?)))
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
