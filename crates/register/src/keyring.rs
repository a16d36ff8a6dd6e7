//! The register's keys in a file: what signs that somebody looked, and what opens people's keys.

use crate::keys::RegisterKey;
use base64::{Engine, prelude::BASE64_STANDARD as BASE64};
use log::SigningKey;
use std::fmt;
use zeroize::Zeroizing;

/// What a register needs and its database must never hold.
#[derive(Clone)]
pub struct Keyring {
    /// Of the register's own device, which its authority enrols.
    pub device: SigningKey,
    /// The newest first: it seals, the others open until everything is sealed anew.
    pub sealing: Vec<RegisterKey>,
}

/// Why a file holds no keyring. What the line says is not in the error.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyringError {
    #[error("it does not begin with '{FIRST}'")]
    First,
    #[error("line {0} is neither 'device' nor 'sealing' with a key in base64")]
    Line(usize),
    #[error("it holds {0} device keys, one is needed")]
    Devices(usize),
    #[error("it holds no sealing key")]
    NoSealing,
}

const FIRST: &str = "amana register keys v1";

impl Keyring {
    /// `device BASE64` once, then `sealing BASE64`, the newest first. Lines that begin with # say
    /// something to people.
    pub fn parse(text: &str) -> Result<Self, KeyringError> {
        let lines = text.lines().enumerate().map(|(n, line)| (n + 1, line.trim()));
        let mut lines = lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
        if lines.next().is_none_or(|(_, line)| line != FIRST) {
            return Err(KeyringError::First);
        }
        let (mut devices, mut sealing) = (Vec::new(), Vec::new());
        for (n, line) in lines {
            let wrong = || KeyringError::Line(n);
            let (what, key) = line.split_once(' ').ok_or_else(wrong)?;
            let key = Zeroizing::new(BASE64.decode(key.trim()).map_err(|_| wrong())?);
            let key: [u8; 32] = key.as_slice().try_into().map_err(|_| wrong())?;
            match what {
                "device" => devices.push(SigningKey::from_bytes(&key)),
                "sealing" => sealing.push(RegisterKey::new(key)),
                _ => return Err(wrong()),
            }
        }
        let count = devices.len();
        let device = devices.pop().filter(|_| count == 1).ok_or(KeyringError::Devices(count))?;
        if sealing.is_empty() {
            return Err(KeyringError::NoSealing);
        }
        Ok(Self { device, sealing })
    }

    /// As [`Keyring::parse`] reads it.
    pub fn to_secret_text(&self) -> Zeroizing<String> {
        let mut text = format!(
            "# Opens what is kept apart about people. Keep it away from the database and its backups;\n\
             # whoever loses it loses every section, and whoever has both reads them all.\n\
             {FIRST}\ndevice {}\n",
            BASE64.encode(self.device.to_bytes())
        );
        for key in &self.sealing {
            text += &format!("sealing {}\n", BASE64.encode(key.0.0));
        }
        Zeroizing::new(text)
    }

    /// The key that seals.
    pub fn newest(&self) -> &RegisterKey {
        &self.sealing[0]
    }

    /// The key of that name, to open what it sealed.
    pub fn named(&self, id: &str) -> Option<&RegisterKey> {
        self.sealing.iter().find(|key| key.id().as_str() == id)
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "keyring of {} sealing keys (***)", self.sealing.len())
    }
}
