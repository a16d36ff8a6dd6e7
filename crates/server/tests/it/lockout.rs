//! What strangers can do to an officer whose name they know, and to a node that they ask for nothing else.

use crate::connections::from;
use crate::passkey::Authenticator;
use crate::sign_in::{PASSWORD, Visitor, let_in};
use crate::world::World;
use domain::Role;
use serde_json::json;
use std::io::{Read, Write};

const WRONG: &str = "not the password at all";

/// The status of a sign-in from another address.
fn sign_in_from(world: &World, address: &str, login: &str, password: &str) -> u16 {
    let body = json!({ "login": login, "password": password }).to_string();
    let mut line = from(address, world.address());
    let head = "POST /api/v1/session HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
                content-type: application/json\r\n";
    write!(line, "{head}content-length: {}\r\n\r\n{body}", body.len()).unwrap();
    let mut answer = String::new();
    line.read_to_string(&mut answer).unwrap();
    answer.split(' ').nth(1).unwrap().parse().unwrap()
}

#[test]
fn an_outsider_who_knows_the_name_locks_only_the_place_they_are_at() {
    let world = World::new();
    let_in(&world, "salma", Role::Director);
    let mut hers = Visitor::new(&world);
    assert_eq!(hers.sign_in("salma", PASSWORD).status, 200);
    assert_eq!(hers.ask("DELETE", "/api/v1/session", None).status, 204);

    // At her own address, as another machine of the office would be.
    for _ in 0..5 {
        assert_eq!(Visitor::new(&world).sign_in("salma", WRONG).status, 401);
    }
    assert_eq!(Visitor::new(&world).sign_in("salma", PASSWORD).status, 429);
    assert_eq!(hers.sign_in("salma", PASSWORD).status, 200, "her browser is known");
    assert_eq!(sign_in_from(&world, "127.0.0.2", "salma", PASSWORD), 200, "elsewhere as well");

    // From many addresses: then only where she is known.
    let statuses = (3..40).map(|n| sign_in_from(&world, &format!("127.0.0.{n}"), "salma", WRONG));
    let wrong = statuses.filter(|status| *status == 401).count();
    assert_eq!(wrong, 21 - 5, "five were from the first address");
    assert_eq!(sign_in_from(&world, "127.0.0.99", "salma", PASSWORD), 429);
    assert_eq!(hers.sign_in("salma", PASSWORD).status, 200);
}

#[test]
fn no_password_locks_a_passkey_and_what_it_signed_is_good_once() {
    let world = World::new();
    let_in(&world, "salma", Role::Director);
    let mut hers = Visitor::new(&world);
    hers.sign_in("salma", PASSWORD);
    let mut passkey = Authenticator::new();
    let options = hers.ask("POST", "/api/v1/session/passkeys/options", None).body;
    let registered = passkey.registers(&options);
    assert_eq!(hers.ask("POST", "/api/v1/session/passkeys", Some(registered)).status, 204);
    for _ in 0..5 {
        Visitor::new(&world).sign_in("salma", WRONG);
    }
    assert_eq!(Visitor::new(&world).sign_in("salma", PASSWORD).status, 429);

    let mut phone = Visitor::new(&world);
    let options = phone.ask("POST", "/api/v1/session/passkey/options", None).body;
    let signed = passkey.signs_in(&options);
    let stranger =
        Visitor::new(&world).ask("POST", "/api/v1/session/passkey", Some(signed.clone()));
    assert_eq!((stranger.status, &stranger.body["code"]), (410, &"sign-in-stale".into()));
    let mut another = phone.clone();
    another.ask("POST", "/api/v1/session/passkey/options", None);
    let mixed = another.ask("POST", "/api/v1/session/passkey", Some(signed.clone()));
    assert_eq!(mixed.status, 401, "signed for another beginning");
    let mut copy = phone.clone();
    let seen = phone.ask("POST", "/api/v1/session/passkey", Some(signed.clone()));
    assert_eq!((seen.status, &seen.body["officer"]["login"]), (200, &"salma".into()));
    let again = copy.ask("POST", "/api/v1/session/passkey", Some(signed));
    assert_eq!((again.status, &again.body["code"]), (410, &"sign-in-stale".into()));
    assert_eq!(phone.sign_in("salma", PASSWORD).status, 200, "the browser is known since");
}

#[test]
fn sign_ins_begun_and_left_leave_nothing_behind() {
    let world = World::new();
    let mut visitor = Visitor::new(&world);
    visitor.ask("POST", "/api/v1/session/passkey/options", None);
    let before = world.cabinet_rows();
    for _ in 0..50 {
        assert_eq!(visitor.ask("POST", "/api/v1/session/passkey/options", None).status, 200);
    }
    assert_eq!(world.cabinet_rows(), before);
}

#[test]
fn a_flood_of_passwords_is_turned_away_and_known_browsers_are_not() {
    let world = World::new();
    let_in(&world, "salma", Role::Director);
    let mut hers = Visitor::new(&world);
    hers.sign_in("salma", PASSWORD);
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let flood: Vec<_> = (0..150)
            .map(|n| {
                let mut stranger = Visitor::new(&world);
                scope.spawn(move || {
                    let seen = stranger.sign_in(&format!("stranger-{n}"), WRONG);
                    if seen.status == 503 {
                        assert_eq!(seen.body["code"], "sign-in-busy");
                        assert!(seen.retry_after.is_some());
                    }
                    seen.status
                })
            })
            .collect();
        assert_eq!(hers.sign_in("salma", PASSWORD).status, 200);
        flood.into_iter().map(|stranger| stranger.join().unwrap()).collect()
    });
    let of = |status| statuses.iter().filter(|s| **s == status).count();
    assert_eq!(of(401) + of(503), 150, "{statuses:?}");
    assert!(of(503) > 0 && of(401) >= 34, "{} checked, {} turned away", of(401), of(503));
}
