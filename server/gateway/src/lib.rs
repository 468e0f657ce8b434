//! A GraphQL gateway over a Federation v2 supergraph: it checks and plans an operation, runs the plan over the
//! subgraphs, and shapes one answer. It knows nothing of accounts, HTTP or where the subgraphs live.

mod cache;
mod conditions;
mod cost;
mod document;
mod entities;
mod error;
mod execute;
mod gateway;
mod hive;
mod introspection;
mod limits;
mod measure;
mod merge;
mod plan;
mod project;
mod refusal;
mod request;
mod schema;
mod shape;
mod subgraph;
mod transport;
mod variables;

pub use error::SupergraphError;
pub use gateway::{Context, Gateway, Response};
pub use limits::Limits;
pub use transport::{SubgraphRequest, Transport, TransportError};
