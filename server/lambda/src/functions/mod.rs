//! The functions themselves. Each is made of its services by `new` as deployed, and by `over` for tests.

mod account;
mod authorizer;
mod cleaner;
mod gateway;
mod maker;
mod media;
mod socket;
mod todo;

pub use account::Account;
pub use authorizer::Authorizer;
pub use cleaner::Cleaner;
pub use gateway::{Engine, Gateway, OPERATIONS, SUPERGRAPH};
pub use maker::{Event as MakerEvent, Maker};
pub use media::{Media, Wake};
pub use socket::Socket;
pub use todo::Todo;
