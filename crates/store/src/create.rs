//! A new record, begun by the fact that opens the operation.

use crate::append::{self, NewEntry};
use crate::backend::{self, Location, Store};
use crate::documents::{Document, insert_document, put_setting};
use crate::error::{OpenError, StoreError};
use crate::files;
use crate::node::{Check, LOG_KEY, Node};
use crate::particulars::Keeper;
use crate::state::State;
use domain::{Event, Fact};
use jiff::Timestamp;
use log::{LogKey, SigningKey};
use register::Keyring;
use std::fs;
use std::path::Path;

/// What a record begins with.
pub struct Genesis {
    /// The operation's name: a URL without its scheme, as `amana.example/hasakah-2026`. Every
    /// signature in the record binds it, and it is the name of the log.
    pub origin: String,
    /// Of a node that joins an operation begun elsewhere: its name there. Its log has a name of its
    /// own, [`log::node_log`].
    pub node: Option<String>,
    /// The signed `operation-opened` fact, by the own key of one of the authorities it names.
    pub opening: Vec<u8>,
    pub recorded_at: Timestamp,
    pub documents: Vec<Document>,
    /// Beside `origin` and `operation`, which the record sets itself.
    pub settings: Vec<(String, String)>,
    /// Seed of the key that signs checkpoints; `None` draws one.
    pub log_key: Option<[u8; 32]>,
    /// The keys of the register of particulars, for a record that keeps one.
    pub register: Option<Keyring>,
}

impl Node {
    /// Creates the record at `url`, and its log key beside it at `PATH.key`, readable by its owner
    /// alone, and the register's keys at `PATH.register` likewise. Refuses to overwrite any.
    pub fn create(url: &str, genesis: Genesis) -> Result<Node, OpenError> {
        Self::create_with(url, genesis, &[])
    }

    /// As [`Node::create`], with the devices that the key which signed the opening enrols, all or nothing.
    pub fn create_with(
        url: &str,
        genesis: Genesis,
        enrolments: &[Vec<u8>],
    ) -> Result<Node, OpenError> {
        let at = Location::parse(url)?;
        let first = checked(&genesis, enrolments)?;
        let seed = match genesis.log_key {
            Some(seed) => seed,
            None => {
                let mut seed = [0; 32];
                getrandom::fill(&mut seed)
                    .map_err(|e| OpenError::Opening(format!("no randomness for a key: {e}")))?;
                seed
            }
        };
        let name = log_name(&genesis)?;
        let key = LogKey::new(&name, SigningKey::from_bytes(&seed))
            .map_err(|e| OpenError::Opening(format!("origin: {e}")))?;
        let vkey = key.verifier().vkey();
        let store = backend::create(&at)?;
        let made = keep_key(&at.key_file(&vkey), &key).and_then(|undo| {
            let kept = keep_register(&at, &vkey, genesis.register.as_ref());
            kept.and_then(|undo_register| {
                let begun = begin(&*store, &at, &vkey, &genesis, first);
                begun.inspect_err(|_| undo_register())
            })
            .inspect_err(|_| undo())
        });
        drop(store);
        if let Err(error) = made {
            backend::discard(&at);
            return Err(error);
        }
        Node::open_with(url, Check::Fold)
    }
}

fn log_name(genesis: &Genesis) -> Result<String, OpenError> {
    let Genesis { origin, node, .. } = genesis;
    if log::operation_origin(origin) != origin {
        let why = format!("origin '{origin}' names a node's log, not an operation");
        return Err(OpenError::Opening(why));
    }
    let Some(node) = node else { return Ok(origin.clone()) };
    let wrong = || format!("a node's name is a-z, 0-9 and '-', not '{node}'");
    log::node_log(origin, node).ok_or_else(|| OpenError::Opening(wrong()))
}

