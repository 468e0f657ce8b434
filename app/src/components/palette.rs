//! The command palette: lists, todos and actions by a few letters of their names.

use leptos::{html, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use web_sys::KeyboardEvent;

use super::{
    dialog::Dialog,
    icon::{Glyph, Icon},
};
use crate::{edits::use_edits, place::Place, store::Store, theme::Theme, ui::Overlay, words};

/// How many todos it shows at most.
const TODOS: usize = 30;

/// Something that can be chosen.
#[derive(Debug, Clone, PartialEq)]
struct Choice {
    glyph: Glyph,
    label: String,
    /// The list that a todo is in.
    hint: String,
    colour: Option<&'static str>,
    does: Does,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Does {
    Go(Place),
    Open(Overlay),
    Theme(Theme),
}

#[component]
pub(crate) fn PaletteDialog() -> impl IntoView {
    let edits = use_edits();
    let navigate = use_navigate();
    let query = RwSignal::new(String::new());
    let chosen = RwSignal::new(0_usize);
    let choices = Memo::new(move |_| query.with(|query| find(edits.store, query.trim())));
    let field = NodeRef::<html::Input>::new();
    let results = NodeRef::<html::Div>::new();
    Effect::new(move || {
        if let Some(field) = field.get() {
            drop(field.focus());
        }
    });
    // The chosen one stays in sight.
    Effect::new(move || {
        let chosen = chosen.get();
        let Some(results) = results.get() else { return };
        let options = web_sys::ScrollIntoViewOptions::new();
        options.set_block(web_sys::ScrollLogicalPosition::Nearest);
        if let Ok(Some(element)) = results.query_selector(&format!("#choice-{chosen}")) {
            element.scroll_into_view_with_scroll_into_view_options(&options);
        }
    });
    let run = Callback::new(move |index: usize| {
        let Some(does) = choices.with_untracked(|choices| choices.get(index).map(|choice| choice.does))
        else {
            return;
        };
        edits.ui.close();
        match does {
            Does::Go(place) => navigate(&place.path(), NavigateOptions::default()),
            Does::Open(overlay) => edits.ui.open(overlay),
            Does::Theme(theme) => theme.choose(),
        }
    });
    let on_key = move |event: KeyboardEvent| {
        let count = choices.with_untracked(Vec::len).max(1);
        match event.key().as_str() {
            "ArrowDown" => chosen.update(|chosen| *chosen = (*chosen + 1) % count),
            "ArrowUp" => chosen.update(|chosen| *chosen = (*chosen + count - 1) % count),
            "Enter" if !event.is_composing() => run.run(chosen.get_untracked()),
            _ => return,
        }
        event.prevent_default();
    };
    view! {
        <Dialog label=words::SEARCH kind="palette">
            <div class="palette-field">
                <Icon glyph=Glyph::Search/>
                <input
                    type="text"
                    dir="auto"
                    role="combobox"
                    aria-expanded="true"
                    aria-controls="choices"
                    aria-activedescendant=move || format!("choice-{}", chosen.get())
                    aria-label=words::PALETTE
                    placeholder=words::PALETTE
                    autocomplete="off"
                    spellcheck="false"
                    node_ref=field
                    on:input=move |event| { query.set(event_target_value(&event)); chosen.set(0); }
                    on:keydown=on_key
                />
            </div>
            <div class="choices" id="choices" role="listbox" aria-label=words::SEARCH node_ref=results>
                {move || {
                    let choices = choices.get();
                    if choices.is_empty() {
                        return view! { <p class="choices-none">{words::PALETTE_EMPTY}</p> }.into_any();
                    }
                    choices.into_iter().enumerate().map(|(index, choice)| view! {
                        <div
                            role="option"
                            id=format!("choice-{index}")
                            class="choice"
                            aria-selected=move || (chosen.get() == index).to_string()
                            on:pointermove=move |_| if chosen.get_untracked() != index { chosen.set(index) }
                            on:click=move |_| run.run(index)
                        >
                            {match choice.colour {
                                Some(colour) => view! { <span class=format!("choice-dot list-{colour}")><i class="dot"></i></span> }.into_any(),
                                None => view! { <Icon glyph=choice.glyph/> }.into_any(),
                            }}
                            <span class="choice-label" dir="auto">{choice.label}</span>
                            <span class="choice-hint" dir="auto">{choice.hint}</span>
                        </div>
                    }).collect_view().into_any()
                }}
            </div>
        </Dialog>
    }
    .into_any()
}

/// What matches, places first. Without a query, every place and action.
fn find(store: Store, query: &str) -> Vec<Choice> {
    let query = query.to_lowercase();
    let fits = |text: &str| query.is_empty() || text.to_lowercase().contains(&query);
    let mut found = Vec::new();
    let mut offer = |glyph, label: &str, does| {
        if fits(label) {
            let (label, hint) = (label.to_owned(), String::new());
            found.push(Choice { glyph, label, hint, colour: None, does });
        }
    };
    offer(Glyph::Today, words::TODAY, Does::Go(Place::Today(None)));
    offer(Glyph::Add, words::ADD_TODO, Does::Open(Overlay::QuickAdd));
    offer(Glyph::Lists, words::NEW_LIST, Does::Open(Overlay::NewList));
    offer(Glyph::Photo, words::GALLERY, Does::Go(Place::Gallery));
    offer(Glyph::Settings, words::SETTINGS, Does::Go(Place::Settings));
    offer(Glyph::File, words::IMPORT_EXPORT, Does::Go(Place::Import));
    offer(Glyph::Keyboard, words::SHORTCUTS, Does::Open(Overlay::Help));
    if !query.is_empty() {
        for theme in Theme::ALL {
            offer(Glyph::Sun, &words::theme(theme.label()), Does::Theme(theme));
        }
    }
    let (lists, archived) = (store.lists_now(), store.archived().get_untracked());
    let mut todos = Vec::new();
    for list in lists.iter().chain(archived.iter()) {
        let Some(view) = store.list_now(*list) else { continue };
        let colour = Some(view.list.colour.name());
        if fits(&view.list.title) {
            let hint = if view.list.archived { words::ARCHIVED.into() } else { String::new() };
            let does = Does::Go(Place::List(*list, None));
            found.push(Choice { glyph: Glyph::Lists, label: view.list.title.clone(), hint, colour, does });
        }
        if !query.is_empty() && todos.len() < TODOS {
            let fits = |title: &str| title.to_lowercase().contains(&query);
            let matching = store.find_now(*list, TODOS - todos.len(), fits);
            todos.extend(matching.into_iter().map(|(todo, label)| {
                let does = Does::Go(Place::List(*list, Some(todo)));
                Choice { glyph: Glyph::Check, label, hint: view.list.title.clone(), colour: None, does }
            }));
        }
    }
    found.extend(todos);
    found
}
