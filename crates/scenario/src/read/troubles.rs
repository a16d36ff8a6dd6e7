//! `troubles.toml`.

use super::routes::site;
use super::source::Index;
use super::table::{Placed, Table};
use crate::cohort::Gate;
use crate::operation::Operation;
use crate::troubles::*;
use domain::custody::RefusalReason;
use domain::fact::{DeferralReason, Notified, ResolutionReason, Role};
use domain::ids::{AuthorityId, Night, WaypointId};

type Nights<'a> = Option<&'a Operation>;

pub fn troubles(t: &Table, index: &Index, nights: Nights) -> Option<Troubles> {
    let first_night = t.table("first_night").and_then(|f| self::first_night(&f, index, nights));
    let lost_control = t.table("lost_control").and_then(|l| self::lost_control(&l, index));
    let slow_down = t.table("slow_down").and_then(|s| self::slow_down(&s, nights));
    let lost_night = t.table("lost_night").and_then(|l| self::lost_night(&l, nights));
    let partial_night = t.table("partial_night").and_then(|p| self::partial_night(&p, nights));
    let minors = t.table("minors_found").and_then(|m| self::minors(&m));
    let musters = t.tables("muster_by_number").iter().filter_map(|m| muster(m, index)).collect();
    let late_waypoints =
        t.tables("late_waypoint").iter().filter_map(|l| late(l, index, nights)).collect();
    let offline = t.tables("offline").iter().filter_map(|o| offline(o, index, nights)).collect();
    let desks = t.tables("notice_desk").iter().filter_map(|d| desk(d, index)).collect();
    Some(Troubles {
        first_night: first_night?,
        lost_control: lost_control?,
        slow_down: slow_down?,
        lost_night: lost_night?,
        partial_night: partial_night?,
        minors: minors?,
        musters,
        late_waypoints,
        offline,
        desks,
    })
}

fn night(t: &Table, key: &'static str, operation: Nights) -> Option<Night> {
    let Placed { value, at } = t.placed_date(key)?;
    if let Some(operation) = operation
        && operation.night_index(value).is_none()
    {
        super::calendar::out_of_operation(t.file(), at, value, operation);
        return None;
    }
    Some(value)
}

fn first_night(t: &Table, index: &Index, nights: Nights) -> Option<FirstNight> {
    let night = night(t, "night", nights);
    let (origin, dest) =
        (site(t, index, "origin", "origin"), site(t, index, "dest", "destination"));
    let (offered, accepted) = (t.uint("offered"), t.uint("accepted"));
    let mut others = Vec::new();
    for item in t.tables("not_accepted") {
        others.extend(not_accepted(&item));
    }
    if let (Some(offered), Some(accepted)) = (offered, accepted) {
        let named: u32 = others.iter().map(|o: &NotAccepted| o.count).sum();
        if accepted + named != offered {
            let what = format!("{offered} offered, {accepted} accepted, {named} explained");
            t.file().find(t.at, "does-not-add-up", what, "change [[not_accepted]] counts");
        }
    }
    let source = t.string("source");
    t.done();
    Some(FirstNight {
        night: night?,
        origin: origin?,
        dest: dest?,
        offered: offered?,
        accepted: accepted?,
        others,
        source: source?,
    })
}

fn not_accepted(t: &Table) -> Option<NotAccepted> {
    let count = t.uint("count");
    let not_present = t.bool_or("not_present", false);
    let reason = if not_present {
        t.code("reason", &["not-present"], |w| w).map(str::to_owned)
    } else {
        t.code("reason", RefusalReason::ALL, RefusalReason::code).map(|r| r.code().to_owned())
    };
    let explained = t.code("explained", ResolutionReason::ALL, ResolutionReason::code);
    let explained = explained.map(|r| r.code().to_owned());
    let explained_on = t.date("explained_on");
    let back_at_origin = t.bool_or("back_at_origin", false);
    t.done();
    Some(NotAccepted {
        count: count?,
        not_present,
        reason: reason?,
        explained: explained?,
        explained_on: explained_on?,
        back_at_origin,
    })
}

fn lost_control(t: &Table, index: &Index) -> Option<LostControl> {
    let (date, muster_on) = (t.date("date"), t.date("muster_on"));
    let recaptured_by = t.date("recaptured_by");
    let site_id = site(t, index, "site", "origin");
    let (held, missing) = (t.uint("held"), t.uint("missing"));
    let recaptured = t.uint("recaptured");
    if let (Some(missing), Some(recaptured)) = (missing, recaptured)
        && recaptured > missing
    {
        let what = format!("{recaptured} recaptured of {missing} missing");
        t.file().find(t.at, "does-not-add-up", what, "lower 'recaptured'");
    }
    let moved_to = if t.has("moved_to") { site(t, index, "moved_to", "origin") } else { None };
    let source = t.string("source");
    t.done();
    Some(LostControl {
        date: date?,
        site: site_id?,
        held: held?,
        missing: missing?,
        recaptured: recaptured?,
        muster_on: muster_on?,
        recaptured_by: recaptured_by?,
        moved_to,
        source: source?,
    })
}

