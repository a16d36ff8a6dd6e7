//! Which keys speak for whom: a function of the set of facts, whatever order they came in.
//!
//! Nothing here removes a fact. A key that is taken out of use has facts that count for nothing
//! from a sequence on; which of them stand all the same, the fold of custody says.

use crate::code;
use crate::deciders::Deciders;
use crate::fact::{Event, Fact, Party, Role};
use crate::ids::*;
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What an enrolment says beyond key and role.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Term {
    /// The wing it is kept at, when it is kept at one.
    pub unit: Option<UnitId>,
    /// Valid from, by the field's time.
    pub from: Timestamp,
    /// Valid until, exclusive.
    pub until: Timestamp,
    /// How long it may say nothing before somebody must look, in seconds.
    pub silence_s: u32,
    /// The device it takes the place of, as after a restored backup.
    pub replaces: Option<DeviceId>,
}

/// The newest fact of a device, as another one saw it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ChainHead {
    pub device: DeviceId,
    pub sequence: u64,
    pub hash: FactHash,
}

code!(
    /// Why a key was taken out of use.
    RevocationReason {
        Lost = "lost",
        Stolen = "stolen",
        /// The device came back from a backup, or two of them sign with one key.
        Copied = "copied",
        OutOfService = "out-of-service",
        OfficerLeft = "officer-left",
    }
);

/// That a device may sign for an authority. One device can have several: each is kept.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Enrolment {
    pub authority: AuthorityId,
    pub key: PublicKey,
    pub role: Role,
    pub site: Option<SiteId>,
    pub term: Option<Box<Term>>,
    /// The enrolment or key change; `None` for an own key, which the operation named.
    pub by: Option<FactHash>,
    /// Whether the key that enrolled it still counted then.
    pub stands: bool,
}

/// A key taken out of use by its authority.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Revocation {
    pub by: FactHash,
    pub last: Option<u64>,
    pub why: RevocationReason,
}

/// An authority's own key: the one the operation named, or one that followed it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct OwnKey {
    /// How many keys came before it. A later one may revoke an earlier one, never the reverse.
    generation: u32,
    authority: AuthorityId,
    key: PublicKey,
    /// The change that brought it, and the device that signed that; `None` for the first.
    by: Option<(FactHash, DeviceId)>,
    /// Whether that change counts.
    stands: bool,
}

/// Every key the record knows.
#[derive(Debug, Clone, Default)]
pub struct Keys {
    /// Facts that open, enrol, change and revoke.
    facts: BTreeMap<FactHash, Arc<Fact>>,
    /// Changes of key, by the device that signed them.
    changes: BTreeMap<DeviceId, Vec<Arc<Fact>>>,
    own: BTreeMap<DeviceId, OwnKey>,
    parties: BTreeMap<AuthorityId, Party>,
    deciders: Option<Box<Deciders>>,
    enrolments: BTreeMap<DeviceId, BTreeSet<Enrolment>>,
    revocations: BTreeMap<(DeviceId, AuthorityId), Revocation>,
}

impl Keys {
    /// Whether a fact is about keys.
    pub(crate) fn concerns(fact: &Fact) -> bool {
        matches!(
            fact.event,
            Event::OperationOpened { .. }
                | Event::DeviceEnrolled { .. }
                | Event::KeyChanged { .. }
                | Event::DeviceRevoked { .. }
        )
    }

