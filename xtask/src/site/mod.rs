//! Builds the static site: the client's wasm, its style, the prerendered pages, the service worker.
//!
//! The steps are those of cargo-leptos, without the many minutes of installing it. Each is skipped while what it
//! depends on is unchanged. The result is a folder that any static host can serve; `hosting.json` in it says how.

mod budget;
mod compress;
mod pages;
mod script;
mod style;
mod tree;
mod wasm;
mod worker;

use std::path::{Path, PathBuf};

use anyhow::Result;

use serde::Serialize;

use crate::paths;
pub(crate) use budget::{FirstLoad, LaterLoads, Loads};
use script::Script;
use tree::Tree;

/// How the site is built.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Quick to build, large: for trying a change.
    Dev,
    /// Small: what people get.
    Release,
}

impl Mode {
    pub(crate) fn from_dev(dev: bool) -> Self {
        if dev { Self::Dev } else { Self::Release }
    }

    /// The finished site.
    pub(crate) fn out(self) -> PathBuf {
        paths::target().join(match self {
            Self::Dev => "site-dev",
            Self::Release => "site",
        })
    }

    fn work(self) -> PathBuf {
        paths::work().join(match self {
            Self::Dev => "site-dev",
            Self::Release => "site",
        })
    }

    fn profile(self) -> &'static str {
        match self {
            Self::Dev => "dev",
            Self::Release => "wasm",
        }
    }
}

/// URLs of the files that every page starts with; the pages are rendered with them.
#[derive(Serialize)]
struct Assets {
    script: String,
    style: String,
    wasm: String,
}

/// Folder of the files that are named by their content, and so may be cached for good.
const ASSETS: &str = "assets";

/// Compiles the client: the longest part of the site, and the one that needs no server.
pub(crate) fn compile(mode: Mode) -> Result<()> {
    wasm::build(mode).map(drop)
}

/// Builds the site; `server` is the binary that renders its pages.
pub(crate) fn build(mode: Mode, server: &Path) -> Result<Loads> {
    let client = wasm::build(mode)?;
    let mut tree = Tree::default();
    let Script { script, wasm, later } = script::build(mode, &client, &mut tree)?;
    let style = style::build(mode, &mut tree)?;
    let assets = Assets { script, style, wasm };
    let hosting = pages::build(mode, server, &assets, &mut tree)?;
    tree.add_folder(&paths::root().join("public"), &worker::SOURCES)?;
    worker::build(mode, &hosting, &mut tree)?;
    compress::write(mode, &tree)?;
    Ok(Loads { first: FirstLoad::of(mode, &assets)?, later: LaterLoads::of(mode, &later)? })
}

/// Builds the site, prints the bytes of its loads, and fails when the first is over budget.
pub(crate) fn run(mode: Mode, server: &Path) -> Result<()> {
    let Loads { first, later } = build(mode, server)?;
    if mode == Mode::Release {
        println!("{first}\n{later}");
        first.check()?;
    }
    Ok(())
}
