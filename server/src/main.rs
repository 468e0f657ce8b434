//! The whole stack in one process, and what is made from its code.

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand, ValueEnum};
use server::{import, serve, ssg, watch::Watch};

/// Stack's server.
#[derive(Parser)]
#[command(version, disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the whole stack
    Serve(serve::Args),
    /// Bring another program's file into a user's lists
    Import(import::Args),
    /// Prerender the site's pages
    Ssg {
        /// Folder to write them to
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
        /// JSON file with the URLs of the built script, style sheet and wasm
        #[arg(long, value_name = "FILE")]
        assets: PathBuf,
    },
    /// Print a subgraph's schema
    Sdl {
        /// Which one
        subgraph: Subgraph,
    },
}

#[derive(Clone, Copy, ValueEnum)]
enum Subgraph {
    Account,
    Todo,
}

type Done = Result<(), Box<dyn std::error::Error>>;

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Done {
    if let Some(watch) = Watch::from_env()? {
        return serve::run_watched(watch).await;
    }
    match Cli::parse().command {
        Command::Serve(args) => serve::run(args).await,
        Command::Import(args) => Ok(import::run(args).await?),
        Command::Ssg { out, assets } => Ok(ssg::run(&out, &assets).await?),
        Command::Sdl { subgraph } => {
            let sdl = match subgraph {
                Subgraph::Account => account::sdl(),
                Subgraph::Todo => todo::sdl(),
            };
            println!("{}", sdl.trim_end());
            Ok(())
        }
    }
}
