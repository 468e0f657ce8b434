//! What all screens of a signed-in user share: the sidebar, the bar of a phone, dialogs and messages.

use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    components::Outlet,
    hooks::{use_location, use_navigate},
};

use crate::{
    components::{
        icon::{Glyph, Icon},
        keys::Keys,
        later::Later,
        leaving::Leaving,
        sidebar::BottomBar,
        skeleton::SidebarBones,
        toasts::{Notices, Toasts},
        updates::Updates,
    },
    later::Part,
    pages::not_found::Broken,
    place::use_place,
    store::{Phase, use_store},
    theme,
    ui::{Overlay, use_ui},
    words,
};

/// The frame around the screens of a signed-in user. Who is not signed in is sent to do so and comes back.
#[component]
pub(crate) fn Frame() -> impl IntoView {
    let (store, ui) = (use_store(), use_ui());
    let (place, location, navigate) = (use_place(), use_location(), use_navigate());
    let phase = store.phase();
    Effect::new(move || match phase.get() {
        Phase::Starting | Phase::Missing => {}
        Phase::Ready => theme::set_known(true),
        Phase::SignedOut => {
            theme::set_known(false);
            let next = location.pathname.get_untracked();
            let path = if next == "/" { "/sign-in".into() } else { format!("/sign-in?next={next}") };
            navigate(&path, NavigateOptions { replace: true, ..NavigateOptions::default() });
        }
    });
    // Going somewhere closes the lists that show over the page.
    Effect::new(move || {
        place.track();
        ui.drawer.set(false);
    });
    view! {
        <a class="skip" href="#content">{words::SKIP}</a>
        <div class="app" class:starting=move || phase.get() == Phase::Starting class:drawer=move || ui.drawer.get() class:has-open=move || place.get().open().is_some() class:choosing=move || ui.chosen.with(|chosen| !chosen.is_empty())>
            <div class="greeting" aria-hidden="true"><Icon glyph=Glyph::Logo/></div>
            <nav class="side" aria-label=words::MAIN_NAV>
                <Later part=Part::Sidebar bones=SidebarBones/>
            </nav>
            <div class="veil" on:click=move |_| ui.drawer.set(false)></div>
            <main class="content" id="content" tabindex="-1">
                <ErrorBoundary fallback=|_| view! { <Broken/> }><Outlet/></ErrorBoundary>
            </main>
            <BottomBar/>
            <Later part=Part::Around bones=|| ()/>
        </div>
    }
    .into_any()
}

/// What stands around every screen.
#[component]
pub(crate) fn Around() -> impl IntoView {
    view! {
        <Notices/>
        <Toasts/>
        <Updates/>
        <Leaving/>
        <Overlays/>
        <Keys/>
        <Later part=Part::MediaAround bones=|| ()/>
    }
    .into_any()
}

/// The dialog that is open.
#[component]
fn Overlays() -> impl IntoView {
    let ui = use_ui();
    move || {
        ui.overlay.get().map(|overlay| {
            let missing = move || view! { <MissingDialog overlay/> };
            view! { <Later part=Part::Dialog(overlay) bones=|| () missing=missing/> }
        })
    }
}

/// A message in place of a dialog whose code could not be fetched.
#[component]
fn MissingDialog(overlay: Overlay) -> impl IntoView {
    let ui = use_ui();
    Effect::new(move || {
        ui.close();
        ui.toast_with(words::MISSING_SHORT.into(), words::RETRY, move || ui.open(overlay));
    });
}

/// The button that shows the lists where there is no room for them.
#[component]
pub(crate) fn DrawerButton() -> impl IntoView {
    let ui = use_ui();
    view! {
        <button type="button" class="icon-button drawer-button" aria-label=words::SHOW_LISTS
            on:click=move |_| ui.drawer.set(true)>
            <Icon glyph=Glyph::Lists/>
        </button>
    }
    .into_any()
}
