//! Measures gateways beside each other: the same supergraph, the same subgraphs over HTTP, the same queries. `cargo xtask
//! bench` runs it. Prints a name, a tab and a value a line.

#![expect(clippy::print_stdout, reason = "it prints its findings")]

#[path = "../shared/http.rs"]
mod http;
mod load;
mod serve;
mod subgraphs;

use std::{
    env, fs, io,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use clap::Parser;

use self::load::Measured;

/// How long a gateway may take to start.
const PATIENCE: Duration = Duration::from_secs(60);
const SUPERGRAPH: &str = include_str!("../../tests/gateway/supergraph.graphql");

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

#[derive(Parser)]
struct Options {
    /// A program in JavaScript that is `@apollo/gateway`: its arguments are a port and the supergraph's file
    #[arg(long, value_name = "FILE")]
    apollo: Option<PathBuf>,
    /// Apollo Router's program
    #[arg(long, value_name = "FILE")]
    router: Option<PathBuf>,
    /// Seconds for each
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// Be the gateway at this port, with the supergraph of `--supergraph`
    #[arg(long, requires = "supergraph")]
    serve: Option<u16>,
    #[arg(long, hide = true)]
    supergraph: Option<PathBuf>,
}

#[tokio::main]
async fn main() -> Outcome<()> {
    let options = Options::parse();
    if let (Some(port), Some(supergraph)) = (options.serve, &options.supergraph) {
        return serve::run(port, &fs::read_to_string(supergraph)?).await;
    }
    let folder = tempfile::tempdir()?;
    let supergraph = folder.path().join("supergraph.graphql");
    let subgraphs = subgraphs::start().await?;
    let text = subgraphs.iter().fold(SUPERGRAPH.to_owned(), |text, (name, address)| {
        text.replace(&format!("\"http://{name}\""), &format!("\"http://{address}/\""))
    });
    fs::write(&supergraph, text)?;

    let time = Duration::from_secs(options.seconds);
    let own = measure("this gateway", &mut own(&supergraph)?, time).await?;
    print("this gateway", &own);
    let others = [
        ("@apollo/gateway", options.apollo.as_deref().map(|file| apollo(file, &supergraph))),
        ("Apollo Router", options.router.as_deref().map(|file| router(file, &supergraph, folder.path()))),
    ];
    for (name, started) in others {
        let Some(started) = started else { continue };
        let measured = measure(name, &mut started?, time).await?;
        print(name, &measured);
        if measured.answers != own.answers {
            return Err(
                format!("{name} answers {:?}, and this gateway {:?}", measured.answers, own.answers).into()
            );
        }
        println!(
            "gateways, requests a second: this one to {name}\t{:.1}",
            own.per_second() / measured.per_second()
        );
    }
    Ok(())
}

/// A gateway's process, which ends with this value.
struct Running {
    process: Child,
    port: u16,
    began: Instant,
}

impl Running {
    fn start(command: &mut Command, port: u16) -> io::Result<Self> {
        let process = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn()?;
        Ok(Self { process, port, began: Instant::now() })
    }

    /// The most memory that it has had, in MiB.
    fn memory(&self) -> Outcome<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM")?;
        let kibibytes: f64 = line.split_whitespace().next().unwrap_or_default().parse()?;
        Ok(kibibytes / 1_024.0)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn free_port() -> io::Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

fn own(supergraph: &Path) -> Outcome<Running> {
    let port = free_port()?;
    let mut command = Command::new(env::current_exe()?);
    command.args(["--serve", &port.to_string(), "--supergraph"]).arg(supergraph);
    Ok(Running::start(&mut command, port)?)
}

fn apollo(program: &Path, supergraph: &Path) -> Outcome<Running> {
    let port = free_port()?;
    let mut command = Command::new("node");
    command.arg(program).arg(port.to_string()).arg(supergraph).env("NODE_ENV", "production");
    Ok(Running::start(&mut command, port)?)
}

fn router(program: &Path, supergraph: &Path, folder: &Path) -> Outcome<Running> {
    let (port, config) = (free_port()?, folder.join("router.yaml"));
    fs::write(
        &config,
        format!("supergraph:\n  listen: 127.0.0.1:{port}\nhealth_check:\n  enabled: false\n"),
    )?;
    let mut command = Command::new(program);
    command.arg("--supergraph").arg(supergraph).arg("--config").arg(config);
    command.env("APOLLO_TELEMETRY_DISABLED", "true").stderr(Stdio::null());
    Ok(Running::start(&mut command, port)?)
}

async fn measure(name: &str, running: &mut Running, time: Duration) -> Outcome<Measured> {
    let url = format!("http://127.0.0.1:{}/", running.port);
    let client = reqwest::Client::new();
    let answers = loop {
        match load::answers(&client, &url).await {
            Ok(answers) => break answers,
            Err(error) if running.began.elapsed() > PATIENCE => return Err(format!("{name}: {error}").into()),
            Err(_) => {}
        }
        if let Some(status) = running.process.try_wait()? {
            return Err(format!("{name} ended with {status}").into());
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    };
    let started = running.began.elapsed();
    load::run(&url, time / 5).await?;
    let mut times = load::run(&url, time).await?;
    times.sort_unstable();
    Ok(Measured { answers, started, times, time, memory: running.memory()? })
}

fn print(name: &str, measured: &Measured) {
    println!("{name}: requests a second\t{:.0}", measured.per_second());
    println!("{name}: p50\t{:.2} ms", measured.at(0.5));
    println!("{name}: p99\t{:.2} ms", measured.at(0.99));
    println!("{name}: start to first answers\t{:.0} ms", measured.started.as_secs_f64() * 1_000.0);
    println!("{name}: most memory\t{:.1} MiB", measured.memory);
}