    /// Takes in a fact about keys. Returns the devices whose facts may now count otherwise.
    ///
    /// What a device can sign for itself costs no more when there is much of it: only what an authority's
    /// own key says has everything folded again.
    pub(crate) fn insert(&mut self, fact: &Arc<Fact>) -> BTreeSet<DeviceId> {
        self.facts.insert(fact.hash, fact.clone());
        if let Event::KeyChanged { .. } = fact.event {
            self.changes.entry(fact.device).or_default().push(fact.clone());
        }
        let by_own = self.own.contains_key(&fact.device);
        match fact.event {
            Event::DeviceEnrolled { .. } => {
                let enrolled = self.enrol(fact);
                return self.hand_on(enrolled);
            }
            Event::KeyChanged { .. } if !by_own => {
                let followed = self.succeed(fact);
                return self.hand_on(followed);
            }
            Event::DeviceRevoked { .. } if !by_own => return BTreeSet::new(),
            _ => {}
        }
        let before = (self.enrolments.clone(), self.revocations.clone());
        self.fold();
        let devices = before.0.keys().chain(self.enrolments.keys());
        let revoked = before.1.keys().chain(self.revocations.keys()).map(|(device, _)| device);
        let differs = |d: &&DeviceId| {
            before.0.get(d) != self.enrolments.get(d)
                || self.revocations_of(&before.1, d) != self.revocations_of(&self.revocations, d)
        };
        devices.chain(revoked).filter(differs).copied().collect()
    }

    pub fn parties(&self) -> &BTreeMap<AuthorityId, Party> {
        &self.parties
    }

    /// Who decides what; `None` where the opening is of the first form, or not here.
    pub fn deciders(&self) -> Option<&Deciders> {
        self.deciders.as_deref()
    }

    /// Whether what the fact decides is its authority's to decide. True of whatever decides nothing of
    /// the kind, and of everything where the opening does not say.
    pub fn entitled(&self, fact: &Fact) -> bool {
        self.deciders().is_none_or(|deciders| deciders.let_decide(fact))
    }

    /// Every authority's leave for a device to sign, in order of authority; empty when unknown.
    pub fn enrolments(&self, device: &DeviceId) -> impl Iterator<Item = &Enrolment> {
        self.enrolments.get(device).into_iter().flatten()
    }

    /// Every device that may, or might once, sign.
    pub fn devices(&self) -> impl Iterator<Item = (&DeviceId, &BTreeSet<Enrolment>)> {
        self.enrolments.iter()
    }

    /// Whether the device's signature is to be taken in as the authority's word. Once it is, no
    /// further fact changes that: what was taken in may later count for nothing.
    pub fn may_sign(&self, device: &DeviceId, authority: &AuthorityId) -> bool {
        self.enrolments(device).any(|e| e.authority == *authority)
    }

    /// Whether an authority answers with this key: it enrols and revokes.
    pub fn is_own(&self, device: &DeviceId, authority: &AuthorityId) -> bool {
        self.own.get(device).is_some_and(|own| own.authority == *authority)
    }

    pub fn revocation(&self, device: &DeviceId, authority: &AuthorityId) -> Option<&Revocation> {
        self.revocations.get(&(*device, authority.clone()))
    }

    /// Whether the fact counts as its authority's word. A device that nobody enrolled is not judged
    /// here: whoever takes facts in keeps it out.
    pub fn counts(&self, fact: &Fact) -> bool {
        if !self.before_revocation(fact) {
            return false;
        }
        let mut own = self.enrolments(&fact.device).filter(|e| e.authority == fact.authority);
        match own.next() {
            None => true,
            Some(first) => first.stands || own.any(|e| e.stands),
        }
    }

    fn before_revocation(&self, fact: &Fact) -> bool {
        let revoked = match self.revocations.is_empty() {
            true => None,
            false => self.revocation(&fact.device, &fact.authority),
        };
        revoked.is_none_or(|r| r.last.is_some_and(|last| fact.sequence <= last))
    }

