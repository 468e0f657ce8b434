//! Reads the body of a GraphQL request.

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::{limits::Limits, refusal::Refusal};

/// A request as the client sent it.
#[derive(Debug, Deserialize)]
pub(crate) struct Request {
    pub(crate) query: String,
    #[serde(default, rename = "operationName")]
    pub(crate) operation_name: Option<String>,
    #[serde(default)]
    variables: Option<Map<String, Value>>,
}

impl Request {
    pub(crate) fn read(body: &[u8], limits: &Limits) -> Result<Self, Refusal> {
        if body.len() > limits.body_bytes {
            return Err(Refusal::TooLarge(limits.body_bytes));
        }
        if body.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[') {
            return Err(Refusal::Malformed(
                "One request at a time: a batch of requests can't be taken.".to_owned(),
            ));
        }
        serde_json::from_slice(body).map_err(|error| {
            Refusal::Malformed(format!("This request can't be read as a GraphQL request: {error}."))
        })
    }

    /// Its variables, moved out.
    pub(crate) fn take_variables(&mut self) -> Map<String, Value> {
        self.variables.take().unwrap_or_default()
    }
}
