//! A picture of a media item: a blurred placeholder at once, the local file while there is one, the sharp picture over
//! them when it has come. The box has its size before any of them, so nothing moves.

use domain::{
    id::ListId,
    media::{ANIMATION, Format, MediaKind, Rendition},
};
use leptos::prelude::*;

use super::look::{address, fallback, sizes_in};
use crate::{
    media::{
        access::Answer,
        shelf::{Shelf, use_shelf},
    },
    store::{Store, use_store},
};

/// How often the address of a picture that does not come is tried anew.
const TRIES: u32 = 3;

/// What is shown of an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shown {
    pub(super) kind: MediaKind,
    /// The file in hand.
    pub(super) local: Option<String>,
    /// Quarter turns of the file in hand, clockwise.
    pub(super) local_turns: u16,
    pub(super) rendition: Option<Rendition>,
    /// Quarter turns that the rendition does not have yet.
    pub(super) turns: u16,
}

/// Where an animation moves: for those who don't mind, and where it is what they look at.
const MAY_MOVE: &str = "(prefers-reduced-motion: no-preference)";

/// The layers of one picture. `sizes` says how wide it is drawn, for the browser's choice among the variants; `moves`,
/// that an animation is one here, rather than its first frame.
#[component]
pub(crate) fn Picture(
    list: ListId,
    shown: Memo<Option<Shown>>,
    sizes: &'static str,
    #[prop(into)] alt: Signal<String>,
    #[prop(optional)] eager: bool,
    #[prop(optional)] moves: bool,
) -> impl IntoView {
    let local = Memo::new(move |_| {
        shown.with(|shown| {
            let shown = shown.as_ref()?;
            Some((shown.local.clone()?, shown.kind, shown.local_turns))
        })
    });
    let rendition =
        Memo::new(move |_| shown.with(|shown| shown.as_ref().and_then(|shown| shown.rendition.clone())));
    let turns = Memo::new(move |_| shown.with(|shown| shown.as_ref().map_or(0, |shown| shown.turns)));
    view! {
        <span class="pic">
            {move || rendition.with(|rendition| {
                let placeholder = rendition.as_ref().map(|rendition| rendition.placeholder.clone())?;
                let class = move || turned("pic-blur", turns.get());
                Some(view! { <img class=class src=placeholder alt="" aria-hidden="true"/> })
            })}
            {move || local.get().map(|(url, kind, turns)| {
                let class = turned("pic-local", turns);
                match kind {
                    MediaKind::Image => view! { <img class=class src=url alt=alt draggable="false"/> }.into_any(),
                    MediaKind::Video => view! {
                        <video class=class src=url aria-label=alt muted playsinline preload="metadata" tabindex="-1"></video>
                    }.into_any(),
                }
            })}
            {move || rendition.get().map(|rendition| {
                view! { <Sharp list rendition turns sizes alt eager moves has_local=local/> }
            })}
        </span>
    }
    .into_any()
}

type Local = Option<(String, MediaKind, u16)>;

/// The picture from the server, in the format and size that the browser chooses.
#[component]
fn Sharp(
    list: ListId,
    rendition: Rendition,
    turns: Memo<u16>,
    sizes: &'static str,
    alt: Signal<String>,
    eager: bool,
    moves: bool,
    has_local: Memo<Local>,
) -> impl IntoView {
    let (store, shelf) = (use_store(), use_shelf());
    let loaded = RwSignal::new(false);
    let query = Lasting::new(store, shelf, list);
    let (width, height) = (rendition.width, rendition.height);
    move || {
        let given = query.given.get()?;
        let given = given.as_deref();
        Some(view! {
            <picture>
                {(moves && rendition.moves).then(|| view! {
                    <source type=Format::Webp.content_type() srcset=address(&rendition.path, ANIMATION, given) media=MAY_MOVE/>
                })}
                {[Format::Avif, Format::Webp].into_iter().filter_map(|format| {
                    let set = sizes_in(&rendition, format, given)?;
                    Some(view! { <source type=format.content_type() srcset=set sizes=sizes/> })
                }).collect_view()}
                <img
                    class=move || turned("pic-sharp", turns.get())
                    class:loaded=loaded
                    src=fallback(&rendition, given)
                    srcset=sizes_in(&rendition, Format::Jpeg, given)
                    sizes=sizes
                    width=width
                    height=height
                    // While the local file shows, it is what has the words.
                    alt=move || if has_local.with(Option::is_some) { String::new() } else { alt.get() }
                    loading=if eager { "eager" } else { "lazy" }
                    decoding="async"
                    draggable="false"
                    on:load=move |_| loaded.set(true)
                    on:error=move |_| { loaded.set(false); let _next_comes = query.failed(); }
                />
            </picture>
        })
    }
}

/// A query that stays the same while it works: a picture that shows is not loaded anew when leave is renewed.
#[derive(Clone, Copy)]
pub(super) struct Lasting {
    store: Store,
    shelf: Shelf,
    list: ListId,
    /// `None` until the server was asked; without a query where it can't be.
    pub(super) given: RwSignal<Option<Option<String>>>,
    broken: StoredValue<bool>,
    tries: StoredValue<u32>,
}

impl Lasting {
    /// A query for the current owner's picture or video.
    pub(super) fn new(store: Store, shelf: Shelf, list: ListId) -> Self {
        let (given, broken) = (RwSignal::new(None), StoredValue::new(false));
        let answer = shelf.access.of(store, list);
        Effect::new(move || {
            let Some(answer) = answer.get() else { return };
            if broken.get_value() || given.with_untracked(Option::is_none) {
                broken.set_value(false);
                given.set(Some(match answer {
                    Answer::Query(query) => Some(query),
                    Answer::None => None,
                }));
            }
        });
        Self { store, shelf, list, given, broken, tries: StoredValue::new(0) }
    }

    /// What was loaded with it did not come: the next one is taken, a few times. Says whether there is one.
    pub(super) fn failed(self) -> bool {
        let tries = self.tries.try_get_value().unwrap_or(TRIES);
        if tries < TRIES {
            self.tries.set_value(tries + 1);
            self.broken.set_value(true);
            self.shelf.access.refuse(self.store, self.list);
        }
        tries < TRIES
    }
}

fn turned(class: &str, quarters: u16) -> String {
    match quarters % 4 {
        0 => class.to_owned(),
        quarters => format!("{class} turned-{quarters}"),
    }
}
