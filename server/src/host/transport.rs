//! The gateway's transport within this process: it calls the subgraphs' services as functions.

use account::AccountSchema;
use async_trait::async_trait;
use bytes::Bytes;
use gateway::{Context, SubgraphRequest, Transport, TransportError};
use media::MediaSchema;
use platform::{CALLER_HEADER, Caller, graphql};
use todo::TodoSchema;
use tokio::time::timeout_at;

/// The subgraphs of this process.
pub(super) struct InMemory {
    account: AccountSchema,
    todo: TodoSchema,
    media: MediaSchema,
}

impl InMemory {
    pub(super) const fn new(account: AccountSchema, todo: TodoSchema, media: MediaSchema) -> Self {
        Self { account, todo, media }
    }
}

#[async_trait]
impl Transport for InMemory {
    async fn call(
        &self,
        subgraph: &str,
        request: SubgraphRequest,
        context: &Context,
    ) -> Result<Bytes, TransportError> {
        let header = context.headers.iter().find(|(name, _)| name == CALLER_HEADER);
        let caller = header.and_then(|(_, value)| Caller::from_header(value).ok());
        let SubgraphRequest { query, variables } = request;
        let answering = async {
            match subgraph {
                "account" => Ok(graphql::answer(&self.account, caller, &query, variables).await),
                "todo" => Ok(graphql::answer(&self.todo, caller, &query, variables).await),
                "media" => Ok(graphql::answer(&self.media, caller, &query, variables).await),
                other => Err(TransportError::Unknown(other.to_owned())),
            }
        };
        let answer = match context.deadline {
            Some(deadline) => timeout_at(deadline.into(), answering).await,
            None => Ok(answering.await),
        };
        let answer = answer.map_err(|_| TransportError::TimedOut)??;
        let body = serde_json::to_vec(&answer);
        body.map(Bytes::from).map_err(|error| TransportError::Unreachable(error.to_string()))
    }
}
