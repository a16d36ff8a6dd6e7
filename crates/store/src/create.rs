//! A new record, begun by the fact that opens the operation.

use crate::append;
use crate::database::{self, Doing, OpenError, StoreError};
use crate::node::{Check, Node, key_path};
use crate::register::{Document, insert_document};
use crate::state::State;
use domain::{Event, Fact};
use jiff::Timestamp;
use log::{LogKey, SigningKey};
use rusqlite::Connection;
use std::fs;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// What a record begins with.
pub struct Genesis {
    /// The log's name: a URL without its scheme, as `amana.example/hasakah-2026`. Every signature
    /// in the record binds it.
    pub origin: String,
    /// The signed `operation-opened` fact, by the own key of one of the authorities it names.
    pub opening: Vec<u8>,
    pub recorded_at: Timestamp,
    pub documents: Vec<Document>,
    /// Beside `origin` and `operation`, which the record sets itself.
    pub settings: Vec<(String, String)>,
    /// Seed of the key that signs checkpoints; `None` draws one.
    pub log_key: Option<[u8; 32]>,
}

impl Node {
    /// Creates the record at `url`, and its log key beside it at `PATH.key`, readable by its owner
    /// alone. Refuses to overwrite either.
    pub fn create(url: &str, genesis: Genesis) -> Result<Node, OpenError> {
        let path = database::path_of(url)?;
        let opening = checked_opening(&genesis)?;
        let seed = match genesis.log_key {
            Some(seed) => seed,
            None => {
                let mut seed = [0; 32];
                getrandom::fill(&mut seed)
                    .map_err(|e| OpenError::Opening(format!("no randomness for a key: {e}")))?;
                seed
            }
        };
        let key = LogKey::new(&genesis.origin, SigningKey::from_bytes(&seed))
            .map_err(|e| OpenError::Opening(format!("origin: {e}")))?;
        // Whoever makes the file owns the creation; a second one finds it there.
        new_file(&path, "", 0o640)?;
        let key_file = key_path(&path);
        let made = new_file(&key_file, &format!("{}\n", key.to_secret_text()), 0o600)
            .and_then(|()| begin(&path, &genesis, opening));
        if let Err(error) = made {
            // Ours and empty: the transaction that fills it did not commit.
            let key_was_there = matches!(&error, OpenError::Exists(p) if *p == key_file);
            let _ = fs::remove_file(&path);
            if !key_was_there {
                let _ = fs::remove_file(&key_file);
            }
            return Err(error);
        }
        Node::open_with(url, Check::Fold)
    }
}

fn new_file(path: &Path, text: &str, mode: u32) -> Result<(), OpenError> {
    let failed = |source: std::io::Error| match source.kind() {
        std::io::ErrorKind::AlreadyExists => OpenError::Exists(path.to_owned()),
        _ => OpenError::File { path: path.to_owned(), source },
    };
    let mut options = fs::OpenOptions::new();
    let mut file = options.write(true).create_new(true).mode(mode).open(path).map_err(failed)?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(failed)?;
    // The name of the file must last as its content does.
    let parent = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::File::open(parent).and_then(|dir| dir.sync_all()).map_err(failed)
}

fn checked_opening(genesis: &Genesis) -> Result<Fact, OpenError> {
    let refuse = |why: String| OpenError::Opening(why);
    let envelope = log::decode(&genesis.opening).map_err(|e| refuse(e.to_string()))?;
    let claims = envelope.claims();
    let Event::OperationOpened { authorities } = &claims.event else {
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
    envelope.verify(&key, &genesis.origin).map_err(|e| refuse(e.to_string()))
}

fn begin(path: &Path, genesis: &Genesis, opening: Fact) -> Result<(), OpenError> {
    let mut conn: Connection = database::open(path)?;
    let tx = conn.transaction().doing("begin")?;
    let mut settings = genesis.settings.clone();
    settings.push(("origin".to_owned(), genesis.origin.clone()));
    settings.push(("operation".to_owned(), opening.operation.to_string()));
    for (key, value) in settings {
        tx.execute("insert into setting (key, value) values (?1, ?2)", [key, value])
            .doing("write the settings")?;
    }
    for document in &genesis.documents {
        insert_document(&tx, document)?;
    }
    append::entry(&tx, 0, &genesis.opening, genesis.recorded_at, &opening)?;
    let mut state = State::default();
    let leaf = log::merkle::leaf_hash(&genesis.opening);
    state
        .fold(opening, leaf, genesis.recorded_at)
        .map_err(|e| StoreError::Damaged(e.to_string()))?;
    append::first_head(&tx, &state.tree.edge())?;
    tx.commit().doing("commit the new record")?;
    Ok(())
}
