//! The hosts: the whole stack in one process, the site's prerendering and its static host.

pub mod check;
pub mod host;
pub mod hosting;
pub mod import;
mod local;
pub mod relay;
pub mod serve;
pub mod site;
pub mod ssg;
pub mod watch;
