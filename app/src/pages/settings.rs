//! Account, sessions, looks, keys, data, and the way out.

use leptos::{prelude::*, task::spawn_local};
use leptos_meta::Title;
use leptos_router::components::A;
use web_sys::SubmitEvent;

use super::{frame::DrawerButton, sessions::Sessions};
use crate::{
    components::{
        icon::{Glyph, Icon},
        later::{Later, Missing},
        skeleton::PageBones,
    },
    edits::use_edits,
    later::Part,
    store::{SignOutError, Unsent},
    theme::{self, Theme},
    ui::Overlay,
    words,
};

#[component]
pub(crate) fn SettingsPage() -> impl IntoView {
    view! {
        <Title text=format!("{} · {}", words::SETTINGS, words::APP)/>
        <Later part=Part::Settings bones=|| view! { <PageBones title=words::SETTINGS/> } missing=Missing/>
    }
    .into_any()
}

/// The page itself.
#[component]
pub(crate) fn SettingsBody() -> impl IntoView {
    view! {
            <section class="pane page">
                <div class="scroll"><div class="page-body">
                    <header class="page-head"><DrawerButton/><h1>{words::SETTINGS}</h1></header>
                    <Account/>
                    <Sessions/>
                    <Appearance/>
                    <Keyboard/>
                    <section class="settings-part" aria-labelledby="data">
                        <h2 id="data">{words::DATA}</h2>
                        <A href="/import" attr:class="settings-link">
                            <Icon glyph=Glyph::File/>
                            <span>{words::IMPORT_EXPORT}<small>{words::IMPORT_EXPORT_WHY}</small></span>
                            <Icon glyph=Glyph::Chevron/>
                        </A>
                    </section>
                    <Later part=Part::MediaSettings bones=|| ()/>
                    <DeleteAccount/>
                </div></div>
            </section>
    }
    .into_any()
}

#[component]
fn Account() -> impl IntoView {
    let edits = use_edits();
    let store = edits.store;
    let account = store.account();
    let email = move || account.with(|account| account.as_ref().map(|account| account.email.clone()));
    let unsent = RwSignal::new(None::<usize>);
    let sign_out = move |what| {
        spawn_local(async move {
            if let Err(SignOutError::Unsent(waiting)) = store.sign_out(what).await {
                unsent.try_set(Some(waiting));
            }
        })
    };
    let everywhere = move |_| {
        spawn_local(async move {
            if let Err(failure) = store.sign_out_everywhere().await {
                edits.ui.toast(failure.message);
            }
        })
    };
    view! {
        <section class="settings-part" aria-labelledby="account">
            <h2 id="account">{words::ACCOUNT}</h2>
            <div class="settings-row">
                <span>{words::SIGNED_IN_AS}<small class="strong">{email}</small></span>
            </div>
            <div class="settings-row">
                <span>{words::SIGN_OUT}<small>{words::SIGN_OUT_WHY}</small></span>
                <button type="button" class="button" on:click=move |_| sign_out(Unsent::Keep)>{words::SIGN_OUT}</button>
            </div>
            {move || unsent.get().map(|waiting| view! {
                <div class="banner" role="alert">
                    <Icon glyph=Glyph::Warning/>
                    <span>{words::unsent(waiting)}</span>
                    <button type="button" class="button small" on:click=move |_| unsent.set(None)>{words::CANCEL}</button>
                    <button type="button" class="button small danger" on:click=move |_| sign_out(Unsent::Discard)>
                        {words::SIGN_OUT_ANYWAY}
                    </button>
                </div>
            })}
            <div class="settings-row">
                <span>{words::SIGN_OUT_EVERYWHERE}<small>{words::SIGN_OUT_EVERYWHERE_WHY}</small></span>
                <button type="button" class="button" on:click=everywhere>{words::SIGN_OUT_EVERYWHERE}</button>
            </div>
        </section>
    }
    .into_any()
}

#[component]
fn Appearance() -> impl IntoView {
    let chosen = RwSignal::new(Theme::chosen());
    view! {
        <section class="settings-part" aria-labelledby="looks">
            <h2 id="looks">{words::APPEARANCE}</h2>
            <div class="settings-row">
                <span id="theme">{words::THEME}</span>
                <div class="segments" role="radiogroup" aria-labelledby="theme">
                    {Theme::ALL.map(|theme| view! {
                        <label>
                            <input
                                type="radio"
                                name="theme"
                                prop:checked=move || chosen.get() == theme
                                on:change=move |_| { theme.choose(); chosen.set(theme); }
                            />
                            <span>{theme.label()}</span>
                        </label>
                    })}
                </div>
            </div>
        </section>
    }
    .into_any()
}

#[component]
fn Keyboard() -> impl IntoView {
    let edits = use_edits();
    let single = RwSignal::new(theme::single_keys());
    view! {
        <section class="settings-part" aria-labelledby="keyboard">
            <h2 id="keyboard">{words::KEYBOARD}</h2>
            <label class="settings-row">
                <span>{words::SINGLE_KEYS}<small>{words::SINGLE_KEYS_WHY}</small></span>
                <input
                    type="checkbox"
                    class="switch"
                    role="switch"
                    prop:checked=single
                    on:change=move |event| { let on = event_target_checked(&event); theme::set_single_keys(on); single.set(on); }
                />
            </label>
            <div class="settings-row">
                <span>{words::SHORTCUTS}</span>
                <button type="button" class="button" on:click=move |_| edits.ui.open(Overlay::Help)>{words::SHOW_KEYS}</button>
            </div>
        </section>
    }
    .into_any()
}

/// Deletes the account of who types its address.
#[component]
fn DeleteAccount() -> impl IntoView {
    let edits = use_edits();
    let store = edits.store;
    let typed = RwSignal::new(String::new());
    let (error, busy) = (RwSignal::new(None::<String>), RwSignal::new(false));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let email = typed.get_untracked().trim().to_owned();
        let own = store.account().get_untracked().map(|account| account.email);
        if !own.is_some_and(|own| own.eq_ignore_ascii_case(&email)) {
            return error.set(Some(words::DELETE_ACCOUNT_MISMATCH.into()));
        }
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            let result = store.delete_account(email).await;
            busy.try_set(false);
            if let Err(failure) = result {
                error.try_set(Some(failure.message));
            }
        });
    };
    view! {
        <section class="settings-part" aria-labelledby="danger">
            <h2 id="danger">{words::DANGER}</h2>
            <p class="hint-text">{words::DELETE_ACCOUNT_WHY}</p>
            <details class="confirm">
                <summary class="button danger">{words::DELETE_ACCOUNT}</summary>
                <form class="form" on:submit=submit>
                    <label class="field">
                        <span>{words::DELETE_ACCOUNT_TYPE}</span>
                        <input
                            type="email"
                            autocomplete="off"
                            autocapitalize="none"
                            spellcheck="false"
                            aria-invalid=move || error.with(Option::is_some).to_string()
                            aria-describedby="delete-error"
                            prop:value=typed
                            on:input=move |event| { typed.set(event_target_value(&event)); error.set(None); }
                        />
                        <span class="error" id="delete-error" role="alert">{error}</span>
                    </label>
                    <button type="submit" class="button danger solid" aria-disabled=move || busy.get().to_string()>
                        {words::DELETE_ACCOUNT}
                    </button>
                </form>
            </details>
        </section>
    }
    .into_any()
}
