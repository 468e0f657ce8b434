//! The client: pages and components over a store that never waits for the network.

// The types of views nest as deeply as the views do.
#![recursion_limit = "256"]

mod clock;
mod components;
mod edits;
mod later;
mod markdown;
mod media;
mod pages;
mod place;
mod quick;
mod theme;
mod ui;
mod words;

pub mod api;
pub mod shell;
pub mod store;

use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::{
    components::{ParentRoute, Route, Router, Routes},
    path,
};

pub use shell::{Assets, shell};

use pages::{
    frame::Frame, import::ImportPage, list::ListPage, lists::ListsPage, not_found::NotFoundPage,
    settings::SettingsPage, sign_in::SignInPage, today::TodayPage,
};

/// The whole client: what stands in the document's body.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    store::Store::provide();
    ui::Ui::provide();
    media::Shelf::provide();
    view! {
        <Router>
            <Routes fallback=NotFoundPage>
                <Route path=path!("/sign-in") view=SignInPage/>
                <ParentRoute path=path!("") view=Frame>
                    <Route path=path!("") view=TodayPage/>
                    <Route path=path!("/today/:list?/:todo?") view=TodayPage/>
                    <Route path=path!("/lists") view=ListsPage/>
                    <Route path=path!("/lists/:list/:todo?") view=ListPage/>
                    <Route path=path!("/gallery") view=media::GalleryPage/>
                    <Route path=path!("/settings") view=SettingsPage/>
                    <Route path=path!("/import") view=ImportPage/>
                </ParentRoute>
            </Routes>
        </Router>
    }
}