fn slow_down(t: &Table, nights: Nights) -> Option<SlowDown> {
    let announced = t.date("announced");
    let (from, to) = (night(t, "from", nights), night(t, "to", nights));
    let source = t.string("source");
    t.done();
    Some(SlowDown { announced: announced?, from: from?, to: to?, source: source? })
}

fn lost_night(t: &Table, nights: Nights) -> Option<LostNight> {
    let night = night(t, "night", nights);
    let (station, source) = (t.string("station"), t.string("source"));
    t.done();
    Some(LostNight { night: night?, station: station?, source: source? })
}

fn partial_night(t: &Table, nights: Nights) -> Option<PartialNight> {
    let night = night(t, "night", nights);
    let station = t.string("station");
    let (from, to) = (t.time("from"), t.time("to"));
    let slots = t.uint("slots");
    let source = t.string("source");
    t.done();
    Some(PartialNight {
        night: night?,
        station: station?,
        from: from?,
        to: to?,
        slots: slots?,
        source: source?,
    })
}

fn minors(t: &Table) -> Option<MinorsFound> {
    let (count, within_days) = (t.uint("count"), t.uint("within_days"));
    let gate = t.code("gate", Gate::ALL, Gate::code);
    let source = t.string("source");
    t.done();
    Some(MinorsFound { count: count?, within_days: within_days?, gate: gate?, source: source? })
}

fn muster(t: &Table, index: &Index) -> Option<MusterByNumber> {
    let date = t.date("date");
    let site_id = site(t, index, "site", "site");
    let off_by = t.int("off_by").and_then(|n| i32::try_from(n).ok());
    let corrected_after_h = t.uint("corrected_after_h");
    let source = t.string("source");
    t.done();
    Some(MusterByNumber {
        date: date?,
        site: site_id?,
        off_by: off_by?,
        corrected_after_h: corrected_after_h?,
        source: source?,
    })
}

fn late(t: &Table, index: &Index, nights: Nights) -> Option<LateWaypoint> {
    let night = night(t, "night", nights);
    let id = t.str("waypoint")?;
    let known = index.refer("waypoint", id.value, t.file(), id.at);
    let waypoint = WaypointId::new(id.value).ok().filter(|_| known);
    let late_min = t.uint("late_min");
    let source = t.string("source");
    t.done();
    Some(LateWaypoint { night: night?, waypoint: waypoint?, late_min: late_min?, source: source? })
}

fn offline(t: &Table, index: &Index, nights: Nights) -> Option<OfflineDevice> {
    let night = night(t, "night", nights);
    let site_id = site(t, index, "site", "site");
    let (from, hours) = (t.time("from"), t.uint("hours"));
    let source = t.string("source");
    t.done();
    Some(OfflineDevice {
        night: night?,
        site: site_id?,
        from: from?,
        hours: hours?,
        source: source?,
    })
}

fn desk(t: &Table, index: &Index) -> Option<NoticeDesk> {
    let whom = t.str("whom");
    let whom = match whom {
        Some(word) if word.value == "examination" => Some(None),
        _ => t.code("whom", Notified::ALL, Notified::code).map(Some),
    };
    let authority = t.str("authority")?;
    index.refer("authority", authority.value, t.file(), authority.at);
    let role = t.code("role", Role::ALL, Role::code);
    let (hour, after_h) = (t.uint("hour"), t.uint("after_h"));
    if let Some(hour) = hour.filter(|h| *h > 23) {
        t.file().find(t.at, "out-of-range", format!("'hour' is {hour}"), "write 0 to 23");
        return None;
    }
    let (per_day, waived_permille) = (t.uint("per_day"), t.uint("waived_permille"));
    let waived_as = t.code("waived_as", DeferralReason::ALL, DeferralReason::code);
    let source = t.string("source");
    t.done();
    Some(NoticeDesk {
        whom: whom?,
        authority: AuthorityId::new(authority.value).ok()?,
        role: role?,
        hour: hour?,
        after_h: after_h?,
        per_day: per_day?,
        waived_permille: waived_permille?,
        waived_as: waived_as?,
        source: source?,
    })
}
