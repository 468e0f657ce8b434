//! Signing in: an address, then the code that was sent to it.

use std::time::Duration;

use leptos::{html, prelude::*, task::spawn_local};
use leptos_meta::Title;
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_query_map},
};
use web_sys::SubmitEvent;

use crate::{
    api::ApiError,
    components::{
        icon::{Glyph, Icon},
        later::Later,
        toasts::Toasts,
    },
    later::Part,
    store::{Phase, use_store},
    words,
};

/// Seconds before a new code can be asked for.
const RESEND_AFTER: u32 = 30;
const DIGITS: usize = 6;

#[component]
pub(crate) fn SignInPage() -> impl IntoView {
    let store = use_store();
    let navigate = use_navigate();
    let query = use_query_map();
    let (phase, notices) = (store.phase(), store.notices());
    // Who is signed in goes on to where they wanted to be.
    Effect::new(move || {
        if matches!(phase.get(), Phase::Ready | Phase::Missing) {
            let next = query.with_untracked(|query| query.get("next"));
            // Only paths of our own: an address made by somebody else must not lead away.
            let next =
                next.filter(|next| next.starts_with('/') && !next.starts_with("//") && !next.contains('\\'));
            let options = NavigateOptions { replace: true, ..NavigateOptions::default() };
            navigate(next.as_deref().unwrap_or("/today"), options);
        }
    });
    let sent_to = RwSignal::new(None::<String>);
    view! {
        <Title text=format!("{} · {}", words::SIGN_IN, words::APP)/>
        <main class="alone sign-in">
            <div class="sign-in-body">
                <span class="sign-in-mark"><Icon glyph=Glyph::Logo/></span>
                {move || match sent_to.get() {
                    None => view! { <AskEmail sent_to/> }.into_any(),
                    Some(email) => view! { <AskCode email sent_to/> }.into_any(),
                }}
            </div>
            <p class="sign-in-foot">{words::APP}" · "{words::TAGLINE}</p>
        </main>
        // Seldom, and what they can do is much code.
        <Show when=move || notices.with(|notices| !notices.is_empty())>
            <Later part=Part::Notices bones=|| ()/>
        </Show>
        <Toasts/>
    }
    .into_any()
}

/// What went wrong, with how long to wait where the server said so.
fn said(error: &ApiError) -> String {
    match error.retry_after {
        Some(seconds) => format!("{} {}", error.message, words::retry_in(u64::from(seconds))),
        None => error.message.clone(),
    }
}

#[component]
fn AskEmail(sent_to: RwSignal<Option<String>>) -> impl IntoView {
    let store = use_store();
    let field = NodeRef::<html::Input>::new();
    let (error, busy) = (RwSignal::new(None::<String>), RwSignal::new(false));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(field) = field.get_untracked() else { return };
        let email = field.value().trim().to_owned();
        if email.is_empty() {
            error.set(Some(words::EMAIL_NEEDED.into()));
            return drop(field.focus());
        }
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        error.set(None);
        spawn_local(async move {
            let result = store.request_code(email.clone()).await;
            busy.try_set(false);
            match result {
                Ok(()) => drop(sent_to.try_set(Some(email))),
                Err(failure) => {
                    error.try_set(Some(said(&failure)));
                    drop(field.focus());
                }
            }
        });
    };
    view! {
        <h1>{words::SIGN_IN}</h1>
        <p class="sign-in-how">{words::SIGN_IN_HOW}</p>
        <form class="form" novalidate on:submit=submit>
            <label class="field">
                <span>{words::EMAIL}</span>
                <input
                    type="email"
                    name="email"
                    autocomplete="email"
                    inputmode="email"
                    autocapitalize="none"
                    spellcheck="false"
                    autofocus
                    placeholder=words::EMAIL_EXAMPLE
                    aria-invalid=move || error.with(Option::is_some).to_string()
                    aria-describedby="email-error"
                    node_ref=field
                    on:input=move |_| if error.with_untracked(Option::is_some) { error.set(None) }
                />
                <span class="error" id="email-error" role="alert">{error}</span>
            </label>
            <button type="submit" class="button primary wide" aria-disabled=move || busy.get().to_string()>
                {move || if busy.get() { words::SENDING } else { words::SEND_CODE }}
            </button>
        </form>
    }
    .into_any()
}

