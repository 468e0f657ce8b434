//! Removes what was deleted, called every few minutes.

use std::sync::Arc;

use lambda_runtime::Error;
use platform::{LocalPokes, SystemClock, Table};
use serde_json::{Value, json};

use crate::{Answered, Function, Invocation, Setup, SetupError};

/// Cleans the table.
#[derive(Debug)]
pub struct Cleaner(cleaner::Cleaner);

impl Cleaner {
    /// As deployed.
    ///
    /// # Errors
    /// Where the deployment did not say which table.
    pub async fn new(setup: Setup) -> Result<Self, SetupError> {
        Ok(Self::over(setup.table().await?))
    }

    /// Over this table.
    #[must_use]
    pub fn over(table: Table) -> Self {
        // Members of a list that went with its owner find out when they next ask: no poke is worth a right to send
        // one.
        Self(cleaner::Cleaner::new(table, Arc::new(SystemClock), Arc::new(LocalPokes::default())))
    }
}

impl Function for Cleaner {
    type Event = Value;
    type Answer = Value;

    fn request_id(_: &Value) -> Option<&str> {
        None
    }

    async fn answer(&self, _: Value, _: Invocation) -> Result<Answered<Value>, Error> {
        let removed = self.0.clean().await?;
        Ok(Answered::part(json!({ "lists": removed.lists, "users": removed.users })))
    }
}
