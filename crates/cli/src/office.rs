//! A device that signs for an authority from the command line: the one in its office, or its
//! keyholder's own key.

use crate::keyfile;
use crate::opened::Opened;
use access::{Act, Ask, Asker, Policies};
use anyhow::{Context, bail};
use domain::{AuthorityId, DeviceId, Event, FactId, Officer, Role, SiteId};
use jiff::Timestamp;
use log::{DeviceChain, LogKey, device_id, public_key};
use server::entitled::persona::part_of;
use simulator::Signatory;
use std::path::Path;
use store::Receipt;

/// A device that the record knows, with its chain up to now.
pub struct Office {
    chain: DeviceChain,
    pub key: LogKey,
    /// Where the device is kept, by its enrolment.
    pub site: Option<SiteId>,
    /// The operation's time when it was opened.
    pub now: Timestamp,
}

impl Office {
    /// The device of `authority` whose key is in a file, written `PRIVATE+KEY+authority+hash+base64`;
    /// without a file, the exercise's own, which anyone can make from the seed.
    pub fn open(opened: &Opened, authority: &str, key: Option<&Path>) -> anyhow::Result<Self> {
        let authority = opened.authority(authority)?;
        Self::of(opened, &Signatory::office(&authority), key)
    }

    /// The authority's own key, which enrols and revokes; from a file as for [`Self::open`].
    pub fn keyholder(opened: &Opened, authority: &str, key: Option<&Path>) -> anyhow::Result<Self> {
        let authority = opened.authority(authority)?;
        let office = Self::of(opened, &Signatory::of(&authority, Role::Keyholder, None), key)?;
        let device = office.chain.device();
        if !opened.node.read(|state| state.record.keys().is_own(&device, &authority)) {
            bail!("this is not the key that {authority} answers with: a keyholder's is needed");
        }
        Ok(office)
    }

    fn of(opened: &Opened, who: &Signatory, key: Option<&Path>) -> anyhow::Result<Self> {
        let authority = who.authority.clone();
        let key = match key {
            Some(file) => keyfile::secret(file)?,
            None => {
                let Some(exercise) = &opened.exercise else {
                    bail!(
                        "say with --key FILE which key signs for {authority}: only an exercise makes keys itself"
                    );
                };
                LogKey::new(authority.as_str(), simulator::exercise_key(exercise.seed, who))?
            }
        };
        if key.name() != authority.as_str() {
            bail!(
                "the key is {}'s, not {authority}'s: name the other with --authority",
                key.name()
            );
        }
        opened.node.catch_up()?;
        let device = device_id(&public_key(key.signing_key()));
        let (head, enrolled) = opened.node.read(|state| {
            let mut enrolments = state.record.keys().enrolments(&device);
            let own = enrolments.find(|e| e.stands && e.authority == authority);
            let enrolled = own.map(|e| (e.role, e.site.clone()));
            let head = state.record.device(&device).and_then(|held| held.head());
            (head, enrolled)
        });
        let Some((role, site)) = enrolled else {
            bail!(
                "{authority} has not enrolled this device in the record: its keyholder enrols it first, \
                 with `amana device office`"
            );
        };
        let officer = Officer { role, number: 1 };
        let operation = opened.node.operation().clone();
        let origin = opened.node.origin();
        let signing = key.signing_key().clone();
        let mut chain = DeviceChain::new(signing, authority, officer, operation, origin);
        if let Some(head) = head {
            if head.is_fork() {
                bail!("the device signed twice at {}: it must be enrolled anew", head.sequence);
            }
            chain.sequence = head.sequence + 1;
            chain.previous = Some(head.first());
        }
        Ok(Self { chain, key, site, now: opened.now() })
    }

    pub fn device(&self) -> DeviceId {
        self.chain.device()
    }

    /// Refuses what the policies do not let this officer do. Facts are taken in all the same, whoever
    /// signs them: this is for the desk, not for the record.
    pub fn may(&self, opened: &Opened, act: Act) -> anyhow::Result<()> {
        let (authority, officer) = (self.authority().clone(), self.officer());
        let Some(part) = part_of(&opened.scenario, &authority) else {
            bail!("{authority} takes no part in this operation");
        };
        let asker = Asker { authority, part, officer };
        if !Policies::built_in().allows(&asker, &Ask::Do(act)) {
            bail!(
                "a {} of {} may not {act} (policies/6-acts.cedar)",
                officer.role,
                asker.authority
            );
        }
        Ok(())
    }

    pub fn authority(&self) -> &AuthorityId {
        &self.chain.authority
    }

    pub fn officer(&self) -> Officer {
        self.chain.officer
    }

    /// Signs a fact as happening now and sends it.
    pub fn say(&mut self, opened: &Opened, event: Event) -> anyhow::Result<Receipt> {
        let kind = event.kind();
        let entry = self.sign(event)?;
        let receipt = opened.node.submit(&entry, self.now);
        receipt.with_context(|| format!("the fact '{kind}' was not taken in"))
    }

    /// Signs facts as happening now, one after the other, and sends them in one go.
    pub fn say_all(&mut self, opened: &Opened, events: Vec<Event>) -> anyhow::Result<()> {
        let entries: Vec<_> =
            events.into_iter().map(|event| self.sign(event)).collect::<anyhow::Result<_>>()?;
        for receipt in opened.node.submit_all(&entries, self.now) {
            receipt.context("a fact was not taken in")?;
        }
        Ok(())
    }

    fn sign(&mut self, event: Event) -> anyhow::Result<Vec<u8>> {
        let id = fact_id_of(&self.chain, self.now);
        Ok(self.chain.sign(id, self.now, event)?.bytes)
    }
}

/// The id of a chain's next fact. It is the device's and the sequence's: what is signed or sent again
/// after a failure is the same.
pub fn fact_id_of(chain: &DeviceChain, at: Timestamp) -> FactId {
    let seed = format!("{}/{}", chain.device(), chain.sequence);
    let mut random = [0; 10];
    random.copy_from_slice(&log::hash_of(seed.as_bytes()).0[..10]);
    log::fact_id(at.as_millisecond().max(0) as u64, random)
}
