//! The socket: it says that something changed, never what.

use domain::{id::ListId, model::Version};
use futures::{StreamExt, channel::mpsc};
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsCast;
use web_sys::{MessageEvent, WebSocket};

use super::browser::{Listener, within};

/// What the server says.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub(super) enum News {
    /// It knows who this is; pokes will come.
    Ready,
    /// A list changed.
    Poke { list: ListId, version: Version },
    /// The session was ended.
    Ended,
    /// Something that this version doesn't know.
    #[serde(other)]
    Unknown,
}

#[derive(Serialize)]
struct Hello<'a> {
    r#type: &'static str,
    token: &'a str,
}

enum Event {
    Open,
    Text(String),
    Closed,
}

/// An open socket, closed when this is dropped.
pub(super) struct Socket {
    socket: WebSocket,
    events: mpsc::UnboundedReceiver<Event>,
    _listeners: [Listener; 4],
}

const CONNECT_MILLIS: u32 = 20_000;

impl Socket {
    /// Connects and says who this is. `None` where the server can't be reached.
    pub(super) async fn open(token: &str) -> Option<Self> {
        let socket = WebSocket::new(&address()?).ok()?;
        let (send, events) = mpsc::unbounded();
        // The receiver is gone once this is dropped, and so is the need to tell it.
        let on = |event, make: fn(web_sys::Event) -> Option<Event>| {
            let send = send.clone();
            Listener::new(socket.clone().into(), event, move |event| {
                if let Some(event) = make(event) {
                    let _ = send.unbounded_send(event);
                }
            })
        };
        let listeners = [
            on("open", |_| Some(Event::Open)),
            on("message", |event| event.dyn_into::<MessageEvent>().ok()?.data().as_string().map(Event::Text)),
            on("close", |_| Some(Event::Closed)),
            on("error", |_| Some(Event::Closed)),
        ];
        let mut socket = Self { socket, events, _listeners: listeners };
        let Some(Some(Event::Open)) = within(CONNECT_MILLIS, socket.events.next()).await else { return None };
        let hello = serde_json::to_string(&Hello { r#type: "hello", token }).ok()?;
        socket.socket.send_with_str(&hello).ok()?;
        Some(socket)
    }

    /// Waits for what comes next; `None` when the socket is closed.
    pub(super) async fn next(&mut self) -> Option<News> {
        match self.events.next().await? {
            Event::Text(text) => Some(serde_json::from_str(&text).unwrap_or(News::Unknown)),
            Event::Open => Some(News::Unknown),
            Event::Closed => None,
        }
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        // Fails on one that is closed already.
        let _ = self.socket.close();
    }
}

fn address() -> Option<String> {
    let location = web_sys::window()?.location();
    let scheme = if location.protocol().ok()? == "http:" { "ws" } else { "wss" };
    Some(format!("{scheme}://{}/ws", location.host().ok()?))
}
