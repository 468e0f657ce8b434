//! The functions as API Gateway, CloudFront and EventBridge call them: over the embedded table and storage, and
//! stand-ins for single services of AWS.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod authorizer;
mod cleaner;
mod convert;
mod faults;
mod faulty;
mod gateway;
mod http;
mod invoke;
mod mail;
mod media;
mod origin;
mod runtime;
mod service;
mod setup;
mod sockets;
mod table;
mod world;
