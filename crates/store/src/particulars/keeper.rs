//! The register's keys, from their file outside the database, and the device that signs for it.

use super::{DEVICES, RegisterError, SEALING_KEY};
use crate::backend::{Location, Turn};
use crate::documents::{put_setting, setting};
use crate::error::OpenError;
use crate::files;
use crate::state::State;
use crate::submit::Own;
use domain::{DeviceId, Event, Officer, OperationId, Role};
use log::DeviceChain;
use register::Keyring;
use std::io::ErrorKind;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};

/// The file of the register's keys, and what it holds as far as it was read.
pub(crate) struct Keeper {
    path: PathBuf,
    keyring: RwLock<Option<Arc<Keyring>>>,
}

impl Keeper {
    /// Reads the file when somebody first needs it.
    pub fn at(path: PathBuf) -> Self {
        Self { path, keyring: RwLock::default() }
    }

    /// Writes a new register's keys. The same there already are kept; others are never overwritten.
    pub fn create(at: &Location, vkey: &str, keyring: &Keyring) -> Result<bool, OpenError> {
        files::create_or_keep(&at.register_file(vkey), keyring.to_secret_text().as_bytes(), 0o600)
    }

    /// The keys, as last read.
    pub fn keyring(&self) -> Result<Arc<Keyring>, RegisterError> {
        let kept = self.keyring.read().unwrap_or_else(PoisonError::into_inner).clone();
        kept.map_or_else(|| self.read_again(), Ok)
    }

    /// The keys as they are in the file now: another process may have changed them.
    pub fn read_again(&self) -> Result<Arc<Keyring>, RegisterError> {
        let path = || self.path.clone();
        let text = std::fs::read_to_string(&self.path).map_err(|source| match source.kind() {
            ErrorKind::NotFound => RegisterError::NoKey(path()),
            _ => RegisterError::KeyFile { path: path(), source },
        })?;
        let text = zeroize::Zeroizing::new(text);
        let keyring = Keyring::parse(&text)
            .map_err(|source| RegisterError::BadKey { path: path(), source })?;
        Ok(self.hold(keyring))
    }

    /// Puts other keys into the file, durably, before they are used.
    pub fn replace(&self, keyring: Keyring) -> Result<Arc<Keyring>, RegisterError> {
        files::replace(&self.path, keyring.to_secret_text().as_bytes(), 0o600)
            .map_err(|source| RegisterError::KeyFile { path: self.path.clone(), source })?;
        Ok(self.hold(keyring))
    }

    fn hold(&self, keyring: Keyring) -> Arc<Keyring> {
        let keyring = Arc::new(keyring);
        *self.keyring.write().unwrap_or_else(PoisonError::into_inner) = Some(keyring.clone());
        keyring
    }

    /// The keys, of which the newest is the one that seals here. Notes a new register's in the record.
    pub fn sealing(&self, turn: &dyn Turn) -> Result<Arc<Keyring>, RegisterError> {
        let keyring = self.keyring()?;
        let newest = keyring.newest().id();
        match setting(turn, SEALING_KEY)? {
            Some(named) if named == newest.as_str() => Ok(keyring),
            Some(named) => {
                let keyring = self.read_again()?;
                if keyring.newest().id().as_str() == named {
                    return Ok(keyring);
                }
                Err(RegisterError::OtherKey { named, path: self.path.clone() })
            }
            None => {
                put_setting(turn, SEALING_KEY, newest.as_str())?;
                Ok(keyring)
            }
        }
    }

    /// Signs events as the register's own device, at the end of its chain, and appends them.
    pub fn say(
        &self,
        turn: &dyn Turn,
        own: &mut Own,
        operation: &OperationId,
        origin: &str,
        events: Vec<Event>,
    ) -> Result<(), RegisterError> {
        let keyring = self.keyring()?;
        let mut chain = chain(own.state(), &keyring, operation, origin)?;
        note_device(turn, &chain.device())?;
        for event in events {
            // The id is the device's and the sequence's: signed again after a failure, it is the same.
            let seed = log::hash_of(format!("{}/{}", chain.device(), chain.sequence).as_bytes()).0;
            let mut random = [0; 10];
            random.copy_from_slice(&seed[..10]);
            let at = own.at();
            let id = log::fact_id(at.as_millisecond().max(0) as u64, random);
            let entry =
                chain.sign(id, at, event).map_err(crate::judge::SubmitError::of_envelope)?;
            own.say(entry.bytes)?;
        }
        Ok(())
    }
}

/// The register's device at the end of its chain, signing for the authority that enrolled it so.
fn chain(
    state: &State,
    keyring: &Keyring,
    operation: &OperationId,
    origin: &str,
) -> Result<DeviceChain, RegisterError> {
    let device = log::device_id(&log::public_key(&keyring.device));
    let keys = state.record.keys();
    let enrolled = keys.enrolments(&device).find(|e| {
        let revoked = keys.revocation(&device, &e.authority).is_some();
        e.role == Role::Register && e.stands && !revoked
    });
    let authority = enrolled.ok_or(RegisterError::NotEnrolled(device))?.authority.clone();
    let officer = Officer { role: Role::Register, number: 1 };
    let key = keyring.device.clone();
    let mut chain = DeviceChain::new(key, authority, officer, operation.clone(), origin);
    if let Some(head) = state.record.device(&device).and_then(|held| held.head()) {
        if head.is_fork() {
            return Err(RegisterError::Forked(device));
        }
        chain.sequence = head.sequence + 1;
        chain.previous = Some(head.first());
    }
    Ok(chain)
}

/// What this device says is kept must from now on be here.
fn note_device(turn: &dyn Turn, device: &DeviceId) -> Result<(), RegisterError> {
    let noted = setting(turn, DEVICES)?.unwrap_or_default();
    let device = device.to_string();
    if !noted.split(' ').any(|d| d == device) {
        put_setting(turn, DEVICES, format!("{noted} {device}").trim())?;
    }
    Ok(())
}

/// Bytes that nobody can foretell.
pub(super) fn drawn<const N: usize>() -> Result<[u8; N], RegisterError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|e| RegisterError::NoRandomness(e.to_string()))?;
    Ok(bytes)
}
