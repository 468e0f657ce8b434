//! What the tabs of one user tell each other.

use domain::sync::Write;
use serde::{Deserialize, Serialize};

use crate::store::types::Connection;

/// One message, to all other tabs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Message {
    /// These rows were stored, and made this revision.
    Stored {
        /// Of the storage.
        revision: u64,
        /// In order.
        writes: Vec<Write>,
    },
    /// The tab that talks to the server says how that goes.
    Connection(Connection),
    /// A new tab wants to know how it goes.
    Hello,
    /// The user asked for the server to be tried now.
    SyncNow,
}
