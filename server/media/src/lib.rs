//! Photos and videos on todos: their rows, their files, who may read them, what is made of an upload, and the
//! subgraph that serves them.

pub mod access;
mod check;
mod error;
pub mod files;
mod graphql;
mod medias;
pub mod process;
mod row;
pub mod serve;
pub mod work;

pub use check::Mismatch;
pub use error::MediaError;
pub use graphql::{MediaSchema, schema, sdl};
pub use medias::{Medias, PART_BYTES, SINGLE_BYTES, Target, Usage, purge_list};
