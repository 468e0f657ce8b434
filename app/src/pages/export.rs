//! Taking everything along, as a file.

use domain::model::{List, Todo};
use leptos::{prelude::*, task::spawn_local, wasm_bindgen::JsCast};
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};

use crate::{
    components::icon::{Glyph, Icon},
    edits::{Edits, use_edits},
    later::{self, NotLoaded},
    store::Store,
    ui, words,
};

#[component]
pub(crate) fn Export() -> impl IntoView {
    let Edits { store, ui } = use_edits();
    let save = move |name: &str, kind: &str, file: Result<String, NotLoaded>| match file {
        Ok(file) => download(name, kind, &file),
        Err(NotLoaded) => ui.toast(words::MISSING_SHORT.into()),
    };
    let name = move |ending: &str| format!("stack-{}.{ending}", ui::today(store));
    view! {
        <section class="settings-part" aria-labelledby="export">
            <h2 id="export">{words::EXPORT}</h2>
            <p class="hint-text">{words::EXPORT_WHY}</p>
            <div class="buttons">
                <button type="button" class="button" on:click=move |_| spawn_local(async move {
                    let file = later::write_json(everything(store), store.now()).await;
                    save(&name("json"), "application/json", file);
                })>
                    <Icon glyph=Glyph::Download/>{words::EXPORT_JSON}
                </button>
                <button type="button" class="button" on:click=move |_| spawn_local(async move {
                    let file = later::write_ical(everything(store), store.now()).await;
                    save(&name("ics"), "text/calendar", file);
                })>
                    <Icon glyph=Glyph::Download/>{words::EXPORT_ICAL}
                </button>
            </div>
        </section>
    }
    .into_any()
}

/// Every list with its todos, subtasks after the todo they belong to.
fn everything(store: Store) -> Vec<(List, Vec<Todo>)> {
    let (lists, archived) = (store.lists_now(), store.archived().get_untracked());
    let lists = lists.iter().chain(archived.iter()).filter_map(|list| store.list_now(*list));
    lists
        .map(|view| {
            let list = view.list.id;
            let todos = store
                .todos_now(list)
                .iter()
                .flat_map(|id| {
                    let subtasks = store.subtasks_now(list, *id);
                    std::iter::once(*id).chain(subtasks.to_vec()).collect::<Vec<_>>()
                })
                .filter_map(|id| store.todo_now(list, id))
                .collect();
            (view.list, todos)
        })
        .collect()
}

/// Has the browser save a text as a file.
fn download(name: &str, kind: &str, text: &str) {
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    let parts = js_sys::Array::of1(&text.into());
    let Ok(blob) = Blob::new_with_str_sequence_and_options(&parts, &options) else { return };
    let Ok(url) = Url::create_object_url_with_blob(&blob) else { return };
    let link = document().create_element("a").ok().and_then(|link| link.dyn_into::<HtmlAnchorElement>().ok());
    if let Some(link) = link {
        link.set_href(&url);
        link.set_download(name);
        link.click();
    }
    drop(Url::revoke_object_url(&url));
}
