//! The field that adds todos. It reads a date out of the words and shows it before it counts.

use domain::{
    id::{ListId, TodoId},
    time::Day,
};
use leptos::{html, prelude::*};
use web_sys::{ClipboardEvent, SubmitEvent};

use super::icon::{Glyph, Icon};
use crate::{edits::use_edits, quick, ui, words};

/// Adds to `list`. `due` is the date of todos that name none; `on_added` runs after each.
#[component]
pub(crate) fn AddField(
    list: Signal<Option<ListId>>,
    #[prop(optional, into)] due: Signal<Option<Day>>,
    #[prop(optional)] focused: bool,
    #[prop(into)] id: String,
    on_added: Callback<TodoId>,
) -> impl IntoView {
    let edits = use_edits();
    let today = ui::today_signal(edits.store);
    let field = NodeRef::<html::Input>::new();
    let text = RwSignal::new(String::new());
    // Words that the user said are no date.
    let plain = RwSignal::new(None::<String>);
    let last = StoredValue::new(None::<TodoId>);
    let found = Memo::new(move |_| {
        let found = text.with(|text| quick::find_date(text, today.get()));
        found.filter(|found| plain.with(|plain| plain.as_ref() != Some(&found.said)))
    });
    if focused {
        Effect::new(move || {
            if let Some(field) = field.get() {
                drop(field.focus());
            }
        });
    }

    let add = move |title: &str, day: Option<Day>| {
        let Some(list) = list.get_untracked() else { return false };
        let Some(added) = edits.add(list, title, day, last.get_value()) else { return false };
        // One after the other, in the order they are typed.
        last.set_value(Some(added));
        edits.ui.say(words::added(title));
        on_added.run(added);
        true
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let (title, day) = match found.get_untracked() {
            Some(found) => (found.title, Some(found.due)),
            None => (text.get_untracked(), due.get_untracked()),
        };
        if add(&title, day) {
            text.set(String::new());
            plain.set(None);
        }
    };
    let paste = move |event: ClipboardEvent| {
        let pasted = event.clipboard_data().and_then(|data| data.get_data("text").ok()).unwrap_or_default();
        let lines = pasted.lines().filter(|line| !line.trim().is_empty()).count();
        // Several lines are several todos, unless they land in the middle of something.
        if lines > 1 && text.with_untracked(|text| text.trim().is_empty()) {
            event.prevent_default();
            if add(&pasted, due.get_untracked()) {
                edits.ui.toast(words::todos_added(lines));
            }
        }
    };

    view! {
        <form class="add" on:submit=submit>
            <Icon glyph=Glyph::Add/>
            <input
                id=id
                class="add-input"
                type="text"
                dir="auto"
                autocomplete="off"
                enterkeyhint="done"
                placeholder=words::ADD_TODO
                aria-label=words::ADD_TODO
                node_ref=field
                prop:value=text
                on:input=move |event| text.set(event_target_value(&event))
                on:blur=move |_| last.set_value(None)
                on:paste=paste
                on:keydown=move |event| if event.key() == "Escape" && !text.with_untracked(String::is_empty) {
                    event.stop_propagation();
                    event.prevent_default();
                    text.set(String::new());
                }
            />
            {move || found.get().map(|found| {
                let said = found.said.clone();
                let hint = words::not_a_date(&found.said);
                view! {
                    <button type="button" class="hint" title=hint.clone() aria-label=hint
                        on:click=move |_| {
                            plain.set(Some(said.clone()));
                            if let Some(field) = field.get_untracked() {
                                drop(field.focus());
                            }
                        }
                    >
                        <Icon glyph=Glyph::Calendar/>
                        {words::day(found.due, today.get())}
                        <Icon glyph=Glyph::Close/>
                    </button>
                }
            })}
            <Show when=move || text.with(|text| !text.trim().is_empty())>
                <button type="submit" class="button primary small">{words::ADD}</button>
            </Show>
        </form>
    }
    .into_any()
}
