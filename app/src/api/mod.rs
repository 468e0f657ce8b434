//! How the client talks to the server: the GraphQL operations and the sign-in routes.

mod error;

pub use error::ApiError;
