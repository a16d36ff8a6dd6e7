//! Signed notes (C2SP signed-note v1.0.0) with Ed25519 signatures (type 01).

use base64::{Engine, prelude::BASE64_STANDARD as BASE64};
use domain::PublicKey;
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};

/// Type byte of an Ed25519 key over the note's text.
const ED25519: u8 = 1;
/// Type byte of an Ed25519 key over a cosignature's timed text.
pub(crate) const COSIGNATURE: u8 = 4;
/// A note is refused above this many bytes.
pub const NOTE_MAX: usize = 65_536;
/// Signature lines beyond these are refused.
pub const SIGNATURES_MAX: usize = 64;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    #[error("key name '{0}' may not be empty nor hold a space or '+'")]
    Name(String),
    #[error("'{0}' is not a key as name+hash+base64")]
    Key(String),
    #[error("not a signed note: {0}")]
    Shape(&'static str),
    #[error("the note bears no signature by '{0}'")]
    Unsigned(String),
    #[error("the signature by '{0}' does not hold: the note was changed, or another key signed")]
    Signature(String),
}

/// The key a log signs its checkpoints with, and the name it goes by.
#[derive(Clone)]
pub struct LogKey {
    name: String,
    key: SigningKey,
}

/// The public half of a [`LogKey`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteVerifier {
    name: String,
    id: [u8; 4],
    key: VerifyingKey,
}

pub(crate) fn checked_name(name: &str) -> Result<String, NoteError> {
    let bad =
        name.is_empty() || name.chars().any(|c| c.is_whitespace() || c == '+' || c.is_control());
    if bad { Err(NoteError::Name(name.to_owned())) } else { Ok(name.to_owned()) }
}

/// What stands before a signature, so that a reader finds the key to check it with.
pub(crate) fn key_id(name: &str, kind: u8, key: &VerifyingKey) -> [u8; 4] {
    let mut hash = Sha256::new();
    hash.update(name);
    hash.update([b'\n', kind]);
    hash.update(key.as_bytes());
    let digest: [u8; 32] = hash.finalize().into();
    [digest[0], digest[1], digest[2], digest[3]]
}

fn hex(id: [u8; 4]) -> String {
    format!("{:08x}", u32::from_be_bytes(id))
}

/// Splits `name+hash+base64(kind || 32 bytes)` and checks the kind.
fn key_parts(text: &str, kind: u8) -> Option<(String, &str, [u8; 32])> {
    let mut parts = text.splitn(3, '+');
    let name = checked_name(parts.next()?).ok()?;
    let id = parts.next()?;
    let data = BASE64.decode(parts.next()?).ok()?;
    let (found, key) = data.split_first()?;
    (*found == kind).then_some(())?;
    Some((name, id, key.try_into().ok()?))
}

/// `name+hash+base64(kind || key)`.
pub(crate) fn vkey_text(name: &str, kind: u8, key: &VerifyingKey) -> String {
    let data = [&[kind][..], key.as_bytes()].concat();
    format!("{name}+{}+{}", hex(key_id(name, kind, key)), BASE64.encode(data))
}

/// The name and key of a vkey of that kind.
pub(crate) fn read_vkey(vkey: &str, kind: u8) -> Result<(String, VerifyingKey), NoteError> {
    let bad = || NoteError::Key(vkey.to_owned());
    let (name, id, key) = key_parts(vkey.trim(), kind).ok_or_else(bad)?;
    let key = crate::verifying_key(&PublicKey(key)).map_err(|_| bad())?;
    if hex(key_id(&name, kind, &key)) == id { Ok((name, key)) } else { Err(bad()) }
}

/// `PRIVATE+KEY+name+hash+base64(kind || seed)`, as Go's `sumdb/note` writes private keys.
pub(crate) fn secret_text(name: &str, kind: u8, key: &SigningKey) -> String {
    let data = [&[kind][..], &key.to_bytes()].concat();
    let id = hex(key_id(name, kind, &key.verifying_key()));
    format!("PRIVATE+KEY+{name}+{id}+{}", BASE64.encode(data))
}

