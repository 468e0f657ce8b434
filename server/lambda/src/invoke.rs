//! The gateway's way to its subgraphs: it invokes the versions of functions that it is pinned to.

use std::{
    collections::HashMap,
    env,
    time::{Duration, Instant},
};

use async_graphql::Response;
use async_trait::async_trait;
use aws_sdk_lambda::{Client, error::DisplayErrorContext, primitives::Blob, types::InvocationType};
use bytes::Bytes;
use domain::{
    error::Code,
    trace::{TRACE_HEADER, TraceId},
};
use gateway::{Context, SubgraphRequest, Transport, TransportError};
use platform::{CALLER_HEADER, Caller, graphql};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    size::{self, fits},
    trace::Requested,
};

/// What names the variables that name subgraphs' versions.
const PREFIX: &str = "SUBGRAPH_";
/// How long a subgraph may take, so that what others said is still answered within API Gateway's time.
const TIME: Duration = Duration::from_secs(20);

/// One GraphQL request, as a subgraph's function gets it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Call {
    /// The document.
    pub query: String,
    /// The values of its variables.
    #[serde(default)]
    pub variables: Map<String, Value>,
    /// Who asks: the authorizer's word, passed on by the gateway. Nobody else may invoke the function.
    #[serde(default)]
    pub caller: Option<Caller>,
    /// What the client's request is part of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trace: Option<TraceId>,
}

/// A subgraph's answer, or what is said instead of one that Lambda would not hand to the gateway.
#[must_use]
pub fn sendable(response: Response) -> Response {
    if fits(&response) {
        return response;
    }
    tracing::warn!("an answer was too large to be handed on");
    graphql::refused(Code::QueryTooCostly, size::TOO_LARGE)
}

/// The subgraphs' functions.
#[derive(Debug)]
pub struct Invoke {
    client: Client,
    versions: HashMap<String, String>,
}

impl Call {
    /// By what the client's request is found in logs.
    #[must_use]
    pub fn requested(&self) -> Requested<'_> {
        let id = self.caller.as_ref().map(|caller| caller.request_id.as_str());
        Requested { id, trace: self.trace.clone() }
    }
}

impl Invoke {
    /// Over these versions, by the subgraph's name.
    #[must_use]
    pub const fn over(client: Client, versions: HashMap<String, String>) -> Self {
        Self { client, versions }
    }

    /// Over the versions that the deployment names, connected: the first call need not wait for that.
    pub async fn connected(client: Client) -> Self {
        let named = env::vars()
            .filter_map(|(name, version)| Some((name.strip_prefix(PREFIX)?.to_ascii_lowercase(), version)));
        let invoke = Self::over(client, named.collect());
        if let Some(version) = invoke.versions.values().next() {
            let request = invoke.client.invoke().function_name(version);
            let answer = request.invocation_type(InvocationType::DryRun).send().await;
            if let Err(error) = answer {
                tracing::warn!(error = %DisplayErrorContext(error), "a subgraph could not be reached at the start");
            }
        }
        invoke
    }
}

#[async_trait]
impl Transport for Invoke {
    async fn call(
        &self,
        subgraph: &str,
        request: SubgraphRequest,
        context: &Context,
    ) -> Result<Bytes, TransportError> {
        let version =
            self.versions.get(subgraph).ok_or_else(|| TransportError::Unknown(subgraph.to_owned()))?;
        let header = |wanted| {
            let found = context.headers.iter().find(|(name, _)| name == wanted);
            found.map(|(_, value)| value.as_str())
        };
        let caller = header(CALLER_HEADER).and_then(|value| Caller::from_header(value).ok());
        let trace = header(TRACE_HEADER).and_then(TraceId::in_header);
        let call = Call { query: request.query.to_string(), variables: request.variables, caller, trace };
        let payload =
            serde_json::to_vec(&call).map_err(|error| TransportError::Unreachable(error.to_string()))?;
        let invoked = self.client.invoke().function_name(version).payload(Blob::new(payload)).send();
        let own = Instant::now() + TIME;
        let until = context.deadline.map_or(own, |deadline| deadline.min(own));
        let answer = tokio::time::timeout_at(until.into(), invoked).await;
        let answer = answer.map_err(|_| TransportError::TimedOut)?;
        let answer =
            answer.map_err(|error| TransportError::Unreachable(DisplayErrorContext(error).to_string()))?;
        if let Some(error) = answer.function_error {
            return Err(TransportError::Unreachable(error));
        }
        let payload =
            answer.payload.ok_or_else(|| TransportError::Unreachable("an empty answer".to_owned()))?;
        Ok(Bytes::from(payload.into_inner()))
    }
}
