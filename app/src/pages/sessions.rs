//! The devices that are signed in, in the settings.

use leptos::{prelude::*, task::spawn_local};

use crate::{api::ApiError, clock, edits::use_edits, store::SessionView, ui, words};

#[component]
pub(crate) fn Sessions() -> impl IntoView {
    let edits = use_edits();
    let store = edits.store;
    let sessions = RwSignal::new(None::<Result<Vec<SessionView>, ApiError>>);
    let load = move || {
        spawn_local(async move {
            let loaded = store.sessions().await;
            sessions.try_set(Some(loaded));
        })
    };
    Effect::new(load);
    let others =
        move || sessions.with(|sessions| matches!(sessions, Some(Ok(sessions)) if sessions.len() > 1));
    let elsewhere = move |_| {
        spawn_local(async move {
            match store.sign_out_elsewhere().await {
                Ok(()) => load(),
                Err(failure) => edits.ui.toast(failure.message),
            }
        })
    };
    view! {
        <section class="settings-part" aria-labelledby="sessions">
            <h2 id="sessions">{words::SESSIONS}</h2>
            <p class="hint-text">{words::SESSIONS_WHY}</p>
            {move || sessions.with(|sessions| match sessions {
                None => view! {
                    <ul class="sessions" aria-busy="true">
                        <li><i class="bone"></i></li>
                        <li><i class="bone"></i></li>
                    </ul>
                }.into_any(),
                Some(Err(failure)) => view! {
                    <p class="error" role="alert">{failure.message.clone()}</p>
                    <button type="button" class="button small" on:click=move |_| load()>{words::RETRY}</button>
                }.into_any(),
                Some(Ok(sessions)) => view! {
                    <ul class="sessions">
                        {sessions.iter().cloned().map(|session| view! { <Session session load=Callback::new(move |()| load())/> }).collect_view()}
                    </ul>
                }.into_any(),
            })}
            <Show when=others>
                <button type="button" class="button small" on:click=elsewhere>{words::SIGN_OUT_ELSEWHERE}</button>
            </Show>
        </section>
    }
    .into_any()
}

#[component]
fn Session(session: SessionView, load: Callback<()>) -> impl IntoView {
    let edits = use_edits();
    let id = session.id;
    let today = ui::today(edits.store);
    let seen = words::last_seen(&words::day(clock::local_day(session.last_seen_at), today));
    let revoke = move |_| {
        spawn_local(async move {
            match edits.store.revoke(id).await {
                Ok(()) => load.run(()),
                Err(failure) => edits.ui.toast(failure.message),
            }
        })
    };
    view! {
        <li>
            <span class="session-name">{session.device}<small>{seen}</small></span>
            {if session.current {
                view! { <span class="badge">{words::THIS_DEVICE}</span> }.into_any()
            } else {
                view! { <button type="button" class="button small" on:click=revoke>{words::REVOKE}</button> }.into_any()
            }}
        </li>
    }
    .into_any()
}
