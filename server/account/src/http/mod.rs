//! The routes under `/auth`: outside the graph, since they are for callers who have no token yet. The refresh
//! token travels in a cookie that no script can read.

mod body;
mod cookie;
mod error;
mod origin;
mod peer;

use std::net::SocketAddr;

use axum::{
    Json, Router,
    body::Bytes,
    extract::{ConnectInfo, DefaultBodyLimit, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware,
    response::{IntoResponse, Response},
    routing::post,
};
use domain::{email::Email, error::Code, id::UserId};
use serde::{Deserialize, Serialize};

pub use error::{ErrorBody, error_response};

use crate::{
    access::ACCESS_SECONDS,
    error::AccountError,
    service::{Accounts, SignedIn},
};
use error::Refusal;

/// Bytes of a body here.
const BODY_BYTES: usize = 4_096;
/// Digits of a sign-in code.
const CODE_DIGITS: usize = 6;

/// The routes. They need to know the peer, so serve them with connection information.
pub fn router(accounts: Accounts) -> Router {
    Router::new()
        .route("/auth/code", post(code))
        .route("/auth/verify", post(verify))
        .route("/auth/refresh", post(refresh))
        .route("/auth/sign-out", post(sign_out))
        .layer(DefaultBodyLimit::max(BODY_BYTES))
        .layer(middleware::map_response(never_stored))
        .layer(middleware::from_fn(origin::same_site_only))
        .with_state(accounts)
}

type Peer = ConnectInfo<SocketAddr>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CodeRequest {
    email: String,
}

async fn code(
    State(accounts): State<Accounts>,
    ConnectInfo(peer): Peer,
    headers: HeaderMap,
    body: Bytes,
) -> Result<StatusCode, Refusal> {
    let request: CodeRequest = body::read(&headers, &body)?;
    let email: Email = request.email.parse().map_err(|_| Code::BadEmail)?;
    accounts.request_code(&email, &peer::subject(peer.ip())).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VerifyRequest {
    email: String,
    code: String,
    #[serde(default)]
    device: String,
}

async fn verify(
    State(accounts): State<Accounts>,
    ConnectInfo(peer): Peer,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Refusal> {
    let request: VerifyRequest = body::read(&headers, &body)?;
    let email: Email = request.email.parse().map_err(|_| Code::BadEmail)?;
    let digits: String = request.code.chars().filter(|c| !c.is_whitespace()).collect();
    if digits.len() != CODE_DIGITS || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Code::WrongCode.into());
    }
    let peer = peer::subject(peer.ip());
    let signed_in = accounts.verify_code(&email, &digits, &request.device, &peer).await?;
    signed_in_response(&headers, signed_in)
}

async fn refresh(
    State(accounts): State<Accounts>,
    ConnectInfo(peer): Peer,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let token = cookie::refresh_token(&headers).ok_or(Code::Unauthenticated)?;
    match accounts.refresh(token, &peer::subject(peer.ip())).await {
        Ok(signed_in) => signed_in_response(&headers, signed_in),
        Err(error) => {
            let over = matches!(&error, AccountError::Refused(Code::SessionEnded | Code::Unauthenticated));
            let mut response = Refusal::from(error).into_response();
            if over {
                set_cookie(&mut response, &cookie::gone(&headers))?;
            }
            Ok(response)
        }
    }
}

async fn sign_out(State(accounts): State<Accounts>, headers: HeaderMap) -> Result<Response, Refusal> {
    if let Some(token) = cookie::refresh_token(&headers) {
        accounts.sign_out(token).await?;
    }
    let mut response = StatusCode::NO_CONTENT.into_response();
    set_cookie(&mut response, &cookie::gone(&headers))?;
    Ok(response)
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SignedInBody {
    access_token: String,
    expires_in: i64,
    user: UserBody,
}

#[derive(Serialize)]
struct UserBody {
    id: UserId,
    email: Email,
}

fn signed_in_response(headers: &HeaderMap, signed_in: SignedIn) -> Result<Response, Refusal> {
    let SignedIn { access_token, refresh_token, user, email } = signed_in;
    let body = SignedInBody { access_token, expires_in: ACCESS_SECONDS, user: UserBody { id: user, email } };
    let mut response = Json(body).into_response();
    set_cookie(&mut response, &cookie::fresh(headers, &refresh_token))?;
    Ok(response)
}

fn set_cookie(response: &mut Response, cookie: &str) -> Result<(), Refusal> {
    let value = HeaderValue::from_str(cookie).map_err(|_| Code::Internal)?;
    response.headers_mut().insert(header::SET_COOKIE, value);
    Ok(())
}

async fn never_stored(mut response: Response) -> Response {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
