//! Addresses that name nothing, and screens that broke.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::A;

use crate::{
    components::{empty::Empty, icon::Glyph},
    words,
};

#[component]
pub(crate) fn NotFoundPage() -> impl IntoView {
    view! {
        <Title text=format!("{} · {}", words::NOT_FOUND, words::APP)/>
        <main class="alone">
            <Empty glyph=Glyph::Search title=words::NOT_FOUND why=words::NOT_FOUND_WHY>
                <A href="/today" attr:class="button primary">{words::GO_TODAY}</A>
            </Empty>
        </main>
    }
    .into_any()
}

/// In place of a screen that could not be shown.
#[component]
pub(crate) fn Broken() -> impl IntoView {
    view! {
        <section class="pane list-pane">
            <Empty glyph=Glyph::Warning title=words::BROKEN why=words::BROKEN_WHY>
                <button type="button" class="button primary" on:click=move |_| drop(window().location().reload())>
                    {words::RELOAD}
                </button>
            </Empty>
        </section>
    }
    .into_any()
}
