//! `cargo xtask aws-local`: the deployed shape on this machine, by the same definition and the same command line, on an
//! emulator.

pub(crate) mod deploy;
mod emulator;
mod half;

use std::{net::TcpListener, process::Stdio};

use anyhow::{Context as _, Result};
use clap::Args;

pub(crate) use self::half::Half;
use self::{
    deploy::Stores,
    emulator::{Emulator, Running, address, folder, variables},
};
use crate::{
    command::program,
    node,
    package::{self, Gateway},
    paths,
    progress::step,
    serve,
    site::{self, Mode},
};

#[derive(Args)]
pub(crate) struct Options {
    /// Port of the site
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Port of the emulated AWS
    #[arg(long, default_value_t = 4566)]
    aws_port: u16,
    /// Which gateway
    #[arg(long, value_enum, default_value = "own")]
    gateway: Gateway,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    crate::setup::run()?;
    let mut deployed = Deployed::start(options.port, options.aws_port, options.gateway)?;
    println!("Stack is deployed at {} (sign-in codes arrive at {0}/dev/mail)", deployed.url);
    println!("Mail to example.org is kept for tests and does not arrive there.");
    println!("The emulated AWS is at {}; with it ends everything in it.", address(options.aws_port));
    deployed.front.wait()
}

/// The product, deployed to an emulator. Both end with this value.
pub(crate) struct Deployed {
    front: Running,
    emulator: Emulator,
    url: String,
    stores: Stores,
}

impl Deployed {
    /// Builds everything, starts an emulator, and deploys to it.
    pub(crate) fn start(port: u16, aws_port: u16, gateway: Gateway) -> Result<Self> {
        let infra = paths::root().join("infra");
        node::install(&infra)?;
        let functions =
            step("functions, compiled", || package::for_tests(&folder()?.join("lambda"), gateway))?;
        site::build(Mode::Release, &serve::binary("debug"))?;
        let emulator = step("emulator", || Emulator::start(aws_port))?;
        let outputs = deploy::to_emulator(&infra, &functions, aws_port, gateway)?;
        let stores = Stores::printed_in(&outputs)?;
        let mut front = program("node");
        front.current_dir(&infra).args(["--import", "tsx", "emulator/front.ts"]).arg(port.to_string());
        front.arg(address(aws_port)).arg(outputs).envs(variables(aws_port)).stdout(Stdio::piped());
        let mut front = Running::start(&mut front)?;
        let said = front.first_line().context("what stands in for CloudFront did not start")?;
        Ok(Self { front, emulator, url: said, stores })
    }

    /// What tells the browser's suite where everything is.
    pub(crate) fn variables(&self) -> Vec<(&'static str, String)> {
        let place = [("STACK_URL", self.url.clone()), ("STACK_TABLE", self.stores.table.clone())];
        place.into_iter().chain(variables(self.emulator.port)).collect()
    }

    /// The same on ports that nothing listens on now.
    pub(crate) fn anywhere(gateway: Gateway) -> Result<Self> {
        let free = || Ok::<_, std::io::Error>(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port());
        Self::start(free()?, free()?, gateway)
    }
}
