//! Every chore of the project: `cargo xtask --help` lists them.

mod audit;
mod aws;
mod bench;
mod browser;
mod command;
mod cost;
mod debian;
mod import;
mod node;
mod package;
mod paths;
mod progress;
mod python;
mod reset;
mod schema;
mod serve;
mod setup;
mod site;
mod stamp;
mod test;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Stack's chores. The two that matter most: `serve` runs everything, `test` checks everything.
#[derive(Parser)]
#[command(bin_name = "cargo xtask", disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Set up what is missing, build the site, and run the whole stack in one process
    Serve(serve::Options),
    /// Run every check: format, lints, tests, wasm tests, and the product in a real browser
    Test(test::Options),
    /// Install what a fresh machine lacks: the wasm target and the Node packages
    Setup,
    /// Build the static site into target/site
    Site {
        /// Build fast instead of small, into target/site-dev
        #[arg(long)]
        dev: bool,
    },
    /// Compose the supergraph from the subgraphs and refresh the client's copy of the API schema
    Schema {
        /// Change nothing; fail if a committed file is stale
        #[arg(long)]
        check: bool,
    },
    /// Hold the gateway against a copy of the public federation gateway audit
    Audit(audit::Options),
    /// Print speed, bytes and memory as a table
    Bench(bench::Options),
    /// Print what a month on AWS costs, by service, and on two alternatives
    Cost(Box<cost::Options>),
    /// Read a Todoist, todo.txt or iCalendar file into a user's lists
    Import(import::Options),
    /// Build the functions for AWS into target/lambda, a zip each
    Package(package::Options),
    /// Build and synthesize what any environment is deployed from, into target/assembly and target/site
    Assemble(aws::deploy::Assembly),
    /// Deploy an environment to an account, or remove it
    Deploy(aws::deploy::Options),
    /// Run the deployed shape on this machine: an emulator of AWS, and everything deployed to it
    AwsLocal(aws::Options),
    /// Throw away what was built for the site, and the data too if asked
    Reset(reset::Options),
}

fn main() -> ExitCode {
    let done = match Cli::parse().chore {
        Chore::Serve(options) => serve::run(&options),
        Chore::Test(options) => test::run(&options),
        Chore::Setup => setup::run(),
        Chore::Site { dev } => site(dev),
        Chore::Schema { check } => {
            serve::build_server(serve::Profile::Dev).and_then(|server| schema::run(check, &server))
        }
        Chore::Audit(options) => audit::run(&options),
        Chore::Bench(options) => bench::run(&options),
        Chore::Cost(options) => cost::run(&options),
        Chore::Import(options) => import::run(&options),
        Chore::Package(options) => package::run(&options),
        Chore::Assemble(options) => aws::deploy::assemble(&options),
        Chore::Deploy(options) => aws::deploy::run(&options),
        Chore::AwsLocal(options) => aws::run(&options),
        Chore::Reset(options) => reset::run(&options),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\n{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn site(dev: bool) -> anyhow::Result<()> {
    setup::run()?;
    let server = serve::build_server(serve::Profile::Dev)?;
    site::run(site::Mode::from_dev(dev), &server)
}
