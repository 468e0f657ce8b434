//! `cargo xtask serve`: the whole stack in one process, from a fresh clone with one command.

use std::{path::PathBuf, process::Command};

use anyhow::Result;
use clap::Args;

use crate::{
    command::{self, cargo, program},
    paths,
    progress::step,
    setup, site,
};

#[derive(Args)]
pub(crate) struct Options {
    /// Port to listen on
    #[arg(long, default_value_t = 8000)]
    port: u16,
    /// Folder of the database and the signing key; made if it isn't there
    #[arg(long, default_value = ".data", value_name = "DIR")]
    data: PathBuf,
    /// Optimise the server too: a slower build, a faster server
    #[arg(long)]
    release: bool,
    /// Build the client fast instead of small
    #[arg(long)]
    dev: bool,
}

/// How the server is compiled.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    Dev,
    Release,
}

/// Compiles the server; returns its binary.
pub(crate) fn build_server(profile: Profile) -> Result<PathBuf> {
    let (name, folder) = match profile {
        Profile::Dev => ("dev", "debug"),
        Profile::Release => ("release", "release"),
    };
    step(&format!("server, compiled ({name})"), || {
        command::run(cargo().args(["build", "--package", "server", "--bin", "server", "--profile", name]))
    })?;
    Ok(binary(folder))
}

/// The server that cargo has put into this folder of its target directory.
pub(crate) fn binary(folder: &str) -> PathBuf {
    paths::target().join(folder).join(format!("server{}", std::env::consts::EXE_SUFFIX))
}

pub(crate) fn run(options: &Options) -> Result<()> {
    setup::run()?;
    let mode = site::Mode::from_dev(options.dev);
    let server = build_server(if options.release { Profile::Release } else { Profile::Dev })?;
    site::build(mode, &server)?;
    let here = std::env::current_dir()?;
    let mut serve = program(server);
    serve
        .args(["serve", "--port", &options.port.to_string(), "--data"])
        .arg(here.join(&options.data))
        .arg("--site")
        .arg(mode.out());
    become_program(serve)
}

/// The server takes this process's place, so that signals reach it and its end is ours.
#[cfg(unix)]
pub(crate) fn become_program(mut command: Command) -> Result<()> {
    use std::os::unix::process::CommandExt as _;
    Err(anyhow::Error::new(command.exec()).context("the server could not be started"))
}

/// The console sends Ctrl-C to the server as well.
#[cfg(not(unix))]
pub(crate) fn become_program(mut command: Command) -> Result<()> {
    command::run(&mut command)
}
