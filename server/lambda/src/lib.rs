//! The functions that answer on AWS: thin hosts over the services that the one process has too. Each program in
//! `src/bin` makes its function once, before its first call, and then answers calls one at a time.

mod convert;
mod error;
pub mod functions;
pub mod http;
pub mod invoke;
mod mailer;
mod metrics;
mod origin;
mod pokes;
mod run;
mod secret;
mod setup;
mod size;
pub mod socket;
mod tap;
pub mod trace;
pub mod usage;

pub use convert::MediaConvert;
pub use error::SetupError;
pub use mailer::{Keeping, Ses};
pub use metrics::line;
pub use origin::OriginCheck;
pub use pokes::SocketPokes;
pub use run::{Answered, Function, Invocation, run};
pub use setup::Setup;