    fn revocations_of<'a>(
        &self,
        of: &'a BTreeMap<(DeviceId, AuthorityId), Revocation>,
        device: &DeviceId,
    ) -> Vec<(&'a AuthorityId, &'a Revocation)> {
        of.iter().filter(|((d, _), _)| d == device).map(|((_, a), r)| (a, r)).collect()
    }

    /// Everything again, from the set of facts about keys.
    fn fold(&mut self) {
        self.open();
        self.revoke();
        self.enrolments.clear();
        let own: Vec<_> = self.own.iter().map(|(d, o)| (*d, o.enrolment())).collect();
        for (device, enrolment) in own {
            self.let_sign(device, enrolment);
        }
        let facts: Vec<_> = self.facts.values().cloned().collect();
        for fact in &facts {
            self.enrol(fact);
        }
        self.hand_on(self.changes.keys().copied().collect::<Vec<_>>());
    }

    /// The parties, their own keys, and the keys that followed those.
    fn open(&mut self) {
        let opening = self.facts.values().find_map(|f| match &f.event {
            // A second opening is refused at the door; by hash, so that nobody's order decides.
            Event::OperationOpened { authorities, deciders } => {
                Some((authorities.clone(), deciders.clone()))
            }
            _ => None,
        });
        let (parties, deciders) = opening.unwrap_or_default();
        self.deciders = deciders;
        self.own = parties.iter().map(|p| (DeviceId::of(&p.key), OwnKey::first(p))).collect();
        self.parties = parties.into_iter().map(|p| (p.authority.clone(), p)).collect();
        let mut newest: Vec<_> = self.own.keys().copied().collect();
        while !newest.is_empty() {
            // The least of what one more change brings, so that no order of arrival decides.
            let mut found: BTreeMap<DeviceId, OwnKey> = BTreeMap::new();
            for fact in newest.iter().filter_map(|device| self.changes.get(device)).flatten() {
                let Event::KeyChanged { key, .. } = &fact.event else { continue };
                let Some(old) = self.own.get(&fact.device) else { continue };
                let new = DeviceId::of(key);
                if old.authority == fact.authority && !self.own.contains_key(&new) {
                    let own = old.followed_by(*key, fact);
                    let kept = found.entry(new).or_insert_with(|| own.clone());
                    if own < *kept {
                        *kept = own;
                    }
                }
            }
            newest = found.keys().copied().collect();
            self.own.extend(found);
        }
    }

    /// Own keys first, then the devices that own keys which still count revoke.
    fn revoke(&mut self) {
        self.revocations.clear();
        let (mut by_successors, mut by_rulers) = (BTreeMap::new(), BTreeMap::new());
        let mut of_devices = Vec::new();
        for fact in self.facts.values() {
            let Event::DeviceRevoked { device, last, why } = fact.event else { continue };
            let Some(signer) = self.own.get(&fact.device) else { continue };
            if signer.authority != fact.authority {
                continue;
            }
            let revocation = Revocation { by: fact.hash, last, why };
            let Some(target) = self.own.get(&device) else {
                of_devices.push(((device, fact.authority.clone()), revocation, fact.clone()));
                continue;
            };
            let key = (device, target.authority.clone());
            if signer.authority == target.authority {
                // A stolen own key must not take its successor out of use.
                if signer.generation > target.generation {
                    keep_strictest(&mut by_successors, key, revocation);
                }
            } else if self.parties.get(&signer.authority).is_some_and(|p| p.resolves) {
                keep_strictest(&mut by_rulers, key, revocation);
            }
        }
        // Of two who hold one key, each could revoke for the other: an entitled authority decides.
        self.revocations = by_successors;
        self.revocations.extend(by_rulers);
        self.judge_own_keys();
        for (key, revocation, fact) in of_devices {
            if self.own_word_counts(&fact) {
                keep_strictest(&mut self.revocations, key, revocation);
            }
        }
    }

    /// An own key stands when every change that led to it counts.
    fn judge_own_keys(&mut self) {
        let mut by_age: Vec<_> = self.own.iter().map(|(d, o)| (o.generation, *d)).collect();
        by_age.sort();
        for (_, device) in by_age {
            let Some((change, signer)) = self.own.get(&device).and_then(|own| own.by) else {
                continue;
            };
            let counts = self.facts.get(&change).is_some_and(|f| self.before_revocation(f))
                && self.own.get(&signer).is_some_and(|own| own.stands);
            if let Some(own) = self.own.get_mut(&device) {
                own.stands = counts;
            }
        }
    }

    /// Whether a fact by an own key still counts.
    fn own_word_counts(&self, fact: &Fact) -> bool {
        self.own.get(&fact.device).is_some_and(|own| own.stands) && self.before_revocation(fact)
    }

    fn enrol(&mut self, fact: &Fact) -> Option<DeviceId> {
        let Event::DeviceEnrolled { key, role, site, term } = &fact.event else { return None };
        if !self.is_own(&fact.device, &fact.authority) {
            return None;
        }
        let device = DeviceId::of(key);
        self.let_sign(
            device,
            Enrolment {
                authority: fact.authority.clone(),
                key: *key,
                role: *role,
                site: site.clone(),
                term: term.clone(),
                by: Some(fact.hash),
                stands: self.own_word_counts(fact),
            },
        );
        Some(device)
    }

    /// From these devices on, lets each new key do what the one before it was enrolled for. Gives every
    /// device that may do something it might not before, and those it was asked for.
    fn hand_on(&mut self, from: impl IntoIterator<Item = DeviceId>) -> BTreeSet<DeviceId> {
        let mut reached: BTreeSet<_> = from.into_iter().collect();
        let mut waiting = reached.clone();
        while let Some(device) = waiting.pop_first() {
            for change in self.changes.get(&device).cloned().unwrap_or_default() {
                let followed = self.succeed(&change);
                reached.extend(followed);
                waiting.extend(followed);
            }
        }
        reached
    }

    /// The new key takes over what the old one was enrolled for. `None` when that lets it do nothing more.
    fn succeed(&mut self, fact: &Fact) -> Option<DeviceId> {
        let Event::KeyChanged { key, .. } = &fact.event else { return None };
        let counts = self.before_revocation(fact);
        let inherited: BTreeSet<_> = self
            .enrolments(&fact.device)
            .filter(|e| e.authority == fact.authority)
            .map(|e| Enrolment {
                key: *key,
                by: Some(fact.hash),
                stands: e.stands && counts,
                ..e.clone()
            })
            .collect();
        let new = DeviceId::of(key);
        let mut more = false;
        for enrolment in inherited {
            more |= self.let_sign(new, enrolment);
        }
        more.then_some(new)
    }

    /// Whether the device may now do what no enrolment of it said before.
    fn let_sign(&mut self, device: DeviceId, enrolment: Enrolment) -> bool {
        let there = self.enrolments.entry(device).or_default();
        let more = !there.iter().any(|e| Enrolment { by: enrolment.by, ..e.clone() } == enrolment);
        there.insert(enrolment);
        more
    }
}

impl OwnKey {
    fn first(party: &Party) -> Self {
        Self {
            generation: 0,
            authority: party.authority.clone(),
            key: party.key,
            by: None,
            stands: true,
        }
    }

    fn followed_by(&self, key: PublicKey, change: &Fact) -> Self {
        Self {
            generation: self.generation + 1,
            authority: self.authority.clone(),
            key,
            by: Some((change.hash, change.device)),
            stands: true,
        }
    }

    fn enrolment(&self) -> Enrolment {
        Enrolment {
            authority: self.authority.clone(),
            key: self.key,
            role: Role::Keyholder,
            site: None,
            term: None,
            by: self.by.map(|(fact, _)| fact),
            stands: self.stands,
        }
    }
}

/// Of several revocations the one that leaves least, then by hash.
fn keep_strictest(
    of: &mut BTreeMap<(DeviceId, AuthorityId), Revocation>,
    key: (DeviceId, AuthorityId),
    new: Revocation,
) {
    let kept = of.entry(key).or_insert(new);
    if (new.last, new.by) < (kept.last, kept.by) {
        *kept = new;
    }
}
