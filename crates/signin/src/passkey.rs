//! Passkeys (W3C Web Authentication level 3): registered by an officer who is signed in, then enough
//! to sign in with. User verification is always asked for, so a passkey is two factors.

use crate::account::{Account, Accounts};
use crate::ceremony::Ceremonies;
use crate::{Refused, SigninError};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::borrow::Borrow;
use std::fmt::Display;
use std::sync::Arc;
use store::Node;
use webauthn_rp::bin::{Decode, Encode};
use webauthn_rp::request::auth::AuthenticationVerificationOptions;
use webauthn_rp::request::register::{
    CredProtect, PublicKeyCredentialUserEntity, RegistrationVerificationOptions, UserHandle64,
};
use webauthn_rp::request::{AsciiDomain, PublicKeyCredentialDescriptor, RpId};
use webauthn_rp::response::register::{CompressedPubKey, DynamicState, StaticState};
use webauthn_rp::response::{AuthTransports, CredentialId, SentChallenge};
use webauthn_rp::{
    AuthenticatedCredential, DiscoverableAuthentication64, DiscoverableAuthenticationServerState,
    DiscoverableCredentialRequestOptions, PublicKeyCredentialCreationOptions, Registration,
    RegistrationServerState,
};

const CREDENTIALS: &str = "passkey";
const HANDLES: &str = "passkey-user";
const REGISTERING: &str = "passkey-registering";
/// Officers who make a passkey at the same moment; beyond these the first to begin begins again.
const REGISTERING_MOST: u32 = 1_000;
/// As long as the browser is told to wait.
const CEREMONY_LASTS: SignedDuration = SignedDuration::from_mins(5);

/// The site that passkeys are for.
#[derive(Debug, Clone)]
pub struct RelyingParty {
    /// As the browser writes it: `https://hub.example` or `http://localhost:8080`.
    origin: String,
    id: RpIdText,
}

type RpIdText = String;

impl RelyingParty {
    /// From the address officers open. Browsers take names only, no IP addresses.
    pub fn of(origin: &str) -> Result<Self, SigninError> {
        let wrong = || SigninError::RelyingParty(origin.to_owned());
        let (scheme, host) = origin.split_once("://").ok_or_else(wrong)?;
        let name = host.split(':').next().unwrap_or(host);
        if !(scheme == "https" || (scheme == "http" && name == "localhost")) {
            return Err(wrong());
        }
        if name.parse::<std::net::IpAddr>().is_ok()
            || AsciiDomain::try_from(name.to_owned()).is_err()
        {
            return Err(wrong());
        }
        Ok(Self { origin: origin.to_owned(), id: name.to_owned() })
    }

    fn id(&self) -> RpId {
        RpId::Domain(AsciiDomain::try_from(self.id.clone()).expect("checked when made"))
    }
}

/// A passkey as it is kept, under its credential id.
#[derive(Serialize, Deserialize)]
struct Kept {
    login: String,
    user: Vec<u8>,
    transports: u8,
    fixed: Vec<u8>,
    moving: [u8; 7],
    since: Timestamp,
    /// What it was registered under; absent of those that are older than this field.
    #[serde(default)]
    challenge: Option<String>,
}

/// Passkeys of this node. Blocking.
pub struct Passkeys {
    node: Arc<Node>,
    accounts: Accounts,
    party: RelyingParty,
}

impl Passkeys {
    pub fn new(node: Arc<Node>, party: RelyingParty) -> Self {
        Self { accounts: Accounts::new(node.clone()), node, party }
    }

