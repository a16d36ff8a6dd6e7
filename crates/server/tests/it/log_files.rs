//! The log as others read it: checkpoint, tiles, bundles, receipts.

use crate::world::World;
use log::{Checkpoint, LogProof, NoteVerifier, Tile, TileKind, Tree, merkle::leaf_hash};

fn bytes(world: &World, path: &str) -> (u16, String, Vec<u8>) {
    let mut response = ureq::get(format!("{}{path}", world.url))
        .config()
        .http_status_as_error(false)
        .build()
        .call()
        .unwrap();
    let kind = response.headers()["content-type"].to_str().unwrap().to_owned();
    (response.status().as_u16(), kind, response.body_mut().read_to_vec().unwrap())
}

/// Whoever has the key rebuilds the tree from the files alone.
#[test]
fn the_log_is_served_as_tiles() {
    let mut world = World::new();
    let people = world.register();
    world.depart(&people);
    world.arrive(&people);
    let vkey = world.get("/log/vkey").text;
    assert_eq!(vkey.trim(), world.node.vkey().unwrap());
    let note = world.get("/log/checkpoint");
    assert_eq!(note.kind, "text/plain; charset=utf-8");
    let key = NoteVerifier::parse(&vkey).unwrap();
    let head = Checkpoint::open(&note.text, &key).unwrap();
    assert_eq!(head.size, world.node.position());
    let mut tree = Tree::new();
    for tile in Tile::bundles(0, head.size) {
        let (status, kind, bundle) = bytes(&world, &format!("/log/{tile}"));
        assert_eq!((status, kind.as_str()), (200, "application/octet-stream"));
        for entry in tile.entries(&bundle).unwrap() {
            log::decode(entry).unwrap();
            tree.append(leaf_hash(entry));
        }
    }
    assert_eq!((tree.size(), tree.root()), (head.size, head.root));
    for tile in Tile::of_tree(head.size).filter(|t| t.kind() != TileKind::Entries) {
        let (status, kind, hashes) = bytes(&world, &format!("/log/{tile}"));
        assert_eq!((status, kind.as_str()), (200, "application/octet-stream"));
        assert_eq!(Some(hashes), tree.tile(tile), "{tile}");
    }
    // A head of any size before could have been published: its partial tiles are there too.
    assert_eq!(bytes(&world, "/log/tile/0/000.p/1").2, leaf_hash(&first(&world)));
    assert_eq!(bytes(&world, "/log/tile/entries/000.p/1").0, 200);
    let beyond = head.size + 1;
    for nothing in [
        format!("tile/0/000.p/{beyond}"),
        format!("tile/entries/000.p/{beyond}"),
        "tile/0/000".to_owned(),
        "tile/entries/000".to_owned(),
        "tile/1/000.p/1".to_owned(),
        "tile/0/001.p/1".to_owned(),
        "tile/0/0".to_owned(),
        "tile/64/000".to_owned(),
        "tile/entries/x018/x446/x744/x073/x709/x551/615".to_owned(),
        "tile/63/x018/x446/x744/x073/x709/x551/615".to_owned(),
    ] {
        assert_eq!(world.get(&format!("/log/{nothing}")).problem(), "no-such-address", "{nothing}");
    }
}

fn first(world: &World) -> Vec<u8> {
    world.node.entries(0..1).unwrap().remove(0)
}

#[test]
fn a_receipt_proves_its_fact_offline() {
    let mut world = World::new();
    let people = world.register();
    let offer = world.depart(&people);
    let answer = world.get(&format!("/api/v1/facts/{offer}/receipt"));
    assert_eq!((answer.status, answer.kind.as_str()), (200, "text/plain; charset=utf-8"));
    let receipt = LogProof::parse(&answer.text).unwrap();
    let key = NoteVerifier::parse(&world.node.vkey().unwrap()).unwrap();
    let (position, entry) = world.node.entry(&offer).unwrap().unwrap();
    assert_eq!(receipt.index, position);
    assert_eq!(receipt.extra.as_ref(), Some(&entry));
    assert_eq!(receipt.verify(&entry, &key).unwrap().size, world.node.position());
    assert!(receipt.verify(&first(&world), &key).is_err());
    let nobody = "0".repeat(64);
    assert_eq!(world.get(&format!("/api/v1/facts/{nobody}/receipt")).problem(), "unknown-fact");
    assert_eq!(world.get("/api/v1/facts/7/receipt").problem(), "not-understood");
}
