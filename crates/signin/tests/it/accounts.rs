//! Accounts and their passwords.

use crate::world::{PASSWORD, World, at, officer};
use signin::{PasswordError, PasswordHash, Refused, SigninError};

fn refused<T: std::fmt::Debug>(result: Result<T, SigninError>) -> Refused {
    match result.unwrap_err() {
        SigninError::Refused(refused) => refused,
        other => panic!("{other}"),
    }
}

#[test]
fn the_right_password_lets_in_and_nothing_else_does() {
    let world = World::new();
    let accounts = world.accounts();
    accounts.add(&officer("salma")).unwrap();
    assert_eq!(accounts.by_password(" Salma ", PASSWORD, at(1)).unwrap(), officer_kept(&accounts));
    for (login, password) in [("salma", "seven quiet buses wai"), ("nobody", PASSWORD), ("", "")] {
        assert_eq!(refused(accounts.by_password(login, password, at(2))), Refused::NotRight);
    }
}

fn officer_kept(accounts: &signin::Accounts) -> signin::Account {
    accounts.find("salma").unwrap().unwrap()
}

#[test]
fn a_closed_account_lets_nobody_in() {
    let world = World::new();
    let accounts = world.accounts();
    accounts.add(&officer("salma")).unwrap();
    accounts.change("salma", |account| account.closed = Some(at(1))).unwrap();
    assert_eq!(refused(accounts.by_password("salma", PASSWORD, at(2))), Refused::NotRight);
}

#[test]
fn wrong_answers_lock_a_name_for_longer_and_longer_whether_it_exists_or_not() {
    let world = World::new();
    let accounts = world.accounts();
    accounts.add(&officer("salma")).unwrap();
    for login in ["salma", "nobody"] {
        for _ in 0..5 {
            let wrong = accounts.by_password(login, "not the password at all", at(0));
            assert_eq!(refused(wrong), Refused::NotRight);
        }
        // Even the right one waits, and waiting attempts cost nothing more.
        for _ in 0..3 {
            let locked = refused(accounts.by_password(login, PASSWORD, at(0)));
            assert_eq!(locked, Refused::Locked { until: at(1) });
        }
        let wrong = accounts.by_password(login, "not the password at all", at(1));
        assert_eq!(refused(wrong), Refused::NotRight);
        let locked = refused(accounts.by_password(login, PASSWORD, at(2)));
        assert_eq!(locked, Refused::Locked { until: at(3) });
    }
    accounts.by_password("salma", PASSWORD, at(3)).unwrap();
    let wrong = accounts.by_password("salma", "not the password at all", at(3));
    assert_eq!(refused(wrong), Refused::NotRight, "being right starts the count anew");
}

#[test]
fn attempts_at_once_cannot_slip_past_the_lock() {
    let world = World::new();
    world.accounts().add(&officer("salma")).unwrap();
    let answers: Vec<Refused> = std::thread::scope(|scope| {
        let tries: Vec<_> = (0..12)
            .map(|_| {
                scope
                    .spawn(|| refused(world.accounts().by_password("salma", "wrong by far", at(0))))
            })
            .collect();
        tries.into_iter().map(|t| t.join().unwrap()).collect()
    });
    let counted = answers.iter().filter(|a| **a == Refused::NotRight).count();
    assert_eq!(counted, 5, "{answers:?}");
}

#[test]
fn names_and_passwords_are_checked() {
    let world = World::new();
    let accounts = world.accounts();
    accounts.add(&officer("salma")).unwrap();
    assert!(matches!(accounts.add(&officer("salma")), Err(SigninError::Taken(_))));
    let unknown = accounts.change("omar", |_| ());
    assert!(matches!(unknown, Err(SigninError::Unknown(_))));
    let mut bad = officer("salma");
    for login in ["", "Salma", "1st", "a b", "سلمى"] {
        bad.login = login.to_owned();
        assert!(matches!(accounts.add(&bad), Err(SigninError::Login(_))), "{login}");
    }
    assert_eq!(PasswordHash::of("fourteen chars", "x-y"), Err(PasswordError::Short(14)));
    assert_eq!(PasswordHash::of("aaaaaaaaaaaaaaaaaaaa", "x"), Err(PasswordError::Guessable));
    assert_eq!(PasswordHash::of("this is SALMA's word", "salma"), Err(PasswordError::Guessable));
    assert!(matches!(
        PasswordHash::of(&"long ".repeat(300), "x-y"),
        Err(PasswordError::Long(1500))
    ));
}

#[test]
fn what_is_kept_does_not_hold_the_password() {
    let kept = PasswordHash::of(PASSWORD, "salma").unwrap();
    assert!(kept.phc().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{}", kept.phc());
    assert!(PasswordHash::kept(kept.phc().to_owned()).matches(PASSWORD));
    assert!(!PasswordHash::kept("not a hash".to_owned()).matches(PASSWORD));
}
