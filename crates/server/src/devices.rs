//! Devices as their authority, and an overseer, sees them.

use crate::api::{DeviceChainHead, DevicesPage, MaySign, Problem};
use crate::app::App;
use crate::entitled::Sight;
use crate::views::devices::devices;
use access::{Ask, Screen};
use axum::Json;
use axum::extract::{Path, State};
use domain::{AuthorityId, DeviceId, Record};
use jiff::Timestamp;

/// Whose devices somebody sees.
pub(crate) enum Whose {
    Everybody,
    Of(AuthorityId),
}

impl Whose {
    pub(crate) fn seen_by(sight: &Sight) -> Self {
        match sight.asker() {
            Some(asker) if !sight.allows(&Ask::See(Screen::AllDevices)) => {
                Whose::Of(asker.authority.clone())
            }
            _ => Whose::Everybody,
        }
    }

    pub(crate) fn includes(&self, authority: &AuthorityId) -> bool {
        match self {
            Whose::Everybody => true,
            Whose::Of(own) => own == authority,
        }
    }
}

/// Devices: who enrolled them, when they last spoke, what their chains lack, which are out of use. Those
/// of the officer's own authority; everybody's for an overseer.
#[utoipa::path(
    get,
    path = "/api/v1/devices",
    tag = "devices",
    responses(
        (status = 200, body = DevicesPage),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn get_devices(
    State(app): State<App>,
    sight: Sight,
) -> Result<Json<DevicesPage>, Problem> {
    let page = app.blocking(move |app| {
        let (whose, now) = (Whose::seen_by(&sight), app.now());
        Ok(app.node.read(|state| DevicesPage {
            position: state.position(),
            at: now.to_string(),
            everybody: matches!(whose, Whose::Everybody),
            devices: devices(state, now, |authority| whose.includes(authority)),
        }))
    });
    page.await.map(Json)
}

/// Where a device's own chain stands here, and for whom it may sign.
#[utoipa::path(
    get,
    path = "/api/v1/devices/{id}/chain",
    tag = "devices",
    params(("id" = String, Path, description = "SHA-256 of the device's public key, hexadecimal")),
    responses(
        (status = 200, body = DeviceChainHead),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn get_chain(
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<DeviceChainHead>, Problem> {
    let device = DeviceId::parse(&id)?;
    let head = app.blocking(move |app| {
        let (operation, origin) = (app.node.operation().to_string(), app.node.origin().to_owned());
        let now = app.now();
        Ok(app.node.read(|state| chain_head(&state.record, device, operation, origin, now)))
    });
    head.await.map(Json)
}

fn chain_head(
    record: &Record,
    device: DeviceId,
    operation: String,
    origin: String,
    now: Timestamp,
) -> DeviceChainHead {
    let head = record.device(&device).and_then(|d| d.head());
    let may_sign = record.keys().enrolments(&device).map(|enrolment| MaySign {
        authority: enrolment.authority.to_string(),
        role: enrolment.role.to_string(),
        until: enrolment.term.as_ref().map(|term| term.until.to_string()),
        counts: enrolment.stands
            && record.keys().revocation(&device, &enrolment.authority).is_none(),
    });
    DeviceChainHead {
        device: device.to_string(),
        operation,
        origin,
        at: now.to_string(),
        next: head.as_ref().map_or(0, |head| head.sequence + 1),
        last: head.as_ref().map(|head| head.first().to_string()),
        twice: head.is_some_and(|head| head.is_fork()),
        may_sign: may_sign.collect(),
    }
}