#[component]
fn AskCode(email: String, sent_to: RwSignal<Option<String>>) -> impl IntoView {
    let store = use_store();
    let field = NodeRef::<html::Input>::new();
    let (error, note, busy) =
        (RwSignal::new(None::<String>), RwSignal::new(None::<&str>), RwSignal::new(false));
    let wait = RwSignal::new(RESEND_AFTER);
    let ticking = set_interval_with_handle(
        move || {
            wait.try_update(|wait| *wait = wait.saturating_sub(1));
        },
        Duration::from_secs(1),
    );
    on_cleanup(move || {
        if let Ok(ticking) = ticking {
            ticking.clear();
        }
    });
    Effect::new(move || {
        if let Some(field) = field.get() {
            drop(field.focus());
        }
    });
    let address = StoredValue::new(email.clone());
    let verify = move || {
        let Some(field) = field.get_untracked() else { return };
        let code = digits(&field.value());
        if busy.get_untracked() {
            return;
        }
        if code.len() != DIGITS {
            return error.set(Some(words::CODE_NEEDED.into()));
        }
        busy.set(true);
        error.set(None);
        spawn_local(async move {
            let result = store.verify_code(address.get_value(), code).await;
            busy.try_set(false);
            if let Err(failure) = result {
                error.try_set(Some(said(&failure)));
                field.select();
            }
        });
    };
    let resend = move |_| {
        wait.set(RESEND_AFTER);
        note.set(None);
        spawn_local(async move {
            match store.request_code(address.get_value()).await {
                Ok(()) => drop(note.try_set(Some(words::RESENT))),
                Err(failure) => {
                    error.try_set(Some(said(&failure)));
                    wait.try_set(failure.retry_after.unwrap_or(0));
                }
            }
        });
    };
    view! {
        <h1>{words::CHECK_MAIL}</h1>
        <p class="sign-in-how">{words::code_sent(&email)}</p>
        <form class="form" novalidate on:submit=move |event| { event.prevent_default(); verify(); }>
            <label class="field">
                <span>{words::CODE}</span>
                <input
                    class="code"
                    type="text"
                    name="code"
                    inputmode="numeric"
                    autocomplete="one-time-code"
                    aria-invalid=move || error.with(Option::is_some).to_string()
                    aria-describedby="code-error"
                    node_ref=field
                    on:input=move |event| {
                        let typed = digits(&event_target_value(&event));
                        if let Some(field) = field.get_untracked() {
                            field.set_value(&typed);
                        }
                        if error.with_untracked(Option::is_some) { error.set(None) }
                        if typed.len() == DIGITS { verify() }
                    }
                />
                <span class="error" id="code-error" role="alert">{error}</span>
            </label>
            <button type="submit" class="button primary wide" aria-disabled=move || busy.get().to_string()>
                {move || if busy.get() { words::CHECKING } else { words::SIGN_IN }}
            </button>
        </form>
        <p class="sign-in-note" role="status">{note}</p>
        <div class="sign-in-more">
            <button type="button" class="link" disabled=move || wait.with(|wait| *wait > 0) on:click=resend>
                {move || match wait.get() { 0 => words::RESEND.to_owned(), seconds => words::resend_in(seconds) }}
            </button>
            <button type="button" class="link" on:click=move |_| sent_to.set(None)>{words::OTHER_EMAIL}</button>
        </div>
    }
    .into_any()
}

/// The digits of what was typed or pasted, as many as a code has.
fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).take(DIGITS).collect()
}
