//! An exchange with a peer: first what it has, then what we have.

use crate::page::Page;
use domain::OperationId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use store::{Document, Node, StoreError, SubmitError};

/// Where a node stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// What every signature in the record binds.
    pub origin: String,
    pub operation: String,
    /// Names the node's own log.
    pub vkey: String,
    /// Entries in it.
    pub size: u64,
}

/// Another node, however it is reached. Any call may fail, with or without its effect.
pub trait Peer {
    /// What we know the node by, as its address: what has been exchanged is marked under it. What a peer
    /// says of itself moves the mark of no other.
    fn address(&self) -> &str;
    fn head(&mut self) -> Result<Head, PeerError>;
    /// A page of the peer's log from a position on; empty at its end.
    fn entries(&mut self, from: u64) -> Result<Page, PeerError>;
    /// Files that belong to the operation, in any order.
    fn documents(&mut self) -> Result<Vec<DocumentName>, PeerError>;
    fn document(&mut self, name: &str) -> Result<Document, PeerError>;
    /// Hands a page of our log over; the peer answers with what it did with it.
    fn offer(&mut self, page: &Page) -> Result<Taken, PeerError>;
}

/// A document by its name, which keeps its content for ever.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentName {
    pub name: String,
    pub media_type: String,
}

/// The peer was not reached, or did not answer as a peer does.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{0}")]
pub struct PeerError(pub String);

/// Refusals that are told one by one; of more, how many.
pub const REFUSALS_TOLD: usize = 100;
/// Characters of what a peer says, at most.
const SAYS_MAX: usize = 200;

/// What a node did with a page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    pub new: u64,
    pub known: u64,
    /// What it would not take in, and why: the first [`REFUSALS_TOLD`] of an exchange.
    pub refused: Vec<Refusal>,
    /// How many it refused beyond those.
    #[serde(default)]
    pub refused_more: u64,
}

/// A fact that the other node keeps and this one refuses, as one of a device enrolled by nothing in the page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// SHA-256 of the entry, hexadecimal.
    pub hash: String,
    /// As in `docs/codes.md`.
    pub code: String,
    pub detail: String,
}

/// What an exchange did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Exchanged {
    pub here: Taken,
    pub there: Taken,
    /// Documents that were not here.
    pub documents: u64,
    /// Documents that are not what their name says: not kept.
    pub forged: u64,
    /// The peer's log is not the one it had shown before: it was put back from an old backup. It was
    /// read from its beginning, and given all we have.
    pub peer_went_back: bool,
}

