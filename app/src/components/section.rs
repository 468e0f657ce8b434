//! The heading above some of the rows of a list.

use leptos::prelude::*;

use super::{
    icon::{Glyph, Icon},
    rows::{RowKey, RowsState, Section},
};
use crate::words;

/// A heading; that of completed todos shows and hides them.
#[component]
pub(crate) fn SectionRow(section: Section, tab_stop: Signal<bool>) -> impl IntoView {
    let id = RowKey::Section(section).element();
    let tabindex = move || if tab_stop.get() { "0" } else { "-1" };
    let label = match section {
        Section::Overdue => words::OVERDUE,
        Section::Today => words::TODAY,
        Section::DoneToday => words::DONE_TODAY,
        Section::Completed => words::COMPLETED,
    };
    if section != Section::Completed {
        let class = if section == Section::Overdue { "section overdue" } else { "section" };
        return view! { <div class=class id=id tabindex=tabindex>{label}</div> }.into_any();
    }
    let state = expect_context::<RowsState>();
    view! {
        <button
            type="button"
            class="section toggle"
            id=id
            tabindex=tabindex
            aria-expanded=move || state.done_shown.get().to_string()
            on:click=move |_| state.done_shown.update(|shown| *shown = !*shown)
        >
            <Icon glyph=Glyph::Chevron/>
            {label}
            <span class="count">{move || words::grouped(state.done_count.get())}</span>
        </button>
    }
    .into_any()
}
