//! All lists: a phone's screen for what stands in the sidebar elsewhere.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    components::{
        empty::Empty,
        icon::Glyph,
        sidebar::Sidebar,
        skeleton::{ListBones, SidebarBones},
    },
    edits::use_edits,
    store::{Phase, use_store},
    ui::Overlay,
    words,
};

#[component]
pub(crate) fn ListsPage() -> impl IntoView {
    let edits = use_edits();
    let phase = use_store().phase();
    let ready = Memo::new(move |_| phase.get() == Phase::Ready);
    let lists = edits.store.lists();
    let (title, why) = (
        move || if lists.with(|lists| lists.is_empty()) { words::NO_LISTS } else { words::PICK_LIST },
        move || if lists.with(|lists| lists.is_empty()) { words::NO_LISTS_WHY } else { words::PICK_LIST_WHY },
    );
    view! {
        <Title text=format!("{} · {}", words::LISTS, words::APP)/>
        <div class="only-phone side"><Show when=move || ready.get() fallback=SidebarBones><Sidebar/></Show></div>
        <div class="not-phone">
            <Show when=move || ready.get() fallback=|| view! { <ListBones title=words::LISTS/> }>
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
            </Show>
        </div>
    }
    .into_any()
}
