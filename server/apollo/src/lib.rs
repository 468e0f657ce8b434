//! Apollo Router in the place of the product's own gateway: it plans and runs operations in this very process, and asks
//! the subgraphs the way that the own one does.
//!
//! It is under the Elastic License 2.0, and used without a licence key: what such a key would open is neither used nor
//! allowed here.

mod codes;
mod subgraphs;

use std::sync::{Arc, Mutex, PoisonError};

use apollo_router::{
    Context as RouterContext, TestHarness,
    graphql::Request as GraphqlRequest,
    services::{
        router::{BoxCloneService, Request, body},
        subgraph,
    },
};
use bytes::Bytes;
use domain::error::Code;
use gateway::{Context, Limits, Response, Transport};
use http::{HeaderName, HeaderValue, Method, header};
use http_body_util::BodyExt as _;
use lambda::functions::Engine;
use serde_json::json;
use tower::{BoxError, ServiceExt as _};

use self::subgraphs::{Deadline, Subgraph};

/// Apollo Router over one supergraph.
pub struct Router {
    /// Cloned for each request. It may not be shared between threads, so that is done one at a time.
    service: Mutex<BoxCloneService>,
    body_bytes: usize,
}

impl Router {
    /// Over the supergraph of this text, whose subgraphs are reached in this way.
    ///
    /// # Errors
    /// In Apollo's words, where it can't use the supergraph.
    pub async fn new(supergraph: &str, subgraphs: Arc<dyn Transport>) -> Result<Self, BoxError> {
        let limits = Limits::default();
        let hook = move |name: &str, _: subgraph::BoxService| Subgraph::new(name, &subgraphs).boxed();
        let service = TestHarness::builder()
            .schema(supergraph)
            .configuration_json(configuration(&limits))?
            // Nothing that wants a licence.
            .license_from_allowed_features(Vec::new())
            // Otherwise it would answer from made-up data. The hook goes before it, and lets nothing through.
            .with_subgraph_network_requests()
            .subgraph_hook(hook)
            .build_router()
            .await?;
        Ok(Self { service: Mutex::new(service), body_bytes: limits.body_bytes })
    }

    async fn run(&self, body: &[u8], context: &Context) -> Result<(u16, Bytes), BoxError> {
        let mut request = http::Request::new(body::from_bytes(body.to_vec()));
        *request.method_mut() = Method::POST;
        let json = HeaderValue::from_static("application/json");
        let headers = request.headers_mut();
        headers.insert(header::CONTENT_TYPE, json.clone());
        headers.insert(header::ACCEPT, json);
        for (name, value) in &context.headers {
            headers.insert(HeaderName::try_from(name)?, HeaderValue::try_from(value)?);
        }
        let own = RouterContext::new();
        if let Some(deadline) = context.deadline {
            own.extensions().with_lock(|extensions| extensions.insert(Deadline(deadline)));
        }
        let service = self.service.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let answer = service.oneshot(Request::from((request, own))).await?.response;
        let status = answer.status().as_u16();
        Ok((status, answer.into_body().collect().await?.to_bytes()))
    }
}

impl Engine for Router {
    async fn execute(&self, body: &[u8], context: &Context) -> Response {
        let refused = |status, code: Code, message: &str| {
            let errors = json!([{ "message": message, "extensions": { "code": code.name() } }]);
            Response { status, body: json!({ "errors": errors }).to_string().into_bytes().into() }
        };
        if body.len() > self.body_bytes {
            let message = format!("This request is too large: {} bytes at most.", self.body_bytes);
            return refused(413, Code::TooLarge, &message);
        }
        if let Err(error) = serde_json::from_slice::<GraphqlRequest>(body) {
            return refused(400, Code::Malformed, &format!("This is no GraphQL request: {error}."));
        }
        match self.run(body, context).await {
            Ok((status, body)) => codes::ours(status, body),
            Err(error) => {
                tracing::error!(%error, "Apollo Router failed");
                refused(500, Code::Internal, codes::INTERNAL)
            }
        }
    }
}

/// What of the own gateway's limits can be said without a licence. The subgraphs have limits of their own for the rest:
/// depth, aliases, fields and directives.
fn configuration(limits: &Limits) -> serde_json::Value {
    json!({
        "supergraph": { "introspection": limits.introspection, "defer_support": false },
        // Stable codes and sentences are what clients are told by.
        "include_subgraph_errors": { "all": true },
        "limits": { "router": {
            "http_max_request_bytes": limits.body_bytes,
            "parser_max_tokens": limits.tokens,
            "parser_max_recursion": limits.depth * 4,
        } },
        "apq": { "enabled": false },
        "health_check": { "enabled": false },
        "homepage": { "enabled": false },
        "sandbox": { "enabled": false },
    })
}
