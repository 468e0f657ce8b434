//! Where Apollo Router would go to the network: the product's own way to its subgraphs.

use std::{
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context as Task, Poll},
    time::Instant,
};

use apollo_router::{
    graphql,
    services::subgraph::{Request, Response},
};
use domain::error::Code;
use gateway::{Context, SubgraphRequest, Transport, TransportError};
use http::HeaderMap;
use tower::{BoxError, Service};

/// When subgraphs must have answered, as a request carries it.
#[derive(Clone, Copy)]
pub(crate) struct Deadline(pub(crate) Instant);

/// One subgraph.
#[derive(Clone)]
pub(crate) struct Subgraph {
    name: Arc<str>,
    transport: Arc<dyn Transport>,
}

impl Subgraph {
    pub(crate) fn new(name: &str, transport: &Arc<dyn Transport>) -> Self {
        Self { name: name.into(), transport: Arc::clone(transport) }
    }

    async fn ask(&self, request: &Request) -> Result<graphql::Response, BoxError> {
        let asked = request.subgraph_request.body();
        let deadline =
            request.context.extensions().with_lock(|extensions| extensions.get::<Deadline>().copied());
        let context = Context {
            headers: headers(request.supergraph_request.headers()),
            deadline: deadline.map(|Deadline(deadline)| deadline),
        };
        let request = SubgraphRequest {
            query: asked.query.as_deref().unwrap_or_default().into(),
            variables: serde_json::from_slice(&serde_json::to_vec(&asked.variables)?)?,
        };
        match self.transport.call(&self.name, request, &context).await {
            Ok(answer) => Ok(serde_json::from_slice(&answer)?),
            Err(error) => Ok(self.unavailable(&error)),
        }
    }

    fn unavailable(&self, error: &TransportError) -> graphql::Response {
        tracing::error!(subgraph = &*self.name, %error, "a subgraph gave no answer");
        let error = graphql::Error::builder()
            .message("The service can't be reached just now. Please try again.")
            .extension_code(Code::Unavailable.name())
            .build();
        graphql::Response::builder().error(error).build()
    }
}

impl Service<Request> for Subgraph {
    type Response = Response;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Task<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let subgraph = self.clone();
        Box::pin(async move {
            let answer = subgraph.ask(&request).await.unwrap_or_else(|error| {
                let error = TransportError::Unreachable(error.to_string());
                subgraph.unavailable(&error)
            });
            let response = Response::builder()
                .and_data(answer.data)
                .errors(answer.errors)
                .extensions(answer.extensions)
                .context(request.context.clone())
                .subgraph_name(subgraph.name.to_string())
                .build();
            Ok(response)
        })
    }
}

/// Those of the request that go on to the subgraphs.
fn headers(headers: &HeaderMap) -> Vec<(String, String)> {
    let texts = headers.iter().filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)));
    texts
        .filter(|(name, _)| name.starts_with("x-"))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}
