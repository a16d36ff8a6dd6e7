//! Enrolling a phone: the keyholder's ticket as a QR code, the phone's request, the list of those
//! that wait. The enrolment itself is a fact signed by the authority's key, which is not kept here.

use super::shapes::{NewRequest, NewTicket, Request, Ticket};
use crate::api::Problem;
use crate::app::App;
use crate::ask::Body;
use crate::problem::ProblemCode;
use crate::sign_in::guard::Asker;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use base64::Engine;
use base64::prelude::BASE64_STANDARD as BASE64;
use domain::{AuthorityId, PublicKey, Role, SiteId};
use jiff::Timestamp;
use qrcode::{EcLevel, QrCode, render::svg};
use signin::Token;

fn keyholder(asker: &Asker) -> Result<(AuthorityId, String), Problem> {
    let account = &asker.officer()?.account;
    if account.officer.role != Role::Keyholder {
        let what = format!("a {} enrols no devices; a keyholder does", account.officer.role);
        return Err(Problem::new(ProblemCode::NotAllowed, what));
    }
    Ok((account.authority.clone(), account.login.clone()))
}

/// Draw a ticket for one phone, good for ten minutes. Keyholders only, for their own authority.
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
    Body(asked): Body<NewTicket>,
) -> Result<(StatusCode, Json<Ticket>), Problem> {
    let (authority, login) = keyholder(&asker)?;
    let unknown = || Problem::new(ProblemCode::NotUnderstood, format!("no role '{}'", asked.role));
    let role = Role::from_code(&asked.role).ok_or_else(unknown)?;
    let site = asked.site.as_deref().map(SiteId::new).transpose()?;
    let (token, ticket) = app
        .blocking(move |app| {
            Ok(app.sign_in.tickets.draw(authority, role, site, &login, Timestamp::now())?)
        })
        .await?;
    let address = format!("{}/enrol#{}", app.sign_in.address, token.secret());
    let code = QrCode::with_error_correction_level(&address, EcLevel::Q)
        .map_err(|e| Problem::new(ProblemCode::Internal, e))?;
    let qr = code.render::<svg::Color>().min_dimensions(240, 240).build();
    Ok((StatusCode::CREATED, Json(Ticket { address, qr, until: ticket.until.to_string() })))
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
    let redeem = move |app: &App| {
        Ok(app.sign_in.tickets.redeem(&token, key, &signature, Timestamp::now())?)
    };
    let request = app.blocking(redeem).await?;
    Ok((StatusCode::CREATED, Json(shown(&request))))
}

/// Phones that wait for the keyholder's authority.
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
    asker: Asker,
) -> Result<Json<Vec<Request>>, Problem> {
    let (authority, _) = keyholder(&asker)?;
    let requests = app.blocking(|app| Ok(app.sign_in.tickets.requests(Timestamp::now())?)).await?;
    let own = requests.iter().filter(|r| r.ticket.authority == authority);
    Ok(Json(own.map(shown).collect()))
}

fn shown(request: &signin::Request) -> Request {
    Request {
        key: request.key.to_string(),
        authority: request.ticket.authority.to_string(),
        role: request.ticket.role.code().to_owned(),
        site: request.ticket.site.as_ref().map(ToString::to_string),
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
