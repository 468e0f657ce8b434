//! Whether what the user sees is saved: quiet when it is, plain when it is not, never in the way.

use leptos::prelude::*;
use leptos_router::components::A;

use super::icon::{Glyph, Icon};
use crate::{
    store::{Connection, use_store},
    words,
};

/// One line on the connection and on what is not saved. Nothing at all while everything is.
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
    view! {
        <div class="status" role="status">
            {move || if connection.get() == Connection::SignInNeeded {
                Some(view! { <A href="/sign-in" attr:class="status-link">{words::SIGN_IN_AGAIN}</A> }.into_any())
            } else {
                line().map(|line| view! {
                    <span title=words::OFFLINE_WHY><Icon glyph=Glyph::Unsaved/>{line}</span>
                }.into_any())
            }}
        </div>
    }
    .into_any()
}
