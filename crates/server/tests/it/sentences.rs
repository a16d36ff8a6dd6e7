//! What a detail says is told in a word with its values, so that every language tells it; and which codes
//! have no such sentence yet.

use crate::entitled::As;
use crate::world::{World, person};
use domain::*;
use serde_json::{Value, json};
use server::api::Problem;
use server::{ProblemCode, Sentence};
use signin::{PasswordError, Refused, SigninError};
use std::collections::BTreeSet;
use store::SubmitError;

/// Codes whose detail is told by other members: the policies' words, fields, a time to wait.
const TOLD_OTHERWISE: &[&str] = &["section-unfit", "sign-in-locked"];

/// Codes whose detail is English only: what a decoder, a database or another party says.
const ENGLISH_ONLY: &[&str] = &[
    "bad-encoding",
    "bad-signature",
    "body-too-large",
    "internal",
    "oversize",
    "provider-failed",
    "register-closed",
    "storage",
    "unavailable",
];

#[test]
fn every_code_is_told_or_is_known_not_to_be() {
    let of_the_store = ["unknown-device", "wrong-authority", "wrong-operation", "already-open"];
    let more =
        ["not-entitled", "too-many-parked", "bad-encoding", "bad-signature", "oversize", "storage"];
    let codes = ProblemCode::ALL.iter().map(|c| c.code()).chain(of_the_store).chain(more);
    let told: BTreeSet<_> = Sentence::ALL.iter().map(|s| s.of()).collect();
    let untold: Vec<_> =
        codes.filter(|c| !told.contains(c) && !TOLD_OTHERWISE.contains(c)).collect();
    let untold: BTreeSet<_> = untold.into_iter().collect();
    assert_eq!(untold, BTreeSet::from_iter(ENGLISH_ONLY.iter().copied()));
    let ids: BTreeSet<_> = Sentence::ALL.iter().map(|s| s.id()).collect();
    assert_eq!(ids.len(), Sentence::ALL.len(), "each goes by a word of its own");
}

/// The store and the door say in English what the sentence says: else making the problem panics here.
#[test]
fn what_others_say_is_the_sentence() {
    let authority = |name| AuthorityId::new(name).unwrap();
    let operation = |name| OperationId::new(name).unwrap();
    let problems: Vec<Problem> = vec![
        SubmitError::UnknownDevice(DeviceId([7; 32])).into(),
        SubmitError::WrongAuthority { claimed: authority("a"), enrolled: authority("b") }.into(),
        SubmitError::WrongOperation { found: operation("a"), expected: operation("b") }.into(),
        SubmitError::NotEntitled { authority: authority("a"), entitled: "'b'".to_owned() }.into(),
        SubmitError::AlreadyOpen.into(),
        SubmitError::TooManyParked { device: DeviceId([7; 32]), parked: 256 }.into(),
        SigninError::Refused(Refused::NotRight).into(),
        SigninError::Refused(Refused::NoAccount("somebody".to_owned())).into(),
        SigninError::Refused(Refused::Stale).into(),
        SigninError::Ticket.into(),
        SigninError::Password(PasswordError::Short(3)).into(),
        SigninError::Password(PasswordError::Long(2_000)).into(),
        SigninError::Password(PasswordError::Guessable).into(),
        PersonId::parse("nobody").unwrap_err().into(),
        PersonId::parse("A-000001-9").unwrap_err().into(),
    ];
    for problem in problems {
        let said = problem.said.unwrap_or_else(|| panic!("{}: {}", problem.code, problem.detail));
        let sentence = Sentence::ALL.iter().find(|s| s.id() == said.id).unwrap();
        assert_eq!(sentence.of(), problem.code);
        assert_eq!(sentence.filled(&said), problem.detail);
    }
}

#[test]
fn values_leave_as_what_they_are() {
    let mut world = World::new();
    world.register();
    let said = |path: &str| world.get(path).json()["said"].clone();
    let nobody = person(999).to_string();
    for (path, expected) in [
        (
            format!("/api/v1/people/{nobody}"),
            json!({ "id": "nobody", "values": { "person": nobody } }),
        ),
        (
            "/api/v1/sites/atlantis".to_owned(),
            json!({ "id": "no-site", "values": { "site": "atlantis" } }),
        ),
        (
            "/api/v1/figures?at=100000".to_owned(),
            json!({ "id": "ahead", "values": { "position": 100_000, "head": world.node.position() } }),
        ),
        (
            "/api/v1/people?limit=501".to_owned(),
            json!({ "id": "not-within",
                    "values": { "what": "limit", "found": 501, "least": 1, "most": 500 } }),
        ),
        (
            "/api/v1/people?gate=heaven".to_owned(),
            json!({ "id": "no-such-word", "values": { "what": "gate", "word": "heaven" } }),
        ),
    ] {
        assert_eq!(said(&path), expected, "{path}");
    }
    // What the policies refuse is told by their own words.
    let (_, refused) = As(&world, "justice/keyholder").get("/api/v1/people");
    assert_eq!((&refused["said"], refused["refused"].is_object()), (&Value::Null, true));
}
