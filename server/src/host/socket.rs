//! `GET /ws`: tells a device when there is something to pull. It carries no data.

use std::{ops::ControlFlow, time::Duration};

use account::error_response;
use axum::{
    extract::{
        State, WebSocketUpgrade,
        ws::{CloseFrame, Message, WebSocket},
    },
    response::Response,
};
use domain::{error::Code, id::ListId, model::Version};
use platform::{Caller, Signal};
use serde::{Deserialize, Serialize};
use tokio::{
    sync::broadcast::Receiver,
    time::{MissedTickBehavior, interval, timeout},
};

use super::{Stack, stopped};

/// How long a client may take to say who it is.
const HELLO: Duration = Duration::from_secs(5);
/// How often the client is asked for a sign of life; one that gave none since the last time is gone.
const PING: Duration = Duration::from_secs(30);
/// Bytes of a message from a client.
const MESSAGE_BYTES: usize = 8_192;
/// Why a socket was closed: the token was not good (after the range that applications may use).
const NOT_SIGNED_IN: u16 = 4401;
/// Why a socket was closed: something may have been missed, so connect again and ask for the heads.
const START_OVER: u16 = 4000;
/// Why a socket was closed: the server stops.
const GOING_AWAY: u16 = 1001;

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum FromClient {
    Hello { token: String },
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum ToClient {
    Ready,
    Poke { list: ListId, version: Version },
    Ended,
}

pub(super) async fn socket(State(stack): State<Stack>, upgrade: WebSocketUpgrade) -> Response {
    let Ok(place) = stack.sockets.clone().try_acquire_owned() else {
        return error_response(Code::Unavailable);
    };
    upgrade.max_message_size(MESSAGE_BYTES).max_frame_size(MESSAGE_BYTES).on_upgrade(
        async move |mut socket| {
            if let Some((code, reason)) = converse(&stack, &mut socket).await {
                // An error says that the client is gone already.
                let _ = socket.send(Message::Close(Some(CloseFrame { code, reason: reason.into() }))).await;
            }
            drop(place);
        },
    )
}

/// Serves one client; gives the reason to close the socket, or nothing where the client is gone.
async fn converse(stack: &Stack, socket: &mut WebSocket) -> Option<(u16, &'static str)> {
    let Some(token) = timeout(HELLO, hello(socket)).await.ok().flatten() else {
        return Some((NOT_SIGNED_IN, Code::Unauthenticated.name()));
    };
    // Before the session is looked up, so that its end is not missed in between.
    let mut signals = stack.pokes.subscribe();
    let caller = match stack.accounts.authorise(&token, String::new()).await {
        Ok(caller) => caller,
        Err(error) => {
            let code = error.code();
            if code == Code::SessionEnded {
                say(socket, &ToClient::Ended).await?;
            }
            return Some((NOT_SIGNED_IN, code.name()));
        }
    };
    say(socket, &ToClient::Ready).await?;
    let mut pings = interval(PING);
    pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut alive = true;
    let stopping = stopped(stack.stopping.clone());
    tokio::pin!(stopping);
    loop {
        tokio::select! {
            () = &mut stopping => return Some((GOING_AWAY, "the server stops")),
            received = socket.recv() => match received {
                Some(Ok(Message::Close(_)) | Err(_)) | None => return None,
                // Whatever it says, it is there.
                Some(Ok(_)) => alive = true,
            },
            _ = pings.tick() => {
                if !alive {
                    return None;
                }
                alive = false;
                socket.send(Message::Ping(Vec::new().into())).await.ok()?;
            }
            told = next(&mut signals, &caller) => match told {
                ControlFlow::Continue(poke) => say(socket, &poke).await?,
                ControlFlow::Break(None) => return Some((START_OVER, "pokes were missed")),
                ControlFlow::Break(Some(last)) => {
                    say(socket, &last).await?;
                    return Some((NOT_SIGNED_IN, Code::SessionEnded.name()));
                }
            },
        }
    }
}

/// The token of the client's first message.
async fn hello(socket: &mut WebSocket) -> Option<String> {
    loop {
        match socket.recv().await?.ok()? {
            Message::Text(text) => {
                let FromClient::Hello { token } = serde_json::from_str(&text).ok()?;
                return Some(token);
            }
            Message::Ping(_) | Message::Pong(_) => {}
            Message::Binary(_) | Message::Close(_) => return None,
        }
    }
}

/// The next thing to tell this caller: a poke, or the last thing before the end, or nothing where some were missed.
async fn next(signals: &mut Receiver<Signal>, caller: &Caller) -> ControlFlow<Option<ToClient>, ToClient> {
    loop {
        match signals.recv().await {
            Ok(Signal::Moved { user, list, version }) if user == caller.user => {
                return ControlFlow::Continue(ToClient::Poke { list, version });
            }
            Ok(Signal::Ended { user, session }) if (user, session) == (caller.user, caller.session) => {
                return ControlFlow::Break(Some(ToClient::Ended));
            }
            Ok(_) => {}
            Err(_) => return ControlFlow::Break(None),
        }
    }
}

/// `None` where the client is gone.
async fn say(socket: &mut WebSocket, words: &ToClient) -> Option<()> {
    let text = serde_json::to_string(words).ok()?;
    socket.send(Message::Text(text.into())).await.ok()
}
