//! The account subgraph: the caller, and the caller's sessions. Nothing here shows one user to another.

mod mutation;
mod query;
mod session;
mod user;

use async_graphql::{EmptySubscription, Error, SDLExportOptions, Schema};
use domain::{error::Code, id::MutationId};
use platform::graphql::{error, error_saying, limited};

use crate::{error::AccountError, service::Accounts};
use mutation::Mutation;
use query::Query;

/// The subgraph's schema.
pub type AccountSchema = Schema<Query, Mutation, EmptySubscription>;

/// The subgraph over this service.
#[must_use]
pub fn schema(accounts: Accounts) -> AccountSchema {
    limited(Schema::build(Query, Mutation, EmptySubscription)).data(accounts).finish()
}

/// The subgraph's SDL, for composing the supergraph.
#[must_use]
pub fn sdl() -> String {
    let options = SDLExportOptions::new().federation().prefer_single_line_descriptions();
    Schema::build(Query, Mutation, EmptySubscription).finish().sdl_with_options(options)
}

fn refusal(failure: &AccountError) -> Error {
    error(failure.code())
}

/// Reads a mutation's id. These mutations may be repeated without further effect, so nothing is kept by it.
fn mutation_id(text: &str) -> Result<MutationId, Error> {
    text.parse().map_err(|_| error_saying(Code::BadInput, "`mutationId` is not a UUID."))
}
