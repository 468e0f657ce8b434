//! A gateway whose subgraphs give the answers that a test lays out, and keep what they were asked.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use bytes::Bytes;
use gateway::{Context, Gateway, Limits, SubgraphRequest, Transport, TransportError};
use serde_json::{Value, json};

pub(crate) const SUPERGRAPH: &str = include_str!("supergraph.graphql");

/// What a subgraph was asked.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) subgraph: String,
    pub(crate) query: String,
    pub(crate) variables: Value,
    pub(crate) headers: Vec<(String, String)>,
}

/// Subgraphs that give laid-out answers, in order; without one (any more), a subgraph can't be reached.
#[derive(Default)]
pub(crate) struct Subgraphs {
    answers: Mutex<HashMap<&'static str, Vec<Value>>>,
    calls: Mutex<Vec<Call>>,
}

#[async_trait]
impl Transport for Subgraphs {
    async fn call(
        &self,
        subgraph: &str,
        request: SubgraphRequest,
        context: &Context,
    ) -> Result<Bytes, TransportError> {
        self.calls.lock().unwrap().push(Call {
            subgraph: subgraph.to_owned(),
            query: request.query.to_string(),
            variables: Value::Object(request.variables),
            headers: context.headers.clone(),
        });
        let mut answers = self.answers.lock().unwrap();
        let unreachable = || TransportError::Unreachable("connection refused".to_owned());
        let left = answers.get_mut(subgraph).filter(|left| !left.is_empty()).ok_or_else(unreachable)?;
        Ok(left.remove(0).to_string().into())
    }
}

/// A gateway under test.
pub(crate) struct Bench {
    pub(crate) gateway: Gateway,
    subgraphs: Arc<Subgraphs>,
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Value,
}

impl Answer {
    pub(crate) fn data(&self) -> &Value {
        &self.body["data"]
    }

    pub(crate) fn errors(&self) -> &[Value] {
        self.body["errors"].as_array().map(Vec::as_slice).unwrap_or_default()
    }

    /// The code of the only error.
    pub(crate) fn code(&self) -> &str {
        assert_eq!(self.errors().len(), 1, "{}", self.body);
        self.errors()[0]["extensions"]["code"].as_str().unwrap()
    }

    pub(crate) fn message(&self) -> &str {
        self.errors()[0]["message"].as_str().unwrap()
    }
}

impl Bench {
    pub(crate) fn new() -> Self {
        Self::with(Limits::default())
    }

    pub(crate) fn with(limits: Limits) -> Self {
        Self::over(SUPERGRAPH, limits)
    }

    /// Over another supergraph than the tests' own.
    pub(crate) fn over(supergraph: &str, limits: Limits) -> Self {
        let subgraphs = Arc::new(Subgraphs::default());
        let gateway = Gateway::new(supergraph, Arc::clone(&subgraphs) as Arc<dyn Transport>, limits).unwrap();
        Self { gateway, subgraphs }
    }

    /// Lays out the next answer of a subgraph.
    pub(crate) fn answer(&self, subgraph: &'static str, answer: Value) -> &Self {
        self.subgraphs.answers.lock().unwrap().entry(subgraph).or_default().push(answer);
        self
    }

    pub(crate) async fn send(&self, body: &Value) -> Answer {
        self.send_bytes(body.to_string().as_bytes()).await
    }

    pub(crate) async fn send_bytes(&self, body: &[u8]) -> Answer {
        let context =
            Context { headers: vec![("x-request-id".to_owned(), "r1".to_owned())], ..Context::default() };
        let response = self.gateway.execute(body, &context).await;
        Answer { status: response.status, body: serde_json::from_slice(&response.body).unwrap() }
    }

    pub(crate) async fn query(&self, query: &str) -> Answer {
        self.send(&json!({ "query": query })).await
    }

    pub(crate) fn calls(&self) -> Vec<Call> {
        self.subgraphs.calls.lock().unwrap().clone()
    }

    /// A refusal before anything was asked of a subgraph.
    pub(crate) async fn refused(&self, query: &str) -> Answer {
        let answer = self.query(query).await;
        assert_eq!(answer.status, 400, "{}", answer.body);
        assert_eq!(answer.body.get("data"), None);
        assert!(self.calls().is_empty());
        answer
    }
}
