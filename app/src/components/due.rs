//! Choosing the day a todo is due.

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
pub(crate) fn DueDialog(list: ListId, todo: TodoId) -> impl IntoView {
    let edits = use_edits();
    let whole = edits.store.todo(list, todo);
    let due = Memo::new(move |_| whole.with(|todo| todo.as_ref().and_then(|todo| todo.due)));
    let today = ui::today(edits.store);
    let choose = move |day: Option<Day>| {
        edits.set_due(list, todo, day);
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
                        aria-pressed=move || (due.get() == day).to_string()
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
                    prop:value=move || due.get().map(|day| day.to_string()).unwrap_or_default()
                    on:change=move |event| if let Ok(day) = event_target_value(&event).parse() {
                        edits.set_due(list, todo, Some(day));
                    }
                />
            </label>
        </Dialog>
    }
    .into_any()
}
