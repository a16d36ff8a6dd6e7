use crate::cbor::Writer;
use domain::{
    Answer, Commitment, CoverDecision, Event, FactHash, Link, Look, Looker, Muster, PersonId,
    Section, Term, Writing,
};

/// The number of the kind in the payload (key 11).
pub fn kind_number(event: &Event) -> u64 {
    match event {
        Event::OperationOpened { deciders: None, .. } => 1,
        Event::OperationOpened { deciders: Some(_), .. } => 36,
        Event::DeviceEnrolled { term: None, .. } => 2,
        Event::DeviceEnrolled { term: Some(_), .. } => 26,
        Event::KeyChanged { .. } => 27,
        Event::DeviceRevoked { .. } => 28,
        Event::HeadsSeen { .. } => 29,
        Event::PlanAdopted { .. } => 3,
        Event::IntakePromised { .. } => 4,
        Event::CoverDecided { .. } => 5,
        Event::Registered { .. } => 6,
        Event::GateDecided { .. } => 7,
        Event::ManifestFrozen { .. } => 8,
        Event::Boarded { .. } => 9,
        Event::Departed { .. } => 10,
        Event::WaypointPassed { .. } => 11,
        Event::Arrived { .. } => 12,
        Event::MovementCancelled { .. } => 13,
        Event::HandoverOffered { .. } => 14,
        Event::HandoverAnswered { .. } => 15,
        Event::HandoverWithdrawn { .. } => 16,
        Event::Placed { .. } => 17,
        Event::Exited { .. } => 18,
        Event::Recovered { .. } => 19,
        Event::MusterTaken { .. } => 20,
        Event::IncidentReported { .. } => 21,
        Event::AgeFound { .. } => 22,
        Event::Notified { .. } => 23,
        Event::ForkResolved { .. } => 24,
        Event::DiscrepancyResolved { .. } => 25,
        Event::ParticularsKept { written: None, .. } => 30,
        Event::ParticularsKept { .. } => 35,
        Event::ParticularsLookedAt { look, .. } if look.policy_set.is_none() => 31,
        Event::ParticularsLookedAt { .. } => 34,
        Event::ErasureApproved { .. } => 32,
        Event::SectionsShredded { .. } => 33,
        // 37 to 39 are left for facts about the register and keys.
        Event::NoticeDeferred { .. } => 40,
        Event::Examined { .. } => 41,
        Event::StatementIssued { .. } => 42,
    }
}

