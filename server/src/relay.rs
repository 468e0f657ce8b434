//! The site of this machine before an API that runs elsewhere, such as a deployed one: pages come from here, and
//! everything that is the API's is passed on to it. To the browser all of it is one site, so cookies and checks of
//! origins hold as they do there.

mod address;
mod check;
mod client;
mod error;
mod headers;

use std::{net::SocketAddr, time::Duration};

use account::error_response;
use axum::{
    Router,
    extract::{Request, State},
    middleware::{Next, from_fn_with_state},
    response::Response,
};
use axum_reverse_proxy::{ProxyError, ProxyPolicy, ReverseProxy, XForwardedFor};
use domain::error::Code;
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};

pub use address::{Address, InvalidAddress};
pub use error::RelayError;

use crate::{
    host::{SiteFolder, stopped},
    local::is_asked_by_name,
};
use client::Client;

/// The API's paths. A host's mails are not among them: they are for whoever sits at that machine.
pub const PASSED: [&str; 7] =
    ["/graphql", "/auth/{*route}", "/ws", "/healthz", "/media/{*file}", "/originals", "/originals/{*key}"];
/// How long a socket may take to open: a function's process may have to start first.
const OPENING: Duration = Duration::from_secs(20);
/// How long requests that are under way may take to end when the relay stops.
const GRACE: Duration = Duration::from_secs(2);

/// A relay that is serving.
pub struct Relay {
    /// Where it listens.
    pub address: SocketAddr,
    stop: watch::Sender<bool>,
    serving: JoinHandle<std::io::Result<()>>,
}

impl Relay {
    /// Looks whether there is an API at its address, and begins to serve.
    ///
    /// # Errors
    /// Where there is none, or the site or this machine's address can't be used.
    pub async fn start(address: SocketAddr, site: SiteFolder, api: Address) -> Result<Self, RelayError> {
        let client = client::client(&api)?;
        let connections = check::connections(&api, &client).await?;
        let router = router(api, client, site.router(connections)?);
        let failed = |source| RelayError::Listen { address, source };
        let listener = TcpListener::bind(address).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let (stop, stopping) = watch::channel(false);
        let serving = axum::serve(listener, router).with_graceful_shutdown(stopped(stopping));
        Ok(Self { address, stop, serving: tokio::spawn(serving.into_future()) })
    }

    /// Lets requests under way end.
    ///
    /// # Errors
    /// Where serving had failed.
    pub async fn stop(self) -> std::io::Result<()> {
        // An error says that nobody listens any more.
        let _ = self.stop.send(true);
        match tokio::time::timeout(GRACE, self.serving).await {
            Ok(ended) => ended.map_err(std::io::Error::other)?,
            // A download goes on for as long as it takes; nothing here is to be finished.
            Err(_) => Ok(()),
        }
    }
}

fn router(api: Address, client: Client, site: Option<Router>) -> Router {
    // To the API the requests are the browser's own: it is to see neither this machine nor its name.
    let policy = ProxyPolicy::new().with_x_forwarded_for(XForwardedFor::Preserve);
    let policy = policy.with_websocket_connect_timeout(OPENING);
    let proxy = ReverseProxy::new_with_client("", api.to_string(), client).with_policy(policy);
    let passed = PASSED.into_iter();
    let router = passed.fold(Router::new(), |router, path| router.route_service(path, proxy.clone()));
    let router = router.layer(from_fn_with_state(api, pass));
    match site {
        Some(site) => router.fallback_service(site),
        None => router.fallback(async || error_response(Code::NotFound)),
    }
}

/// Makes of a request to this machine one to the API's own site, and of its answer one from this machine.
async fn pass(State(api): State<Address>, mut request: Request, next: Next) -> Response {
    let by_name = is_asked_by_name(request.headers());
    headers::to_api(request.headers_mut(), &api);
    let mut response = next.run(request).await;
    if let Some(failure) = response.extensions().get::<ProxyError>() {
        tracing::warn!(%api, reason = failure.message(), "the API gave no answer");
        return error_response(Code::Unavailable);
    }
    if by_name {
        headers::without_tls(response.headers_mut());
    }
    response
}
