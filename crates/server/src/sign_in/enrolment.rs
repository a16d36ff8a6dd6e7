//! Enrolling a phone: the keyholder's ticket as a QR code, the phone's request, the list of those
//! that wait. The enrolment itself is a fact signed by the authority's key, which is not kept here.

use super::shapes::{NewRequest, NewTicket, OrderDrawn, OrderPicture, Request, Ticket};
use crate::api::Problem;
use crate::app::App;
use crate::ask::Body;
use crate::devices::Whose;
use crate::entitled::Sight;
use crate::problem::ProblemCode;
use crate::sentence::{Sentence, no_such_word};
use crate::sign_in::guard::Asker;
use crate::sign_in::personas::listed;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use base64::Engine;
use base64::prelude::BASE64_STANDARD as BASE64;
use domain::{AuthorityId, DeviceId, PublicKey, Record, Role, SiteId};
use jiff::Timestamp;
use qrcode::types::QrError;
use qrcode::{EcLevel, QrCode, render::svg};
use signin::Token;

/// Characters of what somebody says of themselves in a request.
const HOLDER_MAX: usize = 80;

/// The authority whose devices the officer enrols, and the officer's name at this node. The guard has
/// asked the policies already.
fn enroller(asker: &Asker, sight: &Sight) -> Result<(AuthorityId, String), Problem> {
    let officer = match (asker, sight.asker()) {
        (Asker::Officer(session), _) => {
            (session.account.authority.clone(), session.account.login.clone())
        }
        (_, Some(officer)) => (officer.authority.clone(), listed(officer).id),
        _ => return Err(Problem::saying(ProblemCode::SignInNeeded, Sentence::SignedOut, [])),
    };
    Ok(officer)
}

