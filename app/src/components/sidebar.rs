//! The lists and the other places to go to. On a phone the same thing is a screen of its own.

use std::collections::BTreeSet;

use domain::id::ListId;
use leptos::prelude::*;
use leptos_router::components::A;

use super::{
    icon::{Glyph, Icon},
    sortable::{Item, Sortable},
    status::Status,
};
use crate::{
    edits::{Edits, use_edits},
    place::{Place, use_place},
    ui::Overlay,
    words,
};

/// Places, lists and archived lists.
#[component]
pub(crate) fn Sidebar() -> impl IntoView {
    let edits = use_edits();
    let (store, ui) = (edits.store, edits.ui);
    let place = use_place();
    let today = store.today();
    let due = Memo::new(move |_| {
        // Which of them are done shows in each list's own count.
        today.with(|today| {
            for list in today.iter().map(|(list, _)| *list).collect::<BTreeSet<_>>() {
                store.open_todos(list).track();
            }
            today.iter().filter(|(list, todo)| store.is_open_now(*list, *todo)).count()
        })
    });
    let archived = store.archived();
    let archive_shown = RwSignal::new(false);
    let email = store.account();
    let email = move || email.with(|account| account.as_ref().map(|account| account.email.clone()));
    let is_today = move || matches!(place.get(), Place::Today(_));
    let current = |is: bool| is.then_some("page");
    view! {
        <div class="side-top">
            <span class="mark"><Icon glyph=Glyph::Logo/>{words::APP}</span>
            <button type="button" class="icon-button" aria-label=words::SEARCH title="Ctrl K"
                on:click=move |_| ui.open(Overlay::Palette)>
                <Icon glyph=Glyph::Search/>
            </button>
            <button type="button" class="icon-button" aria-label=words::QUICK_ADD title="q"
                on:click=move |_| ui.open(Overlay::QuickAdd)>
                <Icon glyph=Glyph::Add/>
            </button>
        </div>
        <div class="scroll side-scroll">
            <A href="/today" attr:class="side-link" attr:aria-current=move || current(is_today())>
                <Icon glyph=Glyph::Today/>
                <span class="side-name">{words::TODAY}</span>
                <Count count=due.into()/>
            </A>
            <A href="/gallery" attr:class="side-link" attr:aria-current=move || current(place.get() == Place::Gallery)>
                <Icon glyph=Glyph::Photo/>
                <span class="side-name">{words::GALLERY}</span>
            </A>
            <div class="side-head">
                <h2>{words::LISTS}</h2>
                <button type="button" class="icon-button" aria-label=words::NEW_LIST title=words::NEW_LIST
                    on:click=move |_| ui.open(Overlay::NewList)>
                    <Icon glyph=Glyph::Add/>
                </button>
            </div>
            <ListLinks/>
            <Show when=move || archived.with(|archived| !archived.is_empty())>
                <button
                    type="button"
                    class="side-head toggle"
                    aria-expanded=move || archive_shown.get().to_string()
                    on:click=move |_| archive_shown.update(|shown| *shown = !*shown)
                >
                    <Icon glyph=Glyph::Chevron/>
                    {words::ARCHIVED}
                    <span class="count">{move || archived.with(|archived| archived.len())}</span>
                </button>
                <Show when=move || archive_shown.get()>
                    <div class="side-lists" role="list" aria-label=words::ARCHIVED>
                        <For each=move || archived.get().to_vec() key=|list| *list let:list>
                            <div role="listitem" class="side-slot"><ListLink list/></div>
                        </For>
                    </div>
                </Show>
            </Show>
        </div>
        <div class="side-foot">
            <Status/>
            <A href="/settings" attr:class="side-link" attr:aria-current=move || current(place.get() == Place::Settings)>
                <Icon glyph=Glyph::Settings/>
                <span class="side-name">{words::SETTINGS}<small>{email}</small></span>
            </A>
        </div>
    }
    .into_any()
}

/// The lists, which can be put in another order.
#[component]
fn ListLinks() -> impl IntoView {
    let edits = use_edits();
    let lists = edits.store.lists();
    view! {
        <Sortable items=lists class="side-lists" row="side-slot" label=words::LISTS/>
        <Show when=move || lists.with(|lists| lists.is_empty())>
            <p class="side-empty">{words::NO_LISTS_WHY}</p>
            <button type="button" class="button small side-button" on:click=move |_| edits.ui.open(Overlay::NewList)>
                {words::NEW_LIST}
            </button>
        </Show>
    }
    .into_any()
}

impl Item for ListId {
    fn element(self) -> String {
        format!("list-{self}")
    }

    fn put(self, edits: Edits, before: Option<Self>) -> bool {
        edits.move_list(self, before)
    }

    fn view(self, _fixed: Signal<bool>) -> AnyView {
        view! { <ListLink list=self/> }.into_any()
    }
}

#[component]
fn ListLink(list: ListId) -> impl IntoView {
    let edits = use_edits();
    let place = use_place();
    let view = edits.store.list(list);
    let open = edits.store.open_count(list);
    let title = Memo::new(move |last: Option<&String>| {
        view.with(|view| view.as_ref().map(|view| view.list.title.clone()))
            .or(last.cloned())
            .unwrap_or_default()
    });
    let colour =
        Memo::new(move |_| view.with(|view| view.as_ref().map(|view| view.list.colour)).unwrap_or_default());
    let here = Memo::new(move |_| matches!(place.get(), Place::List(here, _) if here == list));
    view! {
        <A
            href=Place::List(list, None).path()
            attr:id=list.element()
            attr:class=move || format!("side-link list-{}", colour.get().name())
            attr:draggable="false"
            attr:aria-current=move || here.get().then_some("page")
        >
            <i class="dot"></i>
            <span class="side-name" dir="auto">{title}</span>
            <Count count=open/>
        </A>
    }
    .into_any()
}

/// How many are open; nothing where none is.
#[component]
fn Count(count: Signal<usize>) -> impl IntoView {
    move || match count.get() {
        0 => None,
        count => Some(
            view! { <span class="count">{words::grouped(count)}<span class="sr">{words::OPEN}</span></span> },
        ),
    }
}

/// The bar at the bottom of a phone's screen, and the button that adds.
#[component]
pub(crate) fn BottomBar() -> impl IntoView {
    let edits = use_edits();
    let place = use_place();
    let current = |is: bool| is.then_some("page");
    view! {
        <button type="button" class="fab" aria-label=words::ADD_TODO on:click=move |_| edits.ui.open(Overlay::QuickAdd)>
            <Icon glyph=Glyph::Add/>
        </button>
        <nav class="bottom" aria-label=words::MAIN_NAV>
            <A href="/today" attr:aria-current=move || current(matches!(place.get(), Place::Today(_)))>
                <Icon glyph=Glyph::Today/>{words::TODAY}
            </A>
            <A href="/lists" attr:aria-current=move || current(matches!(place.get(), Place::Lists | Place::List(..)))>
                <Icon glyph=Glyph::Lists/>{words::LISTS}
            </A>
            <A href="/gallery" attr:aria-current=move || current(place.get() == Place::Gallery)>
                <Icon glyph=Glyph::Photo/>{words::GALLERY}
            </A>
            <button type="button" on:click=move |_| edits.ui.open(Overlay::Palette)>
                <Icon glyph=Glyph::Search/>{words::SEARCH}
            </button>
            <A href="/settings" attr:aria-current=move || current(matches!(place.get(), Place::Settings | Place::Import))>
                <Icon glyph=Glyph::Settings/>{words::SETTINGS}
            </A>
        </nav>
    }
    .into_any()
}
