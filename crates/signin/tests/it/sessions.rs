//! How long a session lasts.

use crate::world::{World, at, officer};
use signin::{Sessions, Token, Way};

#[test]
fn a_session_ends_when_idle_when_old_and_when_asked() {
    let world = World::new();
    let account = officer("salma");
    world.accounts().add(&account).unwrap();
    let sessions = Sessions::new(world.node.clone());
    let found = |token: &Token, minutes| sessions.find(token, at(minutes)).unwrap();

    let token = sessions.begin(&account, Way::Password, at(0)).unwrap();
    assert_eq!(found(&token, 0).unwrap().account.login, "salma");
    assert!(found(&token, 60).is_none(), "idle for an hour");
    assert!(found(&Token::draw(), 1).is_none());

    let busy = sessions.begin(&account, Way::Passkey, at(0)).unwrap();
    for minutes in (0..12 * 60).step_by(50) {
        let session = found(&busy, minutes).unwrap_or_else(|| panic!("{minutes}"));
        assert_eq!((session.way, session.begun), (Way::Passkey, at(0)));
    }
    assert!(found(&busy, 12 * 60).is_none(), "a shift is over");

    let asked = sessions.begin(&account, Way::Password, at(0)).unwrap();
    sessions.end(&asked).unwrap();
    assert!(found(&asked, 0).is_none());
}

#[test]
fn closing_an_account_or_changing_its_password_ends_its_sessions() {
    let world = World::new();
    let sessions = Sessions::new(world.node.clone());
    for login in ["salma", "omar"] {
        world.accounts().add(&officer(login)).unwrap();
    }
    let begin = |login| sessions.begin(&officer(login), Way::Password, at(0)).unwrap();
    let (first, second, other) = (begin("salma"), begin("salma"), begin("omar"));
    assert_eq!(sessions.end_all("salma").unwrap(), 2);
    assert!([first, second].iter().all(|t| sessions.find(t, at(1)).unwrap().is_none()));
    world.accounts().change("omar", |account| account.closed = Some(at(1))).unwrap();
    assert!(sessions.find(&other, at(1)).unwrap().is_none());
}

#[test]
fn the_store_never_sees_the_token() {
    let world = World::new();
    let account = officer("salma");
    world.accounts().add(&account).unwrap();
    let token = Sessions::new(world.node.clone()).begin(&account, Way::Password, at(0)).unwrap();
    let kept = world.node.drawer("session").unwrap();
    assert_eq!(kept.len(), 1);
    let secret = token.secret().as_bytes();
    assert_ne!(kept[0].0, token.secret());
    assert!(!kept[0].1.value.windows(secret.len()).any(|part| part == secret));
}
