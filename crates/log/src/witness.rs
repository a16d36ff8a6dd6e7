//! What a log asks a witness (C2SP tlog-witness v1.0.0), and how an honest witness decides.

use crate::checkpoint::Checkpoint;
use crate::merkle::{Hash, ProofError, verify_consistency};
use crate::note::{Note, NoteError, NoteVerifier};
use base64::{Engine, prelude::BASE64_STANDARD as BASE64};
use std::fmt;

/// A consistency proof is never longer.
pub const PROOF_MAX: usize = 63;

/// The body of `POST <submission prefix>/add-checkpoint`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddCheckpoint {
    /// The size that the witness is believed to have cosigned last; 0 for none.
    pub old: u64,
    /// That the tree of `old` is the beginning of the checkpoint's (RFC 6962 section 2.1.2).
    pub proof: Vec<Hash>,
    pub checkpoint: Note,
}

/// Why a witness does not cosign. [`WitnessRefusal::status`] is what HTTP says of it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WitnessRefusal {
    #[error("the request is not understood: {0}")]
    Malformed(String),
    #[error("the old size {old} is above the checkpoint's {size}")]
    OldAboveNew { old: u64, size: u64 },
    #[error("no signature of a key trusted for '{0}' holds")]
    Untrusted(String),
    #[error("log '{0}' is not watched here")]
    UnknownLog(String),
    #[error("the size cosigned last is {held}")]
    Conflict { held: u64 },
    #[error("the tree does not continue the one cosigned last: {0}")]
    Inconsistent(ProofError),
}

impl WitnessRefusal {
    pub fn status(&self) -> u16 {
        match self {
            Self::Malformed(_) | Self::OldAboveNew { .. } => 400,
            Self::Untrusted(_) => 403,
            Self::UnknownLog(_) => 404,
            Self::Conflict { .. } => 409,
            Self::Inconsistent(_) => 422,
        }
    }
}

impl AddCheckpoint {
    pub fn parse(body: &str) -> Result<Self, WitnessRefusal> {
        let bad = |what: &str| WitnessRefusal::Malformed(what.to_owned());
        let (head, note) = body.split_once("\n\n").ok_or_else(|| bad("there is no empty line"))?;
        let mut lines = head.split('\n');
        let old = lines.next().and_then(|line| line.strip_prefix("old "));
        let old = old.and_then(|n| n.parse::<u64>().ok().filter(|size| size.to_string() == n));
        let old = old.ok_or_else(|| bad("the first line is not `old` and a plain number"))?;
        let proof: Vec<Hash> = lines
            .take(PROOF_MAX + 1)
            .map(|line| BASE64.decode(line).ok()?.try_into().ok())
            .collect::<Option<_>>()
            .ok_or_else(|| bad("a proof line is not 32 bytes in base64"))?;
        if proof.len() > PROOF_MAX {
            return Err(bad("more than 63 proof lines"));
        }
        let checkpoint = Note::parse(note).map_err(|e| WitnessRefusal::Malformed(e.to_string()))?;
        Ok(Self { old, proof, checkpoint })
    }

    /// The log whose checkpoint it is, as the checkpoint says.
    pub fn origin(&self) -> &str {
        self.checkpoint.text.split('\n').next().unwrap_or_default()
    }

    /// Whether an honest witness that trusts `log` and holds `held` cosigns, and what it then holds.
    /// The caller has `held` locked, and makes the answer durable before it signs.
    pub fn judge(
        &self,
        log: &NoteVerifier,
        held: Option<&Checkpoint>,
    ) -> Result<Checkpoint, WitnessRefusal> {
        let origin = self.origin().to_owned();
        let text = match self.checkpoint.verify(log) {
            Ok(text) => text,
            Err(NoteError::Unsigned(_) | NoteError::Signature(_)) => {
                return Err(WitnessRefusal::Untrusted(origin));
            }
            Err(other) => return Err(WitnessRefusal::Malformed(other.to_string())),
        };
        let malformed = |e: crate::CheckpointError| WitnessRefusal::Malformed(e.to_string());
        let checkpoint = Checkpoint::parse(text).map_err(malformed)?;
        if checkpoint.origin != log.name() {
            return Err(WitnessRefusal::UnknownLog(origin));
        }
        let (old, size) = (self.old, checkpoint.size);
        if old > size {
            return Err(WitnessRefusal::OldAboveNew { old, size });
        }
        let held_size = held.map_or(0, |held| held.size);
        if old != held_size {
            return Err(WitnessRefusal::Conflict { held: held_size });
        }
        let empty = crate::Edge::default().root();
        let held_root = held.map_or(&empty, |held| &held.root);
        verify_consistency(old, size, held_root, &checkpoint.root, &self.proof)
            .map_err(WitnessRefusal::Inconsistent)?;
        Ok(checkpoint)
    }
}

