//! Browsers that officers signed in from.

use crate::world::{World, at};
use signin::{Browsers, Token};

#[test]
fn a_browser_is_known_by_who_signed_in_from_it_for_ninety_days() {
    let world = World::new();
    let browsers = Browsers::new(world.node.clone());
    let desk = browsers.note(None, "salma", at(0)).unwrap();
    assert!(browsers.knows(&desk, "salma", at(1)).unwrap());
    assert!(!browsers.knows(&desk, "omar", at(1)).unwrap());
    assert_eq!(browsers.note(Some(&desk), "omar", at(2)).unwrap().secret(), desk.secret());
    for login in ["salma", "omar"] {
        assert!(browsers.knows(&desk, login, at(3)).unwrap(), "they share a desk");
    }
    let ninety_days = 90 * 24 * 60;
    assert!(browsers.knows(&desk, "salma", at(ninety_days)).unwrap());
    assert!(!browsers.knows(&desk, "salma", at(ninety_days + 2)).unwrap());
}

#[test]
fn a_token_that_was_brought_along_makes_nobody_known() {
    let world = World::new();
    let browsers = Browsers::new(world.node.clone());
    let planted = Token::presented("planted in the browser by somebody else");
    let drawn = browsers.note(Some(&planted), "salma", at(0)).unwrap();
    assert_ne!(drawn.secret(), planted.secret());
    assert!(!browsers.knows(&planted, "salma", at(1)).unwrap());
    browsers.forget("salma").unwrap();
    assert!(!browsers.knows(&drawn, "salma", at(1)).unwrap());
}
