//! Cosignatures (C2SP tlog-cosignature v1.0.1, Ed25519, type 04): a witness says that a checkpoint
//! is of the largest consistent tree of that log it had seen at a time.

use crate::note::{
    COSIGNATURE, Note, NoteError, NoteSignature, checked_name, key_id, read_secret, read_vkey,
    secret_text, signature_line, vkey_text,
};
use domain::PublicKey;
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};

/// A witness's own key. It serves one witness: what it signs does not name the cosigner.
#[derive(Clone)]
pub struct WitnessKey {
    name: String,
    key: SigningKey,
}

/// The public half of a [`WitnessKey`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cosigner {
    name: String,
    id: [u8; 4],
    key: VerifyingKey,
}

/// A cosignature that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cosignature {
    /// When the witness says it was, in seconds since 1970; never 0.
    pub time_s: u64,
    /// As it stands in the note.
    pub line: NoteSignature,
}

/// What is signed.
fn message(time_s: u64, checkpoint: &str) -> Vec<u8> {
    format!("cosignature/v1\ntime {time_s}\n{checkpoint}").into_bytes()
}

impl WitnessKey {
    /// `name` is by custom a URL without its scheme, as `witness.example/amana`.
    pub fn new(name: &str, key: SigningKey) -> Result<Self, NoteError> {
        Ok(Self { name: checked_name(name)?, key })
    }
    pub fn name(&self) -> &str {
        &self.name
    }
    /// `PRIVATE+KEY+name+hash+base64(04 || seed)`.
    pub fn to_secret_text(&self) -> String {
        secret_text(&self.name, COSIGNATURE, &self.key)
    }
    pub fn from_secret_text(text: &str) -> Result<Self, NoteError> {
        let (name, key) = read_secret(text, COSIGNATURE)?;
        Ok(Self { name, key })
    }
    pub fn cosigner(&self) -> Cosigner {
        let key = self.key.verifying_key();
        Cosigner { id: key_id(&self.name, COSIGNATURE, &key), name: self.name.clone(), key }
    }
    /// Cosigns the text of a checkpoint, with its final line feed. The caller has made durable that
    /// it will never cosign a smaller or another tree; `time_s` is not 0.
    pub fn cosign(&self, checkpoint: &str, time_s: u64) -> NoteSignature {
        let signed = self.key.sign(&message(time_s, checkpoint));
        let signature = [&time_s.to_be_bytes()[..], &signed.to_bytes()].concat();
        NoteSignature { name: self.name.clone(), id: self.cosigner().id, signature }
    }
}

impl Cosigner {
    /// Reads a vkey of type 04.
    pub fn parse(vkey: &str) -> Result<Self, NoteError> {
        let (name, key) = read_vkey(vkey, COSIGNATURE)?;
        Ok(Self { id: key_id(&name, COSIGNATURE, &key), name, key })
    }
    pub fn name(&self) -> &str {
        &self.name
    }
    /// The 32 bytes of the key itself.
    pub fn key(&self) -> PublicKey {
        PublicKey(self.key.to_bytes())
    }
    pub fn vkey(&self) -> String {
        vkey_text(&self.name, COSIGNATURE, &self.key)
    }

    /// This cosigner's latest cosignature in a note, `None` when it did not sign. A line under its
    /// name and key id that does not hold refuses the note.
    pub fn find(&self, note: &Note) -> Result<Option<Cosignature>, NoteError> {
        let mut latest: Option<Cosignature> = None;
        for line in note.signatures.iter().filter(|s| s.name == self.name && s.id == self.id) {
            let time_s = self.check(line, &note.text)?;
            if latest.as_ref().is_none_or(|held| held.time_s < time_s) {
                latest = Some(Cosignature { time_s, line: line.clone() });
            }
        }
        Ok(latest)
    }

