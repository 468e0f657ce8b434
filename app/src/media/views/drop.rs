//! Files that are dropped on the page or pasted into it: they go to the todo under the pointer, the one that is open,
//! or a new one in the list that shows.

use domain::id::{ListId, TodoId};
use leptos::{ev, prelude::*, task::spawn_local, wasm_bindgen::JsCast};
use web_sys::{ClipboardEvent, DragEvent, Element, Event, File, FileList};

use crate::{
    components::icon::{Glyph, Icon},
    edits::use_edits,
    media::{edits, shelf::use_shelf},
    place::{Place, use_place},
    words,
};

/// Where files would go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Target {
    Todo(ListId, TodoId),
    NewIn(ListId),
}

/// Marks the element that a drop would go to.
const MARK: &str = "drop-target";

/// Listens for drops and pastes as long as it is there.
#[component]
pub(crate) fn Drops() -> impl IntoView {
    let (edits, shelf) = (use_edits(), use_shelf());
    let place = use_place();
    let over = RwSignal::new(None::<Target>);
    let marked = StoredValue::new_local(None::<Element>);
    let mark = move |element: Option<Element>| {
        let old = marked.try_update_value(|marked| std::mem::replace(marked, element.clone())).flatten();
        if old == element {
            return;
        }
        if let Some(old) = old {
            drop(old.class_list().remove_1(MARK));
        }
        if let Some(element) = element {
            drop(element.class_list().add_1(MARK));
        }
    };
    let leave = move || {
        mark(None);
        if over.get_untracked().is_some() {
            over.set(None);
        }
    };
    let add = move |target, files: Vec<File>| match target {
        Target::Todo(list, todo) => spawn_local(edits::add(edits, shelf, list, todo, files)),
        Target::NewIn(list) => spawn_local(edits::add_todo(edits, shelf, list, files)),
    };
    let on_over = move |event: DragEvent| {
        // The screen for import takes its file itself.
        if !has_files(&event) || place.get_untracked() == Place::Import {
            return;
        }
        let (element, target) = target_of(&event, place.get_untracked()).unzip();
        // Without this the browser opens the file in place of the app.
        event.prevent_default();
        if let Some(transfer) = event.data_transfer() {
            transfer.set_drop_effect(if target.is_some() { "copy" } else { "none" });
        }
        mark(element);
        if over.get_untracked() != target {
            over.set(target);
        }
    };
    let on_drop = move |event: DragEvent| {
        if !has_files(&event) || place.get_untracked() == Place::Import {
            return;
        }
        event.prevent_default();
        let target = target_of(&event, place.get_untracked());
        let files = event.data_transfer().and_then(|transfer| transfer.files());
        leave();
        if let (Some((_, target)), Some(files)) = (target, files) {
            add(target, files_of(&files));
        }
    };
    let on_paste = move |event: ClipboardEvent| {
        let Some(data) = event.clipboard_data() else { return };
        let files = data.files().map(|files| files_of(&files)).unwrap_or_default();
        // Who copies text out of a program often gets a picture of it too.
        let has_text = data.get_data("text/plain").is_ok_and(|text| !text.is_empty());
        if files.is_empty() || has_text && in_field(&event) {
            return;
        }
        event.prevent_default();
        let focused = document().active_element().and_then(|element| todo_of(&element));
        match focused.map(|(_, target)| target).or_else(|| open(place.get_untracked())) {
            Some(target) => add(target, files),
            None => edits.ui.toast(words::PASTE_WHERE.into()),
        }
    };
    let listeners = [
        window_event_listener(ev::dragover, on_over),
        window_event_listener(ev::drop, on_drop),
        // Leaving the window; inside it the next `dragover` says more.
        window_event_listener(ev::dragleave, move |event| {
            if event.related_target().is_none() {
                leave();
            }
        }),
        window_event_listener(ev::paste, move |event| {
            if let Ok(event) = event.dyn_into::<ClipboardEvent>() {
                on_paste(event);
            }
        }),
    ];
    on_cleanup(move || listeners.into_iter().for_each(|listener| listener.remove()));
    move || {
        over.get().map(|_| {
            view! {
                <div class="drop-hint" aria-hidden="true"><Icon glyph=Glyph::Photo/>{words::DROP_HERE}</div>
            }
        })
    }
}

/// All of a browser's list of files.
pub(super) fn files_of(files: &FileList) -> Vec<File> {
    (0..files.length()).filter_map(|index| files.get(index)).collect()
}

fn has_files(event: &DragEvent) -> bool {
    let types = event.data_transfer().map(|transfer| transfer.types());
    types.is_some_and(|types| types.includes(&"Files".into(), 0))
}

fn in_field(event: &Event) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|target| target.matches("input, textarea").unwrap_or_default())
}

/// The todo whose row an element is in, by the row's own link.
fn todo_of(element: &Element) -> Option<(Element, Target)> {
    let row = element.closest(".row").ok().flatten()?;
    let link = row.query_selector("a.row-link").ok().flatten()?;
    let (list, todo) = Place::at(&link.get_attribute("href")?).open()?;
    Some((row, Target::Todo(list, todo)))
}

fn open(place: Place) -> Option<Target> {
    place.open().map(|(list, todo)| Target::Todo(list, todo))
}

/// Where a drop would go, and the element that shows it.
fn target_of(event: &DragEvent, place: Place) -> Option<(Element, Target)> {
    let element = event.target().and_then(|target| target.dyn_into::<Element>().ok())?;
    let inside = |selector| element.closest(selector).ok().flatten();
    if let Some(found) = todo_of(&element) {
        return Some(found);
    }
    if let Some(detail) = inside(".detail") {
        return Some((detail, open(place)?));
    }
    match place {
        Place::List(list, _) => Some((inside(".list-pane")?, Target::NewIn(list))),
        _ => None,
    }
}
