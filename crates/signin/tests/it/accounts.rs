//! Accounts and their passwords.

use crate::world::{PASSWORD, World, at, officer};
use jiff::SignedDuration;
use signin::{PasswordError, PasswordHash, Refused, SigninError, Whence};

fn refused<T: std::fmt::Debug>(result: Result<T, SigninError>) -> Refused {
    match result.unwrap_err() {
        SigninError::Refused(refused) => refused,
        other => panic!("{other}"),
    }
}

fn from(address: &str) -> Whence {
    Whence::Elsewhere(address.to_owned())
}

fn here() -> Whence {
    from("192.0.2.1")
}

#[test]
fn the_right_password_lets_in_and_nothing_else_does() {
    let world = World::new();
    let accounts = world.accounts();
    accounts.add(&officer("salma")).unwrap();
    assert_eq!(
        accounts.by_password(" Salma ", PASSWORD, &here(), at(1)).unwrap(),
        officer_kept(&accounts)
    );
    for (login, password) in [("salma", "seven quiet buses wai"), ("nobody", PASSWORD), ("", "")] {
        assert_eq!(
            refused(accounts.by_password(login, password, &here(), at(2))),
            Refused::NotRight
        );
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
    assert_eq!(refused(accounts.by_password("salma", PASSWORD, &here(), at(2))), Refused::NotRight);
}

#[test]
fn wrong_answers_lock_a_name_for_longer_and_longer_whether_it_exists_or_not() {
    let world = World::new();
    let accounts = world.accounts();
    accounts.add(&officer("salma")).unwrap();
    for login in ["salma", "nobody"] {
        for _ in 0..5 {
            let wrong = accounts.by_password(login, "not the password at all", &here(), at(0));
            assert_eq!(refused(wrong), Refused::NotRight);
        }
        // Even the right one waits, and waiting attempts cost nothing more.
        for _ in 0..3 {
            let locked = refused(accounts.by_password(login, PASSWORD, &here(), at(0)));
            assert_eq!(locked, Refused::Locked { until: at(1) });
        }
        let wrong = accounts.by_password(login, "not the password at all", &here(), at(1));
        assert_eq!(refused(wrong), Refused::NotRight);
        let locked = refused(accounts.by_password(login, PASSWORD, &here(), at(2)));
        assert_eq!(locked, Refused::Locked { until: at(3) });
    }
    accounts.by_password("salma", PASSWORD, &here(), at(3)).unwrap();
    let wrong = accounts.by_password("salma", "not the password at all", &here(), at(3));
    assert_eq!(refused(wrong), Refused::NotRight, "being right starts the count anew");
}

#[test]
fn attempts_at_once_cannot_slip_past_the_lock() {
    let world = World::new();
    world.accounts().add(&officer("salma")).unwrap();
    let answers: Vec<Refused> = std::thread::scope(|scope| {
        let tries: Vec<_> = (0..12)
            .map(|_| {
                scope.spawn(|| {
                    refused(world.accounts().by_password("salma", "wrong by far", &here(), at(0)))
                })
            })
            .collect();
        tries.into_iter().map(|t| t.join().unwrap()).collect()
    });
    let counted = answers.iter().filter(|a| **a == Refused::NotRight).count();
    assert_eq!(counted, 5, "{answers:?}");
}

#[test]
fn who_knows_a_name_does_not_keep_its_officer_out() {
    let world = World::new();
    let accounts = world.accounts();
    accounts.add(&officer("salma")).unwrap();
    let guess = |whence: &Whence, now| {
        refused(accounts.by_password("salma", "not the password at all", whence, now))
    };
    // From one address, a whole day long, as often as the lock lets it.
    let outsider = from("203.0.113.9");
    let mut now = at(0);
    let mut guesses = 0;
    while now < at(24 * 60) {
        match guess(&outsider, now) {
            Refused::NotRight => guesses += 1,
            Refused::Locked { until } => now = until,
            other => panic!("{other}"),
        }
        // The officer has never been at the browser at hand, and comes in between two guesses.
        if guesses == 18 {
            accounts.by_password("salma", PASSWORD, &here(), now).unwrap();
            guesses += 1;
        }
    }
    assert!((30..40).contains(&guesses), "{guesses}");
    let known = Whence::Known("a browser of hers".to_owned());
    accounts.by_password("salma", PASSWORD, &known, at(24 * 60)).unwrap();
}

#[test]
fn many_addresses_guess_little_more_than_one_and_a_known_browser_is_not_among_them() {
    let world = World::new();
    let accounts = world.accounts();
    accounts.add(&officer("salma")).unwrap();
    let known = Whence::Known("a browser of hers".to_owned());
    for (login, guesses) in [("salma", 100), ("nobody", 22)] {
        let mut addresses = 0_u32;
        let mut guess = |now| {
            addresses += 1;
            let whence = from(&format!("2001:db8:{addresses:x}::"));
            refused(accounts.by_password(login, "not the password at all", &whence, now))
        };
        let mut now = at(0);
        for guessed in 0..guesses {
            if guessed > 20 {
                let Refused::Locked { until } = guess(now) else { panic!("{guessed} for nothing") };
                now = until;
            }
            assert_eq!(guess(now), Refused::NotRight, "{guessed}");
        }
        if login == "salma" {
            let day = SignedDuration::from_hours(24);
            assert_eq!(guess(now), Refused::Locked { until: now + day }, "a hundred are enough");
            accounts.by_password(login, PASSWORD, &known, now).unwrap();
            assert_eq!(
                guess(now),
                Refused::Locked { until: now + day },
                "she forgives nobody else"
            );
            signin::Attempts::new(world.node.clone()).forget(login).unwrap();
            accounts.by_password(login, PASSWORD, &from("192.0.2.7"), now).unwrap();
        }
    }
}

#[test]
fn what_was_wrong_where_an_officer_comes_in_is_not_held_against_the_name() {
    let world = World::new();
    let accounts = world.accounts();
    accounts.add(&officer("salma")).unwrap();
    for place in 0..12 {
        let whence = from(&format!("192.0.2.{place}"));
        for _ in 0..3 {
            let wrong = accounts.by_password("salma", "not the password at all", &whence, at(0));
            assert_eq!(refused(wrong), Refused::NotRight, "{place}");
        }
        accounts.by_password("salma", PASSWORD, &whence, at(0)).unwrap();
    }
}

#[test]
fn a_count_past_its_time_is_begun_anew() {
    let world = World::new();
    let accounts = world.accounts();
    accounts.add(&officer("salma")).unwrap();
    for day in 0..3 {
        let wrong =
            accounts.by_password("salma", "not the password at all", &here(), at(day * 2_000));
        assert_eq!(refused(wrong), Refused::NotRight);
    }
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
