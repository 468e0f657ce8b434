//! `cargo xtask test`: every check that a change has to pass, in one run.

use std::{
    env,
    net::TcpListener,
    path::{Path, PathBuf},
    process::Command,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Result, bail};
use clap::{Args, ValueEnum};

use crate::{
    aws::{Deployed, Half, deploy::Place},
    browser,
    command::{cargo, output, program, run as run_program},
    cost::{self, Measured},
    debian, node,
    package::{self, Gateway},
    paths,
    progress::{seconds, step},
    schema, serve, setup,
    site::{self, Mode},
};

/// The parts of the whole, in the order in which they run.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Check {
    /// rustfmt
    Format,
    /// clippy, native and wasm, with warnings denied; the native tests are compiled with it
    Lint,
    /// Unit, property and integration tests
    Test,
    /// The committed supergraph and API schema
    Schema,
    /// The client's tests in a browser, compiled to wasm
    Wasm,
    /// The bytes of the site
    Site,
    /// The definition of the deployment, and the workflows
    Infra,
    /// The product in a browser, against the release site
    End2end,
    /// The same against everything deployed to an emulator of AWS
    Deployed,
}

#[derive(Args)]
pub(crate) struct Options {
    /// Run only these; say it again for more than one
    #[arg(long, value_enum)]
    only: Vec<Check>,
    /// Run only what needs a deployment, on an emulator of AWS
    #[arg(long, conflicts_with = "only")]
    deployed: bool,
    /// Run only the browser's suite, against an environment that `cargo xtask deploy` has deployed from here
    #[arg(long, value_name = "ENV", conflicts_with_all = ["only", "deployed"])]
    against: Option<String>,
    /// Run only the browser's suite, against a deployment on an emulator of AWS that has this gateway
    #[arg(long, value_enum, conflicts_with_all = ["only", "deployed", "against"])]
    gateway: Option<Gateway>,
    /// Words for Playwright, after `--`: a file or `--grep`
    #[arg(last = true)]
    playwright: Vec<String>,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    if let Some(environment) = &options.against {
        return against(environment, &options.playwright);
    }
    setup::run()?;
    if let Some(gateway) = options.gateway {
        return with_gateway(gateway, &options.playwright);
    }
    let mut results = Vec::new();
    thread::scope(|scope| {
        let mut client = None;
        for check in Check::value_variants().iter().filter(|check| options.want(**check)) {
            if *check == Check::Test && options.want(Check::Site) {
                // The linker works on the client with one core, and most tests need no more either.
                client = Some(scope.spawn(|| site::compile(Mode::Release)));
            }
            if let Some(client) = client.take_if(|_| *check == Check::Site) {
                // What went wrong goes wrong once more below, and is told there.
                let _ = client.join();
            }
            let started = Instant::now();
            let result = check.run(options);
            if let Err(error) = &result {
                eprintln!("{error:#}");
            }
            results.push((check.name(), result.is_ok(), started.elapsed()));
        }
    });
    summarise(&results)
}

impl Options {
    fn want(&self, check: Check) -> bool {
        let all = self.only.is_empty() && !self.deployed;
        all || self.only.contains(&check) || (self.deployed && check == Check::Deployed)
    }
}

fn summarise(results: &[(String, bool, Duration)]) -> Result<()> {
    println!();
    for (name, passed, time) in results {
        println!("{} {name:<8} {:>12}", if *passed { "ok  " } else { "FAIL" }, seconds(*time));
    }
    let failed = results.iter().filter(|(_, passed, _)| !passed).count();
    println!("{} passed, {failed} failed", results.len() - failed);
    if failed > 0 {
        bail!("not everything passed");
    }
    Ok(())
}

impl Check {
    fn name(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }

    fn run(self, options: &Options) -> Result<()> {
        match self {
            Self::Format => step("format", format),
            Self::Lint => lint(),
            Self::Test => {
                debian::ffmpeg()?;
                step("tests", || run_program(&mut tests()?))
            }
            Self::Schema => step("schema", || schema::run(true, &tested_server()?)),
            Self::Wasm => step("wasm tests", wasm_tests),
            Self::Site => step("site", || site::run(Mode::Release, &tested_server()?)),
            Self::Infra => step("infra", infra),
            Self::End2end => step("end to end", || end_to_end(&options.playwright)),
            Self::Deployed => step("end to end, deployed", || deployed(&options.playwright).map(drop)),
        }
    }
}

/// The other gateway is a workspace of its own.
fn format() -> Result<()> {
    run_program(cargo().args(["fmt", "--all", "--check"]))?;
    run_program(
        cargo().arg("fmt").arg("--manifest-path").arg(package::apollo().join("Cargo.toml")).arg("--check"),
    )
}

