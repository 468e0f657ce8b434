//! Programs from Python's package index, each set in an environment of its own.

use std::{fs, path::PathBuf};

use anyhow::{Context as _, Result};

use crate::{
    command::{program, run_quietly},
    paths,
    progress::step,
    stamp::{Inputs, once},
};

/// The folder of the programs that these packages bring, installed unless they are there. `what` says to people what
/// they are for.
pub(crate) fn programs(name: &str, what: &str, packages: &[&str]) -> Result<PathBuf> {
    let folder = paths::work().join(name);
    let inputs = packages.iter().fold(Inputs::default(), Inputs::add);
    // Kept inside the folder it speaks of: whoever deletes the programs deletes the stamp.
    once(&folder.join("installed"), inputs, || {
        step(what, || {
            fs::create_dir_all(paths::work())?;
            run_quietly(program("python3").args(["-m", "venv", "--clear"]).arg(&folder))?;
            run_quietly(program(folder.join("bin/pip")).args(["install", "--quiet"]).args(packages))
                .context("pip could not install packages: is the network there?")
        })
    })?;
    Ok(folder.join("bin"))
}
