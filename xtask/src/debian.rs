//! Programs that tests use: looked for on the machine, and installed where it is a Debian that lets us.

use std::{env, path::PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::{
    command::{output, program, run_quietly},
    progress::step,
};

/// Finds a program by its name.
pub(crate) fn on_path(name: &str) -> Option<PathBuf> {
    let dirs = env::var_os("PATH")?;
    env::split_paths(&dirs).map(|dir| dir.join(name)).find(|file| file.is_file())
}

/// Root on a Debian-like system.
pub(crate) fn may_install() -> bool {
    on_path("apt-get").is_some() && output(program("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

/// Installs packages; ask [`may_install`] first.
pub(crate) fn install(packages: &[&str]) -> Result<()> {
    step(&format!("Debian's {}", packages.join(" and ")), || {
        let apt = || {
            let mut command = program("apt-get");
            command.env("DEBIAN_FRONTEND", "noninteractive");
            command
        };
        run_quietly(apt().args(["update", "--quiet"]))?;
        run_quietly(apt().args(["install", "--yes", "--quiet", "--no-install-recommends"]).args(packages))
            .context("the packages could not be installed: is the network there?")
    })
}

/// Sees to it that there is an `ffmpeg`, which the tests of videos make them with. Elsewhere than on a Debian those
/// tests are left out where there is none.
pub(crate) fn ffmpeg() -> Result<()> {
    match on_path("ffmpeg") {
        Some(_) => Ok(()),
        None if may_install() => install(&["ffmpeg"]),
        None => {
            eprintln!("There is no ffmpeg on this machine: videos are not tested.");
            Ok(())
        }
    }
}

/// Sees to it that there is a `protoc`, which Apollo Router is built with.
pub(crate) fn protoc() -> Result<()> {
    match on_path("protoc") {
        Some(_) => Ok(()),
        None if may_install() => install(&["protobuf-compiler"]),
        None => bail!("Apollo Router is built with protoc: install it (Debian: protobuf-compiler)"),
    }
}

/// Sees to it that there is a `vipsthumbnail`, beside which the processing of pictures is measured. Elsewhere than on a
/// Debian the measurement says that there is none.
pub(crate) fn vips() -> Result<()> {
    match on_path("vipsthumbnail") {
        None if may_install() => install(&["libvips-tools"]),
        _ => Ok(()),
    }
}
