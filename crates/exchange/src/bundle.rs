//! A bundle: facts in a file, for a link that is a car.
//!
//! ```text
//! amana-bundle/1
//! {"origin":..,"operation":..,"vkey":..,"from":..,"to":..}
//! entries, each after its length in two bytes, big-endian
//! SHA-256 of everything before, 32 bytes
//! ```

use crate::page::{PAGE_ENTRIES, Page, put};
use crate::sync::{Taken, head, take};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::io::{self, Read, Write};
use store::{Node, StoreError};

const FIRST_LINE: &str = "amana-bundle/1";
const HEADER_MAX: usize = 4096;

/// What a bundle says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    pub origin: String,
    pub operation: String,
    /// The log of the node that wrote it.
    pub vkey: String,
    /// Positions in that log: from the first entry to after the last.
    pub from: u64,
    pub to: u64,
}

/// What a node did with a bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carried {
    pub header: Header,
    pub taken: Taken,
}

#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    #[error(
        "this is no bundle of amana, or of a newer version: it does not begin with '{FIRST_LINE}'"
    )]
    Foreign,
    #[error("line 2 does not say what the bundle holds: {0}")]
    Header(String),
    #[error("the bundle is of operation '{0}' with origin '{1}', this record is of another")]
    OtherOperation(String, String),
    #[error(
        "the bundle breaks off after {read} of {told} entries; those are kept, ask for the bundle \
         from {next} on"
    )]
    Short { read: u64, told: u64, next: u64 },
    #[error(
        "the bundle was damaged on its way: its sum does not hold; the {read} facts that are well signed are kept, ask for it again"
    )]
    Sum { read: u64 },
    #[error("cannot read or write the bundle")]
    File(#[from] io::Error),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Writes what a node has from a position on; a page at a time is in memory.
pub fn write_bundle(node: &Node, from: u64, to: &mut dyn Write) -> Result<Header, BundleError> {
    let head = head(node)?;
    let header = Header {
        origin: head.origin,
        operation: head.operation,
        vkey: head.vkey,
        from: from.min(head.size),
        to: head.size,
    };
    let mut summed = Summed { inner: &mut *to, sum: Sha256::new() };
    let line = serde_json::to_string(&header).map_err(io::Error::other)?;
    summed.write_all(format!("{FIRST_LINE}\n{line}\n").as_bytes())?;
    let mut at = header.from;
    while at < header.to {
        let page = Page::of(node, at)?;
        let rest = (header.to - at) as usize;
        let mut bytes = Vec::new();
        page.entries.iter().take(rest).for_each(|entry| put(&mut bytes, entry));
        summed.write_all(&bytes)?;
        at = page.end().min(header.to);
    }
    let sum = summed.sum.finalize();
    to.write_all(&sum)?;
    to.flush()?;
    Ok(header)
}

/// Takes a bundle in, a page at a time.
pub fn read_bundle(
    node: &Node,
    from: &mut dyn Read,
    now: Timestamp,
) -> Result<Carried, BundleError> {
    let mut summed = Summed { inner: &mut *from, sum: Sha256::new() };
    let header = read_header(&mut summed)?;
    if (header.origin.as_str(), header.operation.as_str())
        != (node.origin(), node.operation().to_string().as_str())
    {
        return Err(BundleError::OtherOperation(header.operation, header.origin));
    }
    let told = header.to - header.from;
    let mut taken = Taken::default();
    let mut read = 0;
    while read < told {
        let mut page = Page { from: header.from + read, entries: Vec::new() };
        let whole = (|| {
            while page.entries.len() < (told - read).min(PAGE_ENTRIES) as usize {
                page.entries.push(read_entry(&mut summed)?);
            }
            io::Result::Ok(())
        })();
        read += page.entries.len() as u64;
        taken.add(take(node, &page, now)?);
        if let Err(error) = whole {
            return Err(match error.kind() {
                io::ErrorKind::UnexpectedEof => {
                    BundleError::Short { read, told, next: header.from + read }
                }
                _ => error.into(),
            });
        }
    }
    let sum = summed.sum.finalize();
    let mut told_sum = [0; 32];
    let ended = from.read_exact(&mut told_sum);
    if ended.is_err() || told_sum[..] != sum[..] {
        return Err(BundleError::Sum { read });
    }
    Ok(Carried { header, taken })
}

/// The operation's opening, with which a new node's record begins; the bundle must be a whole one.
pub fn opening(from: &mut dyn Read) -> Result<(Header, Vec<u8>), BundleError> {
    let header = read_header(from)?;
    if header.from > 0 || header.to == 0 {
        let what = format!("it begins at {}, a new node needs one from 0 on", header.from);
        return Err(BundleError::Header(what));
    }
    let entry = read_entry(from)?;
    Ok((header, entry))
}

fn read_header(from: &mut dyn Read) -> Result<Header, BundleError> {
    if read_line(from)?.as_deref() != Some(FIRST_LINE) {
        return Err(BundleError::Foreign);
    }
    let line = read_line(from)?.ok_or_else(|| BundleError::Header("it is too long".to_owned()))?;
    let header: Header =
        serde_json::from_str(&line).map_err(|e| BundleError::Header(e.to_string()))?;
    if header.from > header.to {
        return Err(BundleError::Header(format!("from {} is after to {}", header.from, header.to)));
    }
    Ok(header)
}

fn read_entry(from: &mut dyn Read) -> io::Result<Vec<u8>> {
    let mut length = [0; 2];
    from.read_exact(&mut length)?;
    let mut entry = vec![0; usize::from(u16::from_be_bytes(length))];
    from.read_exact(&mut entry)?;
    Ok(entry)
}

/// A line without its end; `None` when it is longer than a header may be, or no text.
fn read_line(from: &mut dyn Read) -> io::Result<Option<String>> {
    let mut line = Vec::new();
    let mut byte = [0];
    while line.len() <= HEADER_MAX {
        if from.read(&mut byte)? == 0 || byte[0] == b'\n' {
            return Ok(String::from_utf8(line).ok());
        }
        line.push(byte[0]);
    }
    Ok(None)
}

/// Sums what passes.
struct Summed<T> {
    inner: T,
    sum: Sha256,
}

impl<W: Write> Write for Summed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.sum.update(&bytes[..written]);
        Ok(written)
    }
    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl<R: Read> Read for Summed<R> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(bytes)?;
        self.sum.update(&bytes[..read]);
        Ok(read)
    }
}