/// Draw a ticket for one device, good for ten minutes. Keyholders only, for their own authority.
#[utoipa::path(
    post,
    path = "/api/v1/devices/tickets",
    tag = "devices",
    request_body = NewTicket,
    responses(
        (status = 201, body = Ticket),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn post_ticket(
    State(app): State<App>,
    asker: Asker,
    sight: Sight,
    Body(asked): Body<NewTicket>,
) -> Result<(StatusCode, Json<Ticket>), Problem> {
    let (authority, login) = enroller(&asker, &sight)?;
    let unknown = || no_such_word("role", &asked.role);
    let role = Role::from_code(&asked.role).ok_or_else(unknown)?;
    let site = asked.site.as_deref().map(SiteId::new).transpose()?;
    let (token, ticket) = app
        .blocking(move |app| {
            Ok(app.sign_in.tickets.draw(authority, role, site, &login, Timestamp::now())?)
        })
        .await?;
    let address = format!("{}/enrol#{}", app.sign_in.address, token.secret());
    let qr = picture(&address, EcLevel::Q).map_err(|e| Problem::new(ProblemCode::Internal, e))?;
    Ok((StatusCode::CREATED, Json(Ticket { address, qr, until: ticket.until.to_string() })))
}

/// Bytes in one QR code of the largest version at level M (ISO/IEC 18004, table 7).
const PICTURE_MAX: usize = 2_331;

/// A QR code as SVG.
fn picture(text: &str, level: EcLevel) -> Result<String, QrError> {
    let code = QrCode::with_error_correction_level(text, level)?;
    Ok(code.render::<svg::Color>().min_dimensions(240, 240).build())
}

/// An order for the authority's own key as a QR code, for a machine that is reached by nothing but its
/// camera. The order is the page's; here it is only drawn, and kept nowhere.
#[utoipa::path(
    post,
    path = "/api/v1/devices/orders/picture",
    tag = "devices",
    request_body = OrderDrawn,
    responses(
        (status = 200, body = OrderPicture),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn post_order_picture(
    Body(asked): Body<OrderDrawn>,
) -> Result<Json<OrderPicture>, Problem> {
    let qr = picture(&asked.order, EcLevel::M).map_err(|_| {
        let bytes = [("bytes", asked.order.len().into()), ("most", PICTURE_MAX.into())];
        Problem::saying(ProblemCode::OrderTooLong, Sentence::OrderLong, bytes)
    })?;
    Ok(Json(OrderPicture { qr }))
}

/// A phone asks to be enrolled, by a ticket and proof that it holds its key.
#[utoipa::path(
    post,
    path = "/api/v1/devices/requests",
    tag = "devices",
    request_body = NewRequest,
    responses(
        (status = 201, body = Request),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 410, body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn post_request(
    State(app): State<App>,
    Body(asked): Body<NewRequest>,
) -> Result<(StatusCode, Json<Request>), Problem> {
    let key = PublicKey(bytes("key", &asked.key)?);
    let signature = bytes::<64>("signature", &asked.signature)?;
    let token = Token::presented(&asked.ticket);
    let holder = asked.holder.unwrap_or_default().trim().to_owned();
    if holder.chars().count() > HOLDER_MAX {
        let what = format!("holder is longer than {HOLDER_MAX} characters");
        return Err(Problem::new(ProblemCode::NotUnderstood, what));
    }
    let redeem = move |app: &App| {
        Ok(app.sign_in.tickets.redeem(&token, key, &signature, &holder, Timestamp::now())?)
    };
    let request = app.blocking(redeem).await?;
    Ok((StatusCode::CREATED, Json(shown(&request))))
}

/// Devices that wait to be enrolled: by the officer's own authority; by any, for an overseer.
#[utoipa::path(
    get,
    path = "/api/v1/devices/requests",
    tag = "devices",
    responses(
        (status = 200, body = Vec<Request>),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn get_requests(
    State(app): State<App>,
    sight: Sight,
) -> Result<Json<Vec<Request>>, Problem> {
    let whose = Whose::seen_by(&sight);
    let seen = app.blocking(move |app| {
        let requests = app.sign_in.tickets.requests(Timestamp::now())?;
        let waits = |record: &Record, r: &signin::Request| {
            whose.includes(&r.ticket.authority) && !answered(record, r)
        };
        let seen = app.node.read(|state| {
            let seen = requests.iter().filter(|r| waits(&state.record, r));
            seen.map(shown).collect()
        });
        Ok(Json(seen))
    });
    seen.await
}

/// Whether the record has the enrolment: whoever signed it need not have reached this node. A key that was
/// taken out of use since stays so: its device asks again with a new one.
fn answered(record: &Record, request: &signin::Request) -> bool {
    let (device, ticket) = (DeviceId::of(&request.key), &request.ticket);
    let mut enrolments = record.keys().enrolments(&device);
    enrolments
        .any(|e| e.authority == ticket.authority && e.role == ticket.role && e.site == ticket.site)
}

/// Turn a waiting phone away: nothing of it is in the record. Keyholders only, at their own authority.
#[utoipa::path(
    delete,
    path = "/api/v1/devices/requests/{key}",
    tag = "devices",
    params(("key" = String, Path, description = "Ed25519 public key, hexadecimal")),
    responses(
        (status = 204, description = "It waits no longer; also when it did not"),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn delete_request(
    State(app): State<App>,
    asker: Asker,
    sight: Sight,
    Path(key): Path<String>,
) -> Result<StatusCode, Problem> {
    let (authority, _) = enroller(&asker, &sight)?;
    let key = PublicKey::parse(&key)?;
    app.blocking(move |app| {
        let requests = app.sign_in.tickets.requests(Timestamp::now())?;
        if requests.iter().any(|r| r.key == key && r.ticket.authority == authority) {
            app.sign_in.tickets.answered(&key)?;
        }
        Ok(StatusCode::NO_CONTENT)
    })
    .await
}

fn shown(request: &signin::Request) -> Request {
    Request {
        key: request.key.to_string(),
        authority: request.ticket.authority.to_string(),
        role: request.ticket.role.code().to_owned(),
        site: request.ticket.site.as_ref().map(ToString::to_string),
        holder: (!request.holder.is_empty()).then(|| request.holder.clone()),
        drawn_by: request.ticket.drawn_by.clone(),
        asked: request.asked.to_string(),
    }
}

fn bytes<const N: usize>(field: &str, text: &str) -> Result<[u8; N], Problem> {
    let read = BASE64.decode(text).ok().and_then(|bytes| bytes.try_into().ok());
    let wrong = || {
        let what = format!("{field} must be {N} bytes in base64");
        Problem::new(ProblemCode::NotUnderstood, what)
    };
    read.ok_or_else(wrong)
}
