//! A record to keep accounts beside.

use domain::{AuthorityId, Event, Officer, OperationId, Party, Role};
use jiff::{SignedDuration, Timestamp};
use log::{DeviceChain, SigningKey};
use signin::{Account, Accounts, PasswordHash};
use std::sync::Arc;
use store::{Genesis, Node};

pub const PASSWORD: &str = "seven quiet buses wait";

pub struct World {
    pub node: Arc<Node>,
    _dir: tempfile::TempDir,
}

/// Minutes after the beginning.
pub fn at(minutes: i64) -> Timestamp {
    let begun: Timestamp = "2026-01-20T12:00:00Z".parse().unwrap();
    begun + SignedDuration::from_mins(minutes)
}

pub fn officer(login: &str) -> Account {
    Account {
        login: login.to_owned(),
        authority: AuthorityId::new("justice").unwrap(),
        officer: Officer { role: Role::Keyholder, number: 7 },
        name: "Invented Officer".to_owned(),
        password: Some(PasswordHash::of(PASSWORD, login).unwrap()),
        subject: None,
        since: at(0),
        closed: None,
    }
}

impl World {
    pub fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let key = SigningKey::from_bytes(&[7; 32]);
        let authority = AuthorityId::new("justice").unwrap();
        let origin = "amana.test/signin";
        let mut chain = DeviceChain::new(
            key.clone(),
            authority.clone(),
            Officer { role: Role::Keyholder, number: 1 },
            OperationId::new("test").unwrap(),
            origin,
        );
        let party = Party { authority, key: log::public_key(&key), resolves: false };
        let opening = Event::OperationOpened { authorities: vec![party], deciders: None };
        let opening = chain.sign(log::fact_id(1, [0; 10]), at(0), opening).unwrap();
        let genesis = Genesis {
            origin: origin.to_owned(),
            node: None,
            opening: opening.bytes,
            recorded_at: at(0),
            documents: Vec::new(),
            settings: Vec::new(),
            log_key: Some([9; 32]),
            register: None,
        };
        let url = format!("sqlite:{}", dir.path().join("record.db").display());
        Self { node: Arc::new(Node::create(&url, genesis).unwrap()), _dir: dir }
    }

    pub fn accounts(&self) -> Accounts {
        Accounts::new(self.node.clone())
    }
}
