//! One picture or video over everything, with the next and the one before a swipe or a key away.

use std::sync::Arc;

use domain::{
    id::{ListId, MediaId},
    media::MediaKind,
    model::Access,
};
use leptos::{ev, html, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use web_sys::KeyboardEvent;

use super::{
    caption::Caption,
    look::Mood,
    picture::Picture,
    player::Player,
    stage::{Stage, Wish},
    tile::Item,
};
use crate::{
    components::{
        dialog::Dialog,
        icon::{Glyph, Icon},
        rows::focus_element,
    },
    edits::use_edits,
    media::{edits, shelf::use_shelf},
    place::Place,
    ui::Scope,
    words,
};

type One = (ListId, MediaId);

/// The lightbox, first showing one of its scope; with `delete`, first asking whether to delete it.
#[component]
pub(crate) fn Lightbox(scope: Scope, list: ListId, media: MediaId, delete: bool) -> impl IntoView {
    let (edits, shelf) = (use_edits(), use_shelf());
    let store = edits.store;
    let all: Memo<Arc<Vec<One>>> = match scope {
        Scope::Todo(todo) => {
            let ids = store.media(list, todo);
            Memo::new(move |_| Arc::new(ids.with(|ids| ids.iter().map(|id| (list, *id)).collect())))
        }
        Scope::Gallery => {
            let all = store.gallery();
            Memo::new(move |_| all.get())
        }
    };
    let current = RwSignal::new((list, media));
    let asking = RwSignal::new(delete);
    let index = Memo::new(move |last: Option<&usize>| {
        let current = current.get();
        let found = all.with(|all| all.iter().position(|one| *one == current));
        found.or(last.copied()).unwrap_or_default()
    });
    // The one that shows was deleted: the one that took its place shows, or nothing.
    Effect::new(move || {
        let next = all.with(|all| {
            if all.contains(&current.get_untracked()) {
                return Some(current.get_untracked());
            }
            all.get(index.get_untracked().min(all.len().saturating_sub(1))).copied()
        });
        match next {
            Some(next) if next != current.get_untracked() => current.set(next),
            Some(_) => {}
            // What is being added is not in the store yet.
            None if shelf.url(media).is_some() => {}
            None => edits.ui.close(),
        }
    });
    let frame = NodeRef::<html::Div>::new();
    let go = move |to: Option<usize>| {
        let to = to.and_then(|to| all.with_untracked(|all| all.get(to).copied()));
        if let Some(to) = to {
            asking.set(false);
            current.set(to);
        }
    };
    let wish = Callback::new(move |wish| match wish {
        Wish::Previous => go(index.get_untracked().checked_sub(1)),
        Wish::Next => go(Some(index.get_untracked() + 1)),
        Wish::Close => edits.ui.close(),
    });
    let stage = Stage::new(frame, wish);
    Effect::new(move || {
        current.track();
        stage.reset();
    });
    let on_key = move |event: KeyboardEvent| {
        let last = all.with_untracked(|all| all.len().saturating_sub(1));
        match event.key().as_str() {
            "ArrowLeft" => wish.run(Wish::Previous),
            "ArrowRight" => wish.run(Wish::Next),
            "Home" => go(Some(0)),
            "End" => go(Some(last)),
            "+" | "=" => stage.step(1.5),
            "-" => stage.step(1.0 / 1.5),
            "0" => stage.reset(),
            _ => return,
        }
        event.prevent_default();
    };
    let keys = window_event_listener(ev::keydown, move |event| {
        let in_player = document().active_element().is_some_and(|element| element.tag_name() == "VIDEO");
        if !event.default_prevented() && !in_player {
            on_key(event);
        }
    });
    on_cleanup(move || keys.remove());
    // The one in sight and its neighbours, so that the next is there when it is asked for.
    let near = Memo::new(move |_| {
        let (index, current) = (index.get(), current.get());
        let mut near: Vec<_> = all.with(|all| {
            all.iter()
                .copied()
                .enumerate()
                .skip(index.saturating_sub(1))
                .take(if index == 0 { 2 } else { 3 })
                .collect()
        });
        if !near.iter().any(|(_, one)| *one == current) {
            near = vec![(index, current)];
        }
        near
    });
    let place = move || words::of_count(index.get() + 1, all.with(|all| all.len().max(1)));
    view! {
        <Dialog label=words::MEDIA kind="lightbox">
            <header class="light-head">
                <span class="light-place" role="status">{place}</span>
                {move || {
                    let (list, id) = current.get();
                    view! { <Tools scope list id asking/> }
                }}
                <button type="button" class="icon-button" aria-label=words::CLOSE on:click=move |_| edits.ui.close()>
                    <Icon glyph=Glyph::Close/>
                </button>
            </header>
            <div
                class="light-stage"
                class:held=move || stage.is_held()
                class:in=move || stage.zoom.get().is_in()
                node_ref=frame
                style=("--pull-x", move || format!("{}px", stage.pull.get().0))
                style=("--pull-y", move || format!("{}px", stage.pull.get().1.max(0.0)))
                on:pointerdown=move |event| if !on_control(&event) { stage.down(&event) }
                on:pointermove=move |event| stage.moved(&event)
                on:pointerup=move |event| stage.up(&event)
                on:pointercancel=move |event| stage.up(&event)
                on:dblclick=move |event| if !on_control(&event) { stage.double(&event) }
                on:wheel=move |event| if event.ctrl_key() || stage.zoom.get_untracked().is_in() { stage.wheel(&event) }
                on:dragstart=move |event| event.prevent_default()
            >
                <For each=move || near.get() key=|(_, one)| *one let((_, one))>
                    {
                        let at = Memo::new(move |last: Option<&i64>| {
                            let place = all.with(|all| all.iter().position(|other| *other == one));
                            place.map(|place| distance(place, index.get())).or(last.copied()).unwrap_or_default()
                        });
                        let is_current = Memo::new(move |_| current.get() == one);
                        view! { <Slide one at is_current stage/> }
                    }
                </For>
                <button type="button" class="light-go previous" aria-label=words::PREVIOUS
                    disabled=move || index.get() == 0 on:click=move |_| wish.run(Wish::Previous)>
                    <Icon glyph=Glyph::Back/>
                </button>
                <button type="button" class="light-go next" aria-label=words::NEXT
                    disabled=move || index.get() + 1 >= all.with(|all| all.len()) on:click=move |_| wish.run(Wish::Next)>
                    <Icon glyph=Glyph::Chevron/>
                </button>
            </div>
            <footer class="light-foot">
                {move || {
                    let (list, id) = current.get();
                    if asking.get() {
                        view! { <AskDelete list id asking/> }.into_any()
                    } else {
                        view! { <Foot list id/> }.into_any()
                    }
                }}
            </footer>
        </Dialog>
    }
    .into_any()
}

/// Buttons and the player's own controls are not for swiping.
fn on_control(event: &web_sys::Event) -> bool {
    use leptos::wasm_bindgen::JsCast;
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    target.is_some_and(|target| target.closest("button, video").ok().flatten().is_some())
}

#[expect(clippy::cast_possible_wrap, reason = "there are far fewer pictures than 2^63")]
const fn distance(place: usize, index: usize) -> i64 {
    place as i64 - index as i64
}

/// One picture or video, beside the one in sight or on it.
#[component]
fn Slide(one: One, at: Memo<i64>, is_current: Memo<bool>, stage: Stage) -> impl IntoView {
    let (list, id) = one;
    let item = Item::new(use_edits().store, use_shelf(), list, id);
    let is_video = Memo::new(move |_| {
        item.shown.with(|shown| shown.as_ref().is_some_and(|shown| shown.kind == MediaKind::Video))
    });
    let zoom = move || if is_current.get() { stage.zoom.get() } else { super::zoom::Zoom::WHOLE };
    view! {
        <div
            class="slide"
            class:current=is_current
            aria-hidden=move || (!is_current.get()).to_string()
            style=("--at", move || at.get().to_string())
            style=("--zoom", move || zoom().scale.to_string())
            style=("--x", move || format!("{}px", zoom().x))
            style=("--y", move || format!("{}px", zoom().y))
        >
            {move || if is_video.get() && is_current.get() {
                view! { <Player list shown=item.shown label=item.label/> }.into_any()
            } else {
                view! { <Picture list shown=item.shown sizes="100vw" alt=item.label eager=true moves=true/> }.into_any()
            }}
        </div>
    }
    .into_any()
}

/// What can be done to the one in sight.
#[component]
fn Tools(scope: Scope, list: ListId, id: MediaId, asking: RwSignal<bool>) -> impl IntoView {
    let edits = use_edits();
    let navigate = use_navigate();
    let media = edits.store.media_item(list, id);
    let view = edits.store.list(list);
    let may = Memo::new(move |_| {
        media.with(Option::is_some)
            && view.with(|view| view.as_ref().is_some_and(|view| view.role.may(Access::Write)))
    });
    let is_picture =
        move || media.with(|media| media.as_ref().is_some_and(|media| media.kind == MediaKind::Image));
    let open_todo = move |_| {
        let Some(media) = edits.store.media_item_now(list, id) else { return };
        edits.ui.close();
        navigate(&Place::List(list, Some(media.todo)).path(), NavigateOptions::default());
    };
    view! {
        <span class="spacer"></span>
        {(scope == Scope::Gallery).then(|| view! {
            <button type="button" class="icon-button" aria-label=words::OPEN_TODO title=words::OPEN_TODO on:click=open_todo>
                <Icon glyph=Glyph::Notes/>
            </button>
        })}
        <Show when=move || may.get() && is_picture()>
            <button type="button" class="icon-button" aria-label=words::TURN title=words::TURN on:click=move |_| {
                if let Some(media) = edits.store.media_item_now(list, id) {
                    edits::turn(edits, &media);
                }
            }>
                <Icon glyph=Glyph::Turn/>
            </button>
        </Show>
        <Show when=move || may.get()>
            <button type="button" class="icon-button" aria-label=words::DELETE title=words::DELETE
                on:click=move |_| asking.set(true)>
                <Icon glyph=Glyph::Trash/>
            </button>
        </Show>
    }
    .into_any()
}

/// The caption of the one in sight, and how it is doing.
#[component]
fn Foot(list: ListId, id: MediaId) -> impl IntoView {
    let (edits, shelf) = (use_edits(), use_shelf());
    let item = Item::new(edits.store, shelf, list, id);
    let view = edits.store.list(list);
    let read_only = Signal::derive(move || {
        view.with(|view| view.as_ref().is_some_and(|view| !view.role.may(Access::Write)))
    });
    let caption = Memo::new(move |_| {
        item.media.with(|media| media.as_ref().map(|media| media.caption.clone())).unwrap_or_default()
    });
    let retry = move |_| {
        if let Some(media) = edits.store.media_item_now(list, id) {
            edits::retry(edits, shelf, &media);
        }
    };
    view! {
        <Show when=move || item.media.with(Option::is_some)>
            <Caption list id caption read_only/>
        </Show>
        <p class="light-status" role="status">
            {move || item.status.with(|status| status.text.clone())}
            <Show when=move || item.status.with(|status| status.mood == Mood::Failed)>
                <button type="button" class="button small" on:click=retry>{words::RETRY}</button>
            </Show>
        </p>
    }
    .into_any()
}

/// Asks before one goes for good.
#[component]
fn AskDelete(list: ListId, id: MediaId, asking: RwSignal<bool>) -> impl IntoView {
    const CANCEL: &str = "keep-media";
    let (edits, shelf) = (use_edits(), use_shelf());
    let kind = edits.store.media_item_now(list, id).map(|media| media.kind);
    let question = if kind == Some(MediaKind::Video) { words::DELETE_VIDEO } else { words::DELETE_PHOTO };
    request_animation_frame(|| focus_element(CANCEL));
    view! {
        <div class="light-ask" role="alertdialog" aria-label=question aria-describedby="delete-media-why">
            <p><b>{question}</b>" "<span id="delete-media-why">{words::DELETE_MEDIA_WHY}</span></p>
            <button type="button" class="button" id=CANCEL on:click=move |_| asking.set(false)>{words::CANCEL}</button>
            <button type="button" class="button danger solid" on:click=move |_| {
                asking.set(false);
                edits::delete(edits, shelf, list, id);
            }>{words::DELETE}</button>
        </div>
    }
    .into_any()
}
