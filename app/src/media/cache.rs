//! The pictures that the service worker keeps for being offline: how much, at most how much, and away with them.

use std::collections::BTreeSet;

use domain::id::ListId;
use futures::channel::oneshot;
use js_sys::Promise;
use leptos::prelude::GetUntracked;
use serde::{Deserialize, Serialize};
use wasm_bindgen::{JsCast, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{MessageChannel, MessageEvent, ServiceWorker, ServiceWorkerRegistration};

use crate::store::Store;

/// How long the worker may take for an answer, in milliseconds.
const PATIENCE: u32 = 10_000;

/// What is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(super) struct Usage {
    pub(super) bytes: u64,
    pub(super) limit: u64,
}

#[derive(Serialize)]
#[serde(tag = "media", rename_all = "lowercase")]
enum Question<'a> {
    Usage,
    Limit {
        bytes: u64,
    },
    Clear,
    /// Keep only what lies below these paths.
    Keep {
        paths: &'a BTreeSet<String>,
    },
}

/// How much is kept. `None` where there is no service worker.
pub(super) async fn usage() -> Option<Usage> {
    ask(&Question::Usage).await
}

/// Keeps at most so many bytes from now on.
pub(super) async fn set_limit(bytes: u64) -> Option<Usage> {
    ask(&Question::Limit { bytes }).await
}

/// Keeps nothing of what is kept.
pub(super) async fn clear() -> Option<Usage> {
    ask(&Question::Clear).await
}

/// Lets go of pictures that belong to nothing any more: deleted ones, those of lists that are no longer shared, and
/// former looks of those that were turned.
pub(super) async fn tidy(store: Store) {
    let (lists, archived) = (store.lists_now(), store.archived().get_untracked());
    let paths: BTreeSet<String> =
        lists.iter().chain(archived.iter()).flat_map(|list| paths_of(store, *list)).collect();
    ask(&Question::Keep { paths: &paths }).await;
}

fn paths_of(store: Store, list: ListId) -> Vec<String> {
    let todos = store.todos_now(list);
    let subtasks = todos.iter().flat_map(|todo| store.subtasks_now(list, *todo).to_vec());
    let media = todos.iter().copied().chain(subtasks).flat_map(|todo| store.media_now(list, todo).to_vec());
    let rendition = media.filter_map(|id| store.media_item_now(list, id)?.rendition);
    rendition.map(|rendition| rendition.path).collect()
}

async fn ask(question: &Question<'_>) -> Option<Usage> {
    let worker = worker().await?;
    let channel = MessageChannel::new().ok()?;
    let (sender, answer) = oneshot::channel();
    let hear = Closure::once_into_js(move |event: MessageEvent| drop(sender.send(event.data())));
    channel.port1().set_onmessage(Some(hear.unchecked_ref()));
    let text = serde_json::to_string(question).ok()?;
    worker.post_message_with_transferable(&text.into(), &js_sys::Array::of1(&channel.port2())).ok()?;
    let patience = gloo_timers::future::TimeoutFuture::new(PATIENCE);
    let answer = match futures::future::select(answer, patience).await {
        futures::future::Either::Left((answer, _)) => answer.ok()?,
        futures::future::Either::Right(_) => return None,
    };
    channel.port1().close();
    serde_json::from_str(&answer.as_string()?).ok()
}

async fn worker() -> Option<ServiceWorker> {
    let navigator = web_sys::window()?.navigator();
    // Pages that are not secure have no such thing.
    if !js_sys::Reflect::has(&navigator, &"serviceWorker".into()).ok()? {
        return None;
    }
    let found: Promise = navigator.service_worker().get_registration();
    let registration: ServiceWorkerRegistration = JsFuture::from(found).await.ok()?.dyn_into().ok()?;
    registration.active()
}
