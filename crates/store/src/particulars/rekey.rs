//! The register key changed: every person's key is wrapped anew, no section is touched.

use super::keep::unwrapped;
use super::keeper::drawn;
use super::rows::{self, KeyRow};
use super::{RegisterError, SEALING_KEY};
use crate::documents::put_setting;
use crate::node::Node;
use register::{Fresh, Keyring, RegisterKey};

impl Node {
    /// Draws a new register key and wraps everybody's key with it. The old one opens nothing here any
    /// more; with it gone from every copy of its file, no older backup opens either. Gives how many.
    ///
    /// The new key is in the file before anything is wrapped with it, and the old one goes from it
    /// after all is: whenever this is broken off, what the file holds opens everything, and it can be
    /// done again.
    pub fn rekey_register(&self) -> Result<usize, RegisterError> {
        let before = self.keeper.read_again()?;
        let mut sealing = vec![RegisterKey::new(drawn()?)];
        sealing.extend(before.sealing.iter().cloned());
        let device = before.device.clone();
        let both = self.keeper.replace(Keyring { device: device.clone(), sealing })?;
        let wrapped = self.wrap_anew(&both)?;
        let newest = both.newest().clone();
        self.keeper.replace(Keyring { device, sealing: vec![newest] })?;
        Ok(wrapped)
    }

    fn wrap_anew(&self, keyring: &Keyring) -> Result<usize, RegisterError> {
        let turn = self.turn()?;
        let (newest, operation) = (keyring.newest(), self.operation());
        let all = rows::all_keys(&*turn)?;
        for row in &all {
            let key = unwrapped(keyring, operation, row)?;
            let wrapped = newest.wrap(operation, row.person, &key, &Fresh(drawn()?));
            let register_key = newest.id().as_str().to_owned();
            rows::replace_key(&*turn, &KeyRow { person: row.person, register_key, wrapped })?;
        }
        put_setting(&*turn, SEALING_KEY, newest.id().as_str())?;
        turn.commit("wrap the people's keys anew")?;
        // Best effort: the old wrappings are of no use without the old key.
        let _ = self.store.scrub();
        Ok(all.len())
    }
}
