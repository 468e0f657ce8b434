//! The prerendered pages: the server binary renders them, with the names of the built files in them.

use std::{fs, path::Path};

use anyhow::{Context as _, Result};
use serde::Deserialize;

use super::{Assets, Mode, tree::Tree};
use crate::{
    command::{program, run_quietly},
    progress::step,
};

/// What `server ssg` says of the pages that it wrote; a part of `hosting.json`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Hosting {
    pub(super) pages: serde_json::Value,
    pub(super) not_found: String,
}

/// Renders the pages.
pub(super) fn build(mode: Mode, server: &Path, assets: &Assets, tree: &mut Tree) -> Result<Hosting> {
    let dir = mode.work().join("pages");
    if dir.exists() {
        fs::remove_dir_all(&dir)?;
    }
    fs::create_dir_all(&dir)?;
    let names = mode.work().join("assets.json");
    fs::write(&names, serde_json::to_vec_pretty(assets)?)?;
    step("pages, prerendered", || {
        run_quietly(program(server).arg("ssg").arg("--assets").arg(&names).arg("--out").arg(&dir))
    })?;
    tree.add_folder(&dir, &[])?;
    let hosting = tree.get("hosting.json").context("`server ssg` wrote no hosting.json")?;
    serde_json::from_slice(hosting).context("reading hosting.json")
}
