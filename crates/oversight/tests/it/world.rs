//! An invented log, and a running witness.

use crate::counted::LOG_KEY;
use log::merkle::leaf_hash;
use log::{AddCheckpoint, Checkpoint, LogKey, Note, NoteVerifier, SigningKey, Tree, WitnessKey};
use oversight::Witness;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::Arc;

pub const ORIGIN: &str = "amana.test/log";

pub fn log_key() -> LogKey {
    LogKey::new(ORIGIN, SigningKey::from_bytes(&LOG_KEY)).unwrap()
}

pub fn witness_key(seed: u8) -> WitnessKey {
    WitnessKey::new("witness.test/w", SigningKey::from_bytes(&[seed; 32])).unwrap()
}

/// A tree whose entries are their own numbers; those from `fork` on are another log's.
pub fn tree(size: u64, fork: u64) -> Tree {
    let mut tree = Tree::new();
    for i in 0..size {
        let leaf = if i < fork { i } else { i + 1_000_000 };
        tree.append(leaf_hash(&leaf.to_be_bytes()));
    }
    tree
}

pub fn head(tree: &Tree) -> Checkpoint {
    Checkpoint { origin: ORIGIN.to_owned(), size: tree.size(), root: tree.root() }
}

pub fn signed(checkpoint: &Checkpoint) -> Note {
    Note::parse(&checkpoint.sign(&log_key()).unwrap()).unwrap()
}

/// What an honest log sends: the tree at `new`, following from `old`.
pub fn request(old: u64, new: u64) -> AddCheckpoint {
    let tree = tree(new, u64::MAX);
    AddCheckpoint {
        old,
        proof: tree.consistency(old, new).unwrap(),
        checkpoint: signed(&head(&tree)),
    }
}

pub fn open(dir: &Path) -> Witness {
    Witness::open(dir, witness_key(8), vec![log_key().verifier()]).unwrap()
}

/// A running witness; it stops when this is dropped.
pub struct Running {
    pub url: String,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Running {
    pub fn start(witness: Witness) -> Self {
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address: SocketAddr = listener.local_addr().unwrap();
        listener.set_nonblocking(true).unwrap();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Runtime::new().unwrap();
            runtime.block_on(async move {
                let listener = tokio::net::TcpListener::from_std(listener).unwrap();
                let stopped = async {
                    let _ = stopped.await;
                };
                let routes = oversight::witness::serve::router(Arc::new(witness));
                axum::serve(listener, routes).with_graceful_shutdown(stopped).await.unwrap();
            });
        });
        Self { url: format!("http://{address}"), stop: Some(stop), thread: Some(thread) }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let over = thread.join();
            assert!(std::thread::panicking() || over.is_ok(), "the witness failed");
        }
    }
}

pub fn verifier() -> NoteVerifier {
    log_key().verifier()
}