fn lint() -> Result<()> {
    step("lints, native", || {
        compile()?;
        run_program(linted(&mut cargo())?.args(["test", "--quiet", "--package", "xtask"]))
    })?;
    step("lints, wasm", || {
        run_program(
            cargo()
                .args(["clippy", "--package", "app", "--package", "app-web", "--features", "app/csr"])
                .args(["--tests", "--target", setup::WASM])
                .args(["--", "--deny", "warnings"]),
        )
    })
}

/// The chores themselves are left out: with them, most libraries would be compiled once more, for their features.
fn tests() -> Result<Command> {
    let mut command = cargo();
    linted(&mut command)?.args(["test", "--workspace", "--exclude", "app-web", "--exclude", "xtask"]);
    Ok(command)
}

/// Has Clippy compile the workspace, with warnings denied. `cargo clippy` would read every library once more, without
/// anything to run at its end: that is seven minutes of a first run. What people get, rustc compiles.
fn linted(command: &mut Command) -> Result<&mut Command> {
    let toolchain = output(program("rustc").args(["--print", "sysroot"]))?;
    let clippy =
        Path::new(toolchain.trim()).join("bin").join(format!("clippy-driver{}", env::consts::EXE_SUFFIX));
    if !clippy.is_file() {
        bail!("Clippy is not on this machine: `rustup component add clippy` installs it");
    }
    // As `cargo clippy` says it to the driver.
    const DENY: &str = "--deny__CLIPPY_HACKERY__warnings__CLIPPY_HACKERY__";
    Ok(command.env("RUSTC_WORKSPACE_WRAPPER", clippy).env("CLIPPY_ARGS", DENY))
}

/// Compiles all tests, and the programs that they run.
pub(crate) fn compile() -> Result<()> {
    run_program(tests()?.args(["--quiet", "--no-run"]))
}

/// The server as the tests compile it, so that no library is compiled twice.
fn tested_server() -> Result<PathBuf> {
    compile()?;
    Ok(serve::binary("debug"))
}

fn wasm_tests() -> Result<()> {
    let browser = browser::find(&end2end()?)?;
    run_program(cargo().args(["build", "--quiet", "--package", "xtask", "--features", "wasm-tests"]))?;
    let runner = paths::target().join("debug/wasm-test-runner");
    let mut tests = cargo();
    tests
        .args(["test", "--package", "app", "--features", "csr,whole", "--target", setup::WASM, "--tests"])
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", runner);
    browser::configure_wasm_tests(&mut tests, &browser)?;
    run_program(&mut tests)
}

fn end_to_end(words: &[String]) -> Result<()> {
    debian::ffmpeg()?;
    let server = tested_server()?;
    site::build(Mode::Release, &server)?;
    let mut playwright = playwright(words)?;
    playwright.env("STACK_SERVER", server).env("STACK_SITE", Mode::Release.out());
    run_program(playwright.env("STACK_PORT", free_port()?.to_string()))
}

fn against(environment: &str, words: &[String]) -> Result<()> {
    let mut playwright = playwright(words)?;
    let place = Place::of(environment)?;
    run_program(playwright.env("STACK_URL", place.url).env("STACK_TABLE", place.stores.table))
}

fn infra() -> Result<()> {
    let infra = paths::root().join("infra");
    node::install(&infra)?;
    run_program(program("npm").current_dir(&infra).args(["test", "--silent"]))
}

fn with_gateway(gateway: Gateway, words: &[String]) -> Result<()> {
    debian::ffmpeg()?;
    let mut whole = playwright(words)?;
    let deployed = Deployed::anywhere(gateway)?;
    run_program(whole.envs(deployed.variables()))
}

/// Runs the suite against a deployment on an emulator; gives what that consumed.
pub(crate) fn deployed(words: &[String]) -> Result<Measured> {
    debian::ffmpeg()?;
    let mut whole = playwright(words)?;
    let deployed = Deployed::anywhere(Gateway::Own)?;
    run_program(whole.envs(deployed.variables()))?;
    let measured = cost::record(&deployed)?;
    if !words.is_empty() {
        // Whoever names specs wants those alone.
        return Ok(measured);
    }
    for half in [Half::Site, Half::Backend] {
        step(half.name(), || {
            let local = deployed.with_half(half, &serve::binary("debug"))?;
            run_program(playwright(&[])?.args(["--grep", half.specs()]).envs(local.variables()))
        })?;
    }
    Ok(measured)
}

fn playwright(words: &[String]) -> Result<Command> {
    let end2end = end2end()?;
    let mut playwright = program("npx");
    playwright.current_dir(&end2end).args(["playwright", "test"]).args(words);
    playwright.env("CHROMIUM", browser::find(&end2end)?);
    Ok(playwright)
}

/// The suite's folder, with its packages installed.
fn end2end() -> Result<PathBuf> {
    let dir = paths::root().join("end2end");
    node::install(&dir)?;
    Ok(dir)
}

/// A port that nothing listens on now. Set `STACK_PORT` to choose it.
fn free_port() -> Result<u16> {
    match env::var("STACK_PORT") {
        Ok(port) => Ok(port.parse()?),
        Err(_) => Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port()),
    }
}
