//! What the first visit does not need. It stands in parts of the app that load when they are first called: the
//! screens of a signed-in user, the dialogs, and what is large and seldom used, such as reading Markdown. With
//! the feature `whole` these are plain functions: tests are not taken apart after they are compiled.

use domain::{
    action::Batch,
    id::{ListId, TodoId, UserId},
    model::{List, Todo},
    order::OrderKey,
    time::Timestamp,
    transfer::{self, Parsed, ReadError, Target},
};
use futures::future::LocalBoxFuture;
use leptos::{prelude::*, wasm_split::SplitLoaderError};

use crate::{
    clock,
    components::{
        due::DueDialog,
        keys::HelpDialog,
        list_dialog::{DeleteListDialog, ListDialog},
        palette::PaletteDialog,
        quick_add::QuickAddDialog,
        sidebar::Sidebar,
        toasts::Notices,
    },
    markdown,
    media::{Drops, GalleryBody, Lightbox, MediaGrid, MediaSettings, NotAddedDialog, Uploads},
    pages::{
        frame::Around, import::ImportBody, list::ListBody, lists::ListsBody, settings::SettingsBody,
        today::TodayBody,
    },
    ui::{self, Overlay},
};

/// The code of a part could not be fetched. The next call fetches it anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a part of the app could not be loaded")]
pub(crate) struct NotLoaded;

impl From<SplitLoaderError> for NotLoaded {
    fn from(_: SplitLoaderError) -> Self {
        Self
    }
}

