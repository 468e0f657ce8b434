//! Prerenders the site's pages: one file for each route of the app, and one for every address that it doesn't know.
//!
//! Nothing is rendered at run time. A route with parameters gets one shell that serves all its addresses.

use std::path::{Path, PathBuf};

use app::{App, Assets, shell};
use axum::{
    body::{Body, to_bytes},
    http::Request,
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use sha2::{Digest as _, Sha256};

use crate::hosting::{self, Hosting, Page};

/// Stands for a parameter while its route's shell is rendered: a valid id that names nothing.
const NOTHING: &str = "00000000-0000-0000-0000-000000000000";
/// The file for addresses that no route serves, and an address to render it at.
const NOT_FOUND: (&str, &str) = ("404.html", "/not/found/here");

/// Why the pages could not be made.
#[derive(Debug, thiserror::Error)]
pub enum SsgError {
    /// A file could not be written.
    #[error("{} could not be written", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// The file that names the built assets could not be read.
    #[error("{} does not name the built script, style sheet and wasm: {reason}", path.display())]
    Assets {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A page did not render.
    #[error("the page {route} did not render: {reason}")]
    Render {
        /// The page's route.
        route: String,
        /// What went wrong.
        reason: String,
    },
}

/// `server ssg`: writes the pages with the assets that a JSON file names.
///
/// # Errors
/// As [`write`], and when that file can't be read.
pub async fn run(out: &Path, assets: &Path) -> Result<(), SsgError> {
    let failed = |reason: String| SsgError::Assets { path: assets.to_owned(), reason };
    let json = std::fs::read(assets).map_err(|error| failed(error.to_string()))?;
    let named: Assets = serde_json::from_slice(&json).map_err(|error| failed(error.to_string()))?;
    write(out, &named, &[]).await.map(drop)
}

/// Writes every page and `hosting.json` into the folder `out`.
///
/// `more_connections` are CSP sources that the client may connect to beside its own origin: none but in development.
///
/// # Errors
/// When a page does not render, or a file can't be written.
pub async fn write(out: &Path, assets: &Assets, more_connections: &[String]) -> Result<Hosting, SsgError> {
    let pages = pages();
    let mut scripts = Vec::new();
    let mut all: Vec<(&str, String, &str)> =
        pages.iter().map(|page| (page.route.as_str(), example(&page.route), page.file.as_str())).collect();
    let (not_found, nowhere) = NOT_FOUND;
    all.push(("*", nowhere.to_owned(), not_found));
    for (route, address, file) in all {
        let html = render(assets.clone(), route, &address).await?;
        scripts.extend(inline_scripts(&html).map(hash_source));
        write_file(&out.join(file), html.as_bytes())?;
    }
    scripts.sort();
    scripts.dedup();
    let headers = hosting::headers(&scripts, more_connections);
    let hosting = Hosting { pages, not_found: not_found.to_owned(), headers };
    let json = serde_json::to_vec_pretty(&hosting)
        .map_err(|error| SsgError::Render { route: hosting::FILE.into(), reason: error.to_string() })?;
    write_file(&out.join(hosting::FILE), &json)?;
    Ok(hosting)
}

/// The app's routes, each with the file that serves it.
fn pages() -> Vec<Page> {
    let mut pages: Vec<_> = leptos_axum::generate_route_list(App)
        .iter()
        .map(|listing| {
            // axum writes `{list}` for what the router calls `:list`.
            let route = listing.path().replace('{', ":").replace('}', "");
            Page { file: file_of(&route), route }
        })
        .collect();
    pages.sort_by(|a, b| a.route.cmp(&b.route));
    pages.dedup();
    pages
}

/// `/lists/:list` is served by `lists/_list.html`.
fn file_of(route: &str) -> String {
    match route.trim_matches('/') {
        "" => "index.html".to_owned(),
        path => format!("{}.html", path.replace(':', "_")),
    }
}

/// An address that the route serves.
fn example(route: &str) -> String {
    route
        .split('/')
        .map(|segment| if segment.starts_with(':') { NOTHING } else { segment })
        .collect::<Vec<_>>()
        .join("/")
}

async fn render(assets: Assets, route: &str, address: &str) -> Result<String, SsgError> {
    let failed = |reason: String| SsgError::Render { route: route.to_owned(), reason };
    let request = Request::get(address).body(Body::empty()).map_err(|error| failed(error.to_string()))?;
    let mark = route.to_owned();
    let handler =
        leptos_axum::render_app_async_with_context(|| (), move || shell(assets.clone(), mark.clone()));
    let body = handler(request).await.into_body();
    let html = to_bytes(body, usize::MAX).await.map_err(|error| failed(error.to_string()))?;
    let html = String::from_utf8(html.into()).map_err(|error| failed(error.to_string()))?;
    Ok(without_nonces(&html))
}

/// Nonces are for pages rendered anew each time. Here they would only make every build's pages differ.
fn without_nonces(html: &str) -> String {
    let mut parts = html.split(" nonce=\"");
    let mut clean = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        clean.push_str(part.split_once('"').map_or(part, |(_nonce, rest)| rest));
    }
    clean
}

/// The text of each script that stands in the page itself.
fn inline_scripts(html: &str) -> impl Iterator<Item = &str> {
    html.split("<script").skip(1).filter_map(|rest| {
        let (attributes, rest) = rest.split_once('>')?;
        let (text, _) = rest.split_once("</script")?;
        (!attributes.contains(" src=") && !text.is_empty()).then_some(text)
    })
}

fn hash_source(script: &str) -> String {
    format!("sha256-{}", BASE64_STANDARD.encode(Sha256::digest(script)))
}

fn write_file(path: &Path, content: &[u8]) -> Result<(), SsgError> {
    let failed = |source| SsgError::Write { path: path.to_owned(), source };
    if let Some(dir) = path.parent() {
        std::fs::create_dir_all(dir).map_err(failed)?;
    }
    std::fs::write(path, content).map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_scripts_in_the_page_itself_are_hashed() {
        let html = r#"<script type="module" src="/a.js"></script><script>one()</script><script type="module">two()</script>"#;
        assert_eq!(inline_scripts(html).collect::<Vec<_>>(), ["one()", "two()"]);
        // From the specification of CSP hashes.
        assert_eq!(
            hash_source("alert('Hello, world.');"),
            "sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng="
        );
    }

    #[tokio::test]
    async fn every_route_gets_a_page_that_says_which_one_it_is() {
        let out = tempfile::tempdir().unwrap();
        let assets = Assets { script: "/assets/app.1.js".into(), ..Assets::default() };

        let hosting = write(out.path(), &assets, &[]).await.unwrap();

        assert!(hosting.pages.iter().any(|page| page.route == "/"));
        for page in &hosting.pages {
            let html = std::fs::read_to_string(out.path().join(&page.file)).unwrap();
            assert!(html.contains(&format!("data-route=\"{}\"", page.route)), "{html}");
            assert!(html.contains(&assets.script));
        }
        let again = tempfile::tempdir().unwrap();
        assert_eq!(write(again.path(), &assets, &[]).await.unwrap(), hosting);
        for page in &hosting.pages {
            let [first, second] =
                [&out, &again].map(|dir| std::fs::read(dir.path().join(&page.file)).unwrap());
            assert_eq!(first, second, "{} is not the same every time", page.route);
        }
        let policy = &hosting.headers["content-security-policy"];
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{policy}");
        assert!(out.path().join(&hosting.not_found).exists());
    }
}
