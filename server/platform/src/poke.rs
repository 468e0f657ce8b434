//! Pokes: telling a user's open devices that there is something to pull, or that their session ended. They
//! carry no data, and losing one costs time only.

use domain::{
    id::{ListId, SessionId, UserId},
    model::Version,
};
use tokio::sync::broadcast;

/// Signals that a slow receiver may lag behind before it is told that it missed some.
const BACKLOG: usize = 1_024;

/// What a device is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields say what they are")]
pub enum Signal {
    /// A list that the user may see, or might until now, has moved to this version.
    Moved { user: UserId, list: ListId, version: Version },
    /// The user's session is over, if it was the user's.
    Ended { user: UserId, session: SessionId },
}

/// Sends signals to devices, wherever they are connected.
pub trait Pokes: Send + Sync + 'static {
    /// Sends a signal; it never waits and never fails.
    fn send(&self, signal: Signal);
}

/// Signals within this process; clones share the channel.
#[derive(Debug, Clone)]
pub struct LocalPokes(broadcast::Sender<Signal>);

impl LocalPokes {
    /// Every signal that is sent from now on.
    #[must_use]
    pub fn subscribe(&self) -> broadcast::Receiver<Signal> {
        self.0.subscribe()
    }
}

impl Default for LocalPokes {
    fn default() -> Self {
        Self(broadcast::channel(BACKLOG).0)
    }
}

impl Pokes for LocalPokes {
    fn send(&self, signal: Signal) {
        // An error says that nobody is connected.
        let _ = self.0.send(signal);
    }
}
