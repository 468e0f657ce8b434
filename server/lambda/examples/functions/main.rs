//! Measures the functions' programs as Lambda runs them: until a new process is ready and has answered its first call, with
//! its first request to the table, and calls after that. `cargo xtask bench` runs it. Argument: the folder of the programs.
//! Prints a name, a tab and a value a line.

#![expect(clippy::print_stdout, reason = "it prints its findings")]
#![expect(clippy::indexing_slicing, reason = "its own JSON; reading what is not there gives null")]

mod events;
mod runtime_api;
mod services;

use std::{
    error::Error,
    fs,
    path::{Path, PathBuf},
    process::Stdio,
    time::{Duration, Instant},
};

use platform::Table;
use tokio::process::{Child, Command};

use self::{
    events::{Device, TRIED, Tried},
    runtime_api::RuntimeApi,
    services::Services,
};

/// New processes of each program, of which the median counts.
const STARTS: usize = 9;
/// Calls of one process.
const CALLS: usize = 500;
/// A second has so many of the system's ticks, in which it counts a process's time.
const TICKS: f64 = 100.0;

type Outcome<T> = Result<T, Box<dyn Error>>;

#[tokio::main]
async fn main() -> Outcome<()> {
    let programs = PathBuf::from(std::env::args_os().nth(1).ok_or("say the folder of the programs")?);
    let folder = tempfile::tempdir()?;
    let table = Table::embedded(folder.path()).await?;
    let services = Services::start(table.clone(), events::media_key(folder.path()).await?).await?;
    let bench = Bench { programs, services, table: table.name().to_owned() };
    let device = Device::sign_in(&bench, &table).await?;
    for tried in TRIED {
        bench.measure(&tried, &device).await?;
    }
    Ok(())
}

pub(crate) struct Bench {
    programs: PathBuf,
    services: Services,
    table: String,
}

/// A program, and the API that it asks for calls. It ends with this value.
pub(crate) struct Running {
    pub(crate) api: RuntimeApi,
    process: Child,
    began: Instant,
}

impl Bench {
    pub(crate) async fn start(&self, function: &str) -> Outcome<Running> {
        let api = RuntimeApi::start().await?;
        let address = format!("http://{}", self.services.address);
        let program = self.programs.join(function);
        let mut command = Command::new(&program);
        command.env_clear().envs([
            ("AWS_LAMBDA_RUNTIME_API", api.address.to_string().as_str()),
            ("AWS_LAMBDA_FUNCTION_NAME", function),
            ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512"),
            ("AWS_LAMBDA_FUNCTION_VERSION", "1"),
            ("AWS_ENDPOINT_URL", &address),
            ("AWS_REGION", "eu-west-1"),
            ("AWS_ACCESS_KEY_ID", "a"),
            ("AWS_SECRET_ACCESS_KEY", "s"),
            ("RUST_LOG", "info"),
            ("STACK_ENVIRONMENT", "bench"),
            ("TABLE", &self.table),
            ("SOCKETS", &format!("{address}/sockets")),
            ("SIGNING_SECRET", "signing"),
            ("ORIGIN_SECRET", "origin"),
            ("MAIL_FROM", "sign-in@stack.example"),
            ("MAIL_CONFIGURATION", "mail"),
            ("MAIL_KEPT", "true"),
            ("ORIGINALS", "originals"),
            ("VARIANTS", "variants"),
            ("MAKER", "maker"),
            ("MEDIA_KEY", "media-key"),
            ("MEDIA_KEY_ID", "k"),
            ("MEDIA_ORIGIN", "https://stack.example"),
            ("SUBGRAPH_TODO", "todo:1"),
        ]);
        let began = Instant::now();
        let spawned = command.stdout(Stdio::null()).kill_on_drop(true).spawn();
        let process = spawned.map_err(|error| format!("{}: {error}", program.display()))?;
        Ok(Running { api, process, began })
    }

    async fn measure(&self, tried: &Tried, device: &Device) -> Outcome<()> {
        let name = tried.function;
        let (mut ready, mut first) = (Vec::new(), Vec::new());
        for _ in 0..STARTS {
            let mut running = self.start(name).await?;
            running.ready().await?;
            ready.push(running.began.elapsed());
            let asked = Instant::now();
            let answer = running.api.call((tried.event)(device)).await?;
            first.push(asked.elapsed());
            if events::is_refusal(&answer) {
                return Err(format!("{name} refuses {}: {answer}", tried.what).into());
            }
        }
        let mut running = self.start(name).await?;
        for _ in 0..CALLS / 10 {
            running.api.call((tried.event)(device)).await?;
        }
        let before = running.processed()?;
        let mut warm = Vec::with_capacity(CALLS);
        for _ in 0..CALLS {
            running.api.ready().await;
            let asked = Instant::now();
            running.api.call((tried.event)(device)).await?;
            warm.push(asked.elapsed());
        }
        let calls = f64::from(u32::try_from(CALLS)?);
        let processed = (running.processed()? - before) / calls;
        let (what, memory) = (format!("{name}, {}", tried.what), running.memory()?);
        println!("{what}: process until ready, p50\t{}", shown(at(&mut ready, 0.5)));
        println!("{what}: first call, p50\t{}", shown(at(&mut first, 0.5)));
        for (share, title) in [(0.5, "p50"), (0.99, "p99")] {
            println!("{what}: warm, {title}\t{}", shown(at(&mut warm, share)));
        }
        println!("{what}: processor, warm\t{processed:.2} ms");
        println!("{what}: most memory\t{memory:.1} MiB");
        Ok(())
    }
}

impl Running {
    /// Waits until it is ready, or has ended.
    async fn ready(&mut self) -> Outcome<()> {
        tokio::select! {
            () = self.api.ready() => Ok(()),
            ended = self.process.wait() => Err(format!("it ended with {}", ended?).into()),
        }
    }

    fn file(&self, name: &str) -> Outcome<String> {
        let id = self.process.id().ok_or("it has ended")?;
        Ok(fs::read_to_string(Path::new("/proc").join(id.to_string()).join(name))?)
    }

    /// The most memory that it has had, in MiB.
    fn memory(&self) -> Outcome<f64> {
        let status = self.file("status")?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM")?;
        let kibibytes: f64 = line.split_whitespace().next().unwrap_or_default().parse()?;
        Ok(kibibytes / 1_024.0)
    }

    /// Milliseconds of a processor that it has had.
    fn processed(&self) -> Outcome<f64> {
        let stat = self.file("stat")?;
        // The name, which may have blanks, ends with the last parenthesis; fields 14 and 15 are times.
        let (_, fields) = stat.rsplit_once(')').ok_or("no name")?;
        let times = fields.split_whitespace().skip(11).take(2).map(str::parse::<f64>);
        Ok(times.sum::<Result<f64, _>>()? / TICKS * 1_000.0)
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a place in a list"
)]
fn at(times: &mut [Duration], share: f64) -> Duration {
    times.sort_unstable();
    times.get((times.len() as f64 * share) as usize).copied().unwrap_or_default()
}

fn shown(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1_000.0)
}
