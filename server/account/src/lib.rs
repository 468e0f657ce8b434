//! Accounts: signing in with a code sent by mail, sessions on devices, and the part of the graph that shows
//! them to their owner.

mod access;
mod code;
mod error;
mod graphql;
mod http;
mod keys;
mod profile;
mod refresh;
mod service;
mod session;

pub use access::ACCESS_SECONDS;
pub use error::AccountError;
pub use graphql::{AccountSchema, schema, sdl};
pub use http::{ErrorBody, error_response, router};
pub use keys::Keys;
pub use profile::{Profile, purge_user};
pub use service::{Accounts, RateLimits, SignedIn};
pub use session::Session;
