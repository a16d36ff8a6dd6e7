//! Signing in over HTTP, and what is answered without.

use crate::world::World;
use domain::{AuthorityId, Officer, Role};
use jiff::Timestamp;
use serde_json::json;
use signin::{Account, Accounts, PasswordHash};
use std::collections::BTreeMap;

pub const PASSWORD: &str = "seven quiet buses wait";

pub fn let_in(world: &World, login: &str, role: Role) {
    Accounts::new(world.node.clone())
        .add(&Account {
            login: login.to_owned(),
            authority: AuthorityId::new("justice").unwrap(),
            officer: Officer { role, number: 7 },
            name: "Invented Officer".to_owned(),
            password: Some(PasswordHash::of(PASSWORD, login).unwrap()),
            subject: None,
            since: Timestamp::UNIX_EPOCH,
            closed: None,
        })
        .unwrap();
}

/// A browser of sorts: it keeps its cookies.
#[derive(Clone)]
pub struct Visitor<'w> {
    world: &'w World,
    pub cookies: BTreeMap<String, String>,
}

pub struct Seen {
    pub status: u16,
    /// The first that was set: a session's.
    cookie: Option<String>,
    pub retry_after: Option<String>,
    pub body: serde_json::Value,
}

impl<'w> Visitor<'w> {
    pub fn new(world: &'w World) -> Self {
        Self { world, cookies: BTreeMap::new() }
    }

    pub fn ask(&mut self, method: &str, path: &str, body: Option<serde_json::Value>) -> Seen {
        self.ask_with(method, path, body, &[])
    }

    fn ask_with(
        &mut self,
        method: &str,
        path: &str,
        body: Option<serde_json::Value>,
        headers: &[(&str, &str)],
    ) -> Seen {
        let cookies = self.cookies.iter().map(|(name, value)| format!("{name}={value}"));
        let mut request = ureq::http::Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.world.url))
            .header("cookie", cookies.collect::<Vec<_>>().join("; "))
            .header("content-type", "application/json");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let agent: ureq::Agent =
            ureq::Agent::config_builder().http_status_as_error(false).build().into();
        let body = body.map(|b| b.to_string()).unwrap_or_default();
        let mut answer = agent.run(request.body(body).unwrap()).unwrap();
        let said = |name| answer.headers().get(name).map(|c| c.to_str().unwrap().to_owned());
        let (cookie, retry_after) = (said("set-cookie"), said("retry-after"));
        for set in answer.headers().get_all("set-cookie") {
            let set = set.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = set.split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        let text = answer.body_mut().read_to_string().unwrap();
        let body = serde_json::from_str(&text).unwrap_or_default();
        Seen { status: answer.status().as_u16(), cookie, retry_after, body }
    }

    pub fn sign_in(&mut self, login: &str, password: &str) -> Seen {
        let credentials = json!({ "login": login, "password": password });
        self.ask("POST", "/api/v1/session", Some(credentials))
    }
}

#[test]
fn the_room_is_open_until_somebody_has_an_account() {
    let world = World::new();
    let mut visitor = Visitor::new(&world);
    assert_eq!(visitor.ask("GET", "/api/v1/operation", None).status, 200);
    assert_eq!(visitor.ask("GET", "/api/v1/session", None).body["open"], true);

    let_in(&world, "salma", Role::Director);
    let refused = visitor.ask("GET", "/api/v1/operation", None);
    assert_eq!((refused.status, &refused.body["code"]), (401, &"sign-in-needed".into()));
    assert_eq!(visitor.ask("GET", "/api/v1/feed", None).status, 401);
    assert_eq!(visitor.ask("GET", "/api/v1/people/A-000001-0/particulars", None).status, 401);
    assert_eq!(visitor.ask("GET", "/api/v1/checkpoint", None).status, 200, "proofs are for all");
    let session = visitor.ask("GET", "/api/v1/session", None).body;
    assert_eq!((&session["open"], &session["officer"]), (&false.into(), &serde_json::Value::Null));
}

