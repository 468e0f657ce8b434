//! A session in the graph.

use async_graphql::{ID, Object};

use crate::session;
use platform::graphql::scalar::Timestamp;

/// A sign-in on a device.
pub(super) struct Session {
    pub(super) session: session::Session,
    pub(super) current: bool,
}

#[Object]
impl Session {
    async fn id(&self) -> ID {
        self.session.id.to_string().into()
    }

    /// What the sign-in called its device, such as `Firefox on Linux`.
    async fn device(&self) -> &str {
        &self.session.device
    }

    async fn created_at(&self) -> Timestamp {
        Timestamp(self.session.created_at)
    }

    async fn last_seen_at(&self) -> Timestamp {
        Timestamp(self.session.last_seen_at)
    }

    /// Whether this request came from it.
    async fn current(&self) -> bool {
        self.current
    }
}
