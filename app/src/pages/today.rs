//! What is due today or should have been done before, from all lists, and what was done today.

use std::sync::Arc;

use leptos::prelude::*;
use leptos_meta::Title;

use super::{frame::DrawerButton, list::OpenTodo};
use crate::{
    components::{
        add_field::AddField,
        empty::Empty,
        icon::Glyph,
        keys::ADD_FIELD,
        later::{Later, Missing},
        rows::{RowKey, Rows, RowsState, Section},
        skeleton::ListBones,
        status::Status,
    },
    edits::use_edits,
    later::Part,
    ui::{self, Overlay},
    words,
};

#[component]
pub(crate) fn TodayPage() -> impl IntoView {
    view! {
        <Title text=format!("{} · {}", words::TODAY, words::APP)/>
        <Later part=Part::Today bones=|| view! { <ListBones title=words::TODAY/> } missing=Missing/>
    }
    .into_any()
}

/// The page itself.
#[component]
pub(crate) fn TodayBody() -> impl IntoView {
    view! {
        <TodayPane/>
        <OpenTodo/>
    }
    .into_any()
}

#[component]
fn TodayPane() -> impl IntoView {
    let edits = use_edits();
    let (store, ui) = (edits.store, edits.ui);
    let today = ui::today_signal(store);
    let todos = store.today();
    let state = RowsState {
        active: RwSignal::new(None),
        editing: RwSignal::new(None),
        done_shown: RwSignal::new(true),
        done_count: Signal::stored(0),
        names_list: true,
        read_only: Signal::stored(false),
    };
    let rows = Memo::new(move |_| {
        let (today, settling) = (today.get(), ui.settling.get());
        let (mut overdue, mut due, mut done) = (Vec::new(), Vec::new(), Vec::new());
        for (list, id) in todos.get().iter() {
            let Some(todo) = store.todo(*list, *id).get() else { continue };
            let half = if todo.done_at.is_some() && !settling.contains(id) {
                &mut done
            } else if todo.due.is_some_and(|day| day < today) {
                &mut overdue
            } else {
                &mut due
            };
            half.push(RowKey::Todo(*list, *id));
        }
        // With nothing late there is nothing to tell apart.
        let plain = overdue.is_empty();
        let mut rows = Vec::with_capacity(overdue.len() + due.len() + done.len() + 3);
        for (section, part, headed) in [
            (Section::Overdue, overdue, true),
            (Section::Today, due, !plain),
            (Section::DoneToday, done, true),
        ] {
            if headed && !part.is_empty() {
                rows.push(RowKey::Section(section));
            }
            rows.extend(part);
        }
        Arc::new(rows)
    });
    let open = Memo::new(move |_| {
        rows.with(|rows| {
            let end =
                rows.iter().position(|row| *row == RowKey::Section(Section::DoneToday)).unwrap_or(rows.len());
            rows.iter().take(end).filter(|row| matches!(row, RowKey::Todo(..))).count()
        })
    });
    let nothing_done = Memo::new(move |_| rows.with(|rows| rows.is_empty()));
    let inbox = Signal::stored(edits.inbox());
    let due = Signal::derive(move || Some(today.get()));
    view! {
        <section class="pane list-pane">
            <Rows rows sortable=Signal::stored(0) state label=Signal::stored(words::TODAY.to_owned())>
                <header class="pane-head">
                    <DrawerButton/>
                    <div class="pane-title">
                        <h1>{words::TODAY}</h1>
                        <p class="pane-sub">{move || words::long_day(today.get())}</p>
                    </div>
                    <Status/>
                </header>
                <AddField list=inbox due=due id=ADD_FIELD on_added=Callback::new(|_| ())/>
                <Show when=move || open.get() == 0>
                    {move || if nothing_done.get() {
                        view! {
                            <Empty glyph=Glyph::Sun title=words::TODAY_EMPTY why=words::TODAY_EMPTY_WHY>
                                <button type="button" class="button primary" on:click=move |_| ui.open(Overlay::QuickAdd)>
                                    {words::ADD_TODO}
                                </button>
                            </Empty>
                        }.into_any()
                    } else {
                        view! { <Empty glyph=Glyph::Check title=words::TODAY_DONE why=words::TODAY_DONE_WHY/> }.into_any()
                    }}
                </Show>
            </Rows>
        </section>
    }
    .into_any()
}
