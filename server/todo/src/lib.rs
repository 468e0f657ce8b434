//! Lists and todos: storing them, and the subgraph that serves them.

mod graphql;
mod item;
mod lists;

pub use graphql::{TodoSchema, schema, sdl};
pub use lists::{Changes, Lists};
