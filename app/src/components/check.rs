//! The circle that completes a todo.

use leptos::prelude::*;

use crate::words;

/// A check box drawn as a circle. `title` is what it completes.
#[component]
pub(crate) fn Check(
    done: Signal<bool>,
    title: Signal<String>,
    #[prop(optional, into)] disabled: Signal<bool>,
    #[prop(optional, into)] tabindex: Option<Signal<&'static str>>,
    on_toggle: impl Fn() + 'static,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class="check"
            role="checkbox"
            aria-checked=move || done.get().to_string()
            aria-label=move || title.with(|title| words::complete(title))
            disabled=disabled
            tabindex=move || tabindex.map(|tabindex| tabindex.get())
            on:click=move |_| on_toggle()
        >
            <svg viewBox="0 0 20 20" aria-hidden="true"><path d="m5.6 10.3 3 3 5.8-6.4"></path></svg>
        </button>
    }
    .into_any()
}
