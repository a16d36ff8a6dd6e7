//! Keys in files: one line each, `PRIVATE+KEY+authority+hash+base64` for the key itself, readable by its
//! owner alone, and `authority+hash+base64` for its public half, as `sumdb/note` writes them.

use anyhow::Context;
use domain::PublicKey;
use jiff::Timestamp;
use log::{LogKey, NoteVerifier, SigningKey};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// A key that somebody brought: with its secret half, or without.
pub enum Given {
    Secret(LogKey),
    Public(NoteVerifier),
}

impl Given {
    /// Whose it is.
    pub fn name(&self) -> &str {
        match self {
            Given::Secret(key) => key.name(),
            Given::Public(key) => key.name(),
        }
    }

    pub fn public(&self) -> PublicKey {
        match self {
            Given::Secret(key) => log::public_key(key.signing_key()),
            Given::Public(key) => key.key(),
        }
    }
}

pub fn read(path: &Path) -> anyhow::Result<Given> {
    let place = path.display();
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {place}"))?;
    let text = text.trim();
    let given = match text.starts_with("PRIVATE+KEY+") {
        true => LogKey::from_secret_text(text).map(Given::Secret),
        false => NoteVerifier::parse(text).map(Given::Public),
    };
    given.with_context(|| format!("{place} holds no key (`amana device key` makes one)"))
}

/// The key itself, of a file that holds its secret half.
pub fn secret(path: &Path) -> anyhow::Result<LogKey> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("cannot read the key in {}", path.display()))?;
    Ok(LogKey::from_secret_text(&text)?)
}

/// A new key of that name.
pub fn draw(name: &str) -> anyhow::Result<LogKey> {
    Ok(LogKey::new(name, SigningKey::from_bytes(&drawn()?))?)
}

/// Bytes that nobody can foretell.
pub fn drawn<const N: usize>() -> anyhow::Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|e| anyhow::anyhow!("no randomness for a key: {e}"))?;
    Ok(bytes)
}

/// This machine's time, as facts hold it: to the millisecond.
pub fn now() -> Timestamp {
    let now = Timestamp::now();
    Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
}

/// Writes a key durably, readable by its owner alone. Nothing is overwritten.
pub fn write(path: &Path, key: &LogKey) -> anyhow::Result<()> {
    create(path, &format!("{}\n", key.to_secret_text()), 0o600)
}

/// Writes a file durably that must not be there yet.
pub fn create(path: &Path, text: &str, mode: u32) -> anyhow::Result<()> {
    let write = || {
        let mut options = std::fs::OpenOptions::new();
        let mut file = options.write(true).create_new(true).mode(mode).open(path)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()
    };
    write().with_context(|| format!("cannot write {}", path.display()))
}

/// Writes them all, or none; gives their places.
pub fn write_all(keys: &[(PathBuf, LogKey)]) -> anyhow::Result<Vec<PathBuf>> {
    let mut written = Vec::new();
    for (path, key) in keys {
        let made = path.parent().map_or(Ok(()), std::fs::create_dir_all);
        let done = made
            .with_context(|| format!("cannot make the folder of {}", path.display()))
            .and_then(|()| write(path, key));
        if let Err(error) = done {
            take_away(&written);
            return Err(error);
        }
        written.push(path.clone());
    }
    Ok(written)
}

/// Takes away what [`write_all`] wrote, where what they were for did not come about.
pub fn take_away(written: &[PathBuf]) {
    for path in written {
        let _ = std::fs::remove_file(path);
        // A folder that holds anything else stays.
        let _ = path.parent().map(std::fs::remove_dir);
    }
}
