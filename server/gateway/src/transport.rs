//! The port through which the gateway reaches its subgraphs.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::Context;

/// One GraphQL request to one subgraph. It serializes to the usual JSON body, `{"query": …, "variables": …}`.
#[derive(Debug, Clone, Serialize)]
pub struct SubgraphRequest {
    /// The document. The same plan gives the same allocation each time, so that a transport may cache by it.
    pub query: Arc<str>,
    /// The values of its variables, coerced.
    pub variables: Map<String, Value>,
}

/// Why a subgraph gave no answer. Clients never see these words: they get the code `UNAVAILABLE`.
#[derive(Debug, thiserror::Error)]
pub enum TransportError {
    /// No subgraph has this name.
    #[error("no subgraph is called {0}")]
    Unknown(String),
    /// It could not be reached, or the connection broke.
    #[error("the subgraph could not be reached: {0}")]
    Unreachable(String),
    /// It did not answer in the transport's time.
    #[error("the subgraph did not answer in time")]
    TimedOut,
    /// It answered with an HTTP status that carries no GraphQL answer.
    #[error("the subgraph answered with status {0}")]
    Status(u16),
}

/// Carries requests to subgraphs: in memory, over HTTP, or however else they are deployed.
///
/// Time limits are the transport's: the gateway waits as long as the transport does. One that retries a call has to
/// know that the subgraph did not run it, or that running it twice makes no difference.
#[async_trait]
pub trait Transport: Send + Sync {
    /// Sends `request` to `subgraph` (its name in the supergraph) and gives back the JSON answer.
    ///
    /// `context` is the client request's: its headers are to be passed on, and its deadline holds for the call.
    ///
    /// # Errors
    /// A [`TransportError`] if there is no answer. An answer that holds GraphQL errors is not an error here.
    async fn call(
        &self,
        subgraph: &str,
        request: SubgraphRequest,
        context: &Context,
    ) -> Result<Bytes, TransportError>;
}
