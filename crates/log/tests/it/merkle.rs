use log::merkle::{
    Edge, Hash, ProofError, Tree, leaf_hash, node_hash, verify_consistency, verify_inclusion,
};
use proptest::prelude::*;

fn leaves(n: u64) -> Vec<Hash> {
    (0..n).map(|i| leaf_hash(&i.to_be_bytes())).collect()
}

fn tree(n: u64) -> Tree {
    let mut tree = Tree::new();
    for (i, leaf) in leaves(n).into_iter().enumerate() {
        assert_eq!(tree.append(leaf), i as u64);
    }
    tree
}

/// MTH of RFC 6962 section 2.1, word for word.
fn root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => log::hash_of(&[]).0,
        [one] => *one,
        more => {
            let k = (more.len() as u64).next_power_of_two() as usize / 2;
            node_hash(&root(&more[..k]), &root(&more[k..]))
        }
    }
}

fn hex(hash: Hash) -> String {
    hash.iter().map(|b| format!("{b:02x}")).collect()
}

/// The test vectors of certificate-transparency-go (merkletree tests), eight leaves.
#[test]
fn the_published_roots() {
    let inputs: [&[u8]; 8] = [
        b"",
        b"\x00",
        b"\x10",
        b"\x20\x21",
        b"\x30\x31",
        b"\x40\x41\x42\x43",
        b"\x50\x51\x52\x53\x54\x55\x56\x57",
        b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
    ];
    let mut tree = Tree::new();
    for input in inputs {
        tree.append(leaf_hash(input));
    }
    let at = |n| hex(tree.root_at(n).unwrap());
    assert_eq!(at(0), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert_eq!(at(1), "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
    assert_eq!(at(2), "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125");
    assert_eq!(at(3), "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77");
    assert_eq!(at(7), "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c");
    assert_eq!(at(8), "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");
}

#[test]
fn every_small_tree_and_every_proof() {
    let all = leaves(40);
    let tree = tree(40);
    let mut edge = Edge::default();
    for size in 0..=40 {
        let expected = root(&all[..size as usize]);
        assert_eq!(tree.root_at(size), Some(expected));
        assert_eq!(edge.root(), expected);
        assert_eq!(Edge::from_bytes(size, &edge.to_bytes()), Some(edge.clone()));
        for index in 0..size {
            let proof = tree.inclusion(index, size).unwrap();
            let leaf = &all[index as usize];
            assert_eq!(verify_inclusion(index, size, leaf, &proof, &expected), Ok(()));
        }
        for old in 0..=size {
            let proof = tree.consistency(old, size).unwrap();
            let old_root = root(&all[..old as usize]);
            assert_eq!(verify_consistency(old, size, &old_root, &expected, &proof), Ok(()));
        }
        if let Some(leaf) = all.get(size as usize) {
            edge.append(*leaf);
        }
    }
    assert_eq!(tree.edge(), edge);
    assert_eq!(tree.root_at(41), None);
    assert_eq!(tree.inclusion(40, 40), Err(ProofError::Index { index: 40, size: 40 }));
    assert_eq!(tree.consistency(3, 41), Err(ProofError::Sizes { old: 3, new: 40 }));
}

proptest! {
    /// Spoil a good proof in any of the ways a lying log might.
    #[test]
    fn spoiled_inclusion_is_refused(
        size in 1u64..200, at in any::<prop::sample::Index>(),
        which in any::<prop::sample::Index>(), bit in 0usize..256,
    ) {
        let tree = tree(size);
        let index = at.index(size as usize) as u64;
        let leaf = leaf_hash(&index.to_be_bytes());
        let proof = tree.inclusion(index, size).unwrap();
        let root = tree.root();
        let refused = |index, size, leaf: &Hash, proof: &[Hash], root: &Hash| {
            verify_inclusion(index, size, leaf, proof, root).is_err()
        };
        let spoil = |hash: &Hash| { let mut h = *hash; h[bit / 8] ^= 1 << (bit % 8); h };
        prop_assert!(refused(index, size, &spoil(&leaf), &proof, &root));
        prop_assert!(refused(index, size, &leaf, &proof, &spoil(&root)));
        prop_assert!(refused(size, size, &leaf, &proof, &root));
        prop_assert!(refused(index, size, &leaf, &[&proof[..], &[root]].concat(), &root));
        if !proof.is_empty() {
            let mut changed = proof.clone();
            let i = which.index(proof.len());
            changed[i] = spoil(&proof[i]);
            prop_assert!(refused(index, size, &leaf, &changed, &root));
            prop_assert!(refused(index, size, &leaf, &proof[1..], &root));
            prop_assert!(refused(index ^ 1, size, &leaf, &proof, &root) || index ^ 1 == index);
        }
    }

    #[test]
    fn spoiled_consistency_is_refused(
        old in 1u64..200, more in 1u64..200,
        which in any::<prop::sample::Index>(), bit in 0usize..256,
    ) {
        let new = old + more;
        let tree = tree(new);
        let (old_root, new_root) = (tree.root_at(old).unwrap(), tree.root());
        let proof = tree.consistency(old, new).unwrap();
        let spoil = |hash: &Hash| { let mut h = *hash; h[bit / 8] ^= 1 << (bit % 8); h };
        let refused = |o: &Hash, n: &Hash, p: &[Hash]| verify_consistency(old, new, o, n, p).is_err();
        prop_assert!(refused(&spoil(&old_root), &new_root, &proof));
        prop_assert!(refused(&old_root, &spoil(&new_root), &proof));
        prop_assert!(refused(&old_root, &new_root, &[&proof[..], &[new_root]].concat()));
        let mut changed = proof.clone();
        let i = which.index(proof.len());
        changed[i] = spoil(&proof[i]);
        prop_assert!(refused(&old_root, &new_root, &changed));
        prop_assert!(refused(&old_root, &new_root, &proof[1..]));
    }
}
