//! Node and the few npm packages that the chores use.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result, bail};

use crate::{
    command::{output, program, run_quietly},
    paths,
    progress::step,
    stamp::{Inputs, once},
};

const OLDEST_NODE: u32 = 20;

/// The folder whose packages build the site and compose the schema.
pub(crate) fn tools() -> PathBuf {
    paths::root().join("xtask/node")
}

/// A program that one of the tools' packages brings.
pub(crate) fn tool(name: &str) -> Command {
    let mut command = program("node");
    command.arg(tools().join("node_modules/.bin").join(name));
    command
}

/// Lets programs in a folder use the packages that are installed in another.
pub(crate) fn link_packages(from: &Path, folder: &Path) -> Result<()> {
    let (from, link) = (from.join("node_modules"), folder.join("node_modules"));
    #[cfg(unix)]
    let linked = std::os::unix::fs::symlink(&from, &link);
    #[cfg(not(unix))]
    let linked = std::os::windows::fs::symlink_dir(&from, &link);
    linked.with_context(|| format!("linking {} to {}", link.display(), from.display()))
}

/// Installs the packages that a folder's lock file names, unless they are there.
pub(crate) fn install(dir: &Path) -> Result<()> {
    let lock = fs::read(dir.join("package-lock.json")).context("reading package-lock.json")?;
    // Kept inside the folder it speaks of: whoever deletes the packages deletes the stamp.
    let stamp = dir.join("node_modules/.stamp");
    once(&stamp, Inputs::default().add(lock), || {
        let shown = dir.strip_prefix(paths::root()).unwrap_or(dir).display().to_string();
        step(&format!("Node packages of {shown}"), || {
            check_version()?;
            run_quietly(program("npm").current_dir(dir).args([
                "ci",
                "--ignore-scripts",
                "--no-audit",
                "--no-fund",
            ]))
            .context("npm could not install packages: is the network there?")
        })
    })
}

fn check_version() -> Result<()> {
    let version = output(program("node").arg("--version"))?;
    let major = version.trim().trim_start_matches('v').split('.').next().map(str::parse::<u32>);
    match major {
        Some(Ok(major)) if major >= OLDEST_NODE => Ok(()),
        _ => bail!("Node {} is too old: install version {OLDEST_NODE} or later", version.trim()),
    }
}
