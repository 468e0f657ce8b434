//! What requests are passed on by.

use std::time::Duration;

use axum::body::Body;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client as Legacy, connect::HttpConnector},
    rt::{TokioExecutor, TokioTimer},
};
use rustls::{ClientConfig, RootCertStore, crypto::ring};

use super::{Address, RelayError};

/// How long the API's host may take to be reached.
const CONNECT: Duration = Duration::from_secs(10);
/// How long a connection that nothing goes over is kept: less than servers keep theirs, the shortest of which (Node's) is
/// 5 s. A request that meets the end of its connection gets no answer, and may have been done.
const IDLE: Duration = Duration::from_secs(3);

pub(super) type Client = Legacy<HttpsConnector<HttpConnector>, Body>;

/// A client for this API. It speaks HTTP/1.1, which sockets begin with.
pub(super) fn client(api: &Address) -> Result<Client, RelayError> {
    let mut http = HttpConnector::new();
    http.enforce_http(false);
    http.set_nodelay(true);
    http.set_connect_timeout(Some(CONNECT));
    let https = HttpsConnectorBuilder::new();
    let https = if api.is_encrypted() {
        https.with_provider_and_native_roots(ring::default_provider()).map_err(RelayError::Roots)?
    } else {
        https.with_tls_config(trusting_nobody()?)
    };
    let connector = https.https_or_http().enable_http1().wrap_connector(http);
    let mut client = Legacy::builder(TokioExecutor::new());
    // Without a timer nothing is looked at before it is wanted again, and that may be too late.
    client.pool_timer(TokioTimer::new()).pool_idle_timeout(IDLE);
    Ok(client.build(connector))
}

/// For an API on this machine, which may have no roots of trust.
fn trusting_nobody() -> Result<ClientConfig, RelayError> {
    let config = ClientConfig::builder_with_provider(ring::default_provider().into());
    let config = config.with_safe_default_protocol_versions();
    let config = config.map_err(|error| RelayError::Roots(std::io::Error::other(error)))?;
    Ok(config.with_root_certificates(RootCertStore::empty()).with_no_client_auth())
}
