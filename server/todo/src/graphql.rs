//! The todo subgraph: the lists over GraphQL, as `app/graphql/schema.graphql` describes them.

mod input;
mod mutation;
mod object;
mod query;

use async_graphql::{Context, EmptySubscription, SDLExportOptions, Schema};
use platform::{
    Caller,
    graphql::{caller, limited},
};

use self::{mutation::Mutation, query::Query};
use crate::lists::Lists;

/// The subgraph's schema. A request carries its [`Caller`] as data; without one every field answers
/// [`domain::error::Code::Unauthenticated`].
pub type TodoSchema = Schema<Query, Mutation, EmptySubscription>;

/// The subgraph over these lists.
#[must_use]
pub fn schema(lists: Lists) -> TodoSchema {
    limited(Schema::build(Query, Mutation, EmptySubscription)).data(lists).finish()
}

/// The subgraph's SDL, for composing the supergraph.
#[must_use]
pub fn sdl() -> String {
    let schema = Schema::build(Query, Mutation, EmptySubscription).finish();
    schema.sdl_with_options(SDLExportOptions::new().federation())
}

type Answer<T> = async_graphql::Result<T>;

/// Who asks, and the lists to ask.
fn scene<'a>(context: &'a Context<'_>) -> Answer<(&'a Caller, &'a Lists)> {
    Ok((caller(context)?, context.data::<Lists>()?))
}
