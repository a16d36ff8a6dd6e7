//! What has to hold for any bytes at all: a reader either refuses them, or writing what it read
//! gives the same bytes back. Nothing here may panic otherwise.
//!
//! The fuzz targets run these over what libFuzzer invents; `crates/log/tests/it/roundtrip.rs` runs
//! them on stable over good inputs that were spoiled.

use log::{AddCheckpoint, Checkpoint, LogProof, Note, Policy, Tile, TileKind};

/// Panics when it does not hold of those bytes.
pub type Property = fn(&[u8]);

/// Each property by the name of its fuzz target.
pub const ALL: &[(&str, Property)] = &[
    ("envelope", envelope),
    ("note", note),
    ("checkpoint", checkpoint),
    ("tile_path", tile_path),
    ("bundle", bundle),
    ("tlog_proof", tlog_proof),
    ("policy", policy),
    ("add_checkpoint", add_checkpoint),
    ("keys", keys),
];

pub fn envelope(bytes: &[u8]) {
    if let Ok(read) = log::decode(bytes) {
        assert_eq!(read.to_bytes(), bytes);
    }
}

pub fn note(bytes: &[u8]) {
    text(bytes, |text| Some(Note::parse(text).ok()?.to_text()));
}

pub fn checkpoint(bytes: &[u8]) {
    text(bytes, |text| Some(Checkpoint::parse(text).ok()?.to_text()));
}

pub fn tile_path(bytes: &[u8]) {
    text(bytes, |text| Some(Tile::parse(text).ok()?.to_string()));
}

/// The first byte says how many entries the bundle should have.
pub fn bundle(bytes: &[u8]) {
    let Some((width, bytes)) = bytes.split_first() else { return };
    let Some(tile) = Tile::new(TileKind::Entries, 0, u16::from(*width) + 1) else { return };
    if let Ok(entries) = tile.entries(bytes) {
        assert_eq!(entries.len(), usize::from(tile.width()));
        assert_eq!(log::tiles::bundle(entries).as_deref(), Some(bytes));
    }
}

pub fn tlog_proof(bytes: &[u8]) {
    text(bytes, |text| Some(LogProof::parse(text).ok()?.to_string()));
}

/// A policy may be written in many ways; its canonical form reads as the same policy.
pub fn policy(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(policy) = Policy::parse(text) {
        let canonical = policy.to_string();
        let again = Policy::parse(&canonical).expect("the canonical form reads");
        assert_eq!(again, policy);
        assert_eq!(again.to_string(), canonical);
    }
}

pub fn add_checkpoint(bytes: &[u8]) {
    text(bytes, |text| Some(AddCheckpoint::parse(text).ok()?.to_string()));
}

/// Keys are trimmed before they are read, since people paste them.
pub fn keys(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let text = text.trim();
    if let Ok(key) = log::NoteVerifier::parse(text) {
        assert_eq!(key.vkey(), text);
    }
    if let Ok(key) = log::Cosigner::parse(text) {
        assert_eq!(key.vkey(), text);
    }
    if let Ok(key) = log::LogKey::from_secret_text(text) {
        assert_eq!(key.to_secret_text(), text);
    }
    if let Ok(key) = log::WitnessKey::from_secret_text(text) {
        assert_eq!(key.to_secret_text(), text);
    }
}

fn text(bytes: &[u8], again: impl Fn(&str) -> Option<String>) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Some(written) = again(text) {
        assert_eq!(written, text);
    }
}
