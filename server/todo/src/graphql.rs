//! The todo subgraph: the lists over GraphQL, as `app/graphql/schema.graphql` describes them.

mod codes;
mod input;
mod mutation;
mod object;
mod query;
mod scalar;

use async_graphql::{Context, EmptySubscription, ErrorExtensions, Schema};
use domain::error::Code;
use platform::Caller;

use self::{codes::Codes, mutation::Mutation, query::Query};
use crate::{error::TodoError, lists::Lists};

/// The subgraph's schema. A request carries its [`Caller`] as data; without one every field answers
/// [`Code::Unauthenticated`].
pub type TodoSchema = Schema<Query, Mutation, EmptySubscription>;

/// Levels of fields in one another.
const DEPTH: usize = 8;
/// Fields that an answer may come to, counting a list field as often as it has items.
const COMPLEXITY: usize = 100_000;
/// Levels of anything in one another while the document is parsed.
const NESTING: usize = 32;
/// Directives on one field.
const DIRECTIVES: usize = 4;

/// The subgraph over these lists.
#[must_use]
pub fn schema(lists: Lists) -> TodoSchema {
    builder().data(lists).finish()
}

/// The subgraph's SDL, for composing the supergraph.
#[must_use]
pub fn sdl() -> String {
    builder().finish().sdl_with_options(async_graphql::SDLExportOptions::new().federation())
}

fn builder() -> async_graphql::SchemaBuilder<Query, Mutation, EmptySubscription> {
    Schema::build(Query, Mutation, EmptySubscription)
        .enable_federation()
        .limit_depth(DEPTH)
        .limit_complexity(COMPLEXITY)
        .limit_recursive_depth(NESTING)
        .limit_directives(DIRECTIVES)
        .extension(Codes)
}

type Answer<T> = async_graphql::Result<T>;

/// Who asks, and the lists to ask.
fn scene<'a>(context: &'a Context<'_>) -> Answer<(&'a Caller, &'a Lists)> {
    let caller = context.data_opt::<Caller>().ok_or_else(|| refusal(Code::Unauthenticated))?;
    Ok((caller, context.data::<Lists>()?))
}

/// The error that a caller gets: a sentence and a stable code.
fn refusal(code: Code) -> async_graphql::Error {
    async_graphql::Error::new(code.message()).extend_with(|_, extensions| extensions.set("code", code.name()))
}

fn failure(error: TodoError) -> async_graphql::Error {
    if let TodoError::Storage(error) = &error {
        tracing::error!(%error, "the table did not do what was asked");
    }
    refusal(error.code())
}

fn parse<T: std::str::FromStr>(id: &async_graphql::ID) -> Answer<T> {
    id.parse().map_err(|_| refusal(Code::BadInput))
}
