//! Messages from one tab to all others of this browser.

use std::marker::PhantomData;

use serde::{Serialize, de::DeserializeOwned};
use wasm_bindgen::JsCast;
use web_sys::{BroadcastChannel, MessageEvent};

use super::browser::Listener;

/// An open channel, left when it is dropped. Where the browser has none, nothing is said and nothing heard.
pub(crate) struct Channel<M> {
    open: Option<(BroadcastChannel, Listener)>,
    messages: PhantomData<fn(M)>,
}

impl<M: Serialize + DeserializeOwned> Channel<M> {
    /// Joins the tabs that open the same name.
    pub(crate) fn open(name: &str, mut hear: impl FnMut(M) + 'static) -> Self {
        let open = BroadcastChannel::new(name).ok().map(|channel| {
            let listener = Listener::new(channel.clone().into(), "message", move |event| {
                let text = event.dyn_into::<MessageEvent>().ok().and_then(|event| event.data().as_string());
                // A tab of another version may say what this one doesn't know.
                if let Some(message) = text.and_then(|text| serde_json::from_str(&text).ok()) {
                    hear(message);
                }
            });
            (channel, listener)
        });
        Self { open, messages: PhantomData }
    }

    /// Tells all other tabs.
    pub(crate) fn tell(&self, message: &M) {
        let Some((channel, _)) = &self.open else { return };
        if let Ok(text) = serde_json::to_string(message) {
            // Fails on a closed channel only, and then there is nobody to tell.
            drop(channel.post_message(&text.into()));
        }
    }
}

impl<M> Drop for Channel<M> {
    fn drop(&mut self) {
        if let Some((channel, _)) = &self.open {
            channel.close();
        }
    }
}
