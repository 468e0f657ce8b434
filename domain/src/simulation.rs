//! Simulated devices for tests: they edit, send, hear, crash and lose messages as a script says, against any
//! server, and at the end everything must add up. What it asserts stands in [`check`].

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test tool: a failure is its result"
)]

mod check;
mod device;
mod edits;
mod journal;
mod oracle;
mod server;
mod world;

pub use server::{ModelServer, Server};
pub use world::run;
