//! The Merkle tree of RFC 6962 section 2.1, with its proofs.

use imbl::Vector;
use sha2::{Digest, Sha256};

pub type Hash = [u8; 32];

/// Why a proof does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    #[error("no entry {index} in a tree of {size}")]
    Index { index: u64, size: u64 },
    #[error("a tree of {old} is not the beginning of one of {new}")]
    Sizes { old: u64, new: u64 },
    #[error("a proof of {expected} hashes was expected, {found} were given")]
    Length { expected: usize, found: usize },
    #[error("the proof leads to another root: the entry or the tree was changed")]
    Root,
}

/// Hash of a leaf: SHA-256 of `0x00 || entry`.
pub fn leaf_hash(entry: &[u8]) -> Hash {
    let mut hash = Sha256::new();
    hash.update([0]);
    hash.update(entry);
    hash.finalize().into()
}

/// Hash of a node: SHA-256 of `0x01 || left || right`.
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    let mut hash = Sha256::new();
    hash.update([1]);
    hash.update(left);
    hash.update(right);
    hash.finalize().into()
}

/// A tree with all its complete subtrees in memory: 64 bytes an entry. A clone shares them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tree {
    /// `levels[l][i]` is the root of entries `i * 2^l .. (i + 1) * 2^l`.
    levels: Vec<Vector<Hash>>,
}

impl Tree {
    pub fn new() -> Self {
        Self::default()
    }
    pub fn size(&self) -> u64 {
        self.levels.first().map_or(0, |leaves| leaves.len() as u64)
    }
    /// Adds a leaf; gives its index.
    pub fn append(&mut self, leaf: Hash) -> u64 {
        let index = self.size();
        let mut hash = leaf;
        for level in 0.. {
            if self.levels.len() == level {
                self.levels.push(Vector::new());
            }
            let row = &mut self.levels[level];
            row.push_back(hash);
            if row.len() % 2 == 1 {
                break;
            }
            hash = node_hash(&row[row.len() - 2], &row[row.len() - 1]);
        }
        index
    }
    /// The root of the complete subtree `index` of that level, 0 being the leaves: what a tile
    /// holds. `None` when the tree does not reach there.
    pub fn node(&self, level: usize, index: u64) -> Option<&Hash> {
        self.levels.get(level)?.get(usize::try_from(index).ok()?)
    }
    pub fn root(&self) -> Hash {
        self.range(0, self.size())
    }
    /// The root when the tree had `size` entries; `None` when it never was that large.
    pub fn root_at(&self, size: u64) -> Option<Hash> {
        (size <= self.size()).then(|| self.range(0, size))
    }
    /// The roots of the complete subtrees, largest first: what suffices to go on appending.
    pub fn edge(&self) -> Edge {
        let size = self.size();
        let hashes = (0..self.levels.len()).rev().filter(|l| size >> l & 1 == 1);
        let hashes = hashes.filter_map(|l| self.levels[l].last().copied()).collect();
        Edge { size, hashes }
    }

    /// Proof that entry `index` is in the tree of `size`, leaf to root (RFC 6962 section 2.1.1).
    pub fn inclusion(&self, index: u64, size: u64) -> Result<Vec<Hash>, ProofError> {
        if index >= size || size > self.size() {
            return Err(ProofError::Index { index, size: size.min(self.size()) });
        }
        let (mut from, mut to) = (0, size);
        let mut proof = Vec::new();
        while to - from > 1 {
            let middle = from + split(to - from);
            if index < middle {
                proof.push(self.range(middle, to));
                to = middle;
            } else {
                proof.push(self.range(from, middle));
                from = middle;
            }
        }
        proof.reverse();
        Ok(proof)
    }

    /// Proof that the tree of `old` entries is the beginning of that of `new` (section 2.1.2).
    /// Empty when `old` is 0 or `new`.
    pub fn consistency(&self, old: u64, new: u64) -> Result<Vec<Hash>, ProofError> {
        if old > new || new > self.size() {
            return Err(ProofError::Sizes { old, new: new.min(self.size()) });
        }
        let mut proof = Vec::new();
        if old == 0 || old == new {
            return Ok(proof);
        }
        let (mut from, mut to) = (0, new);
        // Whether the old tree's part here is a complete tree whose root the verifier has.
        let mut known = true;
        while to != old {
            let middle = from + split(to - from);
            if old <= middle {
                proof.push(self.range(middle, to));
                to = middle;
            } else {
                proof.push(self.range(from, middle));
                from = middle;
                known = false;
            }
        }
        if !known {
            proof.push(self.range(from, to));
        }
        proof.reverse();
        Ok(proof)
    }

