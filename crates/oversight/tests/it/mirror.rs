//! A mirror follows an honest log, and keeps what a lying one showed.

use crate::counted;
use crate::world::{ORIGIN, log_key};
use log::{Policy, SigningKey, Tile, TileKind};
use oversight::audit::audit;
use oversight::mirror::{Evidence, Mirror, Update};
use oversight::source::{Folder, Source, SourceError};
use std::collections::BTreeMap;
use std::path::Path;
use store::Node;

/// A log's files as it shows them, to be tampered with.
#[derive(Clone)]
struct Shown(BTreeMap<String, Vec<u8>>);

impl Shown {
    fn of(node: &Node) -> Self {
        let mut files = BTreeMap::new();
        files.insert("checkpoint".to_owned(), node.checkpoint().unwrap().into_bytes());
        files.insert("vkey".to_owned(), node.vkey().unwrap().into_bytes());
        let size = node.position();
        for tile in Tile::of_tree(size).filter(|tile| tile.kind() != TileKind::Entries) {
            files.insert(tile.to_string(), node.read(|s| s.tree.tile(tile)).unwrap());
        }
        for tile in Tile::bundles(0, size) {
            let start = tile.start().unwrap();
            let entries = node.entries(start..start + u64::from(tile.width())).unwrap();
            let bundle = log::tiles::bundle(entries.iter().map(Vec::as_slice)).unwrap();
            files.insert(tile.to_string(), bundle);
        }
        Self(files)
    }

    fn bundles(&self) -> Vec<String> {
        self.0.keys().filter(|name| name.starts_with("tile/entries/")).cloned().collect()
    }
}

impl Source for Shown {
    fn read(&self, name: &str, _: usize) -> Result<Option<Vec<u8>>, SourceError> {
        Ok(self.0.get(name).cloned())
    }

    fn names(&self, prefix: &str) -> Result<Vec<String>, SourceError> {
        Ok(self.0.keys().filter(|name| name.starts_with(prefix)).cloned().collect())
    }

    fn describe(&self) -> String {
        "the log".to_owned()
    }
}

fn record(dir: &Path, name: &str, said: &[u32]) -> Node {
    counted::record(dir, name, ORIGIN, said)
}

fn policy() -> Option<Policy> {
    Some(Policy::of_log(log_key().verifier()))
}

fn mirror(dir: &Path, log: &Shown) -> Mirror {
    Mirror::open(&dir.join("mirror"), policy(), log).unwrap()
}

/// Entries held, and those that were new.
fn held(update: Update) -> (u64, u64) {
    match update {
        Update::Held { entries, new, .. } => (entries, new),
        Update::Caught(evidence) => panic!("{}", evidence.says),
    }
}

fn caught(update: Update) -> Evidence {
    match update {
        Update::Caught(evidence) => evidence,
        Update::Held { entries, .. } => panic!("held {entries} entries"),
    }
}

fn holds(dir: &Path, size: u64) {
    let found = audit(&Folder(dir.join("mirror")), policy(), &mut |_| {}).unwrap();
    assert!(found.holds() && found.size == size, "{} {:?}", found.size, found.findings);
}

#[test]
fn a_log_that_grows_is_followed() {
    let dir = tempfile::tempdir().unwrap();
    let said: Vec<u32> = (0..600).collect();
    let short = Shown::of(&record(dir.path(), "short", &said[..300]));
    let mut ours = mirror(dir.path(), &short);
    assert_eq!(held(ours.update(&short, &mut |_, _| {}).unwrap()), (301, 301));
    assert_eq!(held(ours.update(&short, &mut |_, _| {}).unwrap()), (301, 0));
    holds(dir.path(), 301);
    drop(ours);
    // Read back, and on.
    let long = Shown::of(&record(dir.path(), "long", &said));
    let mut ours = mirror(dir.path(), &long);
    assert_eq!(ours.entries(), 301);
    assert_eq!(held(ours.update(&long, &mut |_, _| {}).unwrap()), (601, 300));
    holds(dir.path(), 601);
}