/// Writes the map under key 12.
pub fn write(w: &mut Writer, event: &Event) {
    let mut b = Body(w);
    match event {
        Event::OperationOpened { authorities, deciders } => {
            b.map(1 + 3 * usize::from(deciders.is_some())).key(1).array(authorities.len());
            for party in authorities {
                b.array(3);
                b.text(&party.authority).bytes(&party.key.0).0.bool(party.resolves);
            }
            if let Some(deciders) = deciders {
                b.key(2).text(&deciders.plans).key(3).array(deciders.cover.len());
                for authority in &deciders.cover {
                    b.text(authority);
                }
                b.key(4).array(deciders.intake.len());
                for (site, authority) in &deciders.intake {
                    b.array(2).text(site).text(authority);
                }
            }
        }
        Event::DeviceEnrolled { key, role, site, term } => {
            b.map(2 + usize::from(site.is_some()) + term.as_deref().map_or(0, term_len));
            b.key(1).bytes(&key.0).key(2).text(role);
            if let Some(site) = site {
                b.key(3).text(site);
            }
            if let Some(term) = term {
                b.term(term);
            }
        }
        Event::KeyChanged { key, proof } => {
            b.map(2).key(1).bytes(&key.0).key(2).bytes(&proof.0);
        }
        Event::DeviceRevoked { device, last, why } => {
            b.map(2 + usize::from(last.is_some())).key(1).bytes(&device.0);
            if let Some(last) = last {
                b.key(2).0.uint(*last);
            }
            b.key(3).text(why);
        }
        Event::HeadsSeen { heads } => {
            b.map(1).key(1).array(heads.len());
            for head in heads {
                b.array(3).bytes(&head.device.0).0.uint(head.sequence);
                b.bytes(&head.hash.0);
            }
        }
        Event::PlanAdopted { plan, revision, parent, why } => {
            b.map(3 + usize::from(parent.is_some()));
            b.key(1).bytes(&plan.0).key(2).uint(*revision);
            if let Some(parent) = parent {
                b.key(3).bytes(&parent.0);
            }
            b.key(4).text(why);
        }
        Event::IntakePromised { site, nights } => {
            b.map(2).key(1).text(site).key(2).array(nights.len());
            for (night, places) in nights {
                b.array(2).text(night).uint(*places);
            }
        }
        Event::CoverDecided { night, decision, reports } => {
            b.map(2 + usize::from(*decision != CoverDecision::Withdrawn)).key(1).text(night);
            if let CoverDecision::Stands { orbits, slots } = decision {
                b.key(2).array(2).uint(*orbits).uint(*slots);
            }
            b.key(3).array(reports.len());
            for report in reports {
                b.text(report);
            }
        }
        Event::Registered { unit, people } => {
            b.map(2).key(1).text(unit).key(2).array(people.len());
            for (person, commitment) in people {
                b.array(2).text(person).bytes(&commitment.0);
            }
        }
        Event::GateDecided { gate, outcome, basis, people, replaces } => {
            b.map(4 + usize::from(replaces.is_some()));
            b.key(1).text(gate).key(2).text(outcome).key(3).text(basis).key(4).people(people);
            b.optional_hash(5, replaces);
        }
        Event::ManifestFrozen { movement, vehicles } => {
            b.map(2).key(1).text(movement).key(2).array(vehicles.len());
            for (vehicle, people) in vehicles {
                b.array(2).text(vehicle).people(people);
            }
        }
        Event::Boarded { movement, vehicle, people } => {
            b.map(3).key(1).text(movement).key(2).text(vehicle).key(3).links(people);
        }
        Event::Departed { movement, aboard } => {
            b.map(2).key(1).text(movement).key(2).uint(*aboard);
        }
        Event::WaypointPassed { movement, waypoint, aboard } => {
            b.map(2 + usize::from(aboard.is_some()));
            b.key(1).text(movement).key(2).text(waypoint);
            if let Some(aboard) = aboard {
                b.key(3).uint(*aboard);
            }
        }
        Event::Arrived { movement, site } => {
            b.map(2).key(1).text(movement).key(2).text(site);
        }
        Event::MovementCancelled { movement, why } => {
            b.map(2).key(1).text(movement).key(2).text(why);
        }
        Event::HandoverOffered { movement, to, site, people } => {
            b.map(4).key(1).text(movement).key(2).text(to).key(3).text(site);
            b.key(4).links(people);
        }
        Event::HandoverAnswered { offer, outcomes } => {
            b.map(2).key(1).bytes(&offer.0).key(2).array(outcomes.len());
            for (person, answer) in outcomes {
                match answer {
                    Answer::Accepted => b.array(2).text(person).text("accepted"),
                    Answer::NotPresent => b.array(2).text(person).text("not-present"),
                    Answer::Refused(why) => b.array(3).text(person).text("refused").text(why),
                };
            }
        }
        Event::HandoverWithdrawn { offer, people } => {
            b.map(2).key(1).bytes(&offer.0).key(2).people(people);
        }
        Event::Placed { unit, people } => {
            b.map(2).key(1).text(unit).key(2).links(people);
        }
        Event::Exited { why, people } => {
            b.map(2).key(1).text(why).key(2).links(people);
        }
        Event::Recovered { unit, people } => {
            b.map(2).key(1).text(unit).key(2).links(people);
        }
        Event::MusterTaken { site, count } => {
            b.map(3).key(1).text(site);
            match count {
                Muster::ByName { present, absent } => {
                    b.key(2).people(present).key(3).people(absent)
                }
                Muster::ByNumber { expected, counted } => {
                    b.key(4).uint(*expected).key(5).uint(*counted)
                }
            };
        }
        Event::IncidentReported { site, kind } => {
            b.map(2).key(1).text(site).key(2).text(kind);
        }
        Event::AgeFound { person, under_18, basis } => {
            b.map(3).key(1).text(person).key(2).0.bool(*under_18);
            b.key(3).text(basis);
        }
        Event::Notified { whom, people } => {
            b.map(2).key(1).text(whom).key(2).people(people);
        }
        Event::ForkResolved { person, at, stands, why } => {
            b.map(3 + usize::from(at.is_some())).key(1).text(person);
            b.optional_hash(2, at);
            b.key(3).bytes(&stands.0).key(4).text(why);
        }
        Event::DiscrepancyResolved { code, fact, why } => {
            b.map(3).key(1).text(code).key(2).bytes(&fact.0).key(3).text(why);
        }
        Event::NoticeDeferred { whom, why, until, people } => {
            b.map(3 + usize::from(until.is_some()));
            b.key(1).text(whom).key(2).text(why);
            if let Some(until) = until {
                b.key(3).0.int(until.as_millisecond());
            }
            b.key(4).people(people);
        }
        Event::Examined { people } => {
            b.map(1).key(1).people(people);
        }
        Event::StatementIssued { definition, position, document } => {
            b.map(3).key(1).text(definition).key(2).0.uint(*position);
            b.key(3).bytes(&document.0);
        }
        Event::ParticularsKept { kept, written } => {
            b.map(if written.is_some() { 6 } else { 1 }).key(1).array(kept.len());
            for (person, section, commitment) in kept {
                b.array(3).text(person).text(section).bytes(&commitment.0);
            }
            if let Some(written) = written {
                b.written(written);
            }
        }
        Event::ParticularsLookedAt { people, look } => b.looked_at(people, look),
        Event::ErasureApproved { person, sections, ground } => {
            b.map(3).key(1).text(person).key(2).sections(sections).key(3).text(ground);
        }
        Event::SectionsShredded { person, sections, ground, approvals } => {
            b.map(4).key(1).text(person).key(2).sections(sections).key(3).text(ground);
            b.key(4).array(approvals.len());
            for approval in approvals {
                b.bytes(&approval.0);
            }
        }
    }
}

