//! Subgraphs' answers: read, and their errors told by the places that the client knows.

use serde::Deserialize;
use serde_json::Value;

use crate::{
    error::{GraphqlError, PathStep},
    plan::{Change, Rewrite, RewriteWay},
};

/// A subgraph's answer.
#[derive(Debug, Deserialize)]
pub(crate) struct Answer {
    #[serde(default)]
    pub(crate) data: Value,
    #[serde(default)]
    pub(crate) errors: Option<Vec<GraphqlError>>,
}

impl Answer {
    /// The answer in these bytes, if they hold one.
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        let answer: Self = serde_json::from_slice(bytes).ok()?;
        (answer.data.is_object() || answer.errors.as_ref().is_some_and(|errors| !errors.is_empty()))
            .then_some(answer)
    }
}

/// The error as it looks from the root of the client's data, when its fetch was for the object at `place`.
pub(crate) fn moved(mut error: GraphqlError, place: &[PathStep], rewrites: &[Rewrite]) -> GraphqlError {
    if let Some(path) = &mut error.path {
        let mut full = place.to_vec();
        full.extend(path.drain(..).map(|step| renamed(step, rewrites)));
        *path = full;
    }
    coded(error)
}

/// Gives an error of a subgraph a code if it has none.
pub(crate) fn coded(mut error: GraphqlError) -> GraphqlError {
    let extensions = error.extensions.get_or_insert_default();
    extensions.entry("code").or_insert_with(|| Value::from("INTERNAL"));
    error
}

/// The planner may have given a field another key towards the subgraph.
fn renamed(step: PathStep, rewrites: &[Rewrite]) -> PathStep {
    let PathStep::Key(key) = &step else { return step };
    rewrites
        .iter()
        .find_map(|rewrite| match (&rewrite.change, rewrite.path.last()) {
            (Change::Rename(to), Some(RewriteWay::Key(from))) if from == key => {
                Some(PathStep::Key(to.clone()))
            }
            _ => None,
        })
        .unwrap_or(step)
}

/// Which entity of which field an entity fetch's error is about, and the rest of its path.
pub(crate) fn entity_of(error: &GraphqlError) -> Option<(&str, usize, &[PathStep])> {
    match error.path.as_deref()? {
        [PathStep::Key(key), PathStep::Index(index), rest @ ..] => Some((key, *index, rest)),
        _ => None,
    }
}
