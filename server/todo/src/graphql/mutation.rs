//! What can be changed: everything by one operation.

use async_graphql::{Context, Object};
use platform::graphql::{list_error, receipt::Receipt};

use super::{Answer, input::BatchInput, scene};

/// The root of mutations.
#[derive(Debug)]
pub struct Mutation;

#[Object]
impl Mutation {
    /// Changes to one list, in one transaction. Sending a batch again has no further effect and gets the same answer.
    async fn commit(&self, context: &Context<'_>, batch: BatchInput) -> Answer<Receipt> {
        let (caller, lists) = scene(context)?;
        lists
            .commit(caller.user, &batch.read()?)
            .await
            .map(Receipt::from)
            .map_err(|failure| list_error(&failure))
    }
}
