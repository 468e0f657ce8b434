//! The client's one style sheet, from the files in `app/style`.

use std::fs;

use anyhow::{Context as _, Result};

use super::{Mode, tree::Tree};
use crate::{command::run_quietly, node, paths, progress::step};

/// Bundles the style sheet. Returns its URL.
pub(super) fn build(mode: Mode, tree: &mut Tree) -> Result<String> {
    let bundle = mode.work().join("style.css");
    step("style, bundled", || {
        run_quietly(
            node::tool("esbuild")
                .arg(paths::root().join("app/style/main.css"))
                .args(["--bundle", "--target=es2022,safari17", "--log-level=error"])
                .args((mode == Mode::Release).then_some("--minify"))
                .arg(format!("--outfile={}", bundle.display())),
        )
    })?;
    Ok(tree.add_hashed("app", "css", fs::read(&bundle).context("the bundled style sheet")?))
}
