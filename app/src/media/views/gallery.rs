//! All photos and videos of all lists, by month, newest first. Only what is in sight is in the page.

use std::sync::Arc;

use domain::id::{ListId, MediaId};
use leptos::{ev, html, prelude::*};
use leptos_meta::Title;
use leptos_router::components::A;
use web_sys::KeyboardEvent;

use super::{
    layout::{Layout, Line},
    tile::{Tile, element_id},
};
use crate::{
    clock,
    components::{
        empty::Empty, icon::Glyph, later::Later, rows::focus_element, skeleton::PageBones, status::Status,
    },
    edits::use_edits,
    later::Part,
    pages::frame::DrawerButton,
    ui::{Overlay, Scope},
    words,
};

/// Pixels above and below what is seen that are in the page too.
const SPARE: f64 = 600.0;

#[component]
pub(crate) fn GalleryPage() -> impl IntoView {
    view! {
        <Title text=format!("{} · {}", words::GALLERY, words::APP)/>
        <Later part=Part::Gallery bones=|| view! { <PageBones title=words::GALLERY/> }/>
    }
    .into_any()
}

/// The page itself.
#[component]
pub(crate) fn GalleryBody() -> impl IntoView {
    let edits = use_edits();
    let store = edits.store;
    let all = store.gallery();
    // A month's name, and how many items it has.
    let months = Memo::new(move |_| {
        let mut months: Vec<(String, usize)> = Vec::new();
        for (list, id) in all.get().iter() {
            // When it was added never changes, so this does not have to be told of changes to each.
            let Some(media) = store.media_item_now(*list, *id) else { continue };
            let name = words::month_and_year(clock::local_day(media.created_at));
            match months.last_mut() {
                Some((last, count)) if *last == name => *count += 1,
                _ => months.push((name, 1)),
            }
        }
        Arc::new(months)
    });
    let scroller = NodeRef::<html::Div>::new();
    let track = NodeRef::<html::Div>::new();
    let width = RwSignal::new(0.0);
    let seen = RwSignal::new((0.0, 0.0));
    let measure = move || {
        let (Some(scroller), Some(track)) = (scroller.get_untracked(), track.get_untracked()) else { return };
        let now = f64::from(track.client_width());
        if (now - width.get_untracked()).abs() >= 1.0 {
            width.set(now);
        }
        let top = f64::from(scroller.scroll_top() - track.offset_top());
        // In steps, so that not every pixel of scrolling is a change.
        let step = |at: f64| (at / 200.0).floor() * 200.0;
        let window = (step(top - SPARE), step(top + f64::from(scroller.client_height()) + SPARE) + 200.0);
        if window != seen.get_untracked() {
            seen.set(window);
        }
    };
    Effect::new(move || {
        track.track();
        measure();
        let resized = window_event_listener(ev::resize, move |_| measure());
        on_cleanup(move || resized.remove());
    });
    let layout = Memo::new(move |_| {
        let counts: Vec<_> = months.with(|months| months.iter().map(|(_, count)| *count).collect());
        Arc::new(if width.get() > 0.0 { Layout::new(&counts, width.get()) } else { Layout::default() })
    });
    let active = RwSignal::new(None::<(ListId, MediaId)>);
    let active_index = Memo::new(move |_| {
        let active = active.get();
        all.with(|all| all.iter().position(|one| Some(*one) == active)).unwrap_or_default()
    });
    let lines = Memo::new(move |_| {
        let (from, to) = seen.get();
        layout.with(|layout| {
            let mut lines = layout.between(from, to).to_vec();
            // The tile that has the focus keeps it while it is out of sight.
            lines.extend(layout.line_of(active_index.get()).filter(|line| !lines.contains(line)));
            lines
        })
    });
    let focus = move |index: usize| {
        let Some(one) = all.with_untracked(|all| all.get(index).copied()) else { return };
        active.set(Some(one));
        if let (Some(line), Some(scroller), Some(track)) = (
            layout.with_untracked(|layout| layout.line_of(index)),
            scroller.get_untracked(),
            track.get_untracked(),
        ) {
            let (top, room) = (line.top + f64::from(track.offset_top()), f64::from(scroller.client_height()));
            let now = f64::from(scroller.scroll_top());
            #[expect(clippy::cast_possible_truncation, reason = "pixels")]
            if top < now {
                scroller.set_scroll_top(top as i32);
            } else if top + line.height > now + room {
                scroller.set_scroll_top((top + line.height - room) as i32);
            }
        }
        request_animation_frame(move || {
            measure();
            request_animation_frame(move || focus_element(&element_id(one.1)));
        });
    };
    let on_key = move |event: KeyboardEvent| {
        let index = active_index.get_untracked();
        let last = all.with_untracked(|all| all.len().saturating_sub(1));
        let to = match event.key().as_str() {
            "ArrowLeft" => index.checked_sub(1),
            "ArrowRight" => Some(index + 1),
            "ArrowUp" => layout.with_untracked(|layout| layout.beside(index, false)),
            "ArrowDown" => layout.with_untracked(|layout| layout.beside(index, true)),
            "Home" => Some(0),
            "End" => Some(last),
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        if let Some(to) = to.filter(|to| *to <= last) {
            focus(to);
        }
    };
    let tab_stop = Memo::new(move |_| {
        all.with(|all| active.get().filter(|one| all.contains(one)).or_else(|| all.first().copied()))
    });
    let some = Memo::new(move |_| all.with(|all| !all.is_empty()));
    let tile = move |one: (ListId, MediaId)| {
        let (list, id) = one;
        let tabindex = Signal::derive(move || if tab_stop.get() == Some(one) { "0" } else { "-1" });
        let open = Callback::new(move |()| {
            edits.ui.open(Overlay::Lightbox { scope: Scope::Gallery, list, media: id, delete: false });
        });
        view! {
            <div role="listitem" class="tile-slot" on:focusin=move |_| active.set(Some(one))>
                <Tile list id sizes="176px" tabindex on_open=open/>
            </div>
        }
    };
    let line = move |line: Line| match line {
        Line::Month(month) => {
            let name = move || months.with(|months| months.get(month).map(|(name, _)| name.clone()));
            view! { <h2 class="month">{name}</h2> }.into_any()
        }
        Line::Items { from, to } => {
            let ones =
                Memo::new(move |_| all.with(|all| all.get(from..to.min(all.len())).map(<[_]>::to_vec)));
            view! {
                <div class="gallery-line" role="list" aria-label=words::MEDIA>
                    <For each=move || ones.get().unwrap_or_default() key=|one| *one let:one>{tile(one)}</For>
                </div>
            }
            .into_any()
        }
    };
    view! {
        <section class="pane gallery">
            <div class="scroll" node_ref=scroller on:scroll=move |_| measure()>
                <header class="pane-head">
                    <DrawerButton/>
                    <div class="pane-title">
                        <h1>{words::GALLERY}</h1>
                        <p class="pane-sub">{move || words::media_count(all.with(|all| all.len()))}</p>
                    </div>
                    <Status/>
                </header>
                <Show when=move || !some.get()>
                    <Empty glyph=Glyph::Photo title=words::GALLERY_EMPTY why=words::GALLERY_EMPTY_WHY>
                        <A href="/lists" attr:class="button primary">{words::GALLERY_GO}</A>
                    </Empty>
                </Show>
                <div
                    class="gallery-track"
                    node_ref=track
                    style=("--height", move || format!("{}px", layout.with(|layout| layout.height)))
                    style=("--columns", move || layout.with(|layout| layout.columns.to_string()))
                    on:keydown=on_key
                >
                    <For each=move || lines.get() key=|placed| placed.line let:placed>
                        {
                            let key = placed.line;
                            let top = Memo::new(move |last: Option<&f64>| {
                                let found = lines.with(|lines| lines.iter().find(|other| other.line == key).map(|other| other.top));
                                found.or(last.copied()).unwrap_or_default()
                            });
                            view! {
                                <div class="gallery-place" style=("--top", move || format!("{}px", top.get()))>{line(key)}</div>
                            }
                        }
                    </For>
                </div>
            </div>
        </section>
    }
    .into_any()
}
