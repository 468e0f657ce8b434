//! Installs what a fresh machine lacks. Each step looks first, so a second run does nothing.

use anyhow::{Context as _, Result};

use crate::{
    command::{output, program},
    node,
    progress::step,
};

/// The target that the client compiles to.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// Everything that building and serving needs.
pub(crate) fn run() -> Result<()> {
    wasm_target()?;
    node::install(&node::tools())
}

fn wasm_target() -> Result<()> {
    let libraries = output(program("rustc").args(["--print", "target-libdir", "--target", WASM]))?;
    if std::path::Path::new(libraries.trim()).is_dir() {
        return Ok(());
    }
    step("Rust's wasm target", || {
        crate::command::run(program("rustup").args(["target", "add", WASM]))
            .context("the wasm target could not be installed: is the network there?")
    })
}
