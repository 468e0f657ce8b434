//! What the first visit does not need. It stands in parts of the app that load when they are first called: the
//! screens of a signed-in user, the dialogs, and what is large and seldom used, such as reading Markdown. With
//! the feature `whole` these are plain functions: tests are not taken apart after they are compiled.

use domain::{
    action::Batch,
    id::UserId,
    model::{List, Todo},
    order::OrderKey,
    time::Timestamp,
    transfer::{self, Parsed, ReadError},
};
use leptos::prelude::*;

use crate::{
    clock,
    components::{
        due::DueDialog,
        keys::HelpDialog,
        list_dialog::{DeleteListDialog, ListDialog},
        palette::PaletteDialog,
        quick_add::QuickAddDialog,
        sidebar::Sidebar,
    },
    markdown,
    pages::{
        frame::Around, import::ImportBody, list::ListBody, lists::ListsBody, settings::SettingsBody,
        today::TodayBody,
    },
    ui::Overlay,
};

/// A part of the screen that is shown to a signed-in user.
#[derive(Clone, Copy)]
pub(crate) enum Part {
    Sidebar,
    Today,
    List,
    Lists,
    /// Messages, the open dialog, and keys.
    Around,
    Settings,
    Import,
    Dialog(Overlay),
}

impl Part {
    /// The part, once its code is there.
    pub(crate) async fn load(self) -> AnyView {
        match self {
            Self::Sidebar | Self::Today | Self::List | Self::Lists | Self::Around => screen(self).await,
            Self::Settings | Self::Import => page(self).await,
            Self::Dialog(overlay) => dialog(overlay).await,
        }
    }
}

/// What a signed-in user sees all day, in one piece: one part of it is never needed without the others.
#[cfg_attr(not(feature = "whole"), lazy)]
async fn screen(part: Part) -> AnyView {
    untrack(|| match part {
        Part::Sidebar => view! { <Sidebar/> }.into_any(),
        Part::Today => view! { <TodayBody/> }.into_any(),
        Part::List => view! { <ListBody/> }.into_any(),
        Part::Lists => view! { <ListsBody/> }.into_any(),
        Part::Around => view! { <Around/> }.into_any(),
        Part::Settings | Part::Import | Part::Dialog(_) => ().into_any(),
    })
}

#[cfg_attr(not(feature = "whole"), lazy)]
async fn page(part: Part) -> AnyView {
    untrack(|| match part {
        Part::Settings => view! { <SettingsBody/> }.into_any(),
        Part::Import => view! { <ImportBody/> }.into_any(),
        _ => ().into_any(),
    })
}

#[cfg_attr(not(feature = "whole"), lazy)]
async fn dialog(overlay: Overlay) -> AnyView {
    untrack(|| match overlay {
        Overlay::QuickAdd => view! { <QuickAddDialog/> }.into_any(),
        Overlay::Palette => view! { <PaletteDialog/> }.into_any(),
        Overlay::Help => view! { <HelpDialog/> }.into_any(),
        Overlay::Due(list, todo) => view! { <DueDialog list todo/> }.into_any(),
        Overlay::NewList => view! { <ListDialog list=None/> }.into_any(),
        Overlay::EditList(list) => view! { <ListDialog list=Some(list)/> }.into_any(),
        Overlay::DeleteList(list) => view! { <DeleteListDialog list/> }.into_any(),
    })
}

/// The HTML of some Markdown; see [`markdown::to_html`].
#[cfg_attr(not(feature = "whole"), lazy)]
pub(crate) async fn render_markdown(text: String) -> String {
    markdown::to_html(&text)
}

/// What a file holds that was saved at that time; see [`transfer::read`].
#[cfg_attr(not(feature = "whole"), lazy)]
pub(crate) async fn read_file(bytes: Vec<u8>, name: String, saved: Timestamp) -> Result<Parsed, ReadError> {
    transfer::read(&bytes, &name, clock::local_day(saved), &clock::local_day)
}

/// The batches that make what a file holds; see [`transfer::plan`].
#[cfg_attr(not(feature = "whole"), lazy)]
pub(crate) async fn plan_import(
    parsed: Parsed,
    user: UserId,
    saved: Timestamp,
    after: Option<OrderKey>,
) -> Vec<Batch> {
    transfer::plan(&parsed, user, saved, after.as_ref())
}

/// All lists as Stack's own JSON.
#[cfg_attr(not(feature = "whole"), lazy)]
pub(crate) async fn write_json(lists: Vec<(List, Vec<Todo>)>, now: Timestamp) -> String {
    transfer::export_json(&lists, now)
}

/// All lists as iCalendar.
#[cfg_attr(not(feature = "whole"), lazy)]
pub(crate) async fn write_ical(lists: Vec<(List, Vec<Todo>)>, now: Timestamp) -> String {
    transfer::export_ical(&lists, now)
}
