//! Every request gets an id of ours, which its answer and its log lines carry. The lines carry the client's trace, too.

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue},
    middleware::Next,
    response::Response,
};
use domain::trace::{TRACE_HEADER, TraceId};
use uuid::Uuid;

/// The id of a request.
#[derive(Debug, Clone)]
pub(super) struct RequestId(pub(super) String);

/// The trace that these headers name.
pub(super) fn trace(headers: &HeaderMap) -> Option<TraceId> {
    TraceId::in_header(headers.get(TRACE_HEADER)?.to_str().ok()?)
}

const HEADER: HeaderName = HeaderName::from_static("x-request-id");

pub(super) async fn assign(mut request: Request, next: Next) -> Response {
    let id = Uuid::now_v7().to_string();
    request.extensions_mut().insert(RequestId(id.clone()));
    let mut response = next.run(request).await;
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(HEADER, value);
    }
    response
}
