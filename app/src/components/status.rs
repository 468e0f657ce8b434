//! Whether what the user sees is saved: quiet when it is, plain when it is not, never in the way.

use std::time::Duration;

use leptos::prelude::*;

use super::icon::{Glyph, Icon};
use crate::{
    store::{Connection, use_store},
    ui, words,
};

/// Saving usually takes less than a blink, so it is said only when it takes longer.
const PATIENCE: Duration = Duration::from_secs(1);

/// One line on the connection and on what is not saved. Nothing at all while everything is. That something is being
/// saved is never read aloud.
#[component]
pub(crate) fn Status() -> impl IntoView {
    let store = use_store();
    let (connection, unsaved) = (store.connection(), store.unsaved_count());
    let line = move || match (connection.get(), unsaved.get()) {
        (Connection::Offline, 0) => Some(words::OFFLINE.to_owned()),
        (Connection::Offline, waiting) => Some(format!("{} · {}", words::OFFLINE, words::waiting(waiting))),
        (Connection::Syncing, waiting) if waiting > 20 => Some(words::waiting(waiting)),
        _ => None,
    };
    let saving = ui::lasting(move || line().is_none() && unsaved.get() > 0, PATIENCE);
    view! {
        <div class="status" role="status" data-unsaved=move || unsaved.get().to_string()>
            {move || line().map(|line| view! {
                <span title=words::OFFLINE_WHY><Icon glyph=Glyph::Unsaved/>{line}</span>
            })}
        </div>
        <Show when=move || saving.get()>
            <div class="status" aria-hidden="true"><span><Icon glyph=Glyph::Unsaved/>{words::SYNCING}</span></div>
        </Show>
    }
    .into_any()
}
