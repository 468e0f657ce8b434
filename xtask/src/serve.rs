//! `cargo xtask serve`: the whole stack in one process, from a fresh clone with one command.

use std::{path::PathBuf, process::Command};

use anyhow::Result;
use clap::Args;

use crate::{
    aws::deploy::Place,
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
    /// The site here, the API elsewhere: the address of a deployed one, such as https://stack.example
    #[arg(long, value_name = "URL", conflicts_with_all = ["env", "table", "originals", "variants", "region"])]
    api: Option<String>,
    /// The server here, on the table and the buckets of an environment that `cargo xtask deploy` has deployed from here
    #[arg(long, value_name = "ENV", conflicts_with_all = ["table", "originals", "variants", "region"])]
    env: Option<String>,
    /// The same by their names: the table
    #[arg(long, value_name = "NAME", requires = "originals", requires = "variants")]
    table: Option<String>,
    /// The bucket of uploads
    #[arg(long, value_name = "NAME", requires = "table")]
    originals: Option<String>,
    /// The bucket of what is made of them
    #[arg(long, value_name = "NAME", requires = "table")]
    variants: Option<String>,
    /// Where they are, instead of where AWS_REGION or the profile says
    #[arg(long, value_name = "REGION", requires = "table")]
    region: Option<String>,
}

impl Options {
    /// What the server is told of the half that is deployed.
    fn deployed(&self) -> Result<Vec<String>> {
        if let Some(environment) = &self.env {
            return Ok(Place::of(environment)?.stores.words().map(str::to_owned).to_vec());
        }
        let Self { api, table, originals, variants, region, .. } = self;
        let named = [
            ("--api", api),
            ("--table", table),
            ("--originals", originals),
            ("--variants", variants),
            ("--region", region),
        ];
        let given = named.into_iter().filter_map(|(name, value)| Some([name.to_owned(), value.clone()?]));
        Ok(given.flatten().collect())
    }
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
    // Before anything is built: a name that is none is soon said.
    let deployed = options.deployed()?;
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
        .arg(mode.out())
        .args(deployed);
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
