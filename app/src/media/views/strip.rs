//! The first few pictures of a todo, on its row: small and quiet.

use domain::id::{ListId, MediaId, TodoId};
use leptos::prelude::*;

use super::{picture::Picture, tile::Item};
use crate::{media::shelf::use_shelf, store::use_store, words};

/// How many show; the rest is a number.
const MOST: usize = 3;

#[component]
pub(crate) fn Strip(list: ListId, todo: TodoId) -> impl IntoView {
    let all = use_store().media(list, todo);
    let some = Memo::new(move |_| all.with(|all| !all.is_empty()));
    move || {
        some.get().then(|| {
            view! {
                <span class="strip">
                    <For
                        each=move || all.with(|all| all.iter().take(MOST).copied().collect::<Vec<_>>())
                        key=|id| *id
                        let:id
                    >
                        <Thumb list id/>
                    </For>
                    {move || match all.with(|all| all.len()) {
                        count @ 4.. => Some(view! {
                            <span class="strip-more" aria-hidden="true">{words::and_more(count - MOST)}</span>
                        }),
                        _ => None,
                    }}
                    <span class="sr">{move || words::media_count(all.with(|all| all.len()))}</span>
                </span>
            }
        })
    }
}

#[component]
fn Thumb(list: ListId, id: MediaId) -> impl IntoView {
    let item = Item::new(use_store(), use_shelf(), list, id);
    view! {
        <span class="thumb" class:busy=move || item.status.with(|status| !status.text.is_empty())>
            <Picture list shown=item.shown sizes="28px" alt=String::new()/>
        </span>
    }
    .into_any()
}
