//! The gateway's behaviour over two subgraphs: `people` (users) and `reviews` (what they wrote and how they rate).

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod errors;
mod execution;
mod hostile;
mod introspection;
mod support;
mod validation;
mod variables;
