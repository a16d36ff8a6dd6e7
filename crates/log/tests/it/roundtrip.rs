//! The fuzz targets' properties on stable: good inputs, spoiled byte by byte, and plain noise.

#[path = "../../../../fuzz/src/properties.rs"]
mod properties;

use log::merkle::leaf_hash;
use log::{AddCheckpoint, Checkpoint, LogKey, LogProof, Note, SigningKey, Tile, Tree, WitnessKey};
use proptest::prelude::*;
use proptest::sample::Index;
use std::path::Path;

/// Good inputs of each target.
fn seeds(target: &str) -> Vec<Vec<u8>> {
    let mut tree = Tree::new();
    (0..300u64).for_each(|i| _ = tree.append(leaf_hash(&i.to_be_bytes())));
    let log = LogKey::new("amana.test/log", SigningKey::from_bytes(&[7; 32])).unwrap();
    let witness = WitnessKey::new("w.test", SigningKey::from_bytes(&[8; 32])).unwrap();
    let head = Checkpoint { origin: "amana.test/log".into(), size: 300, root: tree.root() };
    let mut note = Note::parse(&head.sign(&log).unwrap()).unwrap();
    note.signatures.push(witness.cosign(&note.text, 1_770_000_000));
    let texts = match target {
        "envelope" => return golden(),
        "note" => vec![note.to_text(), "a\n\nb\n\n\u{2014} n AAAAAAA=\n".to_owned()],
        "checkpoint" => vec![head.to_text()],
        "tile_path" => Tile::of_tree(70_000).map(|t| t.to_string()).collect(),
        "bundle" => return vec![b"\x02\x00\x01a\x00\x00\x00\x02bc".to_vec()],
        "tlog_proof" => [None, Some(b"extra".to_vec())]
            .map(|extra| {
                let hashes = tree.inclusion(255, 300).unwrap();
                LogProof { extra, index: 255, hashes, checkpoint: note.clone() }.to_string()
            })
            .to_vec(),
        "policy" => vec![format!(
            "# p\nlog {} https://amana.test\nwitness w {}\ngroup g 1 w\nquorum g\n",
            log.verifier().vkey(),
            witness.cosigner().vkey()
        )],
        "add_checkpoint" => {
            let proof = tree.consistency(255, 300).unwrap();
            vec![AddCheckpoint { old: 255, proof, checkpoint: note }.to_string()]
        }
        "keys" => vec![
            log.verifier().vkey(),
            witness.cosigner().vkey(),
            log.to_secret_text(),
            witness.to_secret_text(),
        ],
        other => panic!("give target {other} a good input"),
    };
    texts.into_iter().map(String::into_bytes).collect()
}

fn golden() -> Vec<Vec<u8>> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let mut entries = Vec::new();
    for file in std::fs::read_dir(dir).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_none_or(|ending| ending != "hex") {
            continue;
        }
        let text = std::fs::read_to_string(path).unwrap();
        let hex = text.lines().filter(|l| !l.starts_with('#')).collect::<String>();
        let hex: Vec<u8> = hex.bytes().filter(u8::is_ascii_hexdigit).collect();
        let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16);
        entries.push(hex.chunks(2).map(|pair| byte(pair).unwrap()).collect());
    }
    entries
}

/// A change that a lying peer, or a bad disk, might make.
#[derive(Debug, Clone)]
enum Spoil {
    Flip(Index, u8),
    Set(Index, u8),
    Cut(Index),
    Drop(Index),
    Insert(Index, u8),
    Repeat(Index, Index),
    Swap(Index, Index),
}

fn spoil() -> impl Strategy<Value = Spoil> {
    let at = any::<Index>;
    // Bytes that mean something in the formats come up more often than chance would have it.
    let byte = prop_oneof![any::<u8>(), prop::sample::select(b"\n 0/+x=.\xe2\x80".to_vec())];
    prop_oneof![
        (at(), 0u8..8).prop_map(|(i, bit)| Spoil::Flip(i, bit)),
        (at(), byte.clone()).prop_map(|(i, b)| Spoil::Set(i, b)),
        at().prop_map(Spoil::Cut),
        at().prop_map(Spoil::Drop),
        (at(), byte).prop_map(|(i, b)| Spoil::Insert(i, b)),
        (at(), at()).prop_map(|(i, j)| Spoil::Repeat(i, j)),
        (at(), at()).prop_map(|(i, j)| Spoil::Swap(i, j)),
    ]
}

fn apply(bytes: &mut Vec<u8>, spoil: &Spoil) {
    let n = bytes.len();
    if n == 0 {
        return;
    }
    match spoil {
        Spoil::Flip(i, bit) => bytes[i.index(n)] ^= 1 << bit,
        Spoil::Set(i, byte) => bytes[i.index(n)] = *byte,
        Spoil::Cut(i) => bytes.truncate(i.index(n)),
        Spoil::Drop(i) => _ = bytes.remove(i.index(n)),
        Spoil::Insert(i, byte) => bytes.insert(i.index(n + 1), *byte),
        Spoil::Repeat(i, j) => {
            let (from, to) = (i.index(n).min(j.index(n)), i.index(n).max(j.index(n)));
            let again = bytes[from..to].to_vec();
            bytes.splice(to..to, again);
        }
        Spoil::Swap(i, j) => bytes.swap(i.index(n), j.index(n)),
    }
}

/// The seeds themselves are read: otherwise the properties below would hold of anything.
#[test]
fn good_inputs_are_good() {
    for (target, property) in properties::ALL {
        for seed in seeds(target) {
            property(&seed);
        }
    }
    assert!(seeds("envelope").iter().all(|entry| log::decode(entry).is_ok()));
    let text = |target: &str| String::from_utf8(seeds(target)[0].clone()).unwrap();
    assert!(Note::parse(&text("note")).is_ok() && Checkpoint::parse(&text("checkpoint")).is_ok());
    assert!(
        Tile::parse(&text("tile_path")).is_ok() && LogProof::parse(&text("tlog_proof")).is_ok()
    );
    assert!(log::Policy::parse(&text("policy")).is_ok());
    assert!(AddCheckpoint::parse(&text("add_checkpoint")).is_ok());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn what_reads_is_written_the_same(
        which in any::<Index>(), spoils in prop::collection::vec(spoil(), 1..4),
    ) {
        for (target, property) in properties::ALL {
            let seeds = seeds(target);
            let mut bytes = which.get(&seeds).clone();
            for spoil in &spoils {
                apply(&mut bytes, spoil);
                property(&bytes);
            }
        }
    }

    #[test]
    fn noise_is_refused_or_written_the_same(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        for (_, property) in properties::ALL {
            property(&bytes);
        }
    }
}
