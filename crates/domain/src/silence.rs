//! Devices that have said nothing for longer than their enrolment allows.

use crate::ids::*;
use crate::record::Record;
use jiff::{SignedDuration, Timestamp};

/// A device somebody must look at: destroyed, out of reach, or kept from reporting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Silence {
    pub device: DeviceId,
    pub authority: AuthorityId,
    /// When it last said something, or when its term began.
    pub since: Timestamp,
    /// How long it may be silent, in seconds.
    pub allowed_s: u32,
}

/// Devices silent at `now`, in order of device. Those without a term, revoked, or whose term has not
/// begun or is over are not expected to speak.
pub fn silences(record: &Record, now: Timestamp) -> Vec<Silence> {
    let mut found = Vec::new();
    for (device, enrolments) in record.keys().devices() {
        let last = record.device(device).and_then(|d| d.head()).and_then(|signed| {
            signed.facts.iter().filter_map(|h| record.fact(h)).map(|f| f.occurred_at).max()
        });
        for enrolment in enrolments {
            let Some(term) = &enrolment.term else { continue };
            let revoked = record.keys().revocation(device, &enrolment.authority).is_some();
            if revoked || now < term.from || now >= term.until {
                continue;
            }
            let since = last.map_or(term.from, |last| last.max(term.from));
            if now.duration_since(since) > SignedDuration::from_secs(term.silence_s.into()) {
                let (authority, allowed_s) = (enrolment.authority.clone(), term.silence_s);
                found.push(Silence { device: *device, authority, since, allowed_s });
            }
        }
    }
    found
}

/// The longest time between `from` and `until` in which a device said nothing, by its own clock: from
/// its end to its beginning. `None` when there is no such time.
///
/// The chain is walked only where the device's clock went backwards, or where it spoke outside.
pub fn longest_silence(
    record: &Record,
    device: &DeviceId,
    from: Timestamp,
    until: Timestamp,
) -> Option<(Timestamp, Timestamp)> {
    let chain = record.device(device);
    let spoken = chain.and_then(|device| device.spoken());
    if let Some(spans) = spoken.and_then(|spoken| spoken.spans(from, until)) {
        return longest(spans);
    }
    let spoke = chain.into_iter().flat_map(|d| d.facts()).map(|fact| fact.occurred_at);
    let mut instants: Vec<_> = spoke.filter(|at| (from..=until).contains(at)).collect();
    instants.extend([from, until]);
    instants.sort();
    longest(instants.windows(2).map(|pair| (pair[0], pair[1])))
}

type Span = (Timestamp, Timestamp);

/// Of several that are as long, the first.
fn longest(spans: impl IntoIterator<Item = Span>) -> Option<Span> {
    let longest = spans.into_iter().reduce(|kept, new| {
        if new.1.duration_since(new.0) > kept.1.duration_since(kept.0) { new } else { kept }
    });
    longest.filter(|(from, until)| from < until)
}

/// When a device said something, by its own clock, as far as that tells how long it was silent.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spoken {
    first: Timestamp,
    last: Timestamp,
    /// The longest silence between the two.
    longest: Span,
    /// No fact came in that happened before one that had come in already.
    in_order: bool,
}

impl Spoken {
    pub fn at(at: Timestamp) -> Self {
        Self { first: at, last: at, longest: (at, at), in_order: true }
    }

    pub fn and_at(self, at: Timestamp) -> Self {
        let longest = longest([self.longest, (self.last, at)]).unwrap_or(self.longest);
        Self { longest, last: at, in_order: self.in_order && self.last <= at, ..self }
    }

    /// The silences that can be the longest of a time, in order; `None` when only the chain can tell.
    fn spans(self, from: Timestamp, until: Timestamp) -> Option<[Span; 3]> {
        let whole = self.in_order && from <= self.first && self.last <= until;
        whole.then_some([(from, self.first), self.longest, (self.last, until)])
    }
}
