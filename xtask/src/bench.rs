//! `cargo xtask bench`: speed, bytes and memory, measured on this machine, as a Markdown table.

mod programs;

use std::{
    ffi::OsStr,
    fs,
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use anyhow::{Result, bail};
use clap::{Args, ValueEnum};

use crate::{
    browser,
    command::{cargo, output, program},
    debian, node, paths,
    progress::step,
    serve::{Profile, build_server},
    setup,
    site::{self, Mode},
};

/// Measuring programs: package and example. Each prints lines of a name, a tab, and a value.
const EXAMPLES: [(&str, &str, &str); 3] = [
    ("gateway", "overhead", "server/gateway"),
    ("todo", "throughput", "server/todo"),
    ("media", "pictures", "server/media"),
];

/// How long the server may take to answer for the first time.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long it is left alone before its memory is read.
const REST: Duration = Duration::from_secs(3);

#[derive(Args)]
pub(crate) struct Options {
    /// Only the bytes of the site: the rest compiles the server for release, which takes minutes
    #[arg(long)]
    bytes: bool,
    /// Only this part
    #[arg(long, value_enum, conflicts_with = "bytes")]
    only: Option<Part>,
    /// Apollo Router's program, to measure the gateway beside it too
    #[arg(long, value_name = "FILE")]
    router: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// The functions' programs, as `cargo xtask package` has built them
    Functions,
    /// The gateway beside others
    Gateways,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    let rows = match options.only {
        Some(Part::Functions) => programs::functions()?,
        Some(Part::Gateways) => programs::gateways(options.router.as_deref())?,
        None => all(options)?,
    };
    println!("| what | measured |\n|---|---|");
    for (what, measured) in rows {
        println!("| {what} | {measured} |");
    }
    Ok(())
}

fn all(options: &Options) -> Result<Rows> {
    setup::run()?;
    let server = build_server(if options.bytes { Profile::Dev } else { Profile::Release })?;
    let mut rows = site_rows(&server)?;
    if !options.bytes {
        rows.extend(server_rows(&server)?);
        rows.extend(browser_rows(&server)?);
        debian::vips()?;
        for (package, example, dir) in EXAMPLES {
            if paths::root().join(dir).join("examples").join(example).with_extension("rs").exists() {
                rows.extend(example_rows(package, example, &[])?);
            }
        }
        rows.extend(programs::functions()?);
        rows.extend(programs::gateways(options.router.as_deref())?);
    }
    Ok(rows)
}

type Rows = Vec<(String, String)>;

fn site_rows(server: &Path) -> Result<Rows> {
    let first_load = site::build(Mode::Release, server)?.first;
    let mut rows = vec![("first load, brotli".into(), format!("{} bytes", first_load.total()))];
    rows.extend(
        first_load.parts().iter().map(|(name, bytes)| (format!("- {name}"), format!("{bytes} bytes"))),
    );
    Ok(rows)
}

fn example_rows(package: &str, example: &str, arguments: &[&OsStr]) -> Result<Rows> {
    step(&format!("{package}: {example}"), || {
        let mut run = cargo();
        run.args(["run", "--quiet", "--release", "--package", package, "--example", example, "--"]);
        run.args(arguments);
        output(&mut run).map(|printed| rows_of(&printed))
    })
}

/// The measurements among the lines that a program printed.
fn rows_of(printed: &str) -> Rows {
    let row = |line: &str| line.split_once('\t').map(|(what, value)| (what.to_owned(), value.to_owned()));
    printed.lines().filter_map(row).collect()
}

fn server_rows(server: &Path) -> Result<Rows> {
    step("start-up and memory", || {
        let data = empty_data()?;
        let fresh = Running::start(server, &data)?.started_in;
        let again = Running::start(server, &data)?;
        sleep(REST);
        let mut rows = vec![
            ("start to first answer, new data folder".into(), milliseconds(fresh)),
            ("start to first answer, second start".into(), milliseconds(again.started_in)),
        ];
        if let Some(kibibytes) = resident(again.child.id()) {
            rows.push(("memory at rest".into(), format!("{:.1} MiB", f64::from(kibibytes) / 1024.0)));
        }
        Ok(rows)
    })
}

fn browser_rows(server: &Path) -> Result<Rows> {
    let end2end = paths::root().join("end2end");
    node::install(&end2end)?;
    let browser = browser::find(&end2end)?;
    step("in the browser", || {
        let running = Running::start(server, &empty_data()?)?;
        let mut measure = program("node");
        measure
            .current_dir(&end2end)
            .arg("bench/browser.mjs")
            .env("STACK_URL", format!("http://localhost:{}", running.port))
            .env("CHROMIUM", browser);
        output(&mut measure).map(|printed| rows_of(&printed))
    })
}

fn empty_data() -> Result<PathBuf> {
    let data = paths::work().join("bench-data");
    if data.exists() {
        fs::remove_dir_all(&data)?;
    }
    Ok(data)
}

/// A server that ends with this value.
struct Running {
    child: Child,
    port: u16,
    started_in: Duration,
}

impl Running {
    fn start(server: &Path, data: &Path) -> Result<Self> {
        let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        let started = Instant::now();
        let child = program(server)
            .args(["serve", "--port", &port.to_string(), "--data"])
            .arg(data)
            .arg("--site")
            .arg(Mode::Release.out())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let mut running = Self { child, port, started_in: Duration::ZERO };
        while started.elapsed() < PATIENCE {
            if answers(port) {
                running.started_in = started.elapsed();
                return Ok(running);
            }
            if let Some(status) = running.child.try_wait()? {
                bail!("the server ended with {status} before it answered");
            }
            sleep(Duration::from_micros(500));
        }
        bail!("the server did not answer within {PATIENCE:?}")
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn answers(port: u16) -> bool {
    let ask = || -> std::io::Result<[u8; 12]> {
        let mut stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
        let mut status = [0; 12];
        stream.read_exact(&mut status)?;
        Ok(status)
    };
    ask().is_ok_and(|status| status.ends_with(b" 200") || status.ends_with(b" 204"))
}

fn resident(process: u32) -> Option<u32> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.split_whitespace().next()?.parse().ok()
}

fn milliseconds(time: Duration) -> String {
    format!("{:.0} ms", time.as_secs_f64() * 1000.0)
}
