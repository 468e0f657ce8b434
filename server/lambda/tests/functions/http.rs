//! Requests as API Gateway hands them over.

use std::net::SocketAddr;

use aws_lambda_events::{
    apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse},
    encodings::Body,
};
use axum::{
    Router,
    body::Bytes,
    extract::ConnectInfo,
    http::{HeaderMap, StatusCode, header},
    routing::{get, post},
};
use lambda::http::{answer, serve, shown};
use serde_json::{Value, json};

use crate::world::http_event;

fn event(path: &str, changes: &Value) -> ApiGatewayV2httpRequest {
    let mut event = http_event(if path == "/auth/code" { "POST" } else { "GET" }, path);
    for (name, value) in changes.as_object().unwrap() {
        event[name] = value.clone();
    }
    serde_json::from_value(event).unwrap()
}

async fn served(event: ApiGatewayV2httpRequest) -> ApiGatewayV2httpResponse {
    answer(serve(mirror(), event).await, "r").await
}

/// Answers with what it was asked.
fn mirror() -> Router {
    let seen = async |ConnectInfo(peer): ConnectInfo<SocketAddr>, headers: HeaderMap, body: Bytes| {
        let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap().to_owned());
        let cookies: Vec<_> =
            headers.get_all(header::COOKIE).iter().map(|value| value.to_str().unwrap()).collect();
        json!({
            "host": text("host"), "secret": text("x-origin-verify"), "claimed": text("x-stack-peer"),
            "peer": peer.ip().to_string(), "cookies": cookies, "body": String::from_utf8_lossy(&body),
        })
        .to_string()
    };
    let bytes =
        async || ([(header::SET_COOKIE, "a=1"), (header::CONTENT_TYPE, "image/png")], vec![0xff_u8, 0]);
    Router::new().route("/auth/code", post(seen)).route("/bytes", get(bytes))
}

fn text(body: Option<Body>) -> String {
    match body {
        Some(Body::Text(text)) => text,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_route_sees_the_host_and_the_peer_that_cloudfront_saw() {
    let changes =
        json!({ "cookies": ["a=1", "stack_refresh=t"], "body": "eyJ4IjoxfQ==", "isBase64Encoded": true });
    let answer = served(event("/auth/code", &changes)).await;
    let seen: Value = serde_json::from_str(&text(answer.body)).unwrap();
    assert_eq!(
        seen,
        json!({
            "host": "stack.example", "secret": null, "claimed": null, "peer": "203.0.113.9",
            "cookies": ["a=1", "stack_refresh=t"], "body": "{\"x\":1}",
        })
    );
}

#[tokio::test]
async fn bytes_travel_as_text_and_cookies_by_themselves() {
    let answer = served(event("/bytes", &json!({}))).await;
    assert_eq!((answer.status_code, answer.is_base64_encoded), (200, true));
    assert_eq!(answer.cookies, ["a=1"]);
    assert!(answer.headers.get(header::SET_COOKIE).is_none());
    assert_eq!(text(answer.body), "/wA=");
}

#[tokio::test]
async fn what_does_not_say_whose_it_is_is_not_run() {
    for headers in [json!({}), json!({ "x-stack-host": "stack.example", "x-stack-peer": "nobody" })] {
        let answer = served(event("/auth/code", &json!({ "headers": headers }))).await;
        assert_eq!(answer.status_code, i64::from(StatusCode::BAD_REQUEST.as_u16()));
    }
    let broken = json!({ "body": "%%%", "isBase64Encoded": true });
    assert_eq!(served(event("/auth/code", &broken)).await.status_code, 400);
}

#[test]
fn the_secret_is_found_whatever_its_case() {
    let event = event("/bytes", &json!({ "headers": { "X-Origin-Verify": "s" } }));
    assert_eq!(shown(&event.headers), Some("s"));
}