fn term_len(term: &Term) -> usize {
    3 + usize::from(term.unit.is_some()) + usize::from(term.replaces.is_some())
}

/// The writer, so that a body reads as a row of its table.
struct Body<'w>(&'w mut Writer);

impl Body<'_> {
    fn map(&mut self, len: usize) -> &mut Self {
        self.0.map(len);
        self
    }
    fn key(&mut self, key: u64) -> &mut Self {
        self.0.uint(key);
        self
    }
    fn array(&mut self, len: usize) -> &mut Self {
        self.0.array(len);
        self
    }
    fn uint(&mut self, n: u32) -> &mut Self {
        self.0.uint(n.into());
        self
    }
    fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.0.bytes(bytes);
        self
    }
    /// Ids, nights and codes go by their published text.
    fn text(&mut self, shown: &(impl std::fmt::Display + ?Sized)) -> &mut Self {
        self.0.text(&shown.to_string());
        self
    }
    fn people(&mut self, people: &[PersonId]) -> &mut Self {
        self.array(people.len());
        people.iter().fold(self, |b, person| b.text(person))
    }
    fn links(&mut self, links: &[Link]) -> &mut Self {
        self.array(links.len());
        links.iter().fold(self, |b, link| b.array(2).text(&link.person).bytes(&link.after.0))
    }
    fn texts<T: std::fmt::Display>(&mut self, all: &[T]) -> &mut Self {
        self.array(all.len());
        all.iter().fold(self, |b, text| b.text(text))
    }
    fn sections(&mut self, sections: &[(Section, Commitment)]) -> &mut Self {
        self.array(sections.len());
        sections
            .iter()
            .fold(self, |b, (section, commitment)| b.array(2).text(section).bytes(&commitment.0))
    }
    fn looked_at(&mut self, people: &[PersonId], look: &Look) {
        self.map(
            6 + usize::from(look.break_glass.is_some()) + usize::from(look.policy_set.is_some()),
        );
        self.key(1).people(people).key(2).texts(&look.sections);
        self.key(3).looker(&look.by);
        self.key(4).text(&look.purpose).key(5).text(&look.relation).key(6).texts(&look.policies);
        if let Some(why) = &look.break_glass {
            self.key(7).text(why);
        }
        if let Some(set) = &look.policy_set {
            self.key(8).bytes(&set.0);
        }
    }
    /// Keys 2 to 6 of sections that an officer wrote down.
    fn written(&mut self, written: &Writing) {
        let Writing { by, purpose, relation, policies, policy_set } = written;
        self.key(2).looker(by).key(3).text(purpose).key(4).text(relation);
        self.key(5).texts(policies).key(6).bytes(&policy_set.0);
    }
    fn looker(&mut self, by: &Looker) -> &mut Self {
        let Looker { authority, officer } = by;
        self.array(3).text(authority).text(&officer.role).uint(officer.number)
    }
    /// Keys 4 to 8 of an enrolment.
    fn term(&mut self, term: &Term) {
        if let Some(unit) = &term.unit {
            self.key(4).text(unit);
        }
        self.key(5).0.int(term.from.as_millisecond());
        self.key(6).0.int(term.until.as_millisecond());
        self.key(7).uint(term.silence_s);
        if let Some(device) = &term.replaces {
            self.key(8).bytes(&device.0);
        }
    }
    fn optional_hash(&mut self, key: u64, hash: &Option<FactHash>) {
        if let Some(hash) = hash {
            self.key(key).bytes(&hash.0);
        }
    }
}