#[test]
fn an_officer_signs_in_looks_and_signs_out() {
    let world = World::new();
    let_in(&world, "salma", Role::Director);
    let mut visitor = Visitor::new(&world);
    let wrong = visitor.sign_in("salma", "not the password at all");
    assert_eq!((wrong.status, &wrong.body["code"]), (401, &"sign-in-refused".into()));

    let seen = visitor.sign_in("salma", PASSWORD);
    assert_eq!((seen.status, &seen.body["officer"]["role"]), (200, &"director".into()));
    let cookie = seen.cookie.unwrap();
    for part in ["HttpOnly", "SameSite=Strict", "Path=/"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert_eq!(visitor.ask("GET", "/api/v1/operation", None).status, 200);

    let kept = visitor.cookies.clone();
    assert_eq!(visitor.ask("DELETE", "/api/v1/session", None).status, 204);
    visitor.cookies = kept;
    assert_eq!(visitor.ask("GET", "/api/v1/operation", None).status, 401, "the token is dead");
}

#[test]
fn five_wrong_passwords_lock_the_name() {
    let world = World::new();
    let_in(&world, "salma", Role::Director);
    let mut visitor = Visitor::new(&world);
    for _ in 0..5 {
        assert_eq!(visitor.sign_in("salma", "not the password at all").status, 401);
    }
    let locked = visitor.sign_in("salma", PASSWORD);
    assert_eq!((locked.status, &locked.body["code"]), (429, &"sign-in-locked".into()));
    let wait_s = locked.body["wait_s"].as_u64().unwrap();
    assert!((1..=60).contains(&wait_s), "{wait_s} s, told in a number for every language");
    assert_eq!(locked.retry_after, Some(wait_s.to_string()), "and to machines");
}

#[test]
fn a_new_password_ends_the_other_sessions() {
    let world = World::new();
    let_in(&world, "salma", Role::Director);
    let (mut here, mut elsewhere) = (Visitor::new(&world), Visitor::new(&world));
    here.sign_in("salma", PASSWORD);
    elsewhere.sign_in("salma", PASSWORD);
    let short = json!({ "old": PASSWORD, "new": "too short" });
    let unfit = here.ask("PUT", "/api/v1/session/password", Some(short));
    assert_eq!((unfit.status, &unfit.body["code"]), (422, &"password-unfit".into()));
    let change = json!({ "old": PASSWORD, "new": "nine loud vans leave" });
    assert_eq!(here.ask("PUT", "/api/v1/session/password", Some(change)).status, 200);
    assert_eq!(here.ask("GET", "/api/v1/operation", None).status, 200);
    assert_eq!(elsewhere.ask("GET", "/api/v1/operation", None).status, 401);
    assert_eq!(elsewhere.sign_in("salma", PASSWORD).status, 401);
}

#[test]
fn other_sites_and_other_names_are_turned_away() {
    let world = World::new();
    let mut visitor = Visitor::new(&world);
    let body = Some(json!({ "paused": true }));
    let cross = [("sec-fetch-site", "cross-site")];
    let seen = visitor.ask_with("POST", "/api/v1/play", body.clone(), &cross);
    assert_eq!((seen.status, &seen.body["code"]), (403, &"cross-site".into()));
    let own = [("sec-fetch-site", "same-origin")];
    assert_eq!(visitor.ask_with("POST", "/api/v1/play", body, &own).status, 409);
    let rebound = [("host", "evil.example")];
    let seen = visitor.ask_with("GET", "/api/v1/operation", None, &rebound);
    assert_eq!((seen.status, &seen.body["code"]), (421, &"wrong-host".into()));
}

#[test]
fn a_keyholder_draws_a_ticket_and_a_phone_redeems_it() {
    use base64::{Engine, prelude::BASE64_STANDARD as BASE64};
    use log::Signer;
    let world = World::new();
    let_in(&world, "salma", Role::Director);
    let_in(&world, "omar", Role::Keyholder);
    let asked = json!({ "role": "reception", "site": "karkh" });
    let mut director = Visitor::new(&world);
    director.sign_in("salma", PASSWORD);
    let refused = director.ask("POST", "/api/v1/devices/tickets", Some(asked.clone()));
    assert_eq!((refused.status, &refused.body["code"]), (403, &"not-allowed".into()));

    let mut keyholder = Visitor::new(&world);
    keyholder.sign_in("omar", PASSWORD);
    let ticket = keyholder.ask("POST", "/api/v1/devices/tickets", Some(asked));
    assert_eq!(ticket.status, 201);
    assert!(ticket.body["qr"].as_str().unwrap().contains("<svg"));
    let secret = ticket.body["address"].as_str().unwrap().split_once('#').unwrap().1.to_owned();

    let redeem = |phone: &log::SigningKey| {
        let request = json!({
            "ticket": secret,
            "key": BASE64.encode(log::public_key(phone).0),
            "signature": BASE64.encode(phone.sign(&signin::possession_message(&secret)).to_bytes()),
        });
        Visitor::new(&world).ask("POST", "/api/v1/devices/requests", Some(request))
    };
    let phone = log::SigningKey::from_bytes(&[5; 32]);
    let answer = redeem(&phone);
    assert_eq!((answer.status, &answer.body["site"]), (201, &"karkh".into()));
    let another = redeem(&log::SigningKey::from_bytes(&[6; 32]));
    assert_eq!((another.status, &another.body["code"]), (410, &"ticket-spent".into()));
    let waiting = keyholder.ask("GET", "/api/v1/devices/requests", None).body;
    assert_eq!(waiting[0]["key"], log::public_key(&phone).to_string());
    let mut stranger = Visitor::new(&world);
    assert_eq!(stranger.ask("GET", "/api/v1/devices/requests", None).status, 401);
}
