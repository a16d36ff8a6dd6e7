//! `amana open`: an operation in earnest begins.

use crate::keyfile::{self, Given};
use crate::office::fact_id_of;
use crate::opened;
use anyhow::{Context, bail};
use domain::{AuthorityId, Event, Officer, Party, PublicKey, Role, Term};
use jiff::Timestamp;
use log::{DeviceChain, LogKey, SigningKey, public_key};
use register::{Keyring, RegisterKey};
use scenario::Scenario;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use store::{Genesis, Node};

/// Exercises are named under this, and nothing else is.
const OF_EXERCISES: &str = "amana.invalid/";
/// The register's device is enrolled for as long as an operation and its reckoning last.
const REGISTER_DAYS: i64 = 5 * 365;
/// It signs only when somebody reads or writes particulars: a month without a word is worth a look.
const REGISTER_SILENCE_S: u32 = 30 * 86_400;

/// Open an operation in earnest; refuses to overwrite anything
///
/// Takes authorities, sites, routes, fleet and calendar from the scenario and invents nobody. Each
/// authority answers with a key of its own: bring the public half that its keyholder gave (--key), or have
/// it drawn here, into the folder --keys. The key of the authority that ordered the operation has to be
/// here, as it signs the opening. Keys of the log and of the register are drawn. All is made, or nothing.
#[derive(clap::Args)]
pub struct Open {
    /// sqlite:PATH or postgres://USER@HOST/DATABASE
    #[arg(long)]
    store: String,
    /// Folder of the scenario
    #[arg(long)]
    scenario: PathBuf,
    /// The operation's name for good: a URL without its scheme, as amana.example/operation-2026
    #[arg(long)]
    origin: String,
    /// An authority's key, as `amana device key` wrote or printed it; repeat for each
    #[arg(long = "key", value_name = "FILE")]
    given: Vec<PathBuf>,
    /// Folder for the keys drawn here: AUTHORITY.key for each authority that brought none, mode 0600
    #[arg(long, value_name = "DIR")]
    keys: Option<PathBuf>,
}

pub fn open(args: &Open) -> anyhow::Result<ExitCode> {
    let scenario = Scenario::read(&args.scenario)?;
    if format!("{}/", args.origin).starts_with(OF_EXERCISES) {
        bail!("--origin {}: names under {OF_EXERCISES} are for exercises", args.origin);
    }
    let mut keys = Keys::given(&scenario, &args.given)?;
    let drawn = keys.draw_missing(&scenario, args.keys.as_deref())?;
    let opening = Opening::sign(&scenario, &args.origin, &keys)?;
    let genesis = Genesis {
        origin: args.origin.clone(),
        node: None,
        opening: opening.opened,
        recorded_at: opening.at,
        documents: opened::documents_of(&args.scenario)?,
        settings: Vec::new(),
        log_key: None,
        register: Some(opening.keyring),
    };
    let written = keyfile::write_all(&drawn)?;
    let node = Node::create_with(&args.store, genesis, &[opening.register])
        .inspect_err(|_| keyfile::take_away(&written))?;
    println!(
        "{}: operation {} is open as {}; nobody is in it yet",
        store::without_password(&args.store),
        scenario.operation.id,
        node.origin()
    );
    for path in &written {
        println!("drawn: {}", path.display());
    }
    if !written.is_empty() {
        println!("each goes to its authority's keyholder, and leaves no copy here");
    }
    println!("next: `amana account add`, then `amana serve` (docs/operating.md)");
    Ok(ExitCode::SUCCESS)
}

/// What each authority answers with, and the secret halves that are here.
struct Keys {
    public: BTreeMap<AuthorityId, PublicKey>,
    secret: BTreeMap<AuthorityId, SigningKey>,
}

impl Keys {
    fn given(scenario: &Scenario, files: &[PathBuf]) -> anyhow::Result<Self> {
        let mut keys = Self { public: BTreeMap::new(), secret: BTreeMap::new() };
        for file in files {
            let place = file.display();
            let given = keyfile::read(file)?;
            let name = given.name().to_owned();
            let known = scenario.authorities.iter().map(|a| &a.id).find(|id| id.as_str() == name);
            let authority = known.with_context(|| {
                format!("{place} is '{name}'s key: no authority is called that")
            })?;
            let public = given.public();
            if keys.public.insert(authority.clone(), public).is_some() {
                bail!("{place}: {authority} has brought another key already");
            }
            if keys.public.values().filter(|key| **key == public).count() > 1 {
                bail!("{place}: another authority answers with this key");
            }
            if let Given::Secret(key) = given {
                keys.secret.insert(authority.clone(), key.signing_key().clone());
            }
        }
        Ok(keys)
    }

    /// A key for each authority that brought none, and the file that it goes to.
    fn draw_missing(
        &mut self,
        scenario: &Scenario,
        folder: Option<&Path>,
    ) -> anyhow::Result<Vec<(PathBuf, LogKey)>> {
        let mut drawn = Vec::new();
        for authority in &scenario.authorities {
            let id = &authority.id;
            if self.public.contains_key(id) {
                continue;
            }
            let Some(folder) = folder else {
                bail!(
                    "{id} has no key: bring it with --key FILE, or name a folder for drawn keys with --keys"
                );
            };
            let key = keyfile::draw(id.as_str())?;
            self.public.insert(id.clone(), public_key(key.signing_key()));
            self.secret.insert(id.clone(), key.signing_key().clone());
            drawn.push((folder.join(format!("{id}.key")), key));
        }
        Ok(drawn)
    }
}

/// What the authority that ordered the operation signs to begin it.
struct Opening {
    opened: Vec<u8>,
    /// The enrolment of the register's device.
    register: Vec<u8>,
    keyring: Keyring,
    at: Timestamp,
}

impl Opening {
    fn sign(scenario: &Scenario, origin: &str, keys: &Keys) -> anyhow::Result<Self> {
        let orders = &scenario.operation.mandate.ordered_by;
        let key = keys.secret.get(orders).with_context(|| {
            format!(
                "{orders} ordered the operation and signs its opening: --key must name the file of its \
                 key, not its public half"
            )
        })?;
        let party = |a: &scenario::Authority| Party {
            authority: a.id.clone(),
            key: keys.public[&a.id],
            resolves: a.resolves,
        };
        let authorities = scenario.authorities.iter().map(party).collect();
        let deciders = Some(Box::new(scenario.deciders()));
        let keyring = Keyring {
            device: SigningKey::from_bytes(&keyfile::drawn()?),
            sealing: vec![RegisterKey::new(keyfile::drawn()?)],
        };
        let at = keyfile::now();
        let officer = Officer { role: Role::Keyholder, number: 1 };
        let operation = scenario.operation.id.clone();
        let mut chain = DeviceChain::new(key.clone(), orders.clone(), officer, operation, origin);
        let mut sign = |event| {
            let id = fact_id_of(&chain, at);
            anyhow::Ok(chain.sign(id, at, event)?.bytes)
        };
        let opened = sign(Event::OperationOpened { authorities, deciders })?;
        let term = Term {
            unit: None,
            from: at,
            until: at + jiff::SignedDuration::from_hours(24 * REGISTER_DAYS),
            silence_s: REGISTER_SILENCE_S,
            replaces: None,
        };
        let register = sign(Event::DeviceEnrolled {
            key: public_key(&keyring.device),
            role: Role::Register,
            site: None,
            term: Some(Box::new(term)),
        })?;
        Ok(Self { opened, register, keyring, at })
    }
}
