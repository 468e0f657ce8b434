//! How much room photos and videos take, on the server and on this device.

use leptos::{prelude::*, task::spawn_local};

use crate::{
    edits::use_edits,
    media::cache::{self, Usage},
    words,
};

/// What the user can choose between, in bytes.
const LIMITS: [u64; 5] = [0, 100_000_000, 500_000_000, 2_000_000_000, 5_000_000_000];

#[component]
pub(crate) fn MediaSettings() -> impl IntoView {
    view! {
        <section class="settings-part" aria-labelledby="media-room">
            <h2 id="media-room">{words::STORAGE}</h2>
            <Quota/>
            <Cache/>
        </section>
    }
    .into_any()
}

#[component]
fn Quota() -> impl IntoView {
    let store = use_edits().store;
    let usage = RwSignal::new(None);
    Effect::new(move || {
        spawn_local(async move {
            let asked = store.media_usage().await;
            usage.try_set(Some(asked));
        })
    });
    view! {
        <div class="settings-row">
            <span>
                {words::QUOTA}
                <small role="status">{move || usage.with(|usage| match usage {
                    None => words::LOADING.into(),
                    Some(Ok(usage)) => words::room_used(&words::size(usage.bytes), &words::size(usage.quota)),
                    Some(Err(_)) => words::QUOTA_UNKNOWN.to_owned(),
                })}</small>
            </span>
            {move || usage.with(|usage| match usage {
                Some(Ok(usage)) => Some(view! {
                    <progress class="bar room" max=usage.quota value=usage.bytes aria-label=words::QUOTA></progress>
                }),
                _ => None,
            })}
        </div>
    }
    .into_any()
}

/// What the service worker keeps for being offline.
#[component]
fn Cache() -> impl IntoView {
    let ui = use_edits().ui;
    let usage = RwSignal::new(None::<Usage>);
    let load = move || {
        spawn_local(async move {
            let now = cache::usage().await;
            usage.try_set(now);
        })
    };
    Effect::new(load);
    let choose = move |event| {
        let Ok(limit) = event_target_value(&event).parse() else { return };
        spawn_local(async move {
            let now = cache::set_limit(limit).await;
            usage.try_set(now);
        })
    };
    let clear = move |_| {
        spawn_local(async move {
            let now = cache::clear().await;
            usage.try_set(now);
            ui.toast(words::CACHE_CLEARED.into());
        })
    };
    move || {
        usage.get().map(|now| view! {
            <div class="settings-row">
                <span>{words::CACHE}<small>{words::CACHE_WHY}</small><small role="status">{words::kept_here(&words::size(now.bytes))}</small></span>
                <button type="button" class="button" disabled=now.bytes == 0 on:click=clear>{words::CLEAR}</button>
            </div>
            <label class="settings-row">
                <span>{words::CACHE_LIMIT}</span>
                <select class="select" on:change=choose>
                    {LIMITS.into_iter().map(|limit| view! {
                        <option value=limit.to_string() selected=limit == now.limit>
                            {if limit == 0 { words::CACHE_NONE.into() } else { words::size(limit) }}
                        </option>
                    }).collect_view()}
                </select>
            </label>
        })
    }
}
