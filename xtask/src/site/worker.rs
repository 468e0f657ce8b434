//! The service worker, with the list of files that it keeps filled in.

use std::fs;

use anyhow::{Context as _, Result};
use serde_json::json;

use super::{Mode, pages::Hosting, tree::Tree};
use crate::{command::run_quietly, node, paths, stamp::Inputs};

/// Its source, in `public/`.
pub(super) const SOURCE: &str = "sw.js";

/// What a browser has no use for offline.
const NOT_KEPT: [&str; 2] = ["hosting.json", "robots.txt"];

/// Builds the worker. Its version changes with the content of any file that it keeps.
pub(super) fn build(mode: Mode, hosting: &Hosting, tree: &mut Tree) -> Result<()> {
    let mut version = Inputs::default();
    let mut files = Vec::new();
    for (path, content) in tree.files().filter(|(path, _)| !NOT_KEPT.contains(path)) {
        version = version.add(path).add(content);
        files.push(format!("/{path}"));
    }
    let mut version = version.digest();
    version.truncate(16);
    let build = json!({
        "version": version, "files": files, "pages": hosting.pages, "notFound": hosting.not_found,
    });
    let bundle = mode.work().join(SOURCE);
    run_quietly(
        node::tool("esbuild")
            .arg(paths::root().join("public").join(SOURCE))
            .args(["--target=es2022", "--log-level=error", "--minify-whitespace", "--minify-syntax"])
            .arg(format!("--define:BUILD={build}"))
            .arg(format!("--outfile={}", bundle.display())),
    )?;
    tree.add(SOURCE, fs::read(&bundle).context("the built service worker")?);
    Ok(())
}
