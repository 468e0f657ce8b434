//! Plays a video: its stream where there is one, natively or by hls.js, which is loaded when it is first needed; else
//! the file itself, by ranges. The file in hand plays until the server has made its own.

use domain::{id::ListId, media::Rendition};
use js_sys::{Function, Promise, Reflect};
use leptos::{html, logging, prelude::*, task::spawn_local};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlVideoElement;

use super::{
    look::{address, fallback},
    picture::{Lasting, Shown},
};
use crate::{
    media::shelf::{Shelf, use_shelf},
    store::{Store, use_store},
    words,
};

/// The stream's index, and the one file where there is no stream.
const STREAM: &str = "master.m3u8";
const FILE: &str = "original.mp4";
const STREAM_TYPE: &str = "application/vnd.apple.mpegurl";

#[component]
pub(crate) fn Player(
    list: ListId,
    shown: Memo<Option<Shown>>,
    #[prop(into)] label: Signal<String>,
) -> impl IntoView {
    let local = Memo::new(move |_| shown.with(|shown| shown.as_ref().and_then(|shown| shown.local.clone())));
    let rendition =
        Memo::new(move |_| shown.with(|shown| shown.as_ref().and_then(|shown| shown.rendition.clone())));
    move || match (local.get(), rendition.get()) {
        (Some(url), _) => view! {
            <video class="player" src=url aria-label=label controls playsinline preload="metadata"></video>
        }
        .into_any(),
        (None, Some(rendition)) if rendition.streams || rendition.plays => {
            view! { <Remote list rendition label/> }.into_any()
        }
        _ => view! { <p class="player-none">{words::VIDEO_BROKEN}</p> }.into_any(),
    }
}

#[component]
fn Remote(list: ListId, rendition: Rendition, label: Signal<String>) -> impl IntoView {
    let (store, shelf) = (use_store(), use_shelf());
    let query = Lasting::new(store, shelf, list);
    let element = NodeRef::<html::Video>::new();
    let broken = RwSignal::new(false);
    // Stops when it is dropped, with this view at the latest.
    let playing = StoredValue::new_local(None::<Playing>);
    // Where the video was when its leave ran out: it goes on from there.
    let at = StoredValue::new(0.0);
    let poster = rendition.clone();
    let played = rendition.clone();
    Effect::new(move || {
        let (Some(video), Some(given)) = (element.get(), query.given.get()) else { return };
        playing.set_value(None);
        match source(&video, &played, given.as_deref()) {
            Source::Plain(url) => video.set_src(&url),
            Source::Stream(url) => spawn_local(async move {
                match stream(&video, &url, store, shelf, list, broken).await {
                    Ok(begun) => drop(playing.try_set_value(Some(begun))),
                    Err(error) => {
                        logging::warn!("The player can't be loaded: {error:?}");
                        broken.try_set(true);
                    }
                }
            }),
        }
    });
    let failed = move |_| {
        if let Some(video) = element.get_untracked() {
            at.set_value(video.current_time());
        }
        broken.set(!query.failed());
    };
    let ready = move |_| {
        broken.set(false);
        let start = at.try_update_value(std::mem::take).unwrap_or_default();
        if let Some(video) = element.get_untracked().filter(|_| start > 0.0) {
            video.set_current_time(start);
            // A browser that wants another tap first says no.
            drop(video.play());
        }
    };
    view! {
        <video
            class="player"
            aria-label=label
            controls
            playsinline
            preload="metadata"
            width=rendition.width
            height=rendition.height
            poster=move || query.given.get().and_then(|given| fallback(&poster, given.as_deref()))
            node_ref=element
            on:error=failed
            on:loadedmetadata=ready
        ></video>
        <p class="player-note" role="status">
            {move || broken.get().then_some(words::VIDEO_BROKEN)}
        </p>
    }
    .into_any()
}

enum Source {
    /// The browser plays it by itself.
    Plain(String),
    /// It takes hls.js.
    Stream(String),
}

fn source(video: &HtmlVideoElement, rendition: &Rendition, query: Option<&str>) -> Source {
    let at = |file| address(&rendition.path, file, query);
    let natively = !video.can_play_type(STREAM_TYPE).is_empty();
    let by_script = Reflect::has(&js_sys::global(), &"MediaSource".into()).unwrap_or(false)
        || Reflect::has(&js_sys::global(), &"ManagedMediaSource".into()).unwrap_or(false);
    match (rendition.streams, rendition.plays) {
        (true, _) if natively => Source::Plain(at(STREAM)),
        (true, _) if by_script => Source::Stream(at(STREAM)),
        (true, false) => Source::Plain(at(STREAM)),
        (false, _) | (true, true) => Source::Plain(at(FILE)),
    }
}

/// A stream that hls.js plays.
struct Playing {
    stop: Function,
    _query: Closure<dyn Fn() -> Option<String>>,
    _failed: Closure<dyn Fn()>,
}

impl Drop for Playing {
    fn drop(&mut self) {
        drop(self.stop.call0(&JsValue::NULL));
    }
}

/// Loads hls.js and has it play.
async fn stream(
    video: &HtmlVideoElement,
    url: &str,
    store: Store,
    shelf: Shelf,
    list: ListId,
    broken: RwSignal<bool>,
) -> Result<Playing, JsValue> {
    let load: Function = Reflect::get(&js_sys::global(), &"stackPlayer".into())?.dyn_into()?;
    let module = JsFuture::from(load.call0(&JsValue::NULL)?.dyn_into::<Promise>()?).await?;
    let play: Function = Reflect::get(&module, &"play".into())?.dyn_into()?;
    // A long video outlives the leave that it began with: each piece is asked for with the one that holds then.
    let query = Closure::<dyn Fn() -> Option<String>>::new(move || shelf.access.now(store, list));
    let failed = Closure::<dyn Fn()>::new(move || {
        broken.try_set(true);
    });
    let arguments = js_sys::Array::of4(video, &url.into(), query.as_ref(), failed.as_ref());
    let stop = play.apply(&JsValue::NULL, &arguments)?.dyn_into()?;
    Ok(Playing { stop, _query: query, _failed: failed })
}