#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    #[error("the peer is of operation '{theirs}' with origin '{their_origin}', not of '{ours}'")]
    OtherOperation { ours: OperationId, theirs: String, their_origin: String },
    #[error("the peer is this very node: give the address of the other one")]
    Itself,
    #[error("the link to the peer failed; what came over is kept, run it again to go on")]
    Peer(#[source] PeerError),
    #[error("the peer sent a page from {got} where {asked} was asked for")]
    WrongPage { asked: u64, got: u64 },
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// How far an exchange with a peer has come, kept between runs.
#[derive(Default, Serialize, Deserialize)]
struct Mark {
    /// Entries of the peer's log that we have.
    pulled: u64,
    /// SHA-256 of the last of them, hexadecimal: a log put back from a backup may have grown past it.
    #[serde(default)]
    last: Option<String>,
    /// Entries of our log that the peer has.
    pushed: u64,
}

const DRAWER: &str = "exchange";

pub fn head(node: &Node) -> Result<Head, StoreError> {
    Ok(Head {
        origin: node.origin().to_owned(),
        operation: node.operation().to_string(),
        vkey: node.vkey()?,
        size: node.position(),
    })
}

/// The documents a node has, by name.
pub fn documents(node: &Node) -> Result<Vec<DocumentName>, StoreError> {
    let mut listed = Vec::new();
    for name in node.documents()? {
        if let Some(document) = node.document(&name)? {
            listed.push(DocumentName { name, media_type: document.media_type });
        }
    }
    Ok(listed)
}

/// Takes a page in. Stops at the first entry that the store could not decide about; all before it
/// are durable.
pub fn take(node: &Node, page: &Page, now: Timestamp) -> Result<Taken, StoreError> {
    let mut taken = Taken::default();
    for (entry, result) in page.entries.iter().zip(node.submit_all(&page.entries, now)) {
        match result {
            Ok(receipt) if receipt.already => taken.known += 1,
            Ok(_) => taken.new += 1,
            Err(SubmitError::Storage(error)) => return Err(error),
            Err(error) => taken.refused.push(Refusal {
                hash: log::hash_of(entry).to_string(),
                code: error.code().to_owned(),
                detail: error.to_string(),
            }),
        }
    }
    Ok(taken)
}

/// Exchanges facts with a peer until each has what the other had when it was asked, and fetches the
/// documents that are not here. Marks how far it came after each page. `now` is when what comes is recorded.
pub fn sync(
    node: &Node,
    peer: &mut dyn Peer,
    now: Timestamp,
    progress: &mut dyn FnMut(&Exchanged),
) -> Result<Exchanged, SyncError> {
    let theirs = peer.head().map_err(SyncError::Peer)?;
    let ours = head(node)?;
    if (&theirs.origin, &theirs.operation) != (&ours.origin, &ours.operation) {
        return Err(SyncError::OtherOperation {
            ours: node.operation().clone(),
            theirs: theirs.operation,
            their_origin: theirs.origin,
        });
    }
    if theirs.vkey == ours.vkey {
        return Err(SyncError::Itself);
    }
    let mut done = Exchanged::default();
    let name = format!("{} {}", peer.address(), theirs.vkey);
    let mut mark = read_mark(node, &name, now)?;
    if !continues(peer, &theirs, &mark)? {
        done.peer_went_back = true;
        mark = Mark::default();
    }
    while mark.pulled < theirs.size {
        let page = page_from(peer, mark.pulled)?;
        done.here.add(take(node, &page, now)?);
        mark.pulled = page.end();
        mark.last = page.entries.last().map(|entry| log::hash_of(entry).to_string());
        keep_mark(node, &name, &mark)?;
        progress(&done);
    }
    let known = node.documents()?;
    for document in peer.documents().map_err(SyncError::Peer)? {
        if known.contains(&document.name) {
            continue;
        }
        let document = peer.document(&document.name).map_err(SyncError::Peer)?;
        if document.is_of_its_name() {
            node.put_document(&document)?;
            done.documents += 1;
        } else {
            done.forged += 1;
        }
    }
    let end = node.position();
    while mark.pushed < end {
        let page = Page::of(node, mark.pushed)?;
        done.there.add(peer.offer(&page).map_err(SyncError::Peer)?);
        mark.pushed = page.end();
        keep_mark(node, &name, &mark)?;
        progress(&done);
    }
    Ok(done)
}

/// Whether the peer's log still has what we read of it.
fn continues(peer: &mut dyn Peer, theirs: &Head, mark: &Mark) -> Result<bool, SyncError> {
    if theirs.size < mark.pulled {
        return Ok(false);
    }
    let (Some(at), Some(last)) = (mark.pulled.checked_sub(1), &mark.last) else { return Ok(true) };
    let page = page_from(peer, at)?;
    Ok(page.entries.first().is_some_and(|entry| log::hash_of(entry).to_string() == *last))
}

/// The page that was asked for, with something in it.
fn page_from(peer: &mut dyn Peer, asked: u64) -> Result<Page, SyncError> {
    let page = peer.entries(asked).map_err(SyncError::Peer)?;
    if page.from != asked || page.entries.is_empty() {
        return Err(SyncError::WrongPage { asked, got: page.from });
    }
    Ok(page)
}

impl Taken {
    /// What it holds stays bounded, however much a peer refuses or has us refuse, and is fit to be shown.
    pub(crate) fn add(&mut self, more: Taken) {
        self.new = self.new.saturating_add(more.new);
        self.known = self.known.saturating_add(more.known);
        let room = REFUSALS_TOLD - self.refused.len().min(REFUSALS_TOLD);
        let beyond = (more.refused.len() as u64).saturating_sub(room as u64);
        self.refused_more =
            self.refused_more.saturating_add(more.refused_more).saturating_add(beyond);
        self.refused.extend(more.refused.into_iter().take(room).map(Refusal::shown));
    }
}

impl Refusal {
    fn shown(self) -> Self {
        Self { hash: shown(&self.hash), code: shown(&self.code), detail: shown(&self.detail) }
    }
}

/// What another machine says, fit for a screen: without control characters, which a terminal would obey,
/// and not without end.
pub fn shown(says: &str) -> String {
    says.chars().filter(|c| !c.is_control()).take(SAYS_MAX).collect()
}

fn read_mark(node: &Node, peer: &str, now: Timestamp) -> Result<Mark, StoreError> {
    let kept = node.kept(DRAWER, peer, now)?;
    // A mark that cannot be read costs a second look at what is known, nothing else.
    Ok(kept.and_then(|kept| serde_json::from_slice(&kept.value).ok()).unwrap_or_default())
}

/// Of two exchanges at once the later mark stays; either is true.
fn keep_mark(node: &Node, peer: &str, mark: &Mark) -> Result<(), StoreError> {
    let value = serde_json::to_vec(mark).expect("a mark is JSON");
    let version = node.kept(DRAWER, peer, Timestamp::MIN)?.map(|kept| kept.version);
    node.keep(DRAWER, peer, version, &value, None)?;
    Ok(())
}
