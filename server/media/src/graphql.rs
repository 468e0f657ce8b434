//! The media subgraph: photos and videos over GraphQL, as `app/graphql/schema.graphql` describes them.

mod input;
mod load;
mod mutation;
mod object;
mod query;
mod upload;

use async_graphql::{Context, EmptySubscription, Error, SDLExportOptions, Schema, dataloader::DataLoader};
use platform::{
    Caller,
    graphql::{caller, error, limited, list_error},
};

use self::{load::Loads, mutation::Mutation, query::Query};
use crate::{MediaError, Medias};

/// The subgraph's schema. A request carries its [`Caller`] as data; without one every field answers
/// [`domain::error::Code::Unauthenticated`].
pub type MediaSchema = Schema<Query, Mutation, EmptySubscription>;

/// The subgraph over these media.
#[must_use]
pub fn schema(medias: Medias) -> MediaSchema {
    let loads = DataLoader::new(Loads(medias.clone()), tokio::spawn);
    limited(Schema::build(Query, Mutation, EmptySubscription)).data(medias).data(loads).finish()
}

/// The subgraph's SDL, for composing the supergraph.
#[must_use]
pub fn sdl() -> String {
    let schema = Schema::build(Query, Mutation, EmptySubscription).finish();
    schema.sdl_with_options(SDLExportOptions::new().federation())
}

type Answer<T> = async_graphql::Result<T>;

/// Who asks, and the media to ask.
fn scene<'a>(context: &'a Context<'_>) -> Answer<(&'a Caller, &'a Medias)> {
    Ok((caller(context)?, context.data::<Medias>()?))
}

fn failure(failure: &MediaError) -> Error {
    match failure {
        MediaError::List(failure) => list_error(failure),
        MediaError::Blob(_) | MediaError::Access(_) => {
            tracing::error!(error = %failure, "a fault in the storage of files");
            error(failure.code())
        }
    }
}
