//! What operations were measured to consume (`measured.json`), and where a bill finds it.

use std::{collections::BTreeMap, path::PathBuf};

use anyhow::{Context as _, Result};
use serde::{Deserialize, Serialize};

use crate::paths;

/// Totals of a run against a deployment on an emulator.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Measured {
    /// The day of the run.
    pub(crate) date: String,
    /// By what a client wanted; what no client asks for is under the function's name.
    pub(crate) operations: BTreeMap<String, Operation>,
    /// Getting ready, by function.
    pub(crate) starts: BTreeMap<String, Start>,
    /// What viewers got, by kind of path.
    pub(crate) viewers: BTreeMap<String, Viewed>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Operation {
    pub(crate) count: f64,
    /// What each function did for all of them.
    pub(crate) parts: BTreeMap<String, Part>,
}

/// All calls of one function for one kind of operation.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Part {
    pub(crate) calls: f64,
    /// Megabytes that the function may have.
    pub(crate) memory: f64,
    /// As compiled for tests, beside an emulator on the same machine.
    pub(crate) millis: f64,
    pub(crate) cpu_millis: f64,
    /// Units of the table.
    pub(crate) reads: f64,
    pub(crate) writes: f64,
    /// Requests to services, by their names in signatures.
    pub(crate) requests: BTreeMap<String, f64>,
    /// Bytes of log that a production deployment would take in.
    pub(crate) log_bytes: f64,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Start {
    pub(crate) count: f64,
    pub(crate) memory: f64,
    pub(crate) cpu_millis: f64,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Viewed {
    pub(crate) requests: f64,
    pub(crate) bytes: f64,
}

impl Measured {
    pub(crate) fn file() -> PathBuf {
        paths::root().join("xtask/src/cost/measured.json")
    }

    /// What was measured and committed.
    pub(crate) fn read() -> Result<Self> {
        serde_json::from_str(include_str!("measured.json"))
            .context("xtask/src/cost/measured.json: make it anew with `cargo xtask cost --measure`")
    }

    /// What one operation of this kind consumed, on average.
    pub(crate) fn operation(&self, name: &str) -> Result<Operation> {
        let found = self.operations.get(name).filter(|operation| operation.count > 0.0);
        let operation = found
            .with_context(|| format!("nothing was measured of {name}: run `cargo xtask cost --measure`"))?;
        let part = |part: &Part| part.times(1.0 / operation.count);
        let parts = operation.parts.iter().map(|(function, all)| (function.clone(), part(all))).collect();
        Ok(Operation { count: 1.0, parts })
    }

    /// Bytes that viewers got for one request of this kind, on average.
    pub(crate) fn bytes_of(&self, kind: &str) -> f64 {
        self.viewers.get(kind).map_or(0.0, |seen| seen.bytes / seen.requests.max(1.0))
    }

    /// Milliseconds of a processor for one start of this function.
    pub(crate) fn start_of(&self, function: &str) -> f64 {
        self.starts.get(function).map_or(0.0, |start| start.cpu_millis / start.count.max(1.0))
    }
}

impl Part {
    fn times(&self, factor: f64) -> Self {
        Self {
            calls: self.calls * factor,
            memory: self.memory,
            millis: self.millis * factor,
            cpu_millis: self.cpu_millis * factor,
            reads: self.reads * factor,
            writes: self.writes * factor,
            requests: self.requests.iter().map(|(name, count)| (name.clone(), count * factor)).collect(),
            log_bytes: self.log_bytes * factor,
        }
    }

    pub(crate) fn requests_to(&self, service: &str) -> f64 {
        self.requests.get(service).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_average_is_of_operations_and_not_of_calls() {
        let requests = BTreeMap::from([("dynamodb".to_owned(), 6.0)]);
        let part = Part { calls: 4.0, memory: 512.0, reads: 8.0, requests, ..Part::default() };
        let parts = BTreeMap::from([("todo".to_owned(), part)]);
        let operations = BTreeMap::from([("Heads".to_owned(), Operation { count: 2.0, parts })]);
        let measured = Measured { operations, ..Measured::default() };
        let one = measured.operation("Heads").unwrap();
        let part = &one.parts["todo"];
        assert_eq!((part.calls, part.reads, part.memory), (2.0, 4.0, 512.0));
        assert_eq!((part.requests_to("dynamodb"), part.requests_to("s3 GET")), (3.0, 0.0));
        let error = measured.operation("Commit").unwrap_err().to_string();
        assert!(error.contains("Commit") && error.contains("--measure"), "{error}");
    }
}
