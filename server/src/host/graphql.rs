//! `POST /graphql`: authorise, then hand the body to the gateway.

use std::time::{Duration, Instant};

use account::error_response;
use axum::{
    Extension,
    body::Bytes,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::error::Code;
use gateway::Context;
use platform::CALLER_HEADER;

use super::{Stack, request_id::RequestId};

/// How long subgraphs may take, so that what others said is still answered in a request's time.
const TIME: Duration = Duration::from_secs(25);

pub(super) async fn graphql(
    State(stack): State<Stack>,
    Extension(RequestId(id)): Extension<RequestId>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let Some(token) = bearer(&headers) else { return error_response(Code::Unauthenticated) };
    let caller = match stack.accounts.authorise(token, id.clone()).await {
        Ok(caller) => caller,
        Err(error) => return error_response(error.code()),
    };
    let Ok(caller) = caller.to_header() else { return error_response(Code::Internal) };
    // Nothing that a client sent goes on to the subgraphs but the request itself.
    let headers = vec![(CALLER_HEADER.to_owned(), caller), ("x-request-id".to_owned(), id)];
    let context = Context { headers, deadline: Some(Instant::now() + TIME) };
    let answer = stack.gateway.execute(&body, &context).await;
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let body = answer.in_both_shapes();
    (status, [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], body).into_response()
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}
