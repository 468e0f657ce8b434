//! The client's one JavaScript file: wasm-bindgen's glue, the loader of split-off parts, and what starts them.

use std::{fs, path::Path};

use anyhow::{Context as _, Result};

use super::{Mode, tree::Tree, wasm};
use crate::{command::run_quietly, node, paths, progress::step};

/// Bundles the script. Returns its URL and the main wasm file's.
pub(super) fn build(mode: Mode, client: &Path, tree: &mut Tree) -> Result<(String, String)> {
    let work = mode.work().join("script");
    fs::create_dir_all(&work)?;
    let main = tree.add_hashed("app", "wasm", fs::read(client.join(wasm::MAIN))?);
    let glue = fs::read_to_string(client.join(wasm::GLUE))?;
    let mut loader = fs::read_to_string(client.join(wasm::LOADER))?;
    for part in parts(client)? {
        let content = fs::read(client.join(&part))?;
        let stem = part.trim_end_matches(".wasm");
        let url = tree.add_hashed(stem, "wasm", content);
        let name = url.rsplit('/').next().unwrap_or(&url);
        loader = loader.replace(&format!("\"./{part}\""), &format!("\"./{name}\""));
    }
    fs::write(work.join(wasm::GLUE), glue)?;
    fs::write(work.join(wasm::LOADER), loader)?;
    fs::copy(paths::root().join("app/web/start.js"), work.join("start.js")).context("app/web/start.js")?;
    let bundle = work.join("bundle.js");
    step("script, bundled", || {
        run_quietly(
            node::tool("esbuild")
                .arg(work.join("start.js"))
                .args(["--bundle", "--format=esm", "--target=es2022", "--log-level=error"])
                .args((mode == Mode::Release).then_some("--minify"))
                .arg(format!("--define:WASM_URL={main:?}"))
                .arg(format!("--outfile={}", bundle.display())),
        )
    })?;
    let script = tree.add_hashed("app", "js", fs::read(&bundle)?);
    Ok((script, main))
}

/// Names of the split-off wasm files.
fn parts(client: &Path) -> Result<Vec<String>> {
    let mut parts = Vec::new();
    for entry in fs::read_dir(client)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if name.ends_with(".wasm") && name != wasm::MAIN {
            parts.push(name);
        }
    }
    parts.sort();
    Ok(parts)
}