    /// What the browser is to make a new passkey from, as `PublicKeyCredentialCreationOptionsJSON`.
    pub fn begin_registering(
        &self,
        account: &Account,
        now: Timestamp,
    ) -> Result<Value, SigninError> {
        let user = self.handle(&account.login)?;
        let mut known = Vec::new();
        for (id, kept) in self.kept_of(&account.login)? {
            let id = CredentialId::<Vec<u8>>::decode(unhex(&id)).map_err(unusable)?;
            let transports = AuthTransports::decode(kept.transports).map_err(unusable)?;
            known.push(PublicKeyCredentialDescriptor { id, transports });
        }
        let entity = PublicKeyCredentialUserEntity {
            name: account.login.as_str().try_into().map_err(unusable)?,
            id: &user,
            display_name: account.name.as_str().try_into().ok(),
        };
        let party = self.party.id();
        let mut options = PublicKeyCredentialCreationOptions::passkey(&party, entity, known);
        // Enforced protection is refused by authenticators that do not know it; verification of the
        // user is asked for, and checked, each time anyway.
        options.extensions.cred_protect = CredProtect::None;
        let (server, client) = options.start_ceremony().map_err(unusable)?;
        let state = server.encode().map_err(unusable)?;
        self.node.clear_out(now)?;
        let until = now.saturating_add(CEREMONY_LASTS).unwrap_or(now);
        self.node.keep(REGISTERING, &key_of(server.borrow()), None, &state, Some(until))?;
        self.node.thin_out(REGISTERING, REGISTERING_MOST)?;
        serde_json::to_value(&client).map_err(unusable)
    }

    /// Keeps the passkey the browser made; `answer` is its `RegistrationResponseJSON`. One that is kept
    /// under the same challenge already was sent again after a cut line, and is as good.
    pub fn register(
        &self,
        account: &Account,
        answer: &[u8],
        now: Timestamp,
    ) -> Result<(), SigninError> {
        let answer = Registration::from_json_relaxed(answer).map_err(unusable)?;
        let challenge = key_of(&answer.challenge_relaxed().map_err(unusable)?);
        let state = match self.waited(&challenge, now) {
            Err(SigninError::Refused(Refused::Stale)) if self.is_kept(account, &challenge)? => {
                return Ok(());
            }
            waited => waited?,
        };
        let state = RegistrationServerState::<64>::decode(&state).map_err(unusable)?;
        let origins = [self.party.origin.as_str()];
        let options = RegistrationVerificationOptions::<&str, &str> {
            allowed_origins: &origins,
            ..Default::default()
        };
        let made = state.verify(&self.party.id(), &answer, &options).map_err(unusable)?;
        if made.user_id() != &self.handle(&account.login)? {
            return Err(Refused::NotRight.into());
        }
        let transports = made.transports().encode().unwrap_or_else(|never| match never {});
        let kept = Kept {
            login: account.login.clone(),
            user: made.user_id().as_ref().to_vec(),
            transports,
            fixed: made.static_state().encode().unwrap_or_else(|never| match never {}),
            moving: made.dynamic_state().encode().unwrap_or_else(|never| match never {}),
            since: now,
            challenge: Some(challenge),
        };
        let id = hex(made.id().as_ref());
        let value = serde_json::to_vec(&kept).map_err(unusable)?;
        match self.node.keep(CREDENTIALS, &id, None, &value, None)? {
            true => Ok(()),
            false => Err(SigninError::Passkey("it is registered already".to_owned())),
        }
    }

    /// What the browser is to sign in with, as `PublicKeyCredentialRequestOptionsJSON`, and what it has to
    /// bring back with its answer. Names nobody, and keeps nothing here.
    pub fn begin_signing_in(&self, now: Timestamp) -> Result<(Value, String), SigninError> {
        let party = self.party.id();
        let options = DiscoverableCredentialRequestOptions::passkey(&party);
        let (server, client) = options.start_ceremony().map_err(unusable)?;
        let state = server.encode().map_err(unusable)?;
        let begun = self.signing_in().seal(&state, now)?;
        Ok((serde_json::to_value(&client).map_err(unusable)?, begun))
    }

