//! What client and server both know: identifiers, limits, the todo model and its media, the actions that change them and
//! the rules by which replicas converge. Pure code without I/O; it compiles to wasm and native alike.

pub mod action;
pub mod colour;
pub mod email;
pub mod error;
pub mod id;
pub mod limits;
pub mod media;
pub mod model;
pub mod order;
#[cfg(feature = "simulation")]
pub mod simulation;
pub mod sync;
pub mod time;
pub mod trace;
pub mod transfer;
