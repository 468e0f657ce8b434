//! All lists: a phone's screen for what stands in the sidebar elsewhere.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    components::{
        empty::Empty,
        icon::Glyph,
        later::{Later, Missing},
        skeleton::{ListBones, SidebarBones},
    },
    edits::use_edits,
    later::Part,
    ui::Overlay,
    words,
};

#[component]
pub(crate) fn ListsPage() -> impl IntoView {
    view! {
        <Title text=format!("{} · {}", words::LISTS, words::APP)/>
        <div class="only-phone side"><Later part=Part::Sidebar bones=SidebarBones missing=Missing/></div>
        <div class="not-phone"><Later part=Part::Lists bones=|| view! { <ListBones title=words::LISTS/> } missing=Missing/></div>
    }
    .into_any()
}

/// What stands beside the lists where there is room for more.
#[component]
pub(crate) fn ListsBody() -> impl IntoView {
    let edits = use_edits();
    let lists = edits.store.lists();
    let (title, why) = (
        move || if lists.with(|lists| lists.is_empty()) { words::NO_LISTS } else { words::PICK_LIST },
        move || if lists.with(|lists| lists.is_empty()) { words::NO_LISTS_WHY } else { words::PICK_LIST_WHY },
    );
    view! {
        <section class="pane list-pane">
                    <Empty
                        glyph=Glyph::Lists
                        title=Signal::derive(move || title().to_owned())
                        why=Signal::derive(move || why().to_owned())
                    >
                        <button type="button" class="button primary" on:click=move |_| edits.ui.open(Overlay::NewList)>
                            {words::NEW_LIST}
                        </button>
                    </Empty>
                </section>
    }
    .into_any()
}
