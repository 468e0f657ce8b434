//! Requests as API Gateway hands them over, to and from a router's.

use std::net::{IpAddr, SocketAddr};

use account::error_response;
use aws_lambda_events::{
    apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse},
    encodings::Body as EventBody,
};
use axum::{
    Router,
    body::{Body, to_bytes},
    extract::ConnectInfo,
    http::{HeaderMap, HeaderName, HeaderValue, Request, Response, header},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::error::Code;
use tower::ServiceExt as _;

use crate::{origin, trace::Requested};

/// What CloudFront says of the host that was asked for, and of who asks; its program sets both anew.
const HOST: &str = "x-stack-host";
const PEER: &str = "x-stack-peer";
/// Bytes of an answer: what Lambda passes on as base64. A variant that is larger is in the bucket when it is asked for
/// again.
const ANSWER_BYTES: usize = 4 * 1_024 * 1_024;

/// The secret that the request shows.
#[must_use]
pub fn shown(headers: &HeaderMap) -> Option<&str> {
    headers.get(origin::HEADER)?.to_str().ok()
}

/// By what the request is found in logs.
#[must_use]
pub fn requested(event: &ApiGatewayV2httpRequest) -> Requested<'_> {
    Requested::over_http(event.request_context.request_id.as_deref(), &event.headers)
}

/// The body's bytes, where it is one.
#[must_use]
pub fn body(event: &ApiGatewayV2httpRequest) -> Option<Vec<u8>> {
    let text = event.body.as_deref().unwrap_or_default();
    if event.is_base64_encoded { STANDARD.decode(text).ok() } else { Some(text.as_bytes().to_vec()) }
}

/// Has the router answer. The request must be known to come from CloudFront, since what it says of the host and
/// the peer is believed.
pub async fn serve(router: Router, event: ApiGatewayV2httpRequest) -> Response<Body> {
    let Some(request) = request(event) else { return error_response(Code::Malformed) };
    match router.oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}

fn request(event: ApiGatewayV2httpRequest) -> Option<Request<Body>> {
    let bytes = body(&event)?;
    let path = event.raw_path.as_deref().unwrap_or("/");
    let uri = match event.raw_query_string.as_deref() {
        None | Some("") => path.to_owned(),
        Some(query) => format!("{path}?{query}"),
    };
    let mut request = Request::new(Body::from(bytes));
    *request.method_mut() = event.request_context.http.method;
    *request.uri_mut() = uri.parse().ok()?;
    *request.headers_mut() = event.headers;
    let headers = request.headers_mut();
    let peer: IpAddr = headers.remove(PEER)?.to_str().ok()?.parse().ok()?;
    let host = headers.remove(HOST)?;
    headers.insert(header::HOST, host);
    headers.remove(origin::HEADER);
    for cookie in event.cookies.unwrap_or_default() {
        headers.append(header::COOKIE, HeaderValue::from_str(&cookie).ok()?);
    }
    request.extensions_mut().insert(ConnectInfo(SocketAddr::new(peer, 0)));
    Some(request)
}

/// An answer for API Gateway, with an id that its log lines have too.
pub async fn answer(response: Response<Body>, id: &str) -> ApiGatewayV2httpResponse {
    let (parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, ANSWER_BYTES).await else {
        tracing::error!("an answer was too large, or broke off");
        return json(503, format!(r#"{{"error":{{"code":"{}"}}}}"#, Code::Unavailable.name()), id);
    };
    let mut answer = status(parts.status.as_u16(), id);
    let cookies = parts.headers.get_all(header::SET_COOKIE).iter();
    answer.cookies = cookies.filter_map(|value| value.to_str().ok().map(str::to_owned)).collect();
    for (name, value) in &parts.headers {
        // API Gateway has a place of its own for cookies, and counts the bytes itself.
        if name != header::SET_COOKIE && name != header::CONTENT_LENGTH {
            answer.headers.insert(name, value.clone());
        }
    }
    answer.body = Some(match String::from_utf8(bytes.into()) {
        Ok(text) => EventBody::Text(text),
        Err(error) => {
            answer.is_base64_encoded = true;
            EventBody::Text(STANDARD.encode(error.into_bytes()))
        }
    });
    answer
}

/// An answer in JSON.
#[must_use]
pub fn json(code: u16, body: String, id: &str) -> ApiGatewayV2httpResponse {
    let mut answer = status(code, id);
    answer.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    answer.body = Some(EventBody::Text(body));
    answer
}

fn status(code: u16, id: &str) -> ApiGatewayV2httpResponse {
    let mut answer = ApiGatewayV2httpResponse::default();
    answer.status_code = i64::from(code);
    answer.headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(id) = HeaderValue::from_str(id) {
        answer.headers.insert(HeaderName::from_static("x-request-id"), id);
    }
    answer
}
