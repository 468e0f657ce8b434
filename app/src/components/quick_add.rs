//! Adding a todo from anywhere, to any list.

use domain::id::ListId;
use leptos::prelude::*;

use super::{add_field::AddField, dialog::Dialog};
use crate::{
    edits::use_edits,
    place::{Place, use_place},
    ui, words,
};

/// The field and a choice of lists: the one on the screen, or else the inbox.
#[component]
pub(crate) fn QuickAddDialog() -> impl IntoView {
    let edits = use_edits();
    let store = edits.store;
    let here = use_place().get_untracked();
    let inbox = edits.inbox();
    let start = match here {
        Place::List(list, _) if store.list_now(list).is_some() => Some(list),
        _ => inbox,
    };
    let list = RwSignal::new(start);
    // What is added while looking at today is for today.
    let due = matches!(here, Place::Today(_)).then(|| ui::today(store));
    let lists = store.lists_now();
    let name = move |list: ListId| {
        store.list_now(list).map_or_else(|| words::INBOX.to_owned(), |view| view.list.title)
    };
    let mut choices: Vec<ListId> = lists.to_vec();
    if let Some(inbox) = inbox.filter(|inbox| !choices.contains(inbox)) {
        choices.insert(0, inbox);
    }
    let added = Callback::new(move |_| {
        // What was added to the list on the screen is there to see.
        let seen = matches!(here, Place::List(here, _) if list.get_untracked() == Some(here));
        if let Some(list) = list.get_untracked().filter(|_| !seen) {
            edits.ui.toast(words::added_to(&name(list)));
        }
        edits.ui.close();
    });
    view! {
        <Dialog label=words::QUICK_ADD kind="quick">
            <AddField list=list.into() due=due focused=true id="quick-add" on_added=added/>
            <footer class="quick-foot">
                <label>
                    <span class="sr">{words::ADD_TO}</span>
                    <select
                        class="select"
                        on:change=move |event| if let Ok(chosen) = event_target_value(&event).parse() {
                            list.set(Some(chosen));
                        }
                    >
                        {choices.into_iter().map(|choice| view! {
                            <option value=choice.to_string() selected=Some(choice) == start>{name(choice)}</option>
                        }).collect_view()}
                    </select>
                </label>
                {due.map(|_| view! { <span class="quick-due">{words::due(&words::lower(words::TODAY))}</span> })}
            </footer>
        </Dialog>
    }
    .into_any()
}
