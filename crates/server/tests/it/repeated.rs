//! A line that was cut after a writing: whoever asks once more gets the first answer, and nothing is done
//! twice. Each route of the API that is no reading is here, or says why it cannot be.

use crate::entitled::As;
use crate::passkey::Authenticator;
use crate::sign_in::{PASSWORD, Visitor, let_in};
use crate::world::{World, person};
use base64::{Engine, prelude::BASE64_STANDARD as BASE64};
use domain::{Event, Role};
use log::Signer;
use serde_json::{Value, json};
use std::collections::BTreeSet;

type Asked<'w> = Box<dyn FnMut() -> (u16, Value) + 'w>;

/// Readies a world; what is then asked twice, word for word.
type Writing = for<'w> fn(&'w mut World) -> Asked<'w>;

const WRITINGS: &[(&str, &str, Writing)] = &[
    ("POST", "/api/v1/facts", fact),
    ("PUT", "/api/v1/people/{id}/particulars/{section}", section),
    ("POST", "/api/v1/devices/requests", request),
    ("DELETE", "/api/v1/devices/requests/{key}", turned_away),
    ("POST", "/api/v1/devices/orders/picture", picture),
    ("POST", "/api/v1/session/passkeys", passkey),
    ("DELETE", "/api/v1/session", signed_out),
    ("PUT", "/api/v1/session/persona", persona),
];

/// Each does its work again when asked again, and why that is right or cannot be otherwise.
const AGAIN: &[(&str, &str, &str)] = &[
    (
        "POST",
        "/api/v1/people/{id}/particulars",
        "each answer shows, and each time something is shown the record says so",
    ),
    (
        "POST",
        "/api/v1/devices/tickets",
        "a ticket's secret is kept by nobody here; one that nobody read lapses within ten minutes",
    ),
    ("POST", "/api/v1/plan/whatif", "it is worked out again, and nothing of it is kept"),
    (
        "POST",
        "/api/v1/play",
        "a step is from where the exercise stands; the answer says where that is",
    ),
    ("POST", "/api/v1/session", "a session's secret is kept by nobody here; sign in again"),
    ("PUT", "/api/v1/session/password", "it begins a session; sign in with the new password"),
    (
        "POST",
        "/api/v1/session/passkey",
        "what a passkey signed is good once, or it could be replayed",
    ),
    ("POST", "/api/v1/session/passkey/options", "a challenge nobody answers lapses"),
    ("POST", "/api/v1/session/passkeys/options", "a challenge nobody answers lapses"),
];

#[test]
fn every_writing_is_asked_twice_or_says_why_not() {
    let document = serde_json::to_value(server::openapi()).unwrap();
    let paths = document["paths"].as_object().unwrap().iter();
    let routes = paths.flat_map(|(path, item)| {
        let methods = item.as_object().unwrap().keys().map(|method| method.to_uppercase());
        methods.map(move |method| (method, path.clone()))
    });
    let writings: BTreeSet<_> = routes.filter(|(method, _)| method != "GET").collect();
    let twice = WRITINGS.iter().map(|(method, path, _)| (*method, *path));
    let listed = twice.chain(AGAIN.iter().map(|(method, path, _)| (*method, *path)));
    let listed: Vec<_> = listed.map(|(m, p)| (m.to_owned(), p.to_owned())).collect();
    assert_eq!(listed.len(), writings.len(), "each once");
    assert_eq!(listed.into_iter().collect::<BTreeSet<_>>(), writings);
}

#[test]
fn asked_twice_is_done_once() {
    for (method, path, writing) in WRITINGS {
        let mut world = World::new();
        let node = world.node.clone();
        let mut ask = writing(&mut world);
        let (status, mut first) = ask();
        assert!((200..300).contains(&status), "{method} {path}: {status} {first}");
        let position = node.position();
        let (status, mut second) = ask();
        assert!((200..300).contains(&status), "{method} {path} again: {status} {second}");
        // A receipt says that it is the second one; all else is as it was told first.
        for answer in [&mut first, &mut second] {
            answer.as_object_mut().map(|answer| answer.remove("already"));
        }
        assert_eq!(second, first, "{method} {path}");
        assert_eq!(node.position(), position, "{method} {path}: nothing was added");
    }
}

fn fact(world: &mut World) -> Asked<'_> {
    let entry = world.sign("justice", "2026-01-21T10:00:00Z", Event::HeadsSeen { heads: vec![] });
    Box::new(move || {
        let answer = world.post(&entry.bytes);
        (answer.status, answer.json())
    })
}

fn section(world: &mut World) -> Asked<'_> {
    world.register();
    let says = json!({ "items": [{ "what": "ring", "count": 1 }] });
    let asked = json!({ "purpose": "transfer", "says": says });
    let path = format!("/api/v1/people/{}/particulars/property", person(1));
    Box::new(move || As(world, "sender/registrar").ask("PUT", &path, Some(asked.clone())))
}

fn request(world: &mut World) -> Asked<'_> {
    let drawn = json!({ "role": "reception", "site": "karkh" });
    let keyholder = As(world, "justice/keyholder");
    let (_, ticket) = keyholder.ask("POST", "/api/v1/devices/tickets", Some(drawn));
    let secret = ticket["address"].as_str().unwrap().split_once('#').unwrap().1.to_owned();
    let phone = log::SigningKey::from_bytes(&[5; 32]);
    let proof = phone.sign(&signin::possession_message(&secret)).to_bytes();
    let asked = json!({
        "ticket": secret,
        "holder": "Hana 12",
        "key": BASE64.encode(log::public_key(&phone).0),
        "signature": BASE64.encode(proof),
    });
    Box::new(move || As(world, "").ask("POST", "/api/v1/devices/requests", Some(asked.clone())))
}

fn turned_away(world: &mut World) -> Asked<'_> {
    let (_, waits) = request(world)();
    let path = format!("/api/v1/devices/requests/{}", waits["key"].as_str().unwrap());
    Box::new(move || As(world, "justice/keyholder").ask("DELETE", &path, None))
}

fn picture(world: &mut World) -> Asked<'_> {
    let (path, asked) = ("/api/v1/devices/orders/picture", json!({ "order": "to be signed" }));
    Box::new(move || As(world, "justice/keyholder").ask("POST", path, Some(asked.clone())))
}

/// An officer with an account, signed in.
fn officer(world: &World) -> Visitor<'_> {
    let_in(world, "salma", Role::Director);
    let mut officer = Visitor::new(world);
    assert_eq!(officer.sign_in("salma", PASSWORD).status, 200);
    officer
}

fn passkey(world: &mut World) -> Asked<'_> {
    let mut officer = officer(world);
    let options = officer.ask("POST", "/api/v1/session/passkeys/options", None).body;
    let answer = Authenticator::new().registers(&options);
    Box::new(move || {
        let seen = officer.ask("POST", "/api/v1/session/passkeys", Some(answer.clone()));
        let session = officer.ask("GET", "/api/v1/session", None).body;
        let passkeys = &session["officer"]["passkeys"];
        (seen.status, json!({ "answer": seen.body, "passkeys": passkeys }))
    })
}

fn signed_out(world: &mut World) -> Asked<'_> {
    let mut officer = officer(world);
    Box::new(move || {
        let seen = officer.ask("DELETE", "/api/v1/session", None);
        (seen.status, seen.body)
    })
}

fn persona(world: &mut World) -> Asked<'_> {
    let asked = json!({ "persona": "sender/registrar" });
    Box::new(move || As(world, "").ask("PUT", "/api/v1/session/persona", Some(asked.clone())))
}
