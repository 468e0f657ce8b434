//! Runs the uploads while somebody is signed in, and says how all of them are doing.

use std::time::Duration;

use leptos::{ev, prelude::*, task::spawn_local};

use crate::{
    components::icon::{Glyph, Icon},
    edits::use_edits,
    media::{
        cache,
        shelf::use_shelf,
        uploader::{Command, Total, Uploader},
    },
    store::Connection,
    words,
};

/// How long nothing changes before pictures that belong to nothing are let go of.
const TIDY_AFTER: Duration = Duration::from_secs(10);

#[component]
pub(crate) fn Uploads() -> impl IntoView {
    let (edits, shelf) = (use_edits(), use_shelf());
    let store = edits.store;
    if let Some(account) = store.account().get_untracked() {
        let uploader = Uploader::start(account.id, store, shelf);
        shelf.uploader.set_value(Some(uploader.clone()));
        let looking = StoredValue::new_local(uploader);
        Effect::new(move || looking.with_value(|uploader| uploader.look()));
        on_cleanup(move || {
            if let Some(uploader) = shelf.uploader.try_update_value(Option::take).flatten() {
                uploader.close();
            }
        });
    }
    // Pictures of what is no longer there are not kept. Many may come and go at once, in an import, say.
    let gallery = store.gallery();
    let timer = StoredValue::new(None::<TimeoutHandle>);
    Effect::new(move || {
        gallery.track();
        if let Some(timer) = timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
        let tidy = move || {
            if shelf.uploader().is_some_and(|uploader| uploader.leads()) {
                spawn_local(cache::tidy(store));
            }
        };
        timer.set_value(set_timeout_with_handle(tidy, TIDY_AFTER).ok());
    });
    // What only this tab has is lost with it: the browser asks first.
    let leaving = window_event_listener(ev::beforeunload, move |event| {
        if shelf.uploader().is_some_and(|uploader| uploader.has_loose()) {
            event.prevent_default();
        }
    });
    on_cleanup(move || leaving.remove());

    let total = Memo::new(move |_| shelf.uploads.with(|uploads| Total::of(uploads.values())));
    let connection = store.connection();
    let online = move || connection.get() != Connection::Offline;
    Effect::new(move |before: Option<usize>| {
        let Total { going, paused, failed, .. } = total.get();
        if before.is_some_and(|before| before > 0) && going == 0 && paused == 0 && failed == 0 {
            edits.ui.say(words::UPLOADS_DONE.into());
        }
        going
    });
    let text = move || {
        let total = total.get();
        if total.going > 0 && online() {
            words::uploading(total.going, total.percent())
        } else if total.going > 0 {
            words::uploads_waiting(total.going)
        } else if total.paused > 0 {
            words::uploads_paused(total.paused)
        } else {
            words::uploads_failed(total.failed)
        }
    };
    let shows = Memo::new(move |_| {
        let Total { going, paused, failed, .. } = total.get();
        going + paused + failed > 0
    });
    let going = Memo::new(move |_| {
        let Total { going, paused, .. } = total.get();
        going + paused > 0
    });
    let command = move |command| {
        if let Some(uploader) = shelf.uploader() {
            uploader.act(command);
        }
    };
    let button = move |glyph, label: &'static str, what| {
        view! {
            <button type="button" class="icon-button" aria-label=label title=label on:click=move |_| command(what)>
                <Icon glyph=glyph/>
            </button>
        }
    };
    view! {
        <Show when=move || shows.get()>
            <section class="uploads" aria-label=words::UPLOADS>
                <span class="uploads-text">{text}</span>
                {move || {
                    let total = total.get();
                    if total.going > 0 {
                        button(Glyph::Pause, words::PAUSE, Command::PauseAll)
                    } else if total.paused > 0 {
                        button(Glyph::Play, words::RESUME, Command::ResumeAll)
                    } else {
                        button(Glyph::Retry, words::RETRY, Command::ResumeAll)
                    }
                }}
                <Show when=move || going.get()>
                    <progress class="bar" max="100" value=move || total.get().percent() aria-label=words::UPLOADS></progress>
                </Show>
            </section>
        </Show>
    }
    .into_any()
}
