//! Choosing the day that todos are due.

use std::collections::BTreeSet;

use domain::{
    id::{ListId, TodoId},
    time::Day,
};
use leptos::prelude::*;

use super::{
    dialog::Dialog,
    icon::{Glyph, Icon},
};
use crate::{edits::use_edits, quick::next_week, ui, words};

/// The days that are chosen most, any other, or none.
#[component]
pub(crate) fn DueDialog(todos: BTreeSet<(ListId, TodoId)>) -> impl IntoView {
    let edits = use_edits();
    let todos = StoredValue::new(todos);
    // Several may be due on different days, and then none of the choices is the present one.
    let due = Memo::new(move |_| {
        let dues = |(list, id): &(ListId, TodoId)| edits.store.todo(*list, *id).get().map(|todo| todo.due);
        let days: BTreeSet<_> = todos.with_value(|todos| todos.iter().filter_map(dues).collect());
        days.first().copied().filter(|_| days.len() == 1)
    });
    let today = ui::today(edits.store);
    let set = move |day: Option<Day>| {
        todos.with_value(|todos| match todos.first() {
            Some((list, todo)) if todos.len() == 1 => edits.set_due(*list, *todo, day),
            _ => edits.set_due_all(todos, day),
        });
    };
    let choose = move |day: Option<Day>| {
        set(day);
        edits.ui.chosen.set(BTreeSet::new());
        edits.ui.close();
    };
    let usual = [
        (words::TODAY, Some(today), Glyph::Sun),
        (words::TOMORROW, today.plus_days(1), Glyph::Calendar),
        (words::NEXT_WEEK, next_week(today), Glyph::Calendar),
        (words::NO_DATE, None, Glyph::Close),
    ];
    view! {
        <Dialog label=words::DUE kind="small" titled=true>
            <div class="options">
                {usual.map(|(label, day, glyph)| view! {
                    <button
                        type="button"
                        class="option"
                        aria-pressed=move || (due.get() == Some(day)).to_string()
                        on:click=move |_| choose(day)
                    >
                        <Icon glyph/>
                        <span>{label}</span>
                        <span class="option-hint">{day.map(words::weekday_and_day)}</span>
                    </button>
                })}
            </div>
            <label class="field">
                <span>{words::PICK_DAY}</span>
                <input
                    type="date"
                    min="0001-01-01"
                    max="9999-12-31"
                    prop:value=move || due.get().flatten().map(|day| day.to_string()).unwrap_or_default()
                    on:change=move |event| if let Ok(day) = event_target_value(&event).parse() {
                        set(Some(day));
                    }
                />
            </label>
        </Dialog>
    }
    .into_any()
}
