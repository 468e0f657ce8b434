//! `cargo xtask reset`: a clean start.

use std::{fs, io, path::Path};

use anyhow::{Context as _, Result};
use clap::Args;

use crate::{node, paths, site::Mode};

#[derive(Args)]
pub(crate) struct Options {
    /// Throw away the database and the signing key in .data as well: every account and list
    #[arg(long)]
    data: bool,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    let root = paths::root();
    let built = [
        Mode::Release.out(),
        Mode::Dev.out(),
        paths::work(),
        node::tools().join("node_modules"),
        root.join("end2end/node_modules"),
    ];
    for dir in built {
        remove(&dir)?;
    }
    if options.data {
        remove(&root.join(".data"))?;
    }
    Ok(())
}

fn remove(dir: &Path) -> Result<()> {
    match fs::remove_dir_all(dir) {
        Ok(()) => eprintln!("removed {}", dir.strip_prefix(paths::root()).unwrap_or(dir).display()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error).with_context(|| format!("removing {}", dir.display())),
    }
    Ok(())
}
