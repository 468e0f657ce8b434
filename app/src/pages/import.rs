//! Bringing todos in from a file, after a look at what is in it.

use std::time::Duration;

use domain::{
    action::Action,
    order::OrderKey,
    time::Timestamp,
    transfer::{self, Parsed},
};
use leptos::{html, prelude::*, task::spawn_local, wasm_bindgen::JsValue};
use leptos_meta::Title;
use leptos_router::components::A;
use wasm_bindgen_futures::JsFuture;
use web_sys::File;

use super::{export::Export, frame::DrawerButton};
use crate::{
    components::{
        icon::{Glyph, Icon},
        later::{Later, Missing},
        skeleton::PageBones,
    },
    edits::{Edits, use_edits},
    later::{self, NotLoaded, Part},
    words,
};

/// How far an import has come.
#[derive(Clone)]
enum Step {
    Choose(Option<String>),
    Reading,
    Look {
        parsed: StoredValue<Parsed>,
        saved: Timestamp,
    },
    Running {
        done: usize,
        all: usize,
    },
    /// So many todos in so many lists are here now; `before` of them were made by an earlier import of the file.
    Done {
        todos: usize,
        lists: usize,
        before: usize,
    },
}

#[component]
pub(crate) fn ImportPage() -> impl IntoView {
    view! {
        <Title text=format!("{} · {}", words::IMPORT_EXPORT, words::APP)/>
        <Later part=Part::Import bones=|| view! { <PageBones title=words::IMPORT_EXPORT/> } missing=Missing/>
    }
    .into_any()
}

/// The page itself.
#[component]
pub(crate) fn ImportBody() -> impl IntoView {
    view! {
            <section class="pane page">
                <div class="scroll"><div class="page-body">
                    <header class="page-head"><DrawerButton/><h1>{words::IMPORT_EXPORT}</h1></header>
                    <Import/>
                    <Export/>
                </div></div>
            </section>
    }
    .into_any()
}

#[component]
fn Import() -> impl IntoView {
    let step = RwSignal::new(Step::Choose(None));
    let read = move |file: File| {
        step.set(Step::Reading);
        spawn_local(async move {
            let next = read_file(&file).await;
            step.try_set(next);
        });
    };
    view! {
        <section class="settings-part" aria-labelledby="import">
            <h2 id="import">{words::IMPORT}</h2>
            {move || match step.get() {
                Step::Choose(error) => view! { <Choose error read=Callback::new(read)/> }.into_any(),
                Step::Reading => view! { <p class="hint-text" role="status">{words::READING}</p> }.into_any(),
                Step::Look { parsed, saved } => view! { <Look parsed saved step/> }.into_any(),
                Step::Running { done, all } => view! {
                    <div class="import-run" role="status">
                        <progress class="bar" max=all value=done></progress>
                        <span>{words::import_progress(done, all)}</span>
                    </div>
                }.into_any(),
                Step::Done { todos, lists, before } => view! {
                    <div class="banner good" role="status">
                        <Icon glyph=Glyph::Check/>
                        <span>{words::IMPORT_DONE}<small>
                            {words::import_summary(todos, lists)}
                            {(before > 0).then(|| words::import_before(before))}
                        </small></span>
                        <button type="button" class="button small" on:click=move |_| step.set(Step::Choose(None))>
                            {words::OTHER_FILE}
                        </button>
                        <A href="/lists" attr:class="button small primary">{words::SHOW_LISTS}</A>
                    </div>
                }.into_any(),
            }}
        </section>
    }
    .into_any()
}

/// A place to drop a file, and a button to choose one.
#[component]
fn Choose(error: Option<String>, read: Callback<File>) -> impl IntoView {
    let over = RwSignal::new(false);
    let field = NodeRef::<html::Input>::new();
    view! {
        <p class="hint-text">{words::IMPORT_WHY}</p>
        <label
            class="drop"
            class:over=over
            on:dragover=move |event| { event.prevent_default(); over.set(true); }
            on:dragleave=move |_| over.set(false)
            on:drop=move |event| {
                event.prevent_default();
                over.set(false);
                let file = event.data_transfer().and_then(|data| data.files()).and_then(|files| files.get(0));
                if let Some(file) = file { read.run(file) }
            }
        >
            <Icon glyph=Glyph::File/>
            <span><b>{words::CHOOSE_FILE}</b>" "{words::DROP_FILE}</span>
            <input
                class="sr"
                type="file"
                accept=".csv,.txt,.ics,.json,text/csv,text/plain,text/calendar,application/json"
                node_ref=field
                on:change=move |_| {
                    let file = field.get_untracked().and_then(|field| field.files()).and_then(|files| files.get(0));
                    if let Some(file) = file { read.run(file) }
                }
            />
        </label>
        {error.map(|error| view! { <p class="error" role="alert">{error}</p> })}
    }
    .into_any()
}

