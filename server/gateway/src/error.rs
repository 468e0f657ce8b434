//! Errors: why a supergraph can't be served, and the errors of an answer that is otherwise good.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Why a supergraph can't be served.
#[derive(Debug, thiserror::Error)]
pub enum SupergraphError {
    /// It is not a schema in GraphQL's language.
    #[error("the supergraph can't be read: {0}")]
    Unreadable(String),
    /// It is a schema, but not of a supergraph that can be planned over.
    #[error("the supergraph can't be used: {0}")]
    Unusable(String),
}

/// A step of an error's path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum PathStep {
    Key(String),
    Index(usize),
}

/// One error of an answer, on the wire.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct GraphqlError {
    pub(crate) message: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) path: Option<Vec<PathStep>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) extensions: Option<Map<String, Value>>,
}

impl GraphqlError {
    pub(crate) fn new(code: &str, message: impl Into<String>, path: Option<Vec<PathStep>>) -> Self {
        let extensions = Map::from_iter([("code".to_owned(), Value::from(code))]);
        Self { message: message.into(), path, extensions: Some(extensions) }
    }

    /// The error of a subgraph that did not answer, with its name.
    pub(crate) fn unavailable(subgraph: &str, path: Option<Vec<PathStep>>) -> Self {
        let mut error =
            Self::new("UNAVAILABLE", "The service can't be reached just now. Please try again.", path);
        let extensions = error.extensions.get_or_insert_default();
        extensions.insert("service".to_owned(), Value::from(subgraph));
        error
    }

    /// Whether it explains a null at `path`: it has no place, or its place and `path` lie on one line.
    pub(crate) fn explains(&self, path: &[PathStep]) -> bool {
        self.path.as_ref().is_none_or(|own| own.iter().zip(path).all(|(a, b)| a == b))
    }
}
