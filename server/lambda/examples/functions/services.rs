//! The services that functions call, on one address: an embedded table, an empty storage, secrets, functions and sockets
//! that answer at once.

use std::{io, net::SocketAddr, sync::Arc};

use axum::{
    Json, Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, Method, StatusCode, Uri},
    response::{IntoResponse as _, Response},
};
use platform::Table;
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinHandle};

/// What CloudFront shows, and what tokens are signed with.
pub(crate) const SECRET: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

pub(crate) struct Services {
    pub(crate) address: SocketAddr,
    serving: JoinHandle<io::Result<()>>,
}

struct Behind {
    table: Table,
    /// The private key that addresses of media are signed with.
    media_key: String,
}

impl Services {
    pub(crate) async fn start(table: Table, media_key: String) -> io::Result<Self> {
        let routes = Router::new().fallback(answer).with_state(Arc::new(Behind { table, media_key }));
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        Ok(Self { address, serving: tokio::spawn(axum::serve(listener, routes).into_future()) })
    }
}

impl Drop for Services {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn answer(
    State(behind): State<Arc<Behind>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if let Some((service, operation)) = header("x-amz-target").split_once('.') {
        if service == "secretsmanager" {
            return secret(&behind, &body);
        }
        let answer = behind.table.answer(operation, body.into()).await;
        let (status, text) = answer.unwrap_or((503, String::new()));
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
        return (status, [("content-type", "application/x-amz-json-1.0")], text).into_response();
    }
    if uri.path().ends_with("/invocations") && method == Method::POST {
        return match header("x-amz-invocation-type") {
            "DryRun" => StatusCode::NO_CONTENT.into_response(),
            "Event" => StatusCode::ACCEPTED.into_response(),
            _ => Json(json!({ "data": { "heads": [] } })).into_response(),
        };
    }
    if let Some(nothing) = nothing_in_storage(&uri) {
        return ([("content-type", "application/xml")], nothing).into_response();
    }
    // A connection that is told something.
    StatusCode::OK.into_response()
}

/// What a bucket answers that has nothing in it, if it is a bucket that is asked.
fn nothing_in_storage(uri: &Uri) -> Option<&'static str> {
    let bucket = uri.path().trim_matches('/');
    let asks = |what: &str| uri.query().unwrap_or_default().split('&').any(|part| part.starts_with(what));
    match bucket {
        "originals" | "variants" if asks("uploads") => {
            Some("<ListMultipartUploadsResult><IsTruncated>false</IsTruncated></ListMultipartUploadsResult>")
        }
        "originals" | "variants" if asks("list-type=2") => {
            Some("<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>")
        }
        _ => None,
    }
}

fn secret(behind: &Behind, body: &[u8]) -> Response {
    let asked: Value = serde_json::from_slice(body).unwrap_or_default();
    if asked.get("VersionStage").is_some_and(|label| label != "AWSCURRENT") {
        let none = json!({ "__type": "ResourceNotFoundException", "Message": "none" });
        return (StatusCode::BAD_REQUEST, Json(none)).into_response();
    }
    let is_key = asked.get("SecretId").is_some_and(|name| name == "media-key");
    let value = if is_key { behind.media_key.as_str() } else { SECRET };
    Json(json!({ "Name": "secret", "SecretString": value })).into_response()
}
