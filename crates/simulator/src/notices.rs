//! Desks that tell others of the people admitted, as fast as the scenario assumes they can.

use crate::agenda::Item;
use crate::cast::Signatory;
use crate::keys;
use crate::play::{Play, next_day};
use domain::*;
use jiff::{SignedDuration, Timestamp};
use scenario::troubles::NoticeDesk;
use std::collections::BTreeMap;

/// Days after the last night on which the desks still work.
const DAYS_AFTER: usize = 4;
/// People in one notice: what an officer signs at a time.
const BATCH: usize = 200;

impl Play {
    /// Each desk works once a day, from the day after the first night.
    pub(crate) fn open_desks(&mut self) {
        let operation = &self.scenario.operation;
        let days = operation.nights().count() + DAYS_AFTER;
        let mut sessions = Vec::new();
        for (index, desk) in self.scenario.troubles.desks.iter().enumerate() {
            let mut date = operation.first_night;
            for _ in 0..days {
                date = next_day(date);
                sessions.push((self.on(date, desk.hour as i8, 0), Item::Desk(index)));
            }
        }
        for (at, item) in sessions {
            self.agenda.put(at, item);
        }
    }

    /// The files of people admitted at a site go to every desk.
    pub(crate) fn file(&mut self, admitted: Timestamp, site: &SiteId, people: &[PersonId]) {
        for (index, desk) in self.scenario.troubles.desks.iter().enumerate() {
            let reaches = admitted + SignedDuration::from_hours(desk.after_h.into());
            let files = people.iter().map(|p| (reaches, *p, site.clone()));
            self.waiting.entry(index).or_default().extend(files);
        }
    }

    /// A day's work: as many of the oldest files as the desk gets through.
    pub(crate) fn work_through(&mut self, at: Timestamp, index: usize) {
        let Some(desk) = self.scenario.troubles.desks.get(index).cloned() else { return };
        let Some(waiting) = self.waiting.get(&index) else { return };
        // The doctors are at each site, with a day's work of their own.
        let mut today: BTreeMap<Option<SiteId>, Vec<(Timestamp, PersonId, SiteId)>> =
            BTreeMap::new();
        for file in waiting.iter().take_while(|(reaches, _, _)| *reaches <= at) {
            let place = desk.whom.is_none().then(|| file.2.clone());
            let files = today.entry(place).or_default();
            if files.len() < desk.per_day as usize {
                files.push(file.clone());
            }
        }
        let mut then = at;
        for (site, files) in today {
            let by = match &site {
                Some(site) => self.at_site(site, desk.role),
                None => Some(Signatory::of(&desk.authority, desk.role, None)),
            };
            let Some(by) = by else { continue };
            for batch in files.chunks(BATCH) {
                let people: Vec<_> = batch.iter().map(|(_, person, _)| *person).collect();
                self.sign_notices(then, &by, &desk, people);
                then += SignedDuration::from_mins(10);
            }
            if let Some(waiting) = self.waiting.get_mut(&index) {
                for file in &files {
                    waiting.remove(file);
                }
            }
        }
    }

    fn sign_notices(
        &mut self,
        at: Timestamp,
        by: &Signatory,
        desk: &NoticeDesk,
        people: Vec<PersonId>,
    ) {
        let Some(whom) = desk.whom else {
            self.say(at, by, Event::Examined { people });
            return;
        };
        let seed = self.seed();
        let waived = |p: &PersonId| {
            let what = format!("waived {whom}");
            keys::draw(seed, &what, *p, 1000) < u64::from(desk.waived_permille)
        };
        let (waived, told): (Vec<_>, Vec<_>) = people.into_iter().partition(waived);
        if !waived.is_empty() {
            let why = desk.waived_as;
            let deferred = Event::NoticeDeferred { whom, why, until: None, people: waived };
            self.say(at, by, deferred);
        }
        if !told.is_empty() {
            self.say(at, by, Event::Notified { whom, people: told });
        }
    }
}
