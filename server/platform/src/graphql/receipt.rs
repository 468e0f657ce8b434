//! The answer to a batch, which every subgraph that takes batches gives alike.

use async_graphql::{ID, SimpleObject};
use domain::{action, sync};

use super::scalar::Version;

/// What became of a batch.
#[derive(Debug, SimpleObject)]
#[graphql(shareable)]
pub struct Receipt {
    mutation_id: ID,
    list: ID,
    /// The list's version after the batch: a replica at this version has seen its effects.
    version: Version,
    /// One for each action, in order.
    outcomes: Vec<Outcome>,
}

impl From<sync::Receipt> for Receipt {
    fn from(receipt: sync::Receipt) -> Self {
        Self {
            mutation_id: receipt.batch.to_string().into(),
            list: receipt.list.to_string().into(),
            version: Version(receipt.version),
            outcomes: receipt.outcomes.into_iter().map(Outcome::from).collect(),
        }
    }
}

/// What became of one action.
#[derive(Debug, SimpleObject)]
#[graphql(shareable)]
pub struct Outcome {
    applied: bool,
    /// Why not, where the action was refused: a stable code.
    code: Option<String>,
}

impl From<action::Outcome> for Outcome {
    fn from(outcome: action::Outcome) -> Self {
        match outcome {
            action::Outcome::Applied => Self { applied: true, code: None },
            action::Outcome::Refused(code) => Self { applied: false, code: Some(code.name().to_owned()) },
        }
    }
}
