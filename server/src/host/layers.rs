//! What holds for every answer: a time limit, a log line, security headers, and errors in one shape.

use std::{
    any::Any,
    time::{Duration, Instant},
};

use account::error_response;
use axum::{
    Extension,
    extract::{MatchedPath, Request},
    http::{HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::Response,
};
use domain::{error::Code, trace::TraceId};

use super::request_id::{self, RequestId};

/// How long a request may take, the reading of its body included.
const TIME: Duration = Duration::from_secs(30);

/// Headers of every answer that has none of its own of that name.
const HEADERS: [(HeaderName, &str); 5] = [
    (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::CACHE_CONTROL, "no-store"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

pub(super) async fn time_limit(request: Request, next: Next) -> Response {
    match tokio::time::timeout(TIME, next.run(request)).await {
        Ok(response) => response,
        Err(_) => error_response(Code::Unavailable),
    }
}

/// One line a request, without what it was about: no address, no path with ids in it, no body.
pub(super) async fn log(
    Extension(RequestId(id)): Extension<RequestId>,
    request: Request,
    next: Next,
) -> Response {
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let trace = request_id::trace(request.headers());
    let trace = trace.as_ref().map(TraceId::as_str);
    let started = Instant::now();
    let response = next.run(request).await;
    let (status, millis) = (response.status().as_u16(), started.elapsed().as_millis());
    match route {
        Some(route) => tracing::info!(%id, trace, %method, route, status, %millis, "answered"),
        None => tracing::debug!(%id, %method, status, %millis, "answered from the site"),
    }
    response
}

/// The library's own refusals (a wrong method, a body that is too large) come as plain text; callers get the
/// same shape of error everywhere.
pub(super) async fn one_shape(response: Response) -> Response {
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    if kind.is_some_and(|kind| !kind.starts_with("text/plain")) {
        return response;
    }
    let code = match status {
        StatusCode::PAYLOAD_TOO_LARGE => Code::TooLarge,
        StatusCode::NOT_FOUND => Code::NotFound,
        status if status.is_client_error() => Code::Malformed,
        _ => Code::Internal,
    };
    let mut shaped = error_response(code);
    *shaped.status_mut() = status;
    if let Some(allowed) = response.headers().get(header::ALLOW) {
        shaped.headers_mut().insert(header::ALLOW, allowed.clone());
    }
    shaped
}

pub(super) async fn secure(mut response: Response) -> Response {
    for (name, value) in HEADERS {
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

pub(super) fn panicked(_: Box<dyn Any + Send + 'static>) -> Response {
    tracing::error!("a request panicked");
    error_response(Code::Internal)
}
