//! Lists and todos: storing them, and the subgraph that serves them.

mod error;
mod graphql;
mod item;
mod lists;
mod purge;

pub use error::TodoError;
pub use graphql::{TodoSchema, schema, sdl};
pub use lists::{Found, Lists};
pub use purge::{Purged, purge};
