//! The whole stack in one process, and what is made from its code.

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand, ValueEnum};
use server::{check, import, serve, ssg, watch::Watch};

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
    /// List what does not match between the table and the files of photos and videos
    CheckMedia(check::Args),
    /// Decode one picture within limits; the server calls this for each
    #[command(name = serve::PICTURE_WORKER, hide = true)]
    PictureWorker,
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
    Media,
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
        Command::CheckMedia(args) => Ok(check::run(args).await?),
        Command::PictureWorker => Ok(media::process::work()?),
        Command::Sdl { subgraph } => {
            let sdl = match subgraph {
                Subgraph::Account => account::sdl(),
                Subgraph::Todo => todo::sdl(),
                Subgraph::Media => media::sdl(),
            };
            println!("{}", sdl.trim_end());
            Ok(())
        }
    }
}
