//! Checkpoints (C2SP tlog-checkpoint v1.0.0): a log's size and root, in a signed note.

use crate::merkle::Hash;
use crate::note::{LogKey, Note, NoteError, NoteVerifier};
use base64::{Engine, prelude::BASE64_STANDARD as BASE64};

/// The state of a log: all that a witness sees of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The log's name: a URL without its scheme, as `amana.example/hasakah-2026`.
    pub origin: String,
    /// Number of entries.
    pub size: u64,
    pub root: Hash,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    #[error("not a checkpoint: {0}")]
    Shape(&'static str),
    #[error("the checkpoint is of log '{found}', not '{expected}'")]
    Origin { found: String, expected: String },
    #[error(transparent)]
    Note(#[from] NoteError),
}

impl Checkpoint {
    /// The note's text: three lines.
    pub fn to_text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, BASE64.encode(self.root))
    }

    /// Reads the text of a note. Extension lines after the third are not used by this log and
    /// refused, since nothing here could say what they mean.
    pub fn parse(text: &str) -> Result<Self, CheckpointError> {
        let mut lines = text.split('\n');
        let mut line = || lines.next().ok_or(CheckpointError::Shape("fewer than three lines"));
        let origin = line()?;
        if origin.is_empty() {
            return Err(CheckpointError::Shape("the origin is empty"));
        }
        let written = line()?;
        let size = written.parse::<u64>().ok().filter(|n| n.to_string() == written);
        let size = size.ok_or(CheckpointError::Shape("the size is not a plain number"))?;
        let root = BASE64.decode(line()?).ok().and_then(|b| b.try_into().ok());
        let root = root.ok_or(CheckpointError::Shape("the root is not 32 bytes in base64"))?;
        if !line()?.is_empty() || lines.next().is_some() {
            return Err(CheckpointError::Shape("lines follow the root"));
        }
        Ok(Self { origin: origin.to_owned(), size, root })
    }

    /// The signed note. The caller signs only what is durable, and never two that contradict.
    pub fn sign(&self, key: &LogKey) -> Result<String, NoteError> {
        key.sign(&self.to_text())
    }

    /// Reads a signed note of the log `by` signs for, whose origin is the key's name.
    pub fn open(note: &str, by: &NoteVerifier) -> Result<Self, CheckpointError> {
        Self::of_note(&Note::parse(note)?, by)
    }

    /// What a note says that was read before; see [`Checkpoint::open`].
    pub fn of_note(note: &Note, by: &NoteVerifier) -> Result<Self, CheckpointError> {
        let checkpoint = Self::parse(note.verify(by)?)?;
        if checkpoint.origin == by.name() {
            return Ok(checkpoint);
        }
        let expected = by.name().to_owned();
        Err(CheckpointError::Origin { found: checkpoint.origin, expected })
    }
}

/// Between an operation's origin and the name of a node that joined it.
const NODE: &str = "/node/";

/// The name of the log that a node keeps which joined the operation of that `origin`. Two nodes
/// take the same facts in in another order, so their logs are two logs, and their heads no fork.
/// `None` when the node's name is not lower-case letters, digits and '-'.
pub fn node_log(origin: &str, node: &str) -> Option<String> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    (!node.is_empty() && node.chars().all(plain)).then(|| format!("{origin}{NODE}{node}"))
}

/// The origin that the facts in a log bind: the log's own name, or for a node that joined, the
/// operation's before it.
pub fn operation_origin(log_name: &str) -> &str {
    log_name.split_once(NODE).map_or(log_name, |(origin, _)| origin)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{SigningKey, Tree};

    #[test]
    fn the_empty_log() {
        let origin = "amana.test/log".to_owned();
        let empty = Checkpoint { origin: origin.clone(), size: 0, root: Tree::new().root() };
        let text = "amana.test/log\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n";
        assert_eq!(empty.to_text(), text);
        assert_eq!(Checkpoint::parse(text), Ok(empty.clone()));
        let key = LogKey::new(&origin, SigningKey::from_bytes(&[7; 32])).unwrap();
        let note = empty.sign(&key).unwrap();
        assert_eq!(Checkpoint::open(&note, &key.verifier()), Ok(empty));
        assert!(Checkpoint::open(&note.replace("\n0\n", "\n1\n"), &key.verifier()).is_err());
    }

    #[test]
    fn other_shapes_are_refused() {
        let root = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
        for bad in
            ["", "a\n1\n", "a\n01\nR\n", "a\n1\nR", "a\n1\nR\nmore\n", "\n1\nR\n", "a\n+1\nR\n"]
        {
            assert!(Checkpoint::parse(&bad.replace('R', root)).is_err(), "{bad:?}");
        }
    }
}