    /// The account of a passkey; `answer` is the browser's `AuthenticationResponseJSON`, `begun` what it was
    /// given to bring back.
    pub fn sign_in(
        &self,
        answer: &[u8],
        begun: &str,
        now: Timestamp,
    ) -> Result<Account, SigninError> {
        let answer = DiscoverableAuthentication64::from_json_relaxed(answer).map_err(unusable)?;
        let state = self.signing_in().unseal(begun, now)?;
        let state = DiscoverableAuthenticationServerState::decode(&state).map_err(unusable)?;
        let id = hex(answer.raw_id().as_ref());
        let found = self.node.kept(CREDENTIALS, &id, now)?.ok_or(Refused::NotRight)?;
        let mut kept = read(&found.value)?;
        let user = <[u8; 64]>::try_from(kept.user.as_slice()).map_err(unusable)?;
        let user = UserHandle64::decode(user).map_err(unusable)?;
        let fixed = StaticState::<CompressedPubKey<_, _, _, _>>::decode(kept.fixed.as_slice())
            .map_err(unusable)?;
        let moving = DynamicState::decode(kept.moving).map_err(unusable)?;
        let mut credential = AuthenticatedCredential::new(answer.raw_id(), &user, fixed, moving)
            .map_err(unusable)?;
        let origins = [self.party.origin.as_str()];
        let options = AuthenticationVerificationOptions::<&str, &str> {
            allowed_origins: &origins,
            ..Default::default()
        };
        let changed = state
            .verify(&self.party.id(), &answer, &mut credential, &options)
            .map_err(|_| Refused::NotRight)?;
        self.signing_in().end(begun, now)?;
        if changed {
            kept.moving =
                credential.dynamic_state().encode().unwrap_or_else(|never| match never {});
            let value = serde_json::to_vec(&kept).map_err(unusable)?;
            // Lost to another sign-in of the same moment: that one noted the counter.
            self.node.keep(CREDENTIALS, &id, Some(found.version), &value, None)?;
        }
        let account = self.accounts.find(&kept.login)?.filter(|a| a.closed.is_none());
        Ok(account.ok_or(Refused::NotRight)?)
    }

    /// Since when each passkey of an account has been there.
    pub fn of(&self, login: &str) -> Result<Vec<Timestamp>, SigninError> {
        Ok(self.kept_of(login)?.into_iter().map(|(_, kept)| kept.since).collect())
    }

    /// Removes all passkeys of an account, as when a phone is lost. Returns how many.
    pub fn remove_all(&self, login: &str) -> Result<usize, SigninError> {
        let mut removed = 0;
        for (id, _) in self.kept_of(login)? {
            removed += usize::from(self.node.take_kept(CREDENTIALS, &id)?.is_some());
        }
        Ok(removed)
    }

    /// Whether a passkey of the account was registered under that challenge.
    fn is_kept(&self, account: &Account, challenge: &str) -> Result<bool, SigninError> {
        let of = self.kept_of(&account.login)?;
        Ok(of.iter().any(|(_, kept)| kept.challenge.as_deref() == Some(challenge)))
    }

    fn kept_of(&self, login: &str) -> Result<Vec<(String, Kept)>, SigninError> {
        let mut of = Vec::new();
        for (id, kept) in self.node.drawer(CREDENTIALS)? {
            let kept = read(&kept.value)?;
            if kept.login == login {
                of.push((id, kept));
            }
        }
        Ok(of)
    }

    /// The random handle that passkeys know an account by; made the first time.
    fn handle(&self, login: &str) -> Result<UserHandle64, SigninError> {
        if let Some(kept) = self.node.kept(HANDLES, login, Timestamp::MIN)? {
            let bytes = <[u8; 64]>::try_from(kept.value.as_slice()).map_err(unusable)?;
            return UserHandle64::decode(bytes).map_err(unusable);
        }
        let drawn = UserHandle64::new();
        match self.node.keep(HANDLES, login, None, drawn.as_ref(), None)? {
            true => Ok(drawn),
            false => self.handle(login),
        }
    }

    fn signing_in(&self) -> Ceremonies {
        Ceremonies { node: self.node.clone(), kind: "passkey", lasts: CEREMONY_LASTS }
    }

    /// What was begun under a challenge; each can be finished once.
    fn waited(&self, challenge: &str, now: Timestamp) -> Result<Vec<u8>, SigninError> {
        if self.node.kept(REGISTERING, challenge, now)?.is_none() {
            return Err(Refused::Stale.into());
        }
        let kept = self.node.take_kept(REGISTERING, challenge)?.ok_or(Refused::Stale)?;
        Ok(kept.value)
    }
}

fn read(bytes: &[u8]) -> Result<Kept, SigninError> {
    serde_json::from_slice(bytes)
        .map_err(|source| SigninError::Damaged { what: "a passkey".to_owned(), source })
}

fn unusable(error: impl Display) -> SigninError {
    SigninError::Passkey(error.to_string())
}

fn key_of(challenge: &SentChallenge) -> String {
    format!("{:032x}", challenge.0)
}

/// A credential id as a key of the cabinet.
fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn unhex(text: &str) -> Vec<u8> {
    let byte = |at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok();
    (0..text.len()).step_by(2).filter_map(byte).collect()
}
