//! The service worker, with the list of files that it keeps filled in.

use std::fs;

use anyhow::{Context as _, Result};
use serde_json::json;

use super::{Mode, pages::Hosting, script, tree::Tree};
use crate::{command::run_quietly, node, paths, stamp::Inputs};

/// Its source, in `public/`.
const SOURCE: &str = "sw.js";
/// What is built into it, and so is no file of the site.
pub(super) const SOURCES: [&str; 2] = [SOURCE, "sw-media.js"];

/// What a browser has no use for offline.
const NOT_KEPT: [&str; 2] = ["hosting.json", "robots.txt"];

/// Builds the worker. Its version changes with the content of any file that it keeps.
pub(super) fn build(mode: Mode, hosting: &Hosting, tree: &mut Tree) -> Result<()> {
    let mut version = Inputs::default();
    let mut files = Vec::new();
    // Videos are not there offline, so neither is what plays them.
    let is_kept = |path: &str| !NOT_KEPT.contains(&path) && !path.contains(script::PLAYER);
    for (path, content) in tree.files().filter(|(path, _)| is_kept(path)) {
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
            .args(["--bundle", "--format=iife", "--target=es2022", "--log-level=error"])
            .args(["--minify-whitespace", "--minify-syntax"])
            .arg(format!("--define:BUILD={build}"))
            .arg(format!("--outfile={}", bundle.display())),
    )?;
    tree.add(SOURCE, fs::read(&bundle).context("the built service worker")?);
    Ok(())
}
