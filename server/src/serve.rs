//! `server serve`: a host with its log, until it is told to stop.

use std::{
    io::IsTerminal as _,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::PathBuf,
};

use media::process::Worker;
use platform::blob::BucketNames;
use tracing_subscriber::{EnvFilter, fmt};

use crate::{
    host::{Deployed, Host, Options, SiteFolder},
    relay::{Address, Relay},
    watch::Watch,
};

/// What goes to the log where `RUST_LOG` doesn't say: the embedded database reports every write whose condition
/// did not hold, which is everyday business; the embedded storage every signature that is not right, with keys.
const LOG: &str = "info,dynoxide=error,s3s=off,s3s_fs=off";

/// The hidden subcommand that decodes a picture.
pub const PICTURE_WORKER: &str = "picture-worker";

/// The variable that names an API elsewhere.
const API: &str = "STACK_API";

/// What `server serve` is told.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Address to listen on; the default is for this machine alone
    #[arg(long, env = "STACK_ADDRESS", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    pub address: IpAddr,
    /// Port to listen on; 0 takes a free one
    #[arg(long, env = "STACK_PORT", default_value_t = 8000)]
    pub port: u16,
    /// Folder of the database and the signing key; made if it isn't there
    #[arg(long, value_name = "DIR", env = "STACK_DATA", default_value = ".data")]
    pub data: PathBuf,
    /// Folder of the built site; without it there is only the API
    #[arg(long, value_name = "DIR", env = "STACK_SITE")]
    pub site: Option<PathBuf>,
    /// Serve the site alone, and pass everything else on to the API at this address
    #[arg(long, value_name = "URL", env = API, conflicts_with_all = ["table", "originals", "variants", "region"])]
    pub api: Option<Address>,
    /// The table of a deployment, to use instead of the embedded one; its buckets go with it
    #[arg(long, value_name = "NAME", requires = "originals", requires = "variants")]
    pub table: Option<String>,
    /// The bucket of that deployment's uploads
    #[arg(long, value_name = "NAME", requires = "table")]
    pub originals: Option<String>,
    /// The bucket of what is made of them
    #[arg(long, value_name = "NAME", requires = "table")]
    pub variants: Option<String>,
    /// Where they are, instead of where AWS_REGION or the profile says
    #[arg(long, value_name = "REGION", requires = "table")]
    pub region: Option<String>,
    /// A DynamoDB to use instead of the embedded table
    #[arg(long, value_name = "URL", env = "AWS_ENDPOINT_URL_DYNAMODB")]
    pub dynamodb_endpoint: Option<String>,
    /// An S3 to use for files instead of the embedded storage
    #[arg(long, value_name = "URL", env = "AWS_ENDPOINT_URL_S3")]
    pub s3_endpoint: Option<String>,
}

/// Serves until Ctrl-C or SIGTERM.
///
/// # Errors
/// Where the host can't start; the text says what to do.
pub async fn run(args: Args) -> Result<(), Box<dyn std::error::Error>> {
    start_log();
    let address = SocketAddr::new(args.address, args.port);
    if let Some(api) = args.api {
        // Read anew for each request: whoever works on the site sees what was built last.
        let site = args.site.map_or(SiteFolder::None, SiteFolder::Changing);
        return relay_until_stopped(address, site, api).await;
    }
    let site = args.site.map_or(SiteFolder::None, SiteFolder::Built);
    let deployed = match (args.table, args.originals, args.variants) {
        (Some(table), Some(originals), Some(variants)) => {
            Some(Deployed { region: args.region, table, buckets: BucketNames { originals, variants } })
        }
        _ => None,
    };
    let options = Options {
        deployed,
        dynamodb_endpoint: args.dynamodb_endpoint,
        s3_endpoint: args.s3_endpoint,
        site,
        worker: worker()?,
        ..Options::new(address, args.data)
    };
    until_stopped(options).await
}

/// Serves for `cargo leptos watch`, which starts this program without arguments.
///
/// # Errors
/// Where the pages don't render or the host can't start.
pub async fn run_watched(watch: Watch) -> Result<(), Box<dyn std::error::Error>> {
    start_log();
    watch.render().await?;
    if let Ok(api) = std::env::var(API) {
        return relay_until_stopped(watch.address, SiteFolder::Changing(watch.site), api.parse()?).await;
    }
    let data = std::env::var_os("STACK_DATA").map_or_else(|| PathBuf::from(".data"), PathBuf::from);
    let site = SiteFolder::Changing(watch.site.clone());
    until_stopped(Options { site, worker: worker()?, ..Options::new(watch.address, data) }).await
}

/// Pictures are decoded by this very program, in a process of their own.
fn worker() -> std::io::Result<Worker> {
    Ok(Worker::Process { program: std::env::current_exe()?, arguments: vec![PICTURE_WORKER.to_owned()] })
}

async fn relay_until_stopped(
    address: SocketAddr,
    site: SiteFolder,
    api: Address,
) -> Result<(), Box<dyn std::error::Error>> {
    let relay = Relay::start(address, site, api.clone()).await?;
    println!("Stack's site is at http://{}, before the API at {api}", relay.address);
    wait_for_signal().await?;
    eprintln!("stopping");
    Ok(relay.stop().await?)
}

async fn until_stopped(options: Options) -> Result<(), Box<dyn std::error::Error>> {
    let shared = options.deployed.as_ref().map(|deployed| deployed.table.clone());
    let host = Host::start(options).await?;
    let address = host.address;
    // To the terminal, not the log: it is what whoever started this waits for.
    println!("Stack is at http://{address} (sign-in codes arrive at http://{address}/dev/mail)");
    if let Some(table) = shared {
        eprintln!("Its table, {table}, is a deployment's: cleaning up and making variants is left to that.");
    }
    wait_for_signal().await?;
    eprintln!("stopping");
    Ok(host.stop().await?)
}

#[cfg(unix)]
async fn wait_for_signal() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        done = tokio::signal::ctrl_c() => done,
        _ = terminate.recv() => Ok(()),
    }
}

#[cfg(not(unix))]
async fn wait_for_signal() -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}

/// Lines for people on a terminal, JSON elsewhere.
fn start_log() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(LOG));
    let log = fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if std::io::stderr().is_terminal() {
        log.compact().init();
    } else {
        log.json().flatten_event(true).init();
    }
}
