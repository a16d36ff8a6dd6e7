//! Tiles and entry bundles (C2SP tlog-tiles v0.1.0): a log as files of 256 hashes or entries.

use crate::envelope::ENTRY_MAX;
use crate::merkle::{Hash, Tree};
use std::fmt;

/// Hashes or entries in a full tile.
pub const WIDTH: u16 = 256;
/// The highest level; level `l` holds the roots of 256^l entries each.
pub const LEVEL_MAX: u8 = 63;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TileError {
    #[error("'{0}' names no tile")]
    Path(String),
    #[error("{tile} holds {found} bytes, {expected} were due")]
    Hashes { tile: Tile, found: usize, expected: usize },
    #[error("{tile} ends within entry {at} of {of}")]
    Torn { tile: Tile, at: u16, of: u16 },
    #[error("{tile} holds {extra} bytes after its last entry")]
    Extra { tile: Tile, extra: usize },
}

/// What a tile is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TileKind {
    /// Hashes of that level, 0 being the leaves.
    Hashes(u8),
    /// Entries, each with its length before it.
    Entries,
}

/// A tile's name, as `tile/0/x001/x234/067` or `tile/entries/005.p/112`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tile {
    kind: TileKind,
    index: u64,
    width: u16,
}

impl Tile {
    /// `None` when the level is above 63 or the width is not 1 to 256.
    pub fn new(kind: TileKind, index: u64, width: u16) -> Option<Self> {
        let level = match kind {
            TileKind::Hashes(level) => level,
            TileKind::Entries => 0,
        };
        (level <= LEVEL_MAX && (1..=WIDTH).contains(&width)).then_some(Self { kind, index, width })
    }
    pub fn kind(&self) -> TileKind {
        self.kind
    }
    pub fn index(&self) -> u64 {
        self.index
    }
    /// 1 to 256; below 256 the tile is partial.
    pub fn width(&self) -> u16 {
        self.width
    }
    pub fn is_full(&self) -> bool {
        self.width == WIDTH
    }
    /// The same place in a tree that has grown over it.
    pub fn full(self) -> Self {
        Self { width: WIDTH, ..self }
    }
    /// The first of its hashes or entries, counted along its level; `None` beyond any tree.
    pub fn start(&self) -> Option<u64> {
        self.index.checked_mul(u64::from(WIDTH))
    }

    /// All that a tree of `size` is served as, level by level; entries last.
    pub fn of_tree(size: u64) -> impl Iterator<Item = Tile> {
        let levels = (0..8u8).map(move |l| (TileKind::Hashes(l), size >> (8 * l)));
        levels.chain([(TileKind::Entries, size)]).flat_map(|(kind, n)| row(kind, n, 0))
    }

    /// The entry bundles that hold entries `from..size`.
    pub fn bundles(from: u64, size: u64) -> impl Iterator<Item = Tile> {
        row(TileKind::Entries, size, from / u64::from(WIDTH))
    }

    /// Reads a path, which has to be written the one way there is.
    pub fn parse(path: &str) -> Result<Self, TileError> {
        let bad = || TileError::Path(path.to_owned());
        let read = || {
            let (kind, rest) = path.strip_prefix("tile/")?.split_once('/')?;
            let kind = match kind {
                "entries" => TileKind::Entries,
                level => TileKind::Hashes(level.parse().ok()?),
            };
            let (index, width) = match rest.split_once(".p/") {
                Some((index, width)) => (index, width.parse().ok().filter(|w| *w < WIDTH)?),
                None => (rest, WIDTH),
            };
            let mut n = 0u64;
            for group in index.split('/') {
                let digits = group.strip_prefix('x').unwrap_or(group);
                let group = digits.parse::<u16>().ok().filter(|_| digits.len() == 3)?;
                n = n.checked_mul(1000)?.checked_add(u64::from(group))?;
            }
            Tile::new(kind, n, width)
        };
        let tile = read().ok_or_else(bad)?;
        if tile.to_string() == path { Ok(tile) } else { Err(bad()) }
    }

    /// The hashes in the bytes of a tile of hashes.
    pub fn hashes(self, bytes: &[u8]) -> Result<Vec<Hash>, TileError> {
        let expected = usize::from(self.width) * 32;
        match bytes.as_chunks::<32>() {
            (hashes, []) if bytes.len() == expected => Ok(hashes.to_vec()),
            _ => Err(TileError::Hashes { tile: self, found: bytes.len(), expected }),
        }
    }

