//! How the client talks to the server: the GraphQL operations and the sign-in routes.

pub(crate) mod auth;
mod error;
mod graphql;
mod http;
mod input;
pub(crate) mod media;
pub(crate) mod operations;
mod scalars;

pub use error::ApiError;
