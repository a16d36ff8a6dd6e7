//! An authenticator of sorts, as a browser has: enough of Web Authentication to register a passkey and to
//! sign in with it.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD as BASE64URL};
use log::{Signer, SigningKey};
use serde_json::{Value, json};

/// User present, user verified, a new credential's key within.
const FLAGS: u8 = 0b0100_0101;

pub struct Authenticator {
    credential: [u8; 16],
    key: SigningKey,
    /// What the node knows the officer by, in base64; empty until registered.
    user: String,
}

impl Authenticator {
    pub fn new() -> Self {
        Self { credential: [9; 16], key: SigningKey::from_bytes(&[9; 32]), user: String::new() }
    }

    /// The `RegistrationResponseJSON` to those options, at `http://localhost:8080`.
    pub fn registers(&mut self, options: &Value) -> Value {
        options["user"]["id"].as_str().unwrap().clone_into(&mut self.user);
        let none = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58";
        let data = self.data();
        let attestation = [&none[..], &[data.len() as u8], &data].concat();
        self.answers(json!({
            "clientDataJSON": BASE64URL.encode(client("webauthn.create", options)),
            "attestationObject": BASE64URL.encode(attestation),
            "transports": ["internal"],
        }))
    }

    /// The `AuthenticationResponseJSON` to those options.
    pub fn signs_in(&self, options: &Value) -> Value {
        let client = client("webauthn.get", options);
        let present_and_verified = 0b0000_0101;
        let data = [&log::hash_of(b"localhost").0[..], &[present_and_verified], &[0; 4]].concat();
        let signed = [&data[..], &log::hash_of(client.as_bytes()).0].concat();
        self.answers(json!({
            "clientDataJSON": BASE64URL.encode(client),
            "authenticatorData": BASE64URL.encode(data),
            "signature": BASE64URL.encode(self.key.sign(&signed).to_bytes()),
            "userHandle": self.user,
        }))
    }

    /// What both answers have around them.
    fn answers(&self, response: Value) -> Value {
        let id = BASE64URL.encode(self.credential);
        json!({
            "id": id,
            "rawId": id,
            "type": "public-key",
            "clientExtensionResults": {},
            "response": response,
        })
    }

    /// Authenticator data (W3C Web Authentication level 3, section 6.1) with an Ed25519 key in COSE.
    fn data(&self) -> Vec<u8> {
        let site = log::hash_of(b"localhost").0;
        let (counter, model) = ([0; 4], [0; 16]);
        let credential = [&[0, self.credential.len() as u8][..], &self.credential].concat();
        let cose = b"\xa4\x01\x01\x03\x27\x20\x06\x21\x58\x20";
        let public = log::public_key(&self.key).0;
        [&site[..], &[FLAGS], &counter, &model, &credential, cose, &public].concat()
    }
}

/// What the browser says that it was asked, and by whom.
fn client(kind: &str, options: &Value) -> String {
    let client = json!({
        "type": kind,
        "challenge": options["challenge"],
        "origin": "http://localhost:8080",
        "crossOrigin": false,
    });
    client.to_string()
}
