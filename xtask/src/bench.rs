//! `cargo xtask bench`: speed, bytes and memory, measured on this machine, as a Markdown table.

use std::{
    fs,
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use anyhow::{Result, bail};
use clap::Args;

use crate::{
    command::{cargo, output, program},
    paths,
    progress::step,
    serve::{Profile, build_server},
    setup,
    site::{self, Mode},
};

/// Measuring programs: package and example. Each prints lines of a name, a tab, and a value.
const EXAMPLES: [(&str, &str, &str); 2] =
    [("gateway", "overhead", "server/gateway"), ("todo", "throughput", "server/todo")];

/// How long the server may take to answer for the first time.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long it is left alone before its memory is read.
const REST: Duration = Duration::from_secs(3);

#[derive(Args)]
pub(crate) struct Options {
    /// Only the bytes of the site: the rest compiles the server for release, which takes minutes
    #[arg(long)]
    bytes: bool,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    setup::run()?;
    let mut rows = site_rows()?;
    if !options.bytes {
        rows.extend(server_rows()?);
        for (package, example, dir) in EXAMPLES {
            if paths::root().join(dir).join("examples").join(example).with_extension("rs").exists() {
                rows.extend(example_rows(package, example)?);
            }
        }
    }
    println!("| what | measured |\n|---|---|");
    for (what, measured) in rows {
        println!("| {what} | {measured} |");
    }
    Ok(())
}

type Rows = Vec<(String, String)>;

fn site_rows() -> Result<Rows> {
    let first_load = site::build(Mode::Release)?;
    let mut rows = vec![("first load, brotli".into(), format!("{} bytes", first_load.total()))];
    rows.extend(first_load.parts().iter().map(|(name, bytes)| (format!("- {name}"), format!("{bytes} bytes"))));
    Ok(rows)
}

fn example_rows(package: &str, example: &str) -> Result<Rows> {
    let printed = step(&format!("{package}: {example}"), || {
        output(cargo().args(["run", "--quiet", "--release", "--package", package, "--example", example]))
    })?;
    let row = |line: &str| line.split_once('\t').map(|(what, value)| (what.to_owned(), value.to_owned()));
    Ok(printed.lines().filter_map(row).collect())
}

fn server_rows() -> Result<Rows> {
    let server = build_server(Profile::Release)?;
    step("start-up and memory", || {
        let data = paths::work().join("bench-data");
        if data.exists() {
            fs::remove_dir_all(&data)?;
        }
        let fresh = measure_start(&server, &data)?;
        let again = measure_start(&server, &data)?;
        let mut rows = vec![
            ("start to first answer, new data folder".into(), milliseconds(fresh.start)),
            ("start to first answer, second start".into(), milliseconds(again.start)),
        ];
        if let Some(kibibytes) = again.memory {
            rows.push(("memory at rest".into(), format!("{:.1} MiB", f64::from(kibibytes) / 1024.0)));
        }
        Ok(rows)
    })
}

struct Measured {
    start: Duration,
    /// Resident, in KiB; only where `/proc` tells it.
    memory: Option<u32>,
}

fn measure_start(server: &Path, data: &Path) -> Result<Measured> {
    let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
    let started = Instant::now();
    let mut child = program(server)
        .args(["serve", "--port", &port.to_string(), "--data"])
        .arg(data)
        .arg("--site")
        .arg(Mode::Release.out())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    let measured = wait_for_answer(&mut child, port, started).map(|start| {
        sleep(REST);
        Measured { start, memory: resident(child.id()) }
    });
    child.kill()?;
    child.wait()?;
    measured
}

fn wait_for_answer(child: &mut Child, port: u16, started: Instant) -> Result<Duration> {
    while started.elapsed() < PATIENCE {
        if answers(port) {
            return Ok(started.elapsed());
        }
        if let Some(status) = child.try_wait()? {
            bail!("the server ended with {status} before it answered");
        }
        sleep(Duration::from_micros(500));
    }
    bail!("the server did not answer within {PATIENCE:?}")
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