    /// The entries in the bytes of a bundle.
    pub fn entries(self, mut bytes: &[u8]) -> Result<Vec<&[u8]>, TileError> {
        let of = self.width;
        let mut entries = Vec::with_capacity(usize::from(of));
        for at in 0..of {
            let torn = || TileError::Torn { tile: self, at, of };
            let (length, rest) = bytes.split_first_chunk::<2>().ok_or_else(torn)?;
            let length = usize::from(u16::from_be_bytes(*length));
            let (entry, rest) = rest.split_at_checked(length).ok_or_else(torn)?;
            entries.push(entry);
            bytes = rest;
        }
        if bytes.is_empty() {
            return Ok(entries);
        }
        Err(TileError::Extra { tile: self, extra: bytes.len() })
    }
}

/// The tiles of a level that is `n` long, from tile `first` on.
fn row(kind: TileKind, n: u64, first: u64) -> impl Iterator<Item = Tile> {
    let full = n / u64::from(WIDTH);
    let rest = (n % u64::from(WIDTH)) as u16;
    let last = (rest > 0 && first <= full).then_some(Tile { kind, index: full, width: rest });
    (first..full).map(move |index| Tile { kind, index, width: WIDTH }).chain(last)
}

impl fmt::Display for Tile {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self.kind {
            TileKind::Hashes(level) => write!(f, "tile/{level}/")?,
            TileKind::Entries => write!(f, "tile/entries/")?,
        }
        let mut scale = 1u64;
        while self.index / scale >= 1000 {
            scale *= 1000;
        }
        while scale > 1 {
            write!(f, "x{:03}/", self.index / scale % 1000)?;
            scale /= 1000;
        }
        write!(f, "{:03}", self.index % 1000)?;
        if self.is_full() { Ok(()) } else { write!(f, ".p/{}", self.width) }
    }
}

impl Tree {
    /// The bytes of a tile of hashes; `None` when the tree does not fill it, or it is one of entries.
    pub fn tile(&self, tile: Tile) -> Option<Vec<u8>> {
        let TileKind::Hashes(level) = tile.kind else { return None };
        let start = tile.start()?;
        let height = 8 * usize::from(level);
        let hashes = (0..u64::from(tile.width)).map(|i| self.node(height, start.checked_add(i)?));
        Some(hashes.collect::<Option<Vec<_>>>()?.into_iter().flatten().copied().collect())
    }
}

/// A bundle of those entries; `None` when one is longer than 65,535 bytes.
pub fn bundle<'a>(entries: impl IntoIterator<Item = &'a [u8]>) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    for entry in entries {
        let length = u16::try_from(entry.len()).ok()?;
        bytes.extend(length.to_be_bytes());
        bytes.extend(entry);
    }
    Some(bytes)
}

