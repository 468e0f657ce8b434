//! `cargo xtask import`: another app's file into a user's lists, through the server's own import.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use crate::{
    command::{program, run as run_program},
    serve::{Profile, build_server},
};

#[derive(Args)]
pub(crate) struct Options {
    /// A Todoist CSV export, a todo.txt file, an iCalendar file, or Stack's own JSON
    file: PathBuf,
    /// Whose lists they go to: an address that has signed in once
    #[arg(long, value_name = "EMAIL")]
    user: String,
    /// Folder of the database
    #[arg(long, default_value = ".data", value_name = "DIR")]
    data: PathBuf,
    /// More options for `server import`, after `--`
    #[arg(last = true)]
    more: Vec<String>,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    let server = build_server(Profile::Dev)?;
    // A path is meant from where the person is, not from the workspace's root.
    let here = std::env::current_dir()?;
    run_program(
        program(server)
            .arg("import")
            .arg(here.join(&options.file))
            .args(["--user", &options.user, "--data"])
            .arg(here.join(&options.data))
            .args(&options.more),
    )
}