impl fmt::Display for AddCheckpoint {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        writeln!(f, "old {}", self.old)?;
        for hash in &self.proof {
            writeln!(f, "{}", BASE64.encode(hash))?;
        }
        write!(f, "\n{}", self.checkpoint.to_text())
    }
}

/// The name of a log in a witness's monitoring address: hexadecimal SHA-256 of its origin.
pub fn log_id(origin: &str) -> String {
    crate::hash_of(origin.as_bytes()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::merkle::leaf_hash;
    use crate::{LogKey, SigningKey, Tree};

    fn key(seed: u8) -> LogKey {
        LogKey::new("amana.test/log", SigningKey::from_bytes(&[seed; 32])).unwrap()
    }

    fn tree(size: u64) -> Tree {
        let mut tree = Tree::new();
        (0..size).for_each(|i| _ = tree.append(leaf_hash(&i.to_be_bytes())));
        tree
    }

    fn head(size: u64) -> Checkpoint {
        Checkpoint { origin: "amana.test/log".into(), size, root: tree(size).root() }
    }

    fn request(old: u64, new: u64) -> AddCheckpoint {
        let proof = tree(new.max(old)).consistency(old, new.max(old)).unwrap();
        let checkpoint = Note::parse(&head(new).sign(&key(1)).unwrap()).unwrap();
        AddCheckpoint { old, proof, checkpoint }
    }

    fn status(request: &AddCheckpoint, held: Option<u64>) -> u16 {
        let read = AddCheckpoint::parse(&request.to_string()).unwrap();
        assert_eq!(&read, request);
        let held = held.map(head);
        match read.judge(&key(1).verifier(), held.as_ref()) {
            Ok(checkpoint) => {
                assert_eq!(checkpoint.to_text(), request.checkpoint.text);
                200
            }
            Err(refusal) => refusal.status(),
        }
    }

    #[test]
    fn what_an_honest_witness_answers() {
        assert_eq!(status(&request(0, 5), None), 200);
        assert_eq!(status(&request(0, 0), None), 200);
        assert_eq!(status(&request(0, 5), Some(0)), 200);
        assert_eq!(status(&request(5, 5), Some(5)), 200);
        assert_eq!(status(&request(5, 300), Some(5)), 200);
        assert_eq!(status(&request(6, 5), Some(6)), 400);
        assert_eq!(status(&request(0, 5), Some(3)), 409);
        assert_eq!(status(&request(3, 5), None), 409);
        assert_eq!(status(&request(3, 5), Some(8)), 409);
    }

    #[test]
    fn a_lying_log_is_not_cosigned() {
        let fork = |old, size| {
            let mut request = request(old, size);
            let checkpoint = Checkpoint { root: [9; 32], ..head(size) };
            request.checkpoint = Note::parse(&checkpoint.sign(&key(1)).unwrap()).unwrap();
            request
        };
        assert_eq!(status(&fork(5, 5), Some(5)), 422, "another tree of one size");
        assert_eq!(status(&fork(0, 0), None), 422, "size 0 with a root");
        assert_eq!(status(&fork(5, 9), Some(5)), 422, "a proof to another root");
        let mut bare = request(5, 9);
        bare.proof.pop();
        assert_eq!(status(&bare, Some(5)), 422, "a proof that is cut");
        let mut more = request(0, 9);
        more.proof.push([0; 32]);
        assert_eq!(status(&more, None), 422, "a proof from nothing is empty");
    }

    #[test]
    fn keys_and_logs_that_are_not_trusted() {
        let mut other = request(0, 5);
        other.checkpoint = Note::parse(&head(5).sign(&key(2)).unwrap()).unwrap();
        assert_eq!(status(&other, None), 403);
        let mut spoiled = request(0, 5);
        spoiled.checkpoint.signatures[0].signature[0] ^= 1;
        assert_eq!(status(&spoiled, None), 403);
        let mut both = request(0, 5);
        both.checkpoint.signatures.extend(other.checkpoint.signatures);
        assert_eq!(status(&both, None), 200, "unknown keys are ignored");
    }

    #[test]
    fn other_bodies_are_refused() {
        let good = request(5, 300).to_string();
        let hash = format!("\n{}", BASE64.encode([0; 32]));
        for bad in [
            String::new(),
            good.replace("old 5", "old 05"),
            good.replace("old 5", "old -5"),
            good.replace("old 5", "old"),
            good.replace("old 5", "old 5 "),
            good.replace("old 5", "old 18446744073709551616"),
            good.replace("old 5", &format!("old 5{}", hash.repeat(64))),
            good.replace("old 5", "old 5\nAAAA"),
            good.replace("\n\n", "\n"),
        ] {
            let refusal = AddCheckpoint::parse(&bad).expect_err(&bad);
            assert_eq!(refusal.status(), 400);
        }
    }
}
