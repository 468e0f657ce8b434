//! The client's JavaScript: one file with wasm-bindgen's glue, the loader of split-off parts and what starts them, and
//! the video player, which loads when it is first needed.

use std::{collections::BTreeMap, fs, path::Path, process::Command};

use anyhow::{Context as _, Result, ensure};

use super::{Mode, tree::Tree, wasm};
use crate::{command::run_quietly, node, paths, progress::step};

/// URLs of the client's code.
pub(super) struct Script {
    pub(super) script: String,
    pub(super) wasm: String,
    /// The files of each part that loads later, by the part's name. Parts share files.
    pub(super) later: BTreeMap<String, Vec<String>>,
}

/// The stem of the video player's file.
pub(super) const PLAYER: &str = "player";

/// The part that a device needs at once where somebody is signed in.
const SIGNED_IN: &str = "signed_in";

/// Bundles the script.
pub(super) fn build(mode: Mode, client: &Path, tree: &mut Tree) -> Result<Script> {
    let work = mode.work().join("script");
    fs::create_dir_all(&work)?;
    let main = tree.add_hashed("app", "wasm", fs::read(client.join(wasm::MAIN))?);
    let glue = fs::read_to_string(client.join(wasm::GLUE))?;
    let mut loader = early(&fs::read_to_string(client.join(wasm::LOADER))?)?;
    let mut urls = BTreeMap::new();
    for stem in stems(client)? {
        let url = tree.add_hashed(&stem, "wasm", fs::read(client.join(format!("{stem}.wasm")))?);
        loader = loader.replace(&format!("\"./{stem}.wasm\""), &format!("{url:?}"));
        urls.insert(stem, url);
    }
    let parts = fs::read(client.join(wasm::PARTS)).context(wasm::PARTS)?;
    let parts: BTreeMap<String, Vec<String>> = serde_json::from_slice(&parts)?;
    let of_part = |stems: Vec<String>| stems.iter().filter_map(|stem| urls.get(stem).cloned()).collect();
    let later: BTreeMap<_, Vec<_>> = parts.into_iter().map(|(part, stems)| (part, of_part(stems))).collect();
    let signed_in = later.get(SIGNED_IN).context("no part for those who are signed in")?;
    fs::write(work.join(wasm::GLUE), glue)?;
    fs::write(work.join(wasm::LOADER), loader)?;
    for source in ["start.js", "parts.js"] {
        let path = paths::root().join("app/web").join(source);
        fs::copy(&path, work.join(source)).with_context(|| path.display().to_string())?;
    }
    // The player's packages are those of the chores, wherever its source is.
    let player =
        bundle(mode, &paths::root().join("app/web/player.js"), &work.join("player.bundle.js"), |esbuild| {
            esbuild.env("NODE_PATH", node::tools().join("node_modules"));
        })?;
    let player = tree.add_hashed(PLAYER, "js", player);
    let script = bundle(mode, &work.join("start.js"), &work.join("bundle.js"), |esbuild| {
        esbuild.arg(format!("--define:WASM_URL={main:?}"));
        esbuild.arg(format!("--define:SIGNED_IN_URLS={signed_in:?}"));
        esbuild.arg(format!("--define:PLAYER_URL={player:?}")).arg("--external:/assets/*");
    })?;
    let script = tree.add_hashed("app", "js", script);
    Ok(Script { script, wasm: main, later })
}

/// The loader of split-off parts, such that a part may be fetched and compiled before the main one is there.
fn early(loader: &str) -> Result<String> {
    let mut early = loader.to_owned();
    for (theirs, ours) in [
        ("fetch(new URL(", "compiled("),
        (", import.meta.url));", ");"),
        ("WebAssembly.instantiateStreaming(src, imports)", "WebAssembly.instantiate(await src, imports)"),
    ] {
        ensure!(early.contains(theirs), "the loader of split-off parts has no `{theirs}`");
        early = early.replace(theirs, ours);
    }
    Ok(format!("import {{ compiled }} from \"./parts.js\";\n{early}"))
}

/// A script with all that it imports.
fn bundle(mode: Mode, source: &Path, out: &Path, more: impl FnOnce(&mut Command)) -> Result<Vec<u8>> {
    let name = source.file_name().unwrap_or_default().to_string_lossy();
    step(&format!("{name}, bundled"), || {
        let mut esbuild = node::tool("esbuild");
        esbuild
            .arg(source)
            .args(["--bundle", "--format=esm", "--target=es2022", "--log-level=error"])
            .args((mode == Mode::Release).then_some("--minify"))
            .arg(format!("--outfile={}", out.display()));
        more(&mut esbuild);
        run_quietly(&mut esbuild)
    })?;
    fs::read(out).with_context(|| out.display().to_string())
}

/// Names of the split-off wasm files, without their ending.
fn stems(client: &Path) -> Result<Vec<String>> {
    let mut stems = Vec::new();
    for entry in fs::read_dir(client)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if let Some(stem) = name.strip_suffix(".wasm").filter(|_| name != wasm::MAIN) {
            stems.push(stem.to_owned());
        }
    }
    stems.sort();
    Ok(stems)
}