/// The name and key of such a text.
pub(crate) fn read_secret(text: &str, kind: u8) -> Result<(String, SigningKey), NoteError> {
    // The text is a secret: what is wrong with it is said without it.
    let bad = || NoteError::Key("PRIVATE+KEY+***".to_owned());
    let rest = text.trim().strip_prefix("PRIVATE+KEY+").ok_or_else(bad)?;
    let (name, id, seed) = key_parts(rest, kind).ok_or_else(bad)?;
    let key = SigningKey::from_bytes(&seed);
    if hex(key_id(&name, kind, &key.verifying_key())) == id { Ok((name, key)) } else { Err(bad()) }
}

impl LogKey {
    /// `name` is by custom the log's origin.
    pub fn new(name: &str, key: SigningKey) -> Result<Self, NoteError> {
        Ok(Self { name: checked_name(name)?, key })
    }
    pub fn name(&self) -> &str {
        &self.name
    }
    /// The key itself: a device that issues statements signs its facts with the same one.
    pub fn signing_key(&self) -> &SigningKey {
        &self.key
    }
    /// `PRIVATE+KEY+name+hash+base64`, as Go's `sumdb/note` writes private keys.
    pub fn to_secret_text(&self) -> String {
        secret_text(&self.name, ED25519, &self.key)
    }
    pub fn from_secret_text(text: &str) -> Result<Self, NoteError> {
        let (name, key) = read_secret(text, ED25519)?;
        Ok(Self { name, key })
    }
    pub fn verifier(&self) -> NoteVerifier {
        let key = self.key.verifying_key();
        NoteVerifier { name: self.name.clone(), id: key_id(&self.name, ED25519, &key), key }
    }
    /// The note of `text`, which ends in a line feed and holds no empty line that could be taken
    /// for the one before the signatures' own.
    pub fn sign(&self, text: &str) -> Result<String, NoteError> {
        check_text(text)?;
        let signature = self.key.sign(text.as_bytes());
        let id = key_id(&self.name, ED25519, &self.key.verifying_key());
        let signature = signature.to_bytes().to_vec();
        let signatures = vec![NoteSignature { name: self.name.clone(), id, signature }];
        Ok(Note { text: text.to_owned(), signatures }.to_text())
    }
}

impl NoteVerifier {
    /// The 32 bytes of the key itself.
    pub fn key(&self) -> PublicKey {
        PublicKey(self.key.to_bytes())
    }
    /// Reads a vkey, `name+hash+base64`.
    pub fn parse(vkey: &str) -> Result<Self, NoteError> {
        let (name, key) = read_vkey(vkey, ED25519)?;
        Ok(Self { id: key_id(&name, ED25519, &key), name, key })
    }
    pub fn name(&self) -> &str {
        &self.name
    }
    /// Whether a signature line is under this name and key id; it may yet not hold.
    pub fn signed(&self, line: &NoteSignature) -> bool {
        line.name == self.name && line.id == self.id
    }
    /// The vkey text that others configure.
    pub fn vkey(&self) -> String {
        vkey_text(&self.name, ED25519, &self.key)
    }
}

/// A note, read but not believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// With its final line feed: what the signatures are over.
    pub text: String,
    pub signatures: Vec<NoteSignature>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteSignature {
    pub name: String,
    pub id: [u8; 4],
    pub signature: Vec<u8>,
}

fn check_text(text: &str) -> Result<(), NoteError> {
    if !text.ends_with('\n') {
        return Err(NoteError::Shape("the text does not end in a line feed"));
    }
    if text.chars().any(|c| c != '\n' && c.is_ascii_control()) {
        return Err(NoteError::Shape("control characters are refused"));
    }
    Ok(())
}

impl Note {
    pub fn parse(note: &str) -> Result<Self, NoteError> {
        if note.len() > NOTE_MAX {
            return Err(NoteError::Shape("longer than 65,536 bytes"));
        }
        let split = note.rfind("\n\n").ok_or(NoteError::Shape("no empty line"))?;
        let (text, lines) = (&note[..=split], &note[split + 2..]);
        check_text(text)?;
        let lines =
            lines.strip_suffix('\n').ok_or(NoteError::Shape("the last line is not ended"))?;
        let signatures: Vec<_> = lines
            .split('\n')
            .map(|line| signature_line(line).ok_or(NoteError::Shape("bad signature line")))
            .collect::<Result<_, _>>()?;
        if signatures.len() > SIGNATURES_MAX {
            return Err(NoteError::Shape("more than 64 signatures"));
        }
        Ok(Self { text: text.to_owned(), signatures })
    }