/// Makes a function whose code is in the named part of the app, and loads with it. What calls it gets
/// [`NotLoaded`] where that fails; leptos' own `#[lazy]` panics then.
macro_rules! later {
    ($($(#[$doc:meta])* $part:ident: $vis:vis fn $name:ident($($arg:ident: $type:ty),* $(,)?) -> $output:ty $body:block)*) => {$(
        #[cfg(not(feature = "whole"))]
        #[::leptos::wasm_split::wasm_split($part, wasm_split_path = ::leptos::wasm_split, fallible)]
        $(#[$doc])*
        $vis fn $name($($arg: $type),*) -> Result<$output, $crate::later::NotLoaded> {
            Ok($body)
        }

        #[cfg(feature = "whole")]
        $(#[$doc])*
        $vis async fn $name($($arg: $type),*) -> Result<$output, $crate::later::NotLoaded> {
            Ok($body)
        }
    )*};
}
pub(crate) use later;

/// A part of the screen that is shown to a signed-in user.
#[derive(Clone, Copy)]
pub(crate) enum Part {
    Sidebar,
    Today,
    List,
    Lists,
    /// What the user must know.
    Notices,
    /// Messages, the open dialog, and keys.
    Around,
    Settings,
    Import,
    Dialog(Overlay),
    Gallery,
    /// Uploads, and files that are dropped and pasted.
    MediaAround,
    /// A todo's photos and videos; whether they may only be looked at.
    MediaGrid(ListId, TodoId, Signal<bool>),
    MediaSettings,
}

impl Part {
    /// The part, once its code is there.
    pub(crate) async fn load(self) -> Result<AnyView, NotLoaded> {
        match self {
            Self::Sidebar | Self::Today | Self::List | Self::Lists | Self::Notices | Self::Around => {
                screen(self).await
            }
            Self::Settings | Self::Import => page(self).await,
            Self::Dialog(Overlay::Lightbox { .. } | Overlay::NotAdded)
            | Self::Gallery
            | Self::MediaAround
            | Self::MediaGrid(..)
            | Self::MediaSettings => media(self).await,
            Self::Dialog(overlay) => dialog(overlay).await,
        }
    }
}

later! {
    /// What a signed-in user sees all day, in one piece: one part of it is never needed without the others.
    signed_in: fn screen(part: Part) -> AnyView {
        untrack(|| match part {
            Part::Sidebar => view! { <Sidebar/> }.into_any(),
            Part::Today => view! { <TodayBody/> }.into_any(),
            Part::List => view! { <ListBody/> }.into_any(),
            Part::Lists => view! { <ListsBody/> }.into_any(),
            Part::Notices => view! { <Notices/> }.into_any(),
            Part::Around => view! { <Around/> }.into_any(),
            _ => ().into_any(),
        })
    }

    seldom: fn page(part: Part) -> AnyView {
        untrack(|| match part {
            Part::Settings => view! { <SettingsBody/> }.into_any(),
            Part::Import => view! { <ImportBody/> }.into_any(),
            _ => ().into_any(),
        })
    }

    seldom: fn dialog(overlay: Overlay) -> AnyView {
        untrack(|| match overlay {
            Overlay::QuickAdd => view! { <QuickAddDialog/> }.into_any(),
            Overlay::Palette => view! { <PaletteDialog/> }.into_any(),
            Overlay::Help => view! { <HelpDialog/> }.into_any(),
            Overlay::Due(list, todo) => view! { <DueDialog todos=[(list, todo)].into()/> }.into_any(),
            Overlay::DueOfChosen => view! { <DueDialog todos=ui::use_ui().chosen.get_untracked()/> }.into_any(),
            Overlay::NewList => view! { <ListDialog list=None/> }.into_any(),
            Overlay::EditList(list) => view! { <ListDialog list=Some(list)/> }.into_any(),
            Overlay::DeleteList(list) => view! { <DeleteListDialog list/> }.into_any(),
            Overlay::Lightbox { .. } | Overlay::NotAdded => ().into_any(),
        })
    }

    /// Photos and videos, but for the strips on rows.
    media: fn media(part: Part) -> AnyView {
        untrack(|| match part {
            Part::Gallery => view! { <GalleryBody/> }.into_any(),
            Part::MediaAround => view! { <Uploads/><Drops/> }.into_any(),
            Part::MediaGrid(list, todo, read_only) => view! { <MediaGrid list todo read_only/> }.into_any(),
            Part::MediaSettings => view! { <MediaSettings/> }.into_any(),
            Part::Dialog(Overlay::NotAdded) => view! { <NotAddedDialog/> }.into_any(),
            Part::Dialog(Overlay::Lightbox { scope, list, media, delete }) => {
                view! { <Lightbox scope list media delete/> }.into_any()
            }
            _ => ().into_any(),
        })
    }

    /// Takes a user's files and pictures off this device.
    media: pub(crate) fn forget_media(user: UserId) -> LocalBoxFuture<'static, ()> {
        Box::pin(crate::media::forget(user))
    }

    /// The HTML of some Markdown; see [`markdown::to_html`].
    markdown: pub(crate) fn render_markdown(text: String) -> String {
        markdown::to_html(&text)
    }

    /// What a file holds that was saved at that time; see [`transfer::read`].
    transfer: pub(crate) fn read_file(
        bytes: Vec<u8>,
        name: String,
        saved: Timestamp,
    ) -> Result<Parsed, ReadError> {
        transfer::read(&bytes, &name, clock::local_day(saved), &clock::local_day)
    }

    /// The batches that make what a file holds, beside the lists that are there; see [`transfer::plan`].
    transfer: pub(crate) fn plan_import(
        parsed: Parsed,
        user: UserId,
        saved: Timestamp,
        after: Option<OrderKey>,
        there: Vec<ListId>,
        run: u32,
    ) -> Vec<Batch> {
        transfer::plan(&parsed, user, saved, Target { after: after.as_ref(), there: &there, run })
    }

    /// All lists as Stack's own JSON.
    transfer: pub(crate) fn write_json(lists: Vec<(List, Vec<Todo>)>, now: Timestamp) -> String {
        transfer::export_json(&lists, now)
    }

    /// All lists as iCalendar.
    transfer: pub(crate) fn write_ical(lists: Vec<(List, Vec<Todo>)>, now: Timestamp) -> String {
        transfer::export_ical(&lists, now)
    }
}
