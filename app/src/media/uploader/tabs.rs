//! What the tabs of one user tell each other about files and uploads: one of them sends, all show it.

use domain::id::{MediaId, UserId};
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsCast;
use web_sys::{BroadcastChannel, MessageEvent};

use super::queue::Upload;
use crate::{media::files::Kept, store::Listener};

/// One message, to all other tabs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Message {
    /// A new tab wants to know how it goes.
    Hello,
    /// This file is kept now.
    Kept(Kept),
    /// This one no longer.
    LetGo(MediaId),
    /// The uploads of the tab that sends.
    Uploads(Vec<(MediaId, Upload)>),
    /// The user wants something of the tab that sends.
    Do(Command),
}

/// What a user may want of uploads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Command {
    Pause(MediaId),
    Resume(MediaId),
    PauseAll,
    ResumeAll,
}

/// An open channel; where the browser has none, nothing is said and nothing heard.
pub(super) struct Channel(Option<(BroadcastChannel, Listener)>);

impl Channel {
    pub(super) fn open(user: UserId, mut hear: impl FnMut(Message) + 'static) -> Self {
        let Ok(channel) = BroadcastChannel::new(&format!("stack-media-{user}")) else { return Self(None) };
        let listener = Listener::new(channel.clone().into(), "message", move |event| {
            let text = event.dyn_into::<MessageEvent>().ok().and_then(|event| event.data().as_string());
            // A tab of another version may say what this one doesn't know.
            if let Some(message) = text.and_then(|text| serde_json::from_str(&text).ok()) {
                hear(message);
            }
        });
        Self(Some((channel, listener)))
    }

    pub(super) fn tell(&self, message: &Message) {
        let Some((channel, _)) = &self.0 else { return };
        if let Ok(text) = serde_json::to_string(message) {
            // Fails on a closed channel only, and then there is nobody to tell.
            drop(channel.post_message(&text.into()));
        }
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        if let Some((channel, _)) = &self.0 {
            channel.close();
        }
    }
}
