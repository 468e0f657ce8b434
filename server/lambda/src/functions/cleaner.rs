//! Removes what was deleted, and what is stray, called every few minutes.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use lambda_runtime::Error;
use media::{Medias, access::Access};
use platform::{LocalPokes, SystemClock, Table};
use serde_json::{Value, json};

use crate::{Answered, Function, Invocation, Setup, SetupError, trace::Requested};

/// What the files of one list may take. None are looked at that might not be done in time.
const LIST: Duration = Duration::from_secs(60);

/// Cleans the table and the storage.
#[derive(Debug)]
pub struct Cleaner {
    cleaner: cleaner::Cleaner,
    medias: Medias,
}

impl Cleaner {
    /// As deployed.
    ///
    /// # Errors
    /// Where the deployment did not say which table and which buckets.
    pub async fn new(setup: Setup) -> Result<Self, SetupError> {
        let table = setup.table().await?;
        // It signs no addresses: this key is never made.
        let access = Access::local(&std::env::temp_dir().join("media-key"))?;
        let pokes = Arc::new(LocalPokes::default());
        let medias = Medias::new(table.clone(), Arc::new(SystemClock), pokes, setup.blobs()?, access);
        Ok(Self::over(table, medias))
    }

    /// Over this table and these media.
    #[must_use]
    pub fn over(table: Table, medias: Medias) -> Self {
        // Members of a list that went with its owner find out when they next ask: no poke is worth a right to send
        // one.
        let pokes = Arc::new(LocalPokes::default());
        Self { cleaner: cleaner::Cleaner::new(table, Arc::new(SystemClock), pokes), medias }
    }
}

impl Function for Cleaner {
    type Event = Value;
    type Answer = Value;

    fn requested(_: &Value) -> Requested<'_> {
        Requested::default()
    }

    async fn answer(&self, _: Value, invocation: Invocation) -> Result<Answered<Value>, Error> {
        let removed = self.cleaner.clean().await?;
        let mismatches = self.medias.sweep_some(|| Instant::now() + LIST >= invocation.deadline).await?;
        for mismatch in &mismatches {
            tracing::warn!(%mismatch, "table and files did not match");
        }
        let (lists, users, mismatches) = (removed.lists, removed.users, mismatches.len());
        Ok(Answered::part(json!({ "lists": lists, "users": users, "mismatches": mismatches })))
    }
}
