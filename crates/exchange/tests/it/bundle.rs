//! A bundle carried by hand.

use crate::world::{Device, World, at, set, submit};
use exchange::{BundleError, opening, read_bundle, write_bundle};
use store::Node;

fn filled(world: &World) -> Node {
    let site = world.node(1);
    submit(&site, &world.enrolments(&[11]));
    let mut phone = Device::new(11);
    let said: Vec<_> = (0..600).map(|_| phone.count()).collect();
    submit(&site, &said);
    site
}

fn written(node: &Node, from: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    write_bundle(node, from, &mut bytes).unwrap();
    bytes
}

#[test]
fn a_bundle_brings_what_was_missing_and_nothing_the_second_time() {
    let world = World::new();
    let (site, hub) = (filled(&world), world.node(2));
    let bundle = written(&site, 0);
    assert_eq!(bundle, written(&site, 0), "the same record gives the same bytes");
    let carried = read_bundle(&hub, &mut &bundle[..], at(2)).unwrap();
    assert_eq!((carried.taken.new, carried.taken.known), (601, 1));
    assert_eq!(set(&hub), set(&site));
    let again = read_bundle(&hub, &mut &bundle[..], at(3)).unwrap();
    assert_eq!((again.taken.new, again.taken.known), (0, 602));
    let (header, first) = opening(&mut &bundle[..]).unwrap();
    assert_eq!((header.from, header.to), (0, 602));
    assert_eq!(log::hash_of(&first), site.facts(0..1)[0].fact.hash);
}

#[test]
fn a_bundle_cut_anywhere_keeps_what_came_and_says_where_to_go_on() {
    let world = World::new();
    let site = filled(&world);
    let bundle = written(&site, 0);
    for (number, cut) in [(3, 200), (4, 60_000), (5, bundle.len() - 40)] {
        let hub = world.node(number);
        let short = read_bundle(&hub, &mut &bundle[..cut], at(2)).unwrap_err();
        let BundleError::Short { read, next, .. } = short else { panic!("{short}") };
        assert_eq!(hub.position().max(1), read.max(1));
        read_bundle(&hub, &mut &written(&site, next)[..], at(2)).unwrap();
        assert_eq!(set(&hub), set(&site));
    }
}

#[test]
fn a_damaged_bundle_is_noticed() {
    let world = World::new();
    let site = filled(&world);
    let hub = world.node(2);
    let mut bundle = written(&site, 0);
    let last = bundle.len() - 1;
    bundle[last] ^= 1;
    let damaged = read_bundle(&hub, &mut &bundle[..], at(2));
    assert!(matches!(damaged, Err(BundleError::Sum { read: 602 })));
    let mut bundle = written(&site, 0);
    bundle[40_000] ^= 1;
    assert!(read_bundle(&world.node(3), &mut &bundle[..], at(2)).is_err());
    for foreign in [&b""[..], b"amana-bundle/2\n", b"\x7fELF"] {
        let foreign = read_bundle(&hub, &mut &foreign[..], at(2));
        assert!(matches!(foreign, Err(BundleError::Foreign)));
    }
}
