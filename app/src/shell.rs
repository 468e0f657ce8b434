//! The HTML document around the app: what a browser gets and paints before any wasm has arrived.

use leptos::prelude::*;
use leptos_meta::MetaTags;
use serde::{Deserialize, Serialize};

use crate::{App, theme::HEAD_SCRIPT};

/// Where the built files of the site are; the site's build names them by their content.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assets {
    /// URL of the style sheet.
    pub style: String,
    /// URL of the module that starts the app.
    pub script: String,
    /// URL of the main wasm file, fetched early; the module fetches it too.
    pub wasm: String,
    /// JavaScript to run in place of `script`: `cargo leptos watch` names files its own way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub boot: Option<String>,
}

/// The whole document, rendered for one address.
///
/// `route` is the path this file stands for: `/today`, or the pattern `/lists/:list` of a shell that serves many
/// addresses. The document carries it as `data-route`, so that a file can be told by its contents.
pub fn shell(assets: Assets, route: String) -> impl IntoView {
    let start = match assets.boot {
        Some(boot) => view! { <script type="module" inner_html=boot></script> }.into_any(),
        None => view! { <script type="module" src=assets.script></script> }.into_any(),
    };
    view! {
        <!DOCTYPE html>
        <html lang="en" data-route=route>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover"/>
                <meta name="color-scheme" content="light dark"/>
                <meta name="theme-color" content="#f6f5f2" media="(prefers-color-scheme: light)"/>
                <meta name="theme-color" content="#171615" media="(prefers-color-scheme: dark)"/>
                <script inner_html=HEAD_SCRIPT></script>
                <link rel="preload" href=assets.wasm r#as="fetch" type="application/wasm" crossorigin="anonymous"/>
                {start}
                <link rel="stylesheet" href=assets.style/>
                <link rel="manifest" href="/manifest.webmanifest"/>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <link rel="apple-touch-icon" href="/icons/apple-touch-icon.png"/>
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}