async fn read_file(file: &File) -> Step {
    let Ok(buffer) = JsFuture::from(file.array_buffer()).await else {
        return Step::Choose(Some(words::FILE_UNREADABLE.into()));
    };
    let bytes = js_sys::Uint8Array::new(&buffer).to_vec();
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds of this era fit")]
    let saved = Timestamp(file.last_modified() as i64);
    match later::read_file(bytes, file.name(), saved).await {
        Ok(Ok(parsed)) => Step::Look { parsed: StoredValue::new(parsed), saved },
        Ok(Err(error)) => Step::Choose(Some(error.to_string())),
        Err(NotLoaded) => Step::Choose(Some(words::MISSING_SHORT.into())),
    }
}

/// What would come in, list by list, and what would not, line by line.
#[component]
fn Look(parsed: StoredValue<Parsed>, saved: Timestamp, step: RwSignal<Step>) -> impl IntoView {
    let edits = use_edits();
    let (todos, lists, format) =
        parsed.with_value(|parsed| (parsed.todo_count(), parsed.lists.len(), parsed.format.name()));
    let rows = parsed.with_value(|parsed| {
        let row = |list: &transfer::ParsedList| {
            view! {
                <li>
                    <i class=format!("dot list-{}", list.colour.name())></i>
                    <span dir="auto">{list.title.clone()}</span>
                    <span class="count">{words::todos(list.todo_count())}</span>
                </li>
            }
        };
        parsed.lists.iter().map(row).collect_view()
    });
    let (taken, left_out): (Vec<_>, Vec<_>) = parsed
        .with_value(|parsed| parsed.problems.iter().cloned().partition(|problem| problem.what.is_taken()));
    view! {
        <div class="import-look">
            <p class="import-sum"><b>{words::import_summary(todos, lists)}</b>" · "{format}</p>
            <ul class="import-lists">{rows}</ul>
            <Problems label=words::LINES_LEFT_OUT problems=left_out open=true/>
            <Problems label=words::LINES_CHANGED problems=taken/>
            <div class="import-foot">
                <button type="button" class="button" on:click=move |_| step.set(Step::Choose(None))>{words::CANCEL}</button>
                <button type="button" class="button primary" disabled=todos == 0 on:click=move |_| {
                    spawn_local(run(edits, parsed, saved, step));
                }>
                    {words::import_button(todos)}
                </button>
            </div>
        </div>
    }
    .into_any()
}

/// Lines with something to tell, folded away where nothing is lost.
#[component]
fn Problems(
    label: &'static str,
    problems: Vec<transfer::Problem>,
    #[prop(optional)] open: bool,
) -> impl IntoView {
    (!problems.is_empty()).then(|| view! {
        <details class="problems" open=open>
            <summary>{label}<span class="count">{words::grouped(problems.len())}</span></summary>
            <ul>
                {problems.into_iter().map(|problem| view! {
                    <li>
                        <span class="problem-line">{(problem.line > 0).then(|| words::line(problem.line))}</span>
                        <span>{problem.what.message()}</span>
                        <q dir="auto">{problem.text}</q>
                    </li>
                }).collect_view()}
            </ul>
        </details>
    })
}

/// Makes the lists, a batch at a time, so that the page stays alive and shows how far it is.
async fn run(edits: Edits, parsed: StoredValue<Parsed>, saved: Timestamp, step: RwSignal<Step>) {
    let store = edits.store;
    let Some(account) = store.account().get_untracked() else { return };
    let after: Option<OrderKey> =
        store.lists_now().last().and_then(|list| store.list_now(*list)).map(|view| view.list.order);
    // What was imported before and deleted is not told from what never was: the lists get ids that nobody used.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "any 32 bits")]
    let run = (js_sys::Math::random() * f64::from(u32::MAX)) as u32;
    let there = store.lists_now().iter().chain(store.archived().get_untracked().iter()).copied().collect();
    let plan = later::plan_import(parsed.get_value(), account.id, saved, after, there, run).await;
    let Ok(batches) = plan else {
        step.try_set(Step::Choose(Some(words::MISSING_SHORT.into())));
        return;
    };
    let all = batches.iter().map(|batch| batch.actions.len()).sum();
    let (todos, lists) = parsed.with_value(|parsed| (parsed.todo_count(), parsed.lists.len()));
    let (mut done, mut before) = (0, 0);
    for batch in batches {
        let (made, new): (Vec<_>, Vec<_>) =
            batch.actions.into_iter().partition(|action| store.has_made(batch.list, action));
        done += made.len() + new.len();
        before += made.iter().filter(|action| matches!(action, Action::CreateTodo(_))).count();
        if let Err(code) = store.act(batch.list, new) {
            step.try_set(Step::Choose(Some(code.message().into())));
            return;
        }
        if step.try_set(Step::Running { done, all }).is_some() {
            return;
        }
        pause().await;
    }
    store.stored().await;
    step.try_set(Step::Done { todos, lists, before });
}

/// Lets the browser paint.
async fn pause() {
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        set_timeout(move || drop(resolve.call0(&JsValue::NULL)), Duration::ZERO);
    });
    drop(JsFuture::from(promise).await);
}