/// The longest bundle there can be, in bytes: what a reader accepts from the network.
pub const BUNDLE_MAX: usize = WIDTH as usize * (ENTRY_MAX + 2);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::merkle::leaf_hash;

    #[test]
    fn the_paths_of_the_specification() {
        let tile = |kind, index, width| Tile::new(kind, index, width).unwrap().to_string();
        assert_eq!(tile(TileKind::Hashes(0), 1_234_067, 256), "tile/0/x001/x234/067");
        assert_eq!(tile(TileKind::Hashes(63), 5, 1), "tile/63/005.p/1");
        assert_eq!(tile(TileKind::Entries, 273, 112), "tile/entries/273.p/112");
        let last = "tile/0/x018/x446/x744/x073/x709/x551/615";
        assert_eq!(Tile::parse(last).unwrap().index(), u64::MAX);
    }

    #[test]
    fn other_paths_are_refused() {
        for bad in [
            "",
            "tile",
            "tile/",
            "tile/0",
            "tile/0/",
            "tile/0/1",
            "tile/0/01",
            "tile/0/0001",
            "tile/64/000",
            "tile/00/000",
            "tile/+1/000",
            "tile/-1/000",
            "tile/0/x001",
            "tile/0/x000/001",
            "tile/0/001/002",
            "tile/0/000.p/0",
            "tile/0/000.p/256",
            "tile/0/000.p/01",
            "tile/0/000.p/+1",
            "tile/0/000.p/",
            "tile/0/000.p",
            "tile/0/+01",
            "tile/0/x+01/000",
            "tile/entry/000",
            "tile/0/000/",
            "/tile/0/000",
            "tile/0/x018/x446/x744/x073/x709/x551/616",
            "tile/0/x001/x018/x446/x744/x073/x709/x551/615",
            "tile/data/000",
            "tile/0/x01é/000",
        ] {
            assert!(Tile::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_tree_of_70_000() {
        let tiles: Vec<_> = Tile::of_tree(70_000).collect();
        let count =
            |kind, full| tiles.iter().filter(|t| t.kind() == kind && t.is_full() == full).count();
        assert_eq!((count(TileKind::Hashes(0), true), count(TileKind::Hashes(0), false)), (273, 1));
        assert_eq!((count(TileKind::Hashes(1), true), count(TileKind::Hashes(1), false)), (1, 1));
        assert_eq!((count(TileKind::Hashes(2), true), count(TileKind::Hashes(2), false)), (0, 1));
        assert_eq!((count(TileKind::Entries, true), count(TileKind::Entries, false)), (273, 1));
        let names: Vec<_> = tiles.iter().filter(|t| !t.is_full()).map(Tile::to_string).collect();
        let expected =
            ["tile/0/273.p/112", "tile/1/001.p/17", "tile/2/000.p/1", "tile/entries/273.p/112"];
        assert_eq!(names, expected);
        assert_eq!(Tile::of_tree(0).count(), 0);
        let even: Vec<_> = Tile::of_tree(256).map(|t| t.to_string()).collect();
        assert_eq!(even, ["tile/0/000", "tile/1/000.p/1", "tile/entries/000"]);
        let after: Vec<_> = Tile::bundles(256, 256).collect();
        assert_eq!(after, []);
        let after: Vec<_> = Tile::bundles(255, 257).map(|t| t.to_string()).collect();
        assert_eq!(after, ["tile/entries/000", "tile/entries/001.p/1"]);
        let after: Vec<_> = Tile::bundles(256, 300).map(|t| t.to_string()).collect();
        assert_eq!(after, ["tile/entries/001.p/44"]);
    }

    #[test]
    fn tiles_hold_the_tree() {
        let mut tree = Tree::new();
        for i in 0..600u32 {
            tree.append(leaf_hash(&i.to_be_bytes()));
        }
        for tile in Tile::of_tree(600).filter(|t| t.kind() != TileKind::Entries) {
            let bytes = tree.tile(tile).unwrap();
            assert_eq!(tile.hashes(&bytes).unwrap().len(), usize::from(tile.width()));
            assert!(tile.hashes(&bytes[1..]).is_err());
        }
        let upper = tree.tile(Tile::parse("tile/1/000.p/2").unwrap()).unwrap();
        let mut first = Tree::new();
        (0..256u32).for_each(|i| _ = first.append(leaf_hash(&i.to_be_bytes())));
        assert_eq!(upper[..32], first.root());
        for beyond in
            ["tile/0/002.p/89", "tile/1/000.p/3", "tile/2/000.p/1", "tile/0/003", "tile/63/000"]
        {
            assert_eq!(tree.tile(Tile::parse(beyond).unwrap()), None, "{beyond}");
        }
    }

    #[test]
    fn bundles_hold_their_entries_and_no_more() {
        let tile = Tile::parse("tile/entries/000.p/3").unwrap();
        let long = vec![7; 65_535];
        let entries = [&b"one"[..], b"", &long];
        let bytes = bundle(entries).unwrap();
        assert_eq!(tile.entries(&bytes).unwrap(), entries);
        assert!(matches!(tile.entries(&bytes[..4]), Err(TileError::Torn { at: 0, .. })));
        assert!(matches!(tile.entries(&bytes[..70]), Err(TileError::Torn { at: 2, .. })));
        let more = [&bytes[..], &[0]].concat();
        assert!(matches!(tile.entries(&more), Err(TileError::Extra { extra: 1, .. })));
        assert_eq!(bundle([&[0; 65_536][..]]), None);
    }
}
