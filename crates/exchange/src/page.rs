//! A page: a run of entries of one log, as bytes.

use store::{Node, StoreError};

/// Most entries in a page.
pub const PAGE_ENTRIES: u64 = 256;
/// Most bytes in a page: a first entry of the greatest length always fits.
pub const PAGE_BYTES: usize = 1 << 20;

/// Entries of a node's log from a position on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Position of the first entry, from 0.
    pub from: u64,
    pub entries: Vec<Vec<u8>>,
}

/// Bytes that are no page. The offset is where reading stopped.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the page cannot be read at byte {at}: {what}")]
pub struct PageError {
    pub at: usize,
    pub what: &'static str,
}

impl Page {
    /// What a node has from a position on, as much as fits.
    pub fn of(node: &Node, from: u64) -> Result<Self, StoreError> {
        let mut entries = node.entries(from..from.saturating_add(PAGE_ENTRIES))?;
        let mut bytes = 0;
        let fits = entries.iter().take_while(|entry| {
            bytes += 2 + entry.len();
            bytes <= PAGE_BYTES
        });
        let count = fits.count();
        entries.truncate(count);
        Ok(Self { from, entries })
    }

    /// The position after the last entry.
    pub fn end(&self) -> u64 {
        self.from + self.entries.len() as u64
    }

    /// The position in eight bytes, then each entry after its length in two, big-endian (the entries
    /// as in C2SP tlog-tiles).
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.from.to_be_bytes().to_vec();
        for entry in &self.entries {
            put(&mut bytes, entry);
        }
        bytes
    }

    pub fn from_bytes(bytes: &[u8]) -> Result<Self, PageError> {
        let short = |at, what| PageError { at, what };
        let (from, mut rest) =
            bytes.split_first_chunk().ok_or(short(0, "the position of the first entry is cut"))?;
        let mut entries = Vec::new();
        while !rest.is_empty() {
            let at = bytes.len() - rest.len();
            let cut = short(at, "an entry is cut short");
            let (length, after) = rest.split_first_chunk().ok_or(cut.clone())?;
            let length = usize::from(u16::from_be_bytes(*length));
            let (entry, after) = after.split_at_checked(length).ok_or(cut)?;
            if entries.len() as u64 == PAGE_ENTRIES {
                return Err(short(at, "there are more entries than a page holds"));
            }
            entries.push(entry.to_vec());
            rest = after;
        }
        Ok(Self { from: u64::from_be_bytes(*from), entries })
    }
}

/// Appends an entry after its length.
pub(crate) fn put(bytes: &mut Vec<u8>, entry: &[u8]) {
    let length = u16::try_from(entry.len()).expect("an entry has at most 65,535 bytes");
    bytes.extend_from_slice(&length.to_be_bytes());
    bytes.extend_from_slice(entry);
}
