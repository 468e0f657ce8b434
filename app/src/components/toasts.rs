//! Messages in passing, notices that stay until read, and what screen readers are told.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};
use crate::{
    edits::use_edits,
    store::{Notice, NoticeKind},
    ui::use_ui,
    words,
};

/// Messages in passing.
#[component]
pub(crate) fn Toasts() -> impl IntoView {
    let ui = use_ui();
    view! {
        <div class="toasts" role="status" aria-live="polite">
            <For each=move || ui.toasts.get() key=|toast| toast.id let:toast>
                <div class="toast">
                    <span dir="auto">{toast.text}</span>
                    {toast.action.map(|(label, act)| view! {
                        <button type="button" class="toast-action" on:click=move |_| { act(); ui.dismiss(toast.id); }>
                            {label}
                        </button>
                    })}
                    <button type="button" class="icon-button" aria-label=words::DISMISS
                        on:click=move |_| ui.dismiss(toast.id)>
                        <Icon glyph=Glyph::Close/>
                    </button>
                </div>
            </For>
        </div>
        <div class="sr" role="status" aria-live="polite">{ui.said}</div>
    }
    .into_any()
}

/// What the user must know, until read.
#[component]
pub(crate) fn Notices() -> impl IntoView {
    let edits = use_edits();
    let notices = edits.store.notices();
    view! {
        <section class="notices" aria-label=words::NOTICES aria-live="assertive">
            <For each=move || notices.get().to_vec() key=|notice| notice.id let:notice>
                <NoticeCard notice/>
            </For>
        </section>
    }
    .into_any()
}

#[component]
fn NoticeCard(notice: Notice) -> impl IntoView {
    let edits = use_edits();
    let id = notice.id;
    let text = notice.text();
    let (title, why) = match &notice.what {
        NoticeKind::Refused { code, list_title, .. } => {
            (words::undone(list_title.as_deref()), code.message().to_owned())
        }
        NoticeKind::SignInToSend { email, waiting } => {
            (words::SIGN_IN_AGAIN.into(), words::sign_in_to_send(email, *waiting))
        }
        NoticeKind::NotStored => (words::NOT_STORED.into(), words::NOT_STORED_WHY.into()),
        NoticeKind::ReloadNeeded => (words::RELOAD_NEEDED.into(), words::RELOAD_NEEDED_WHY.into()),
    };
    let reload = notice.what == NoticeKind::ReloadNeeded;
    let copy = text.clone().map(|text| {
        move |_| {
            drop(window().navigator().clipboard().write_text(&text));
            edits.ui.toast(words::COPIED.into());
        }
    });
    view! {
        <article class="notice">
            <Icon glyph=Glyph::Warning/>
            <div class="notice-body">
                <h3>{title}</h3>
                <p>{why}</p>
                {text.map(|text| view! { <blockquote dir="auto">{text}</blockquote> })}
                <div class="notice-foot">
                    {copy.map(|copy| view! {
                        <button type="button" class="button small" on:click=copy><Icon glyph=Glyph::Copy/>{words::COPY}</button>
                    })}
                    {reload.then(|| view! {
                        <button type="button" class="button small primary" on:click=move |_| drop(window().location().reload())>
                            {words::RELOAD}
                        </button>
                    })}
                    <button type="button" class="button small" on:click=move |_| edits.store.dismiss(id)>{words::DISMISS}</button>
                </div>
            </div>
        </article>
    }
    .into_any()
}
