//! What a place says when there is nothing in it, and what to do next.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};

/// A sentence, a reason, and at most one button.
#[component]
pub(crate) fn Empty(
    glyph: Glyph,
    #[prop(into)] title: Signal<String>,
    #[prop(into)] why: Signal<String>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <span class="empty-mark"><Icon glyph/></span>
            <h2>{title}</h2>
            <p>{why}</p>
            {children.map(|children| children())}
        </div>
    }
    .into_any()
}
