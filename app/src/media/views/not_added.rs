//! Says which of the picked files were not added, and why.

use leptos::prelude::*;

use crate::{components::dialog::Dialog, media::shelf::use_shelf, ui::use_ui, words};

#[component]
pub(crate) fn NotAddedDialog() -> impl IntoView {
    let (ui, refused) = (use_ui(), use_shelf().refused);
    view! {
        <Dialog label=words::NOT_ADDED kind="small" titled=true>
            <p class="dialog-text">{words::NOT_ADDED_WHY}</p>
            <ul class="not-added">
                {refused.get_untracked().into_iter().map(|file| view! {
                    <li><b dir="auto">{file.name}</b><span>{file.code.message()}</span></li>
                }).collect_view()}
            </ul>
            <footer class="dialog-foot">
                <button type="button" class="button primary" autofocus on:click=move |_| ui.close()>{words::CLOSE}</button>
            </footer>
        </Dialog>
    }
    .into_any()
}
