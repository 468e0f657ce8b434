//! What the tabs of one user tell each other.

use domain::{id::UserId, sync::Write};
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsCast;
use web_sys::{BroadcastChannel, MessageEvent};

use super::browser::Listener;
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

/// An open channel; where the browser has none, nothing is said and nothing heard.
pub(super) struct Channel(Option<(BroadcastChannel, Listener)>);

impl Channel {
    /// Joins the tabs of this user.
    pub(super) fn open(user: UserId, mut hear: impl FnMut(Message) + 'static) -> Self {
        let Ok(channel) = BroadcastChannel::new(&format!("stack-{user}")) else { return Self(None) };
        let listener = Listener::new(channel.clone().into(), "message", move |event| {
            let text = event.dyn_into::<MessageEvent>().ok().and_then(|event| event.data().as_string());
            // A tab of another version may say what this one doesn't know; the storage's revision tells then.
            if let Some(message) = text.and_then(|text| serde_json::from_str(&text).ok()) {
                hear(message);
            }
        });
        Self(Some((channel, listener)))
    }

    /// Tells all other tabs.
    pub(super) fn tell(&self, message: &Message) {
        let Some((channel, _)) = &self.0 else { return };
        if let Ok(text) = serde_json::to_string(message) {
            // Fails on a closed channel only, and then there is nobody to tell.
            let _ = channel.post_message(&text.into());
        }
    }

    /// Leaves.
    pub(super) fn close(&self) {
        if let Some((channel, _)) = &self.0 {
            channel.close();
        }
    }
}