    /// Root of entries `from..to`, where `from` is a multiple of the least power of two that
    /// reaches over the range.
    fn range(&self, from: u64, to: u64) -> Hash {
        let len = to - from;
        if len == 0 {
            return Sha256::digest([]).into();
        }
        if len.is_power_of_two() {
            let level = len.trailing_zeros();
            return self.levels[level as usize][(from >> level) as usize];
        }
        let middle = from + split(len);
        node_hash(&self.range(from, middle), &self.range(middle, to))
    }
}

/// The largest power of two below `len`, which is 2 or more.
fn split(len: u64) -> u64 {
    1 << (u64::BITS - 1 - (len - 1).leading_zeros())
}

/// The right edge of a tree: enough to append to it and to know its root.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Edge {
    pub size: u64,
    /// Roots of the complete subtrees, largest first, one for each bit set in `size`.
    pub hashes: Vec<Hash>,
}

impl Edge {
    pub fn append(&mut self, leaf: Hash) {
        let mut hash = leaf;
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.hashes.pop() {
                hash = node_hash(&left, &hash);
            }
        }
        self.hashes.push(hash);
        self.size += 1;
    }
    pub fn root(&self) -> Hash {
        let mut from_right = self.hashes.iter().rev();
        let Some(last) = from_right.next() else { return Sha256::digest([]).into() };
        from_right.fold(*last, |right, left| node_hash(left, &right))
    }
    pub fn to_bytes(&self) -> Vec<u8> {
        self.hashes.concat()
    }
    /// `None` when the bytes are not one hash for each bit set in `size`.
    pub fn from_bytes(size: u64, bytes: &[u8]) -> Option<Self> {
        let (hashes, rest) = bytes.as_chunks::<32>();
        let fits = rest.is_empty() && hashes.len() == size.count_ones() as usize;
        fits.then(|| Self { size, hashes: hashes.to_vec() })
    }
}

/// Checks that `leaf` is entry `index` of the tree with that size and root (RFC 9162 2.1.3.2).
pub fn verify_inclusion(
    index: u64,
    size: u64,
    leaf: &Hash,
    proof: &[Hash],
    root: &Hash,
) -> Result<(), ProofError> {
    if index >= size {
        return Err(ProofError::Index { index, size });
    }
    let (mut node, mut last, mut hash) = (index, size - 1, *leaf);
    let mut hashes = proof.iter();
    let mut used = 0;
    while last > 0 {
        if node & 1 == 1 || node < last {
            let sibling = hashes
                .next()
                .ok_or(ProofError::Length { expected: used + 1, found: proof.len() })?;
            used += 1;
            hash =
                if node & 1 == 1 { node_hash(sibling, &hash) } else { node_hash(&hash, sibling) };
        }
        node >>= 1;
        last >>= 1;
    }
    if used != proof.len() {
        return Err(ProofError::Length { expected: used, found: proof.len() });
    }
    if hash == *root { Ok(()) } else { Err(ProofError::Root) }
}

/// Checks that the tree of `old` entries is the beginning of that of `new` (RFC 9162 2.1.4.2).
pub fn verify_consistency(
    old: u64,
    new: u64,
    old_root: &Hash,
    new_root: &Hash,
    proof: &[Hash],
) -> Result<(), ProofError> {
    if old > new {
        return Err(ProofError::Sizes { old, new });
    }
    if old == 0 || old == new {
        let empty: Hash = Sha256::digest([]).into();
        let same = if old == new { old_root == new_root } else { *old_root == empty };
        return match (proof.len(), same) {
            (0, true) => Ok(()),
            (0, false) => Err(ProofError::Root),
            (found, _) => Err(ProofError::Length { expected: 0, found }),
        };
    }
    let mut hashes = proof.iter().copied();
    let mut used = 0;
    let mut next = || {
        used += 1;
        hashes.next().ok_or(ProofError::Length { expected: used, found: proof.len() })
    };
    let (mut node, mut last) = (old - 1, new - 1);
    let shift = node.trailing_ones();
    node >>= shift;
    last >>= shift;
    let seed = if old.is_power_of_two() { *old_root } else { next()? };
    let (mut from_old, mut from_new) = (seed, seed);
    while last > 0 {
        if node & 1 == 1 {
            let left = next()?;
            from_old = node_hash(&left, &from_old);
            from_new = node_hash(&left, &from_new);
        } else if node < last {
            from_new = node_hash(&from_new, &next()?);
        }
        node >>= 1;
        last >>= 1;
    }
    if used != proof.len() {
        return Err(ProofError::Length { expected: used, found: proof.len() });
    }
    if from_old == *old_root && from_new == *new_root { Ok(()) } else { Err(ProofError::Root) }
}
