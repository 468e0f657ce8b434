//! Every route, and what stands around them.

use account::error_response;
use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::StatusCode,
    middleware::{from_fn, map_response},
    routing::{get, post},
};
use domain::{error::Code, limits::BODY_BYTES};
use tower_http::catch_panic::CatchPanicLayer;

use super::{Stack, graphql, layers, mail, request_id, socket};

/// The routes that answer by program.
pub const ROUTES: [(&str, &str); 11] = [
    ("POST", "/graphql"),
    ("POST", "/auth/code"),
    ("POST", "/auth/verify"),
    ("POST", "/auth/refresh"),
    ("POST", "/auth/sign-out"),
    ("GET", "/ws"),
    ("GET", "/healthz"),
    ("GET", "/dev/mail"),
    ("POST", "/originals"),
    ("PUT", "/originals/{key}"),
    ("GET", "/media/{list}/{token}/{generation}/{file}"),
];

/// The API, the files, and the site for every other path.
pub(super) fn all(stack: Stack, files: Router, site: Option<Router>) -> Router {
    let api = Router::new()
        .route("/graphql", post(graphql::graphql))
        .layer(DefaultBodyLimit::max(BODY_BYTES))
        .route("/ws", get(socket::socket))
        .route("/healthz", get(async || StatusCode::NO_CONTENT))
        .route("/dev/mail", get(mail::mail))
        .with_state(stack.clone())
        .merge(account::router(stack.accounts));
    let app = match site {
        Some(site) => api.fallback_service(site),
        None => api.fallback(async || error_response(Code::NotFound)),
    };
    // The last one here is the first to see a request. A file takes as long as the network needs.
    app.layer(from_fn(layers::time_limit))
        .merge(files)
        .layer(CatchPanicLayer::custom(layers::panicked))
        .layer(map_response(layers::one_shape))
        .layer(map_response(layers::secure))
        .layer(from_fn(layers::log))
        .layer(from_fn(request_id::assign))
}
