//! Receipts for keeping offline (C2SP tlog-proof): that an entry is in a log, and who saw it there.

use crate::checkpoint::{Checkpoint, CheckpointError};
use crate::merkle::{Hash, ProofError, leaf_hash, verify_inclusion};
use crate::note::{Note, NoteError, NoteVerifier};
use base64::{Engine, prelude::BASE64_STANDARD as BASE64};
use std::fmt;

const FIRST_LINE: &str = "c2sp.org/tlog-proof@v1";
/// An inclusion proof is never longer: a tree has fewer than 2^64 entries.
const HASHES_MAX: usize = 63;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LogProofError {
    #[error("not a tlog-proof: {0}")]
    Shape(&'static str),
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    #[error("the entry is not proven to be in the log")]
    Inclusion(#[from] ProofError),
}

impl From<NoteError> for LogProofError {
    fn from(error: NoteError) -> Self {
        Self::Checkpoint(error.into())
    }
}

/// A `.tlog-proof` file, read but not believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogProof {
    /// Of no authority: nothing signs it.
    pub extra: Option<Vec<u8>>,
    /// The entry's index, from 0.
    pub index: u64,
    /// Leaf to root, RFC 6962 section 2.1.1.
    pub hashes: Vec<Hash>,
    /// With whatever cosignatures were gathered.
    pub checkpoint: Note,
}

impl LogProof {
    pub fn parse(text: &str) -> Result<Self, LogProofError> {
        let shape = LogProofError::Shape;
        let (head, note) = text.split_once("\n\n").ok_or(shape("there is no empty line"))?;
        let mut lines = head.split('\n').peekable();
        if lines.next() != Some(FIRST_LINE) {
            return Err(shape("it does not begin with c2sp.org/tlog-proof@v1"));
        }
        let mut extra = None;
        if let Some(data) = lines.peek().and_then(|line| line.strip_prefix("extra ")) {
            extra = Some(BASE64.decode(data).map_err(|_| shape("extra is not base64"))?);
            lines.next();
        }
        let index = lines.next().and_then(|line| line.strip_prefix("index "));
        let index = index.and_then(|n| n.parse::<u64>().ok().filter(|i| i.to_string() == n));
        let index = index.ok_or(shape("the index is not a plain number"))?;
        let hashes: Vec<Hash> = lines
            .take(HASHES_MAX + 1)
            .map(|line| BASE64.decode(line).ok()?.try_into().ok())
            .collect::<Option<_>>()
            .ok_or(shape("a proof line is not 32 bytes in base64"))?;
        if hashes.len() > HASHES_MAX {
            return Err(shape("more than 63 hashes"));
        }
        let checkpoint = Note::parse(note)?;
        Checkpoint::parse(&checkpoint.text)?;
        Ok(Self { extra, index, hashes, checkpoint })
    }

    /// Checks that `entry` is in the log that `log` signs for, at this index. Who cosigned is a
    /// [`crate::Policy`]'s question.
    pub fn verify(&self, entry: &[u8], log: &NoteVerifier) -> Result<Checkpoint, LogProofError> {
        let checkpoint = Checkpoint::of_note(&self.checkpoint, log)?;
        let leaf = leaf_hash(entry);
        verify_inclusion(self.index, checkpoint.size, &leaf, &self.hashes, &checkpoint.root)?;
        Ok(checkpoint)
    }
}

impl fmt::Display for LogProof {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        writeln!(f, "{FIRST_LINE}")?;
        if let Some(extra) = &self.extra {
            writeln!(f, "extra {}", BASE64.encode(extra))?;
        }
        writeln!(f, "index {}", self.index)?;
        for hash in &self.hashes {
            writeln!(f, "{}", BASE64.encode(hash))?;
        }
        write!(f, "\n{}", self.checkpoint.to_text())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{LogKey, SigningKey, Tree};

    fn proof(size: u64, index: u64) -> (LogProof, NoteVerifier) {
        let mut tree = Tree::new();
        (0..size).for_each(|i| _ = tree.append(leaf_hash(&i.to_be_bytes())));
        let key = LogKey::new("amana.test/log", SigningKey::from_bytes(&[7; 32])).unwrap();
        let head = Checkpoint { origin: "amana.test/log".into(), size, root: tree.root() };
        let checkpoint = Note::parse(&head.sign(&key).unwrap()).unwrap();
        let hashes = tree.inclusion(index, size).unwrap();
        (LogProof { extra: None, index, hashes, checkpoint }, key.verifier())
    }

    #[test]
    fn a_receipt_reads_back_and_proves_its_entry_alone() {
        for (size, index) in [(1, 0), (2, 1), (7, 6), (300, 255)] {
            let (mut proof, log) = proof(size, index);
            for extra in [None, Some(vec![]), Some(b"more".to_vec())] {
                proof.extra = extra;
                let text = proof.to_string();
                let read = LogProof::parse(&text).unwrap();
                assert_eq!(read, proof);
                assert_eq!(read.verify(&index.to_be_bytes(), &log).unwrap().size, size);
                let other = read.verify(&(index + 1).to_be_bytes(), &log);
                assert!(matches!(other, Err(LogProofError::Inclusion(ProofError::Root))));
            }
        }
    }

    #[test]
    fn other_shapes_are_refused() {
        let (proof, _) = proof(7, 3);
        let good = proof.to_string();
        let hash = BASE64.encode([0; 32]);
        for bad in [
            good.replace("@v1", "@v2"),
            good.replace("index 3", "index 03"),
            good.replace("index 3", "index -3"),
            good.replace("index 3", "extra e\nindex 3"),
            good.replace("index 3", "index 3\nindex 3"),
            good.replace("index 3", &format!("index 3{}", format!("\n{hash}").repeat(64))),
            good.replace("index 3\n", "index 3\nAAAA\n"),
            good.replacen("\n\n", "\n", 1),
            good.replacen("\n\n", "\n\n\n", 1),
            format!("{good}\n"),
        ] {
            assert!(LogProof::parse(&bad).is_err(), "{bad}");
        }
    }
}
