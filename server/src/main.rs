//! The whole stack in one process, and what is made from its code.

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};
use server::ssg;

/// Stack's server.
#[derive(Parser)]
#[command(version, disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Prerender the site's pages
    Ssg {
        /// Folder to write them to
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
        /// JSON file with the URLs of the built script, style sheet and wasm
        #[arg(long, value_name = "FILE")]
        assets: PathBuf,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    let done: Result<(), Box<dyn std::error::Error>> = match Cli::parse().command {
        Command::Ssg { out, assets } => ssg::run(&out, &assets).await.map_err(Into::into),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
