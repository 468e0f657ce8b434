//! Reaching subgraphs over HTTP.

use std::collections::HashMap;

use async_trait::async_trait;
use bytes::Bytes;
use gateway::{Context, SubgraphRequest, Transport, TransportError};

/// Reaches subgraphs over HTTP.
pub(crate) struct Http {
    pub(crate) client: reqwest::Client,
    /// By their names.
    pub(crate) urls: HashMap<String, String>,
}

#[async_trait]
impl Transport for Http {
    async fn call(
        &self,
        subgraph: &str,
        request: SubgraphRequest,
        context: &Context,
    ) -> Result<Bytes, TransportError> {
        let url = self.urls.get(subgraph).ok_or_else(|| TransportError::Unknown(subgraph.to_owned()))?;
        let mut post = self.client.post(url).header("accept", "application/json").json(&request);
        for (name, value) in &context.headers {
            post = post.header(name, value);
        }
        let unreachable = |error: reqwest::Error| TransportError::Unreachable(error.to_string());
        post.send().await.map_err(unreachable)?.bytes().await.map_err(unreachable)
    }
}
