//! Whether there is an API at an address, before anybody waits for it.

use std::{error::Error, time::Duration};

use axum::http::{Response, StatusCode, header};
use hyper::body::Incoming;
use tokio::time::timeout;

use super::{Address, RelayError, client::Client};
use crate::hosting;

/// How long each answer may take: a function's process may have to start first.
const ANSWER: Duration = Duration::from_secs(20);

/// The origins that the API's own pages may connect to besides their own, such as where their uploads go.
pub(super) async fn connections(api: &Address, client: &Client) -> Result<Vec<String>, RelayError> {
    let health = get(api, client, "/healthz").await?;
    // Others answer there as well, but not with nothing and an id.
    if health.status() != StatusCode::NO_CONTENT || !health.headers().contains_key("x-request-id") {
        return Err(RelayError::NotAnApi { api: api.clone(), status: health.status() });
    }
    let page = get(api, client, "/").await?;
    let policy = page.headers().get(header::CONTENT_SECURITY_POLICY).and_then(|policy| policy.to_str().ok());
    Ok(hosting::connections(policy.unwrap_or_default()))
}

async fn get(api: &Address, client: &Client, path: &str) -> Result<Response<Incoming>, RelayError> {
    let failed = |reason| RelayError::Unreachable { api: api.clone(), reason };
    let uri = api.path(path).map_err(|error| failed(error.to_string()))?;
    match timeout(ANSWER, client.get(uri)).await {
        Ok(answer) => answer.map_err(|error| failed(causes(&error))),
        Err(_) => Err(failed(format!("it did not answer within {} s", ANSWER.as_secs()))),
    }
}

/// The error's words and those of what caused it.
fn causes(error: &(dyn Error + 'static)) -> String {
    let causes = std::iter::successors(Some(error), |&error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
