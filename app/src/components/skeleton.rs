//! Quiet bars in the real layout, shown until this device's own data has been read. How wide each is stands in
//! the style sheet: the pages' security policy allows no style in the page itself.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};
use crate::words;

/// The lists to come.
#[component]
pub(crate) fn SidebarBones() -> impl IntoView {
    view! {
        <div class="side-top"><span class="mark"><Icon glyph=Glyph::Logo/>{words::APP}</span></div>
        <div class="scroll side-scroll" aria-hidden="true">
            <div class="side-link"><Icon glyph=Glyph::Today/><span class="side-name">{words::TODAY}</span></div>
            <div class="side-head"><h2>{words::LISTS}</h2></div>
            {[(); 5].map(|()| view! { <div class="side-link"><i class="dot bone-dot"></i><i class="bone"></i></div> })}
        </div>
    }
    .into_any()
}

/// The todos to come, under a title that may be known.
#[component]
pub(crate) fn ListBones(#[prop(optional)] title: Option<&'static str>) -> impl IntoView {
    view! {
        <section class="pane list-pane" aria-busy="true" aria-label=words::LOADING>
            <div class="scroll">
                <header class="pane-head"><div class="pane-title">
                    <h1>{title.map_or_else(
                        || view! { <i class="bone"></i> }.into_any(),
                        |title| title.into_any(),
                    )}</h1>
                    <p class="pane-sub"><i class="bone"></i></p>
                </div></header>
                <div class="add bones"><Icon glyph=Glyph::Add/><span>{words::ADD_TODO}</span></div>
                <div class="rows bones" aria-hidden="true">
                    {[(); 8].map(|()| view! {
                        <div class="bone-row"><span class="check"></span><i class="bone"></i></div>
                    })}
                </div>
            </div>
        </section>
    }
    .into_any()
}

/// A page of text to come.
#[component]
pub(crate) fn PageBones(title: &'static str) -> impl IntoView {
    view! {
        <section class="pane page" aria-busy="true" aria-label=words::LOADING>
            <div class="scroll"><div class="page-body">
                <h1>{title}</h1>
                {[(); 6].map(|()| view! { <p><i class="bone"></i></p> })}
            </div></div>
        </section>
    }
    .into_any()
}