/// Writes the log key's file; gives what takes it away again. The same key there already is kept.
fn keep_key(path: &Path, key: &LogKey) -> Result<impl FnOnce(), OpenError> {
    let text = format!("{}\n", key.to_secret_text());
    let ours = files::create_or_keep(path, text.as_bytes(), 0o600)?;
    let path = path.to_owned();
    Ok(move || {
        if ours {
            let _ = fs::remove_file(path);
        }
    })
}

/// Writes the file of the register's keys, likewise.
fn keep_register(
    at: &Location,
    vkey: &str,
    keyring: Option<&Keyring>,
) -> Result<impl FnOnce() + use<>, OpenError> {
    let ours = keyring.map_or(Ok(false), |keyring| Keeper::create(at, vkey, keyring))?;
    let path = at.register_file(vkey);
    Ok(move || {
        if ours {
            let _ = fs::remove_file(path);
        }
    })
}

/// The facts that the record begins with, each with its bytes.
fn checked(genesis: &Genesis, enrolments: &[Vec<u8>]) -> Result<Vec<(Fact, Vec<u8>)>, OpenError> {
    let refuse = |why: String| OpenError::Opening(why);
    let envelope = log::decode(&genesis.opening).map_err(|e| refuse(e.to_string()))?;
    let claims = envelope.claims();
    let Event::OperationOpened { authorities, .. } = &claims.event else {
        return Err(refuse(format!("it is of kind {}", claims.event.kind())));
    };
    let own = authorities.iter().find(|party| log::device_id(&party.key) == claims.device).cloned();
    let Some(party) = own.filter(|party| party.authority == claims.authority) else {
        return Err(refuse("the own key of an authority it names must sign it".to_owned()));
    };
    for party in authorities {
        log::verifying_key(&party.key)
            .map_err(|e| refuse(format!("key of {}: {e}", party.authority)))?;
    }
    let key = log::verifying_key(&party.key).map_err(|e| refuse(e.to_string()))?;
    let by_it = |bytes: &Vec<u8>| {
        let envelope = log::decode(bytes).map_err(|e| refuse(e.to_string()))?;
        let fact = envelope.verify(&key, &genesis.origin).map_err(|e| refuse(e.to_string()))?;
        Ok((fact, bytes.clone()))
    };
    let enrolled = |bytes| {
        let (fact, bytes) = by_it(bytes)?;
        match fact.event {
            // It writes no read model: what does goes through `submit`.
            Event::DeviceEnrolled { .. } => Ok((fact, bytes)),
            other => Err(refuse(format!("{} does not go with it", other.kind()))),
        }
    };
    std::iter::once(by_it(&genesis.opening)).chain(enrolments.iter().map(enrolled)).collect()
}

fn begin(
    store: &dyn Store,
    at: &Location,
    vkey: &str,
    genesis: &Genesis,
    facts: Vec<(Fact, Vec<u8>)>,
) -> Result<(), OpenError> {
    let turn = store.turn()?;
    if append::head(&*turn)?.is_some() {
        return Err(OpenError::Exists(at.to_string()));
    }
    let operation = facts.first().map_or(String::new(), |(fact, _)| fact.operation.to_string());
    let own =
        [("origin", genesis.origin.clone()), ("operation", operation), (LOG_KEY, vkey.to_owned())];
    let own = own.into_iter().map(|(key, value)| (key.to_owned(), value));
    for (key, value) in genesis.settings.iter().cloned().chain(own) {
        put_setting(&*turn, &key, &value)?;
    }
    for document in &genesis.documents {
        insert_document(&*turn, document)?;
    }
    let mut state = State::default();
    for (position, (fact, bytes)) in (0..).zip(facts) {
        let leaf = log::merkle::leaf_hash(&bytes);
        let entry = NewEntry::of(position, &fact, bytes, genesis.recorded_at);
        append::entries(&*turn, &[entry])?;
        state
            .fold(fact, leaf, genesis.recorded_at)
            .map_err(|e| StoreError::Damaged(e.to_string()))?;
    }
    append::first_head(&*turn, &state.tree.edge())?;
    Ok(turn.commit("commit the new record")?)
}
