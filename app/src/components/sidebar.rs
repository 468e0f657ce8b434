//! The lists and the other places to go to. On a phone the same thing is a screen of its own.

use std::collections::BTreeSet;

use domain::id::ListId;
use leptos::{html, prelude::*, wasm_bindgen::JsCast};
use leptos_router::components::A;
use web_sys::KeyboardEvent;

use super::{
    icon::{Glyph, Icon},
    rows::focus_element,
    sorter::Sorter,
    status::Status,
};
use crate::{
    edits::use_edits,
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
            <div class="side-head">
                <h2 id="side-lists">{words::LISTS}</h2>
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
    let track = NodeRef::<html::Div>::new();
    let count = Signal::derive(move || lists.with(|lists| lists.len()));
    let dropped = Callback::new(move |(from, to): (usize, usize)| {
        let lists = lists.get_untracked();
        let before = lists.get(if from < to { to + 1 } else { to }).copied();
        if let Some(list) = lists.get(from).copied()
            && edits.move_list(list, before)
        {
            edits.ui.say(words::moved_to(to + 1, lists.len()));
        }
    });
    let sorter = Sorter::new(track, count, dropped);
    let on_key = move |event: KeyboardEvent| {
        let lists = lists.get_untracked();
        let focused = document().active_element().map(|element| element.id()).unwrap_or_default();
        let Some(index) = lists.iter().position(|list| element_id(*list) == focused) else { return };
        let to = match event.key().as_str() {
            "ArrowUp" => index.checked_sub(1),
            "ArrowDown" => Some(index + 1),
            _ => return,
        };
        event.prevent_default();
        let Some(to) = to.filter(|to| *to < lists.len()) else { return };
        if event.alt_key() {
            dropped.run((index, to));
            let Some(list) = lists.get(index).copied() else { return };
            request_animation_frame(move || focus_element(&element_id(list)));
        } else if let Some(list) = lists.get(to) {
            let element = document().get_element_by_id(&element_id(*list));
            if let Some(element) = element.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok())
            {
                drop(element.focus());
            }
        }
    };
    view! {
        <div
            class="side-lists sortable"
            class:sorting=move || sorter.lift().is_some()
            role="list"
            aria-labelledby="side-lists"
            node_ref=track
            on:keydown=on_key
            on:pointerdown=move |event| sorter.down(&event)
            on:pointermove=move |event| sorter.moved(&event)
            on:pointerup=move |_| sorter.up()
            on:pointercancel=move |_| sorter.forget()
            on:touchmove=move |event| if sorter.is_lifted() { event.prevent_default() }
            on:contextmenu=move |event| if sorter.is_lifted() { event.prevent_default() }
            on:dragstart=move |event| event.prevent_default()
        >
            <For each=move || lists.get().to_vec() key=|list| *list let:list>
                {
                    let index = Memo::new(move |last: Option<&usize>| {
                        lists.with(|lists| lists.iter().position(|other| *other == list)).or(last.copied()).unwrap_or_default()
                    });
                    let lifted = Memo::new(move |_| {
                        sorter.lift().filter(|lift| lift.from == index.get()).map(|lift| lift.top)
                    });
                    // Rows that the lifted one passes over move by one place.
                    #[expect(clippy::cast_possible_wrap, reason = "there are at most 500 lists")]
                    let shift = move || sorter.place(index.get()) as i64 - index.get() as i64;
                    view! {
                        <div
                            role="listitem"
                            class="side-slot"
                            class:lifted=move || lifted.get().is_some()
                            style=("--shift", move || shift().to_string())
                            style=("--i", move || index.get().to_string())
                            style=("--top", move || lifted.get().map(|top| format!("{top}px")))
                        >
                            <ListLink list/>
                        </div>
                    }
                }
            </For>
        </div>
        <Show when=move || count.get() == 0>
            <p class="side-empty">{words::NO_LISTS_WHY}</p>
            <button type="button" class="button small side-button" on:click=move |_| edits.ui.open(Overlay::NewList)>
                {words::NEW_LIST}
            </button>
        </Show>
    }
    .into_any()
}

fn element_id(list: ListId) -> String {
    format!("list-{list}")
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
            attr:id=element_id(list)
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
