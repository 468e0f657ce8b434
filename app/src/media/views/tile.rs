//! One item in a grid: its picture, how it is doing, and what can be done about that.

use domain::{
    id::{ListId, MediaId},
    media::{Media, MediaKind},
};
use leptos::prelude::*;

use super::{
    look::{self, Mood, Status},
    picture::{Picture, Shown},
};
use crate::{
    components::icon::{Glyph, Icon},
    edits::use_edits,
    media::{
        edits,
        shelf::{Shelf, use_shelf},
        uploader::Command,
    },
    store::{Connection, Store},
    words,
};

/// Everything a tile or a slide shows of an item.
#[derive(Clone, Copy)]
pub(super) struct Item {
    pub(super) media: Signal<Option<Media>>,
    pub(super) shown: Memo<Option<Shown>>,
    pub(super) status: Memo<Status>,
    pub(super) label: Memo<String>,
}

impl Item {
    /// What is known of an item, as signals of the current owner. One that has gone keeps its last look.
    pub(super) fn new(store: Store, shelf: Shelf, list: ListId, id: MediaId) -> Self {
        let media = store.media_item(list, id);
        let connection = store.connection();
        let shown = Memo::new(move |last: Option<&Option<Shown>>| {
            let adding = shelf.adding.with(|all| all.iter().find(|one| one.media == id).cloned());
            let local = shelf.url(id);
            let of_store = media.with(|media| {
                let media = media.as_ref()?;
                let (rendition, turns) = (media.rendition.clone(), media.turns_ahead());
                let local_turns = media.rotation.degrees() / 90;
                Some(Shown { kind: media.kind, local: local.clone(), local_turns, rendition, turns })
            });
            let of_adding = || {
                let adding = adding?;
                let local = Some(adding.url);
                Some(Shown { kind: adding.kind, local, local_turns: 0, rendition: None, turns: 0 })
            };
            of_store.or_else(of_adding).or_else(|| last.cloned().flatten())
        });
        let status = Memo::new(move |_| {
            let online = connection.get() != Connection::Offline;
            let (upload, here) = (shelf.upload(id), shelf.url(id).is_some());
            media.with(|media| match media {
                Some(media) => Status::of(media, upload, here, online),
                None if here => Status { text: words::MEDIA_PREPARING.into(), ..Status::default() },
                None => Status::default(),
            })
        });
        let label = Memo::new(move |last: Option<&String>| {
            let of_store = media.with(|media| {
                let media = media.as_ref()?;
                Some((look::kind(media.kind), look::name(media).to_owned()))
            });
            let of_adding = || {
                shelf.adding.with(|all| {
                    let adding = all.iter().find(|one| one.media == id)?;
                    Some((look::kind(adding.kind), adding.name.clone()))
                })
            };
            match of_store.or_else(of_adding) {
                Some((kind, name)) => words::media_label(kind, &name, ""),
                None => last.cloned().unwrap_or_default(),
            }
        });
        Self { media, shown, status, label }
    }
}

/// The id of a tile's button, to give it the focus by.
pub(super) fn element_id(id: MediaId) -> String {
    format!("media-{id}")
}

/// See the module's text. The tile's button calls `on_open`.
#[component]
pub(crate) fn Tile(
    list: ListId,
    id: MediaId,
    sizes: &'static str,
    #[prop(into)] tabindex: Signal<&'static str>,
    #[prop(into)] on_open: Callback<()>,
) -> impl IntoView {
    let (edits, shelf) = (use_edits(), use_shelf());
    let item = Item::new(edits.store, shelf, list, id);
    let status = item.status;
    let length = Memo::new(move |_| {
        item.shown.with(|shown| {
            let shown = shown.as_ref().filter(|shown| shown.kind == MediaKind::Video)?;
            Some(shown.rendition.as_ref().and_then(|rendition| rendition.duration_ms))
        })
    });
    let label = move || {
        status.with(|status| {
            if status.text.is_empty() {
                item.label.get()
            } else {
                format!("{}. {}", item.label.get(), status.text)
            }
        })
    };
    view! {
        <div class="tile" class:busy=move || status.with(|status| !status.text.is_empty())>
            <button
                type="button"
                class="tile-open"
                id=element_id(id)
                tabindex=tabindex
                aria-label=label
                on:click=move |_| on_open.run(())
            >
                <Picture list shown=item.shown sizes alt=String::new()/>
                {move || length.get().map(|length| view! {
                    <span class="tile-length"><Icon glyph=Glyph::Play/>{length.map(words::duration)}</span>
                })}
            </button>
            <Show when=move || status.with(|status| !status.text.is_empty())>
                <TileStatus list id status/>
            </Show>
        </div>
    }
    .into_any()
}

/// How an item is doing, over its picture.
#[component]
fn TileStatus(list: ListId, id: MediaId, status: Memo<Status>) -> impl IntoView {
    let (edits, shelf) = (use_edits(), use_shelf());
    let mood = Memo::new(move |_| status.with(|status| status.mood));
    let command = move |command| {
        if let Some(uploader) = shelf.uploader() {
            uploader.act(command);
        }
    };
    let retry = move || {
        if let Some(media) = edits.store.media_item_now(list, id) {
            edits::retry(edits, shelf, &media);
        }
    };
    let act = move |glyph, label: &'static str, run: Callback<()>| {
        view! {
            <button type="button" class="tile-act" aria-label=label title=label on:click=move |_| run.run(())>
                <Icon glyph=glyph/>
            </button>
        }
    };
    view! {
        <div class="tile-status" class:failed=move || matches!(mood.get(), Mood::Failed | Mood::Lost)>
            // The button has the words already.
            <span class="tile-text" aria-hidden="true">{move || status.with(|status| status.text.clone())}</span>
            <span class="tile-acts">
                {move || match mood.get() {
                    Mood::Calm => None,
                    Mood::Sending => Some(act(Glyph::Pause, words::PAUSE, Callback::new(move |()| command(Command::Pause(id))))),
                    Mood::Paused => Some(act(Glyph::Play, words::RESUME, Callback::new(move |()| command(Command::Resume(id))))),
                    Mood::Failed => Some(act(Glyph::Retry, words::RETRY, Callback::new(move |()| retry()))),
                    Mood::Lost => None,
                }}
                {move || (mood.get() != Mood::Calm).then(|| act(
                    Glyph::Close,
                    words::CANCEL_UPLOAD,
                    Callback::new(move |()| { edits::delete(edits, shelf, list, id); }),
                ))}
            </span>
            {move || status.with(|status| status.progress).map(|progress| view! {
                <progress class="bar" max="100" value=progress aria-hidden="true"></progress>
            })}
        </div>
    }
    .into_any()
}