#[test]
fn a_log_that_goes_back_is_caught_and_nothing_held_changes() {
    let dir = tempfile::tempdir().unwrap();
    let said: Vec<u32> = (0..300).collect();
    let long = Shown::of(&record(dir.path(), "long", &said));
    let short = Shown::of(&record(dir.path(), "short", &said[..280]));
    let mut ours = mirror(dir.path(), &long);
    held(ours.update(&long, &mut |_, _| {}).unwrap());
    let evidence = caught(ours.update(&short, &mut |_, _| {}).unwrap());
    assert_eq!(evidence.kind, "rollback");
    let kept = dir.path().join("mirror/evidence").join(&evidence.name);
    for file in ["served-checkpoint", "held-checkpoint", "README.txt"] {
        assert!(kept.join(file).exists(), "{file}");
    }
    // The same again is the same evidence.
    assert_eq!(caught(ours.update(&short, &mut |_, _| {}).unwrap()).name, evidence.name);
    holds(dir.path(), 301);
    held(ours.update(&long, &mut |_, _| {}).unwrap());
}

#[test]
fn a_fork_is_caught_whether_shorter_as_long_or_longer() {
    for (name, size) in [("shorter", 250), ("as-long", 300), ("longer", 400)] {
        let dir = tempfile::tempdir().unwrap();
        let said: Vec<u32> = (0..300).collect();
        let honest = Shown::of(&record(dir.path(), "honest", &said));
        let other: Vec<u32> = (0..size).map(|n| if n < 200 { n } else { n + 1_000 }).collect();
        let other = Shown::of(&record(dir.path(), "other", &other));
        let mut ours = mirror(dir.path(), &honest);
        held(ours.update(&honest, &mut |_, _| {}).unwrap());
        let evidence = caught(ours.update(&other, &mut |_, _| {}).unwrap());
        assert_eq!(evidence.kind, "fork", "{name}: {}", evidence.says);
        holds(dir.path(), 301);
    }
}

#[test]
fn entries_other_than_those_signed_for_are_caught() {
    let dir = tempfile::tempdir().unwrap();
    let said: Vec<u32> = (0..300).collect();
    let honest = Shown::of(&record(dir.path(), "honest", &said));
    let bundle = honest.bundles().pop().unwrap();
    let mut flipped = honest.clone();
    let bytes = flipped.0.get_mut(&bundle).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    let mut withheld = honest.clone();
    withheld.0.remove(&bundle);
    let mut ours = mirror(dir.path(), &honest);
    for lie in [flipped, withheld] {
        let evidence = caught(ours.update(&lie, &mut |_, _| {}).unwrap());
        assert_eq!(evidence.kind, "spoiled", "{}", evidence.says);
        assert_eq!(ours.entries(), 0);
    }
    // Once it is honest again nothing of the lies is left in what is held.
    assert_eq!(held(ours.update(&honest, &mut |_, _| {}).unwrap()), (301, 301));
    holds(dir.path(), 301);
}

#[test]
fn a_head_by_another_key_proves_nothing_and_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let honest = Shown::of(&record(dir.path(), "honest", &[1, 2, 3]));
    let mut ours = mirror(dir.path(), &honest);
    held(ours.update(&honest, &mut |_, _| {}).unwrap());
    let stranger = log::LogKey::new(ORIGIN, SigningKey::from_bytes(&[66; 32])).unwrap();
    let mut forged = honest.clone();
    let tree = crate::world::tree(9, 0);
    let note = crate::world::head(&tree).sign(&stranger).unwrap();
    forged.0.insert("checkpoint".to_owned(), note.into_bytes());
    assert!(ours.update(&forged, &mut |_, _| {}).is_err());
    assert!(!dir.path().join("mirror/evidence").exists());
    holds(dir.path(), 4);
}
