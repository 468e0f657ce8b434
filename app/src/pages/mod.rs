//! The screens, one a file.

#![expect(unreachable_pub, reason = "the component macro writes `pub` where the source says `pub(crate)`")]

pub(crate) mod export;
pub(crate) mod frame;
pub(crate) mod import;
pub(crate) mod list;
pub(crate) mod lists;
pub(crate) mod not_found;
pub(crate) mod sessions;
pub(crate) mod settings;
pub(crate) mod sign_in;
pub(crate) mod today;
