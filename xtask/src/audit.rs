//! `cargo xtask audit PATH`: holds the gateway against a copy of the public federation gateway audit.

use std::{
    fs,
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail, ensure};
use clap::Args;
use serde_json::{Map, Value, json};

use crate::{
    command::{cargo, program, run as run_command, run_quietly},
    paths,
    progress::step,
    stamp::{Inputs, once},
};

/// How long the audit's subgraphs may take to be served: they are compiled on the way.
const PATIENCE: Duration = Duration::from_secs(60);
/// The audit uses this of Node 22; older ones get it so.
const WITH_RESOLVERS: &str = "data:text/javascript,Promise.withResolvers||=function(){\
    let%20resolve,reject;const%20promise=new%20this((a,b)=>{resolve=a;reject=b});return{promise,resolve,reject}}";

#[derive(Args)]
pub(crate) struct Options {
    /// A copy of the repository graphql-hive/federation-gateway-audit; it is only read
    path: PathBuf,
    /// Run this group of cases only
    #[arg(long)]
    group: Option<String>,
    /// Show what was expected and what came, where they differ
    #[arg(long)]
    verbose: bool,
}

/// Serves the audit's subgraphs, runs its cases, and prints what passed and failed by group.
pub(crate) fn run(options: &Options) -> Result<()> {
    let home = prepare(&options.path)?;
    let (mut subgraphs, port) = step("the audit's subgraphs", || serve(&home))?;
    let mut audit = cargo();
    audit.args(["run", "--quiet", "--package", "gateway", "--example", "audit", "--"]);
    audit.arg(format!("http://localhost:{port}"));
    if let Some(group) = &options.group {
        audit.args(["--group", group]);
    }
    if options.verbose {
        audit.arg("--verbose");
    }
    let done = run_command(&mut audit);
    subgraphs.kill()?;
    subgraphs.wait()?;
    done
}

/// Copies what serves the subgraphs, and installs only the packages that this needs.
fn prepare(path: &Path) -> Result<PathBuf> {
    let manifest = path.join("package.json");
    let text = fs::read_to_string(&manifest).with_context(|| {
        format!("there is no audit at {}: give the path of a copy of its repository", path.display())
    })?;
    ensure!(
        path.join("src/cli.ts").exists(),
        "{} is not a copy of the audit: it has no src/cli.ts",
        path.display()
    );
    let package = serve_only(&serde_json::from_str(&text).context("reading the audit's package.json")?)?;
    let home = paths::work().join("audit");
    fs::create_dir_all(&home)?;
    let source = home.join("src");
    if source.exists() {
        fs::remove_dir_all(&source)?;
    }
    copy(&path.join("src"), &source)?;
    let package = serde_json::to_string_pretty(&package)?;
    once(&home.join("node_modules/.stamp"), Inputs::default().add(&package), || {
        fs::write(home.join("package.json"), &package)?;
        step("Node packages of the audit", || {
            run_quietly(program("npm").current_dir(&home).args(["install", "--no-audit", "--no-fund"]))
        })
    })?;
    Ok(home)
}

/// The audit's manifest without what only its other gateways need.
fn serve_only(package: &Value) -> Result<Value> {
    let mut dependencies: Map<String, Value> = package
        .get("dependencies")
        .and_then(Value::as_object)
        .cloned()
        .context("the audit has no dependencies")?;
    for name in ["graphql", "tsx"] {
        let version = package.pointer(&format!("/devDependencies/{name}"));
        dependencies.insert(name.to_owned(), version.cloned().unwrap_or_else(|| json!("*")));
    }
    Ok(
        json!({ "name": "audit", "version": "0.0.0", "private": true, "type": "module", "dependencies": dependencies }),
    )
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

/// Starts the subgraphs' server and waits until it listens.
fn serve(home: &Path) -> Result<(Child, u16)> {
    let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
    let mut child = program("node")
        .current_dir(home)
        .args(["--import", WITH_RESOLVERS, "--import", "tsx", "src/cli.ts", "serve", "--port"])
        .arg(port.to_string())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .context("`node` could not be started: install Node.js 20 or later")?;
    let started = Instant::now();
    while started.elapsed() < PATIENCE {
        if TcpStream::connect(("localhost", port)).is_ok() {
            return Ok((child, port));
        }
        if let Some(status) = child.try_wait()? {
            bail!("the audit's server ended with {status}");
        }
        sleep(Duration::from_millis(50));
    }
    child.kill()?;
    bail!("the audit's server did not listen within {PATIENCE:?}")
}
