//! The record's formats: the signed envelope of a fact, the Merkle log over entries, checkpoints.
//! Pure: no clock, file, socket or chance. Keys, salts and times come from the caller.
//!
//! `docs/formats/envelope-v1.md` describes the bytes; `tests/golden` holds one entry of each kind.
//! `docs/formats/tiles.md` says how the log is served, witnessed and proven.

mod body;
mod cbor;
pub mod chain;
pub mod checkpoint;
pub mod cosignature;
pub mod envelope;
pub mod key_change;
pub mod merkle;
pub mod note;
pub mod particulars;
pub mod policy;
pub mod proof;
pub mod statement;
pub mod tiles;
pub mod witness;

pub use chain::{DeviceChain, fact_id};
pub use checkpoint::{Checkpoint, CheckpointError, node_log, operation_origin};
pub use cosignature::{Cosignature, Cosigner, WitnessKey};
pub use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
pub use envelope::{
    Draft, ENTRY_MAX, Envelope, EnvelopeError, SignedEntry, decode, device_id, encode, hash_of,
    public_key, verify, verify_signature, verifying_key,
};
pub use merkle::{Edge, ProofError, Tree};
pub use note::{LogKey, Note, NoteError, NoteVerifier};
pub use particulars::commitment;
pub use policy::{Policy, PolicyError, Witnessed};
pub use proof::{LogProof, LogProofError};
pub use statement::{SignedStatement, Statement, StatementError, people_digest};
pub use tiles::{Tile, TileError, TileKind};
pub use witness::{AddCheckpoint, WitnessRefusal};
