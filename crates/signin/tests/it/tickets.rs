//! A phone asks to be enrolled.

use crate::world::{World, at};
use domain::{AuthorityId, Role};
use log::SigningKey;
use signin::{SigninError, Tickets, Token, possession_message};

fn proof(key: &SigningKey, token: &Token) -> [u8; 64] {
    use log::Signer;
    key.sign(&possession_message(token.secret())).to_bytes()
}

fn draw(tickets: &Tickets) -> Token {
    let justice = AuthorityId::new("justice").unwrap();
    tickets.draw(justice, Role::Reception, None, "salma", at(0)).unwrap().0
}

#[test]
fn a_ticket_is_good_once_for_ten_minutes_with_proof_of_the_key() {
    let world = World::new();
    let tickets = Tickets::new(world.node.clone());
    let phone = SigningKey::from_bytes(&[3; 32]);
    let public = log::public_key(&phone);

    let token = draw(&tickets);
    let other = proof(&SigningKey::from_bytes(&[4; 32]), &token);
    assert!(matches!(
        tickets.redeem(&token, public, &other, "", at(1)),
        Err(SigninError::Possession)
    ));
    let request = tickets.redeem(&token, public, &proof(&phone, &token), "Hana 12", at(1)).unwrap();
    assert_eq!((request.ticket.role, request.ticket.drawn_by.as_str()), (Role::Reception, "salma"));
    assert_eq!(request.holder, "Hana 12");
    let again =
        |tickets: &Tickets| tickets.redeem(&token, public, &proof(&phone, &token), "", at(2));
    assert_eq!(again(&tickets).unwrap(), request, "its line was cut: the first answer");
    let other = SigningKey::from_bytes(&[4; 32]);
    let another =
        tickets.redeem(&token, log::public_key(&other), &proof(&other, &token), "", at(2));
    assert!(matches!(another, Err(SigninError::Ticket)), "good for one phone");
    let late = draw(&tickets);
    let late = tickets.redeem(&late, public, &proof(&phone, &late), "", at(10));
    assert!(matches!(late, Err(SigninError::Ticket)));

    assert_eq!(tickets.requests(at(2)).unwrap(), [request]);
    assert!(tickets.answered(&public).unwrap());
    assert!(tickets.requests(at(3)).unwrap().is_empty());
    assert!(matches!(again(&tickets), Err(SigninError::Ticket)), "it was answered");
}

#[test]
fn a_phone_that_asks_by_another_ticket_waits_by_that_one() {
    let world = World::new();
    let tickets = Tickets::new(world.node.clone());
    let phone = SigningKey::from_bytes(&[3; 32]);
    let (first, second) = (draw(&tickets), draw(&tickets));
    let ask = |token: &Token, holder, minute| {
        let proof = proof(&phone, token);
        tickets.redeem(token, log::public_key(&phone), &proof, holder, at(minute))
    };
    ask(&first, "Hana", 1).unwrap();
    let newer = ask(&second, "Hana 12", 2).unwrap();
    assert_eq!(tickets.requests(at(3)).unwrap(), [newer]);
    assert!(matches!(ask(&first, "Hana", 3), Err(SigninError::Ticket)));
}
