//! The client's store: everything the screens show and everything they can do.
//!
//! Reads are signals that change only when the thing they name changes. Changes go through
//! [`Store::act`]: they show at once, are kept on this device, and travel to the server by themselves.
//! Outside the browser (where pages are prerendered) the store is empty and in [`Phase::Starting`].

mod account;
mod act;
mod engine;
mod media;
mod read;
mod state;
mod types;
mod uploads;
mod watch;

pub use types::{
    Account, Connection, Notice, NoticeId, NoticeKind, Phase, SessionView, SignOutError, Unsent,
};

pub use crate::api::media::{Arrived, Granted, Leave, PartUrl, Quota};
pub(crate) use engine::{Backoff, Channel, Listener, Withdraw, acquire};

pub use domain::sync::ListView;
use leptos::prelude::*;

/// A handle on the store; as small and as freely copied as a signal.
#[derive(Clone, Copy)]
pub struct Store {
    watched: watch::Watched,
    engine: engine::Engine,
}

impl Store {
    /// Makes the store for everything below the current owner and starts it.
    pub fn provide() -> Self {
        let store = if cfg!(target_arch = "wasm32") { Self::start() } else { Self::idle() };
        provide_context(store);
        store
    }

    fn start() -> Self {
        let watched = watch::Watched::new();
        Self { watched, engine: engine::Engine::start(watched) }
    }

    fn idle() -> Self {
        Self { watched: watch::Watched::fixed(), engine: engine::Engine::idle() }
    }
}

/// The store that an owner above provided; an empty one in [`Phase::Starting`] where none did.
#[must_use]
pub fn use_store() -> Store {
    use_context::<Store>().unwrap_or_else(Store::idle)
}
