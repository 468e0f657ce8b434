//! The one table: opening it, reading it (always strongly consistently) and writing to it.

mod backoff;
mod open;
mod read;
mod units;
mod write;

use std::sync::Arc;

use aws_sdk_dynamodb::Client;

#[cfg(feature = "embedded")]
use crate::{embedded::Embedded, error::StorageError};

pub use units::{Meter, Units};
pub use write::Write;

/// The index that orders the items of a partition by [`VERSION`]; items without one are not in it.
pub const BY_VERSION: &str = "by-version";
/// The attribute, a number, that [`BY_VERSION`] orders by.
pub const VERSION: &str = "v";
/// The attribute, in epoch seconds, after which an item may be removed. It may also stay for days: readers
/// must not take an item past it for valid.
pub const TTL: &str = "ttl";

/// A handle on the table; clones share it.
#[derive(Debug, Clone)]
pub struct Table {
    client: Client,
    name: Arc<str>,
    #[cfg(feature = "embedded")]
    embedded: Option<Embedded>,
}

impl Table {
    /// A table that is there already, such as one that a deployment made: it is neither looked for nor made.
    #[must_use]
    pub fn existing(client: Client, name: &str) -> Self {
        Self {
            client,
            name: name.into(),
            #[cfg(feature = "embedded")]
            embedded: None,
        }
    }

    /// The SDK client, for requests that this type has no method for.
    #[must_use]
    pub const fn client(&self) -> &Client {
        &self.client
    }

    /// The table's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

#[cfg(feature = "embedded")]
impl Table {
    /// Removes items past their time to live from an embedded table; elsewhere the table does it by itself.
    /// Gives how many there were.
    ///
    /// # Errors
    /// Where the table does not answer.
    pub async fn sweep(&self) -> Result<usize, StorageError> {
        let Some(embedded) = self.embedded.clone() else { return Ok(0) };
        let swept = tokio::task::spawn_blocking(move || embedded.sweep()).await;
        match swept {
            Ok(Ok(count)) => Ok(count),
            Ok(Err(error)) => Err(StorageError::Unavailable(error.to_string())),
            Err(error) => Err(StorageError::Unavailable(error.to_string())),
        }
    }

    /// What an embedded table answers to a request of DynamoDB's protocol (`GetItem`, and its body): for programs in
    /// other processes that are tried against it. Nothing where it is closed, or not embedded.
    pub async fn answer(&self, operation: &str, body: Vec<u8>) -> Option<(u16, String)> {
        self.embedded.as_ref()?.answer(operation.to_owned(), body).await
    }

    /// Waits for the requests under way, closes an embedded table and gives its folder free. Requests after
    /// that fail with [`StorageError::Unavailable`].
    pub async fn close(&self) {
        if let Some(embedded) = &self.embedded {
            embedded.close().await;
        }
    }
}