    /// The note as it is sent: what [`Note::parse`] reads.
    pub fn to_text(&self) -> String {
        let lines = self.signatures.iter().map(|s| format!("{s}\n"));
        format!("{}\n{}", self.text, lines.collect::<String>())
    }

    /// The text, if `by` signed it. Other names and keys are ignored; a line under this name and
    /// key id that does not hold refuses the note.
    pub fn verify(&self, by: &NoteVerifier) -> Result<&str, NoteError> {
        let mut signed = false;
        for line in self.signatures.iter().filter(|s| by.signed(s)) {
            Signature::from_slice(&line.signature)
                .and_then(|s| by.key.verify_strict(self.text.as_bytes(), &s))
                .map_err(|_| NoteError::Signature(by.name.clone()))?;
            signed = true;
        }
        if signed { Ok(&self.text) } else { Err(NoteError::Unsigned(by.name.clone())) }
    }
}

impl std::fmt::Display for NoteSignature {
    /// The signature's line, without its line feed.
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        let data = [&self.id[..], &self.signature].concat();
        write!(f, "\u{2014} {} {}", self.name, BASE64.encode(data))
    }
}

/// Reads one line that begins with a dash, without its line feed.
pub(crate) fn signature_line(line: &str) -> Option<NoteSignature> {
    let (name, data) = line.strip_prefix("\u{2014} ")?.split_once(' ')?;
    let name = checked_name(name).ok()?;
    let data = BASE64.decode(data).ok()?;
    let (id, signature) = data.split_first_chunk::<4>()?;
    (!signature.is_empty()).then(|| NoteSignature { name, id: *id, signature: signature.to_vec() })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of golang.org/x/mod/sumdb/note, which C2SP signed-note took over.
    const VKEY: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    const NOTE: &str = "If you think cryptography is the answer to your problem,\n\
        then you don't know what your problem is.\n\n\
        \u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

    #[test]
    fn the_published_note_opens() {
        let key = NoteVerifier::parse(VKEY).unwrap();
        assert_eq!(key.vkey(), VKEY);
        let note = Note::parse(NOTE).unwrap();
        assert!(note.verify(&key).unwrap().starts_with("If you think"));
        let changed = Note::parse(&NOTE.replace("answer", "anchor")).unwrap();
        assert_eq!(changed.verify(&key), Err(NoteError::Signature("PeterNeumann".into())));
    }

    #[test]
    fn a_key_reads_back_and_signs() {
        let key = LogKey::new("amana.test/log", SigningKey::from_bytes(&[7; 32])).unwrap();
        let again = LogKey::from_secret_text(&key.to_secret_text()).unwrap();
        assert_eq!(again.verifier(), key.verifier());
        let note = Note::parse(&again.sign("hello\n").unwrap()).unwrap();
        assert_eq!(note.verify(&key.verifier()), Ok("hello\n"));
        assert!(again.sign("hello").is_err());
        assert!(LogKey::new("a b", SigningKey::from_bytes(&[7; 32])).is_err());
        let other = LogKey::new("other", SigningKey::from_bytes(&[7; 32])).unwrap().verifier();
        assert_eq!(note.verify(&other), Err(NoteError::Unsigned("other".into())));
    }

    #[test]
    fn damaged_notes_are_refused() {
        for bad in [
            "",
            "text\n",
            "text\n\n",
            "text\n\n- a YWJjZGU=\n",
            "te\u{7}xt\n\n\u{2014} a YWJjZGU=\n",
            "text\n\n\u{2014} a YWJjZGU=",
            "text\n\n\u{2014} a YWJj\n",
        ] {
            assert!(Note::parse(bad).is_err(), "{bad:?}");
        }
    }
}
