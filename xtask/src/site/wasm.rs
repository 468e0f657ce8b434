//! The client's wasm: compiled, split at its lazy routes, bound to JavaScript, and made small.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, anyhow};
use wasm_bindgen_cli_support::Bindgen;

use super::Mode;
use crate::{
    command::{cargo, run, run_quietly},
    node, paths,
    progress::step,
    setup::WASM,
    stamp::{Inputs, once},
};

/// The main wasm file, as wasm-bindgen names it.
pub(super) const MAIN: &str = "app_bg.wasm";
/// The module that wasm-bindgen makes beside it.
pub(super) const GLUE: &str = "app.js";
/// The module that loads the split-off parts.
pub(super) const LOADER: &str = "split.js";
/// Which files, by their stems, each part that loads later consists of.
pub(super) const PARTS: &str = "parts.json";

/// What the linker can't do without when code is split: where every reference in the code points.
const RELOCATIONS: &str = "-Clink-args=--emit-relocs";

/// What rustc's wasm target may use, so wasm-opt may too; every browser since 2023 has it.
const FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// Compiles the client; returns the folder with its wasm files and their JavaScript.
pub(super) fn build(mode: Mode) -> Result<PathBuf> {
    let compiled = step("client, compiled to wasm", || compile(mode))?;
    let dir = mode.work().join("client");
    let inputs = Inputs::default()
        .add(include_str!("wasm.rs"))
        .add_file(&node::tools().join("package-lock.json"))?
        .add_file(&paths::root().join("Cargo.lock"))?
        .add_file(&compiled)?;
    once(&mode.work().join("client.stamp"), inputs, || {
        if dir.exists() {
            fs::remove_dir_all(&dir)?;
        }
        fs::create_dir_all(&dir)?;
        let main = step("lazy routes, split off", || split(&compiled, &dir))?;
        step("bindings to JavaScript", || bind(&main, &dir))?;
        if mode == Mode::Release {
            step("wasm, made small", || optimise(&dir))?;
        }
        Ok(())
    })?;
    Ok(dir)
}

fn compile(mode: Mode) -> Result<PathBuf> {
    let profile = mode.profile();
    run(cargo()
        .args(["rustc", "--quiet", "--package", "app-web", "--lib", "--target", WASM, "--profile", profile])
        .args(["--", RELOCATIONS]))?;
    let folder = if profile == "dev" { "debug" } else { profile };
    Ok(paths::target().join(WASM).join(folder).join("app_web.wasm"))
}

/// Returns the main part; the others are written to `dir` with the module that loads them.
fn split(compiled: &Path, dir: &Path) -> Result<PathBuf> {
    let wasm = fs::read(compiled)?;
    let main = dir.with_file_name("main.wasm");
    let mut options = wasm_split_cli_support::Options::new(&wasm);
    options.output_dir = dir;
    options.main_out_path = &main;
    options.main_module = "./app.js";
    options.link_name = "./split.js";
    let split = wasm_split_cli_support::transform(options).map_err(|error| anyhow!("{error:#}"))?;
    fs::write(dir.join(PARTS), serde_json::to_vec_pretty(&split.prefetch_map)?)?;
    Ok(main)
}

fn bind(main: &Path, dir: &Path) -> Result<()> {
    Bindgen::new()
        .input_path(main)
        .out_name("app")
        .web(true)?
        // The split-off parts are linked to the main one by the names that the linker gave.
        .keep_lld_exports(true)
        .demangle(false)
        .typescript(false)
        .generate(dir)
        .context("wasm-bindgen")
}

/// One wasm-opt a file, all at once: there is one large file and some small ones.
fn optimise(dir: &Path) -> Result<()> {
    let mut files = Vec::new();
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "wasm") {
            files.push(path);
        }
    }
    std::thread::scope(|scope| {
        let running: Vec<_> = files
            .iter()
            .map(|file| {
                scope.spawn(move || {
                    run_quietly(
                        node::tool("wasm-opt").arg("-Oz").args(FEATURES).arg(file).arg("-o").arg(file),
                    )
                })
            })
            .collect();
        running.into_iter().try_for_each(|thread| {
            thread.join().map_err(|_| anyhow!("a thread that ran wasm-opt panicked"))?
        })
    })
}
