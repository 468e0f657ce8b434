//! Making a list, changing its name and colour, deleting it.

use domain::{action::ListPatch, colour::Colour, id::ListId, limits::TITLE_CHARS};
use leptos::{html, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use web_sys::SubmitEvent;

use super::dialog::Dialog;
use crate::{
    edits::{one_line, use_edits},
    place::Place,
    words,
};

/// The name and colour of a new list, or of one that is there.
#[component]
pub(crate) fn ListDialog(#[prop(optional_no_strip)] list: Option<ListId>) -> impl IntoView {
    let edits = use_edits();
    let navigate = use_navigate();
    let now = list.and_then(|list| edits.store.list_now(list)).map(|view| view.list);
    let title = RwSignal::new(now.as_ref().map(|list| list.title.clone()).unwrap_or_default());
    let colour =
        RwSignal::new(now.map_or_else(|| next_colour(edits.store.lists_now().len()), |list| list.colour));
    let error = RwSignal::new(None::<String>);
    let field = NodeRef::<html::Input>::new();
    Effect::new(move || {
        if let Some(field) = field.get() {
            drop(field.focus());
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let name = one_line(&title.get_untracked());
        if name.is_empty() {
            return error.set(Some(domain::error::Code::TitleEmpty.message().into()));
        }
        if let Some(over) = name.chars().count().checked_sub(TITLE_CHARS).filter(|over| *over > 0) {
            return error.set(Some(words::too_long(over)));
        }
        let colour = colour.get_untracked();
        let done = match list {
            Some(list) => {
                let patch = ListPatch { title: Some(name), colour: Some(colour), ..ListPatch::default() };
                edits.edit_list(list, patch)
            }
            None => edits.create_list(&name, colour).is_some_and(|list| {
                navigate(&Place::List(list, None).path(), NavigateOptions::default());
                true
            }),
        };
        if done {
            edits.ui.close();
        }
    };
    let (label, button) =
        if list.is_some() { (words::EDIT_LIST, words::SAVE) } else { (words::NEW_LIST, words::CREATE_LIST) };
    view! {
        <Dialog label=label kind="small" titled=true>
            <form class="form" on:submit=submit>
                <label class="field">
                    <span>{words::LIST_NAME}</span>
                    <input
                        type="text"
                        dir="auto"
                        autocomplete="off"
                        placeholder=words::LIST_NAME_HINT
                        node_ref=field
                        prop:value=title
                        aria-invalid=move || error.with(Option::is_some).to_string()
                        aria-describedby="list-error"
                        on:input=move |event| { title.set(event_target_value(&event)); error.set(None); }
                    />
                    <span class="error" id="list-error" role="alert">{error}</span>
                </label>
                <fieldset class="field">
                    <legend>{words::COLOUR}</legend>
                    <div class="colours">
                        {Colour::ALL.iter().map(|each| {
                            let each = *each;
                            view! {
                                <label class=format!("colour list-{}", each.name()) title=words::colour(each)>
                                    <input
                                        type="radio"
                                        name="colour"
                                        aria-label=words::colour(each)
                                        prop:checked=move || colour.get() == each
                                        on:change=move |_| colour.set(each)
                                    />
                                </label>
                            }
                        }).collect_view()}
                    </div>
                </fieldset>
                <footer class="dialog-foot">
                    <button type="button" class="button" on:click=move |_| edits.ui.close()>{words::CANCEL}</button>
                    <button type="submit" class="button primary">{button}</button>
                </footer>
            </form>
        </Dialog>
    }
    .into_any()
}

/// A colour that the lists before did not take; grey is the inbox's.
fn next_colour(lists: usize) -> Colour {
    let choice = [
        Colour::Blue,
        Colour::Orange,
        Colour::Green,
        Colour::Purple,
        Colour::Red,
        Colour::Teal,
        Colour::Pink,
    ];
    choice.get(lists % choice.len()).copied().unwrap_or_default()
}

/// Asks before a list goes for good.
#[component]
pub(crate) fn DeleteListDialog(list: ListId) -> impl IntoView {
    let edits = use_edits();
    let navigate = use_navigate();
    let title = edits.store.list_now(list).map(|view| view.list.title).unwrap_or_default();
    let label = words::delete_list(&title);
    let delete = move |_| {
        if edits.act(list, vec![domain::action::Action::DeleteList]) {
            edits.ui.close();
            edits.ui.toast(words::list_deleted(&title));
            navigate(
                &Place::Today(None).path(),
                NavigateOptions { replace: true, ..NavigateOptions::default() },
            );
        }
    };
    view! {
        <Dialog label=label kind="small" titled=true>
            <p class="dialog-text">{words::DELETE_LIST_WHY}</p>
            <footer class="dialog-foot">
                <button type="button" class="button" autofocus on:click=move |_| edits.ui.close()>{words::CANCEL}</button>
                <button type="button" class="button danger" on:click=delete>{words::DELETE_LIST}</button>
            </footer>
        </Dialog>
    }
    .into_any()
}