    fn check(&self, line: &NoteSignature, text: &str) -> Result<u64, NoteError> {
        let bad = || NoteError::Signature(self.name.clone());
        let (time, signature) = line.signature.split_first_chunk::<8>().ok_or_else(bad)?;
        let time_s = u64::from_be_bytes(*time);
        if time_s == 0 {
            return Err(bad());
        }
        let signature = Signature::from_slice(signature).map_err(|_| bad())?;
        self.key.verify_strict(&message(time_s, text), &signature).map_err(|_| bad())?;
        Ok(time_s)
    }
}

/// The signature lines of a witness's answer, unbelieved. Each line is ended; at most
/// [`crate::note::SIGNATURES_MAX`] of them.
pub fn read_lines(answer: &str) -> Result<Vec<NoteSignature>, NoteError> {
    let lines = answer.strip_suffix('\n').ok_or(NoteError::Shape("the last line is not ended"))?;
    let bad = NoteError::Shape("an answer is one to 64 signature lines");
    let lines: Vec<_> = lines.split('\n').take(crate::note::SIGNATURES_MAX + 1).collect();
    if lines.len() > crate::note::SIGNATURES_MAX {
        return Err(bad);
    }
    lines.into_iter().map(signature_line).collect::<Option<_>>().ok_or(bad)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Checkpoint, LogKey, Tree};

    fn note() -> Note {
        let checkpoint =
            Checkpoint { origin: "amana.test/log".into(), size: 0, root: Tree::new().root() };
        let key = LogKey::new("amana.test/log", SigningKey::from_bytes(&[7; 32])).unwrap();
        Note::parse(&checkpoint.sign(&key).unwrap()).unwrap()
    }

    fn witness(seed: u8) -> WitnessKey {
        WitnessKey::new("witness.test/w", SigningKey::from_bytes(&[seed; 32])).unwrap()
    }

    #[test]
    fn keys_read_back_and_are_of_their_own_type() {
        let key = witness(1);
        let again = WitnessKey::from_secret_text(&key.to_secret_text()).unwrap();
        assert_eq!(again.cosigner(), key.cosigner());
        let vkey = key.cosigner().vkey();
        assert_eq!(Cosigner::parse(&vkey), Ok(key.cosigner()));
        assert!(crate::NoteVerifier::parse(&vkey).is_err());
        assert!(LogKey::from_secret_text(&key.to_secret_text()).is_err());
    }

    #[test]
    fn a_cosignature_holds_for_its_text_time_and_key_alone() {
        let (mut note, key) = (note(), witness(1));
        assert_eq!(key.cosigner().find(&note), Ok(None));
        note.signatures.push(key.cosign(&note.text, 1_770_000_000));
        note.signatures.push(key.cosign(&note.text, 1_770_000_009));
        let found = key.cosigner().find(&note).unwrap().unwrap();
        assert_eq!((found.time_s, &found.line), (1_770_000_009, &note.signatures[2]));
        let read = Note::parse(&note.to_text()).unwrap();
        assert_eq!(read, note);
        // Another key under the same name has another id and is ignored.
        assert_eq!(witness(2).cosigner().find(&note), Ok(None));
        let spoiled: [fn(&mut Note); 5] = [
            |n| n.text = n.text.replace("\n0\n", "\n1\n"),
            |n| n.signatures[1].signature[7] ^= 1,
            |n| n.signatures[1].signature[20] ^= 1,
            |n| n.signatures[1].signature.truncate(30),
            |n| n.signatures[1].signature[..8].fill(0),
        ];
        for spoil in spoiled {
            let mut note = note.clone();
            spoil(&mut note);
            assert!(key.cosigner().find(&note).is_err());
        }
        let never = key.cosign(&note.text, 0);
        note.signatures.push(never);
        assert!(key.cosigner().find(&note).is_err(), "time 0 is no time");
    }

    #[test]
    fn answers_are_signature_lines_and_nothing_else() {
        let line = witness(1).cosign(&note().text, 5);
        assert_eq!(read_lines(&format!("{line}\n")), Ok(vec![line.clone()]));
        let many = format!("{line}\n").repeat(65);
        for bad in ["", "\n", "hello\n", &format!("{line}"), &format!("{line}\n\n"), &many] {
            assert!(read_lines(bad).is_err(), "{bad:?}");
        }
    }
}
