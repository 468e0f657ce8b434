//! Query plans as the executor runs them, and the port to whoever makes them.

use std::{collections::BTreeSet, sync::Arc};

use graphql_tools::static_graphql::query::Document;

/// Makes plans.
pub(crate) trait Planner: Send + Sync {
    /// A plan for one operation of a valid document whose conditions were decided; `None` if nothing is to be fetched.
    fn plan(&self, document: &Document, name: Option<&str>) -> Result<Option<Step>, PlanError>;
}

/// Why there is no plan.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PlanError {
    #[error("planning took too long")]
    TookTooLong,
    #[error("no plan: {0}")]
    Failed(String),
}

/// A part of a plan.
#[derive(Debug)]
pub(crate) enum Step {
    /// One after the other.
    Sequence(Vec<Step>),
    /// All at once.
    Parallel(Vec<Step>),
    Fetch(Fetch),
}

/// One request to one subgraph.
#[derive(Debug)]
pub(crate) struct Fetch {
    pub(crate) subgraph: String,
    pub(crate) query: Arc<str>,
    /// The operation's variables that the query uses.
    pub(crate) variables: Vec<String>,
    pub(crate) target: Target,
}

/// Where a fetch's answer belongs.
#[derive(Debug)]
pub(crate) enum Target {
    /// Its data are merged as they are, into every object at `path` (the root, if that is empty).
    Data { path: Vec<Way>, keys: Vec<String>, rewrites: Vec<Rewrite> },
    /// Its entities are merged into the objects that they were asked for by.
    Entities(Vec<EntityGroup>),
}

/// Entities that are fetched by one `_entities` field.
#[derive(Debug)]
pub(crate) struct EntityGroup {
    /// The field's key in the answer.
    pub(crate) key: String,
    /// The variable that takes the representations.
    pub(crate) variable: String,
    /// Where the objects are that need them.
    pub(crate) paths: Vec<Vec<Way>>,
    /// What a representation holds.
    pub(crate) needs: Vec<Need>,
    pub(crate) input_rewrites: Vec<Rewrite>,
    pub(crate) output_rewrites: Vec<Rewrite>,
}

/// A step on the way to objects in the data.
#[derive(Debug, Clone)]
pub(crate) enum Way {
    Field(String),
    Items,
    OfType(BTreeSet<String>),
}

/// A part of a representation.
#[derive(Debug)]
pub(crate) enum Need {
    Field { name: String, key: String, below: Vec<Need> },
    OfType { name: String, below: Vec<Need> },
}

/// A correction of data on their way to or from a subgraph.
#[derive(Debug)]
pub(crate) struct Rewrite {
    pub(crate) path: Vec<RewriteWay>,
    pub(crate) change: Change,
}

#[derive(Debug)]
pub(crate) enum RewriteWay {
    Key(String),
    OfType(BTreeSet<String>),
}

#[derive(Debug)]
pub(crate) enum Change {
    /// Sets the value at the path.
    Set(String),
    /// Renames the last key of the path.
    Rename(String),
}
