//! Why a request is answered without running it.

use graphql_tools::parser::Pos;
use serde_json::{Value, json};

/// A request that is not run, with what the client is told.
#[derive(Debug, Clone, thiserror::Error)]
pub(crate) enum Refusal {
    #[error("This request is too large: {0} bytes at most.")]
    TooLarge(usize),
    #[error("{0}")]
    Malformed(String),
    #[error("This query is not valid.")]
    Invalid(Vec<Fault>),
    #[error("{0}")]
    TooCostly(String),
    #[error("{0}")]
    BadInput(String),
    #[error("Something went wrong on our side. Nothing was lost; please try again.")]
    Internal,
}

/// One thing that is wrong with a document.
#[derive(Debug, Clone)]
pub(crate) struct Fault {
    pub(crate) message: String,
    pub(crate) locations: Vec<Pos>,
}

impl Refusal {
    /// A document with one fault that has no place.
    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self::Invalid(vec![Fault { message: message.into(), locations: Vec::new() }])
    }

    /// A document that goes over a limit.
    pub(crate) fn over(what: &str, limit: impl std::fmt::Display) -> Self {
        Self::TooCostly(format!("This query asks for too much at once: {what} (at most {limit})."))
    }

    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::TooLarge(_) => "TOO_LARGE",
            Self::Malformed(_) => "MALFORMED",
            Self::Invalid(_) => "INVALID_QUERY",
            Self::TooCostly(_) => "QUERY_TOO_COSTLY",
            Self::BadInput(_) => "BAD_INPUT",
            Self::Internal => "INTERNAL",
        }
    }

    pub(crate) fn status(&self) -> u16 {
        match self {
            Self::TooLarge(_) => 413,
            Self::Internal => 500,
            _ => 400,
        }
    }

    /// The answer's body.
    pub(crate) fn to_json(&self) -> Value {
        let extensions = json!({ "code": self.code() });
        match self {
            Self::Invalid(faults) => {
                let errors: Vec<Value> = faults.iter().map(|fault| fault.to_json(&extensions)).collect();
                json!({ "errors": errors })
            }
            other => json!({ "errors": [{ "message": other.to_string(), "extensions": extensions }] }),
        }
    }
}

impl Fault {
    fn to_json(&self, extensions: &Value) -> Value {
        if self.locations.is_empty() {
            return json!({ "message": self.message, "extensions": extensions });
        }
        let locations: Vec<Value> =
            self.locations.iter().map(|at| json!({ "line": at.line, "column": at.column })).collect();
        json!({ "message": self.message, "locations": locations, "extensions": extensions })
    }
}
