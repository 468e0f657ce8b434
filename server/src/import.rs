//! `server import`: another program's file into a user's lists, with a line for everything that is not taken
//! as it stands. It may be broken off at any moment and run again: what arrived is recognised.

mod backend;
#[cfg(unix)]
mod control;
mod error;
mod report;

use std::{
    io::Read,
    path::{Path, PathBuf},
    time::{Duration, UNIX_EPOCH},
};

use domain::{
    action::{Batch, Outcome},
    email::Email,
    error::Code,
    id::ListId,
    limits::LISTS_PER_USER,
    time::{Day, Timestamp},
    transfer::{self, FILE_BYTES, Parsed, ReadError, Target},
};
use jiff::tz::TimeZone;

pub use backend::{Backend, Found, Services};
#[cfg(unix)]
pub use control::Door;
pub use error::ImportError;
use report::Report;

/// Times that a batch is sent again while its list is busy.
const TRIES: u32 = 10;
/// The pause before that, which grows with each time.
const PAUSE: Duration = Duration::from_millis(100);
/// Times that a file's lists may have been imported and deleted again.
const RUNS: u32 = 1_000;

/// What `server import` is told.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Todoist's CSV export, todo.txt, iCalendar with tasks, or Stack's own export
    pub file: PathBuf,
    /// The e-mail address of the account that gets the lists
    #[arg(long, value_name = "EMAIL")]
    pub user: String,
    /// The data folder of the server, which may be running
    #[arg(long, value_name = "DIR", env = "STACK_DATA", default_value = ".data")]
    pub data: PathBuf,
    /// A DynamoDB instead of the data folder
    #[arg(long, value_name = "URL", env = "AWS_ENDPOINT_URL_DYNAMODB")]
    pub dynamodb_endpoint: Option<String>,
    /// Say what would be imported, and change nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// Imports the file.
///
/// # Errors
/// Where the file or the account can't be had, or not everything arrived; the text says what to do.
pub async fn run(args: Args) -> Result<(), ImportError> {
    let email: Email = args.user.parse().map_err(|_| ImportError::BadEmail(args.user.clone()))?;
    let (parsed, saved) = read(&args.file)?;
    report::file(&args.file, &parsed);
    let backend = backend::open(&args.data, args.dynamodb_endpoint.as_deref()).await?;
    let done = commit_all(&*backend, &email, &parsed, saved, args.dry_run).await;
    backend.close().await;
    done
}

async fn commit_all(
    backend: &dyn Backend,
    email: &Email,
    parsed: &Parsed,
    saved: Timestamp,
    dry_run: bool,
) -> Result<(), ImportError> {
    let found = backend.find(email).await?.ok_or_else(|| ImportError::NoAccount(email.to_string()))?;
    let plan = Plan { parsed, saved, found: &found };
    let first = plan.lists(0);
    let new = first.iter().filter(|batches| !plan.has(batches)).count();
    if found.lists.len() + new > LISTS_PER_USER {
        return Err(ImportError::TooManyLists { there: found.lists.len(), new });
    }
    if dry_run {
        println!("Nothing was changed: this was a dry run.");
        return Ok(());
    }
    println!("If this is broken off, run the same command again: it goes on where it stopped.");
    let mut report = Report::default();
    for (index, batches) in first.into_iter().enumerate() {
        commit_list(backend, &plan, index, batches, &mut report).await?;
    }
    report.finish(email)
}

/// Commits one list's batches, under other ids where the list was deleted since an earlier import.
async fn commit_list(
    backend: &dyn Backend,
    plan: &Plan<'_>,
    index: usize,
    mut batches: Vec<Batch>,
    report: &mut Report,
) -> Result<(), ImportError> {
    let Some(list) = plan.parsed.lists.get(index) else { return Ok(()) };
    report.list(list);
    let (mut run, mut place) = (0, 0);
    while let Some(batch) = batches.get(place) {
        match commit(backend, plan.found, batch).await {
            Err(ImportError::Refused(Code::NotFound)) if place == 0 && run < RUNS => {
                run += 1;
                batches = plan.lists(run).into_iter().nth(index).unwrap_or_default();
            }
            outcomes => {
                report.batch(batch, &outcomes?);
                place += 1;
            }
        }
    }
    Ok(())
}

async fn commit(backend: &dyn Backend, found: &Found, batch: &Batch) -> Result<Vec<Outcome>, ImportError> {
    for tries in 1..TRIES {
        match backend.commit(found.user, batch).await {
            Err(ImportError::Refused(Code::Busy)) => tokio::time::sleep(PAUSE * tries).await,
            done => return done,
        }
    }
    backend.commit(found.user, batch).await
}

/// The batches of a file, list by list.
struct Plan<'a> {
    parsed: &'a Parsed,
    saved: Timestamp,
    found: &'a Found,
}

impl Plan<'_> {
    fn lists(&self, run: u32) -> Vec<Vec<Batch>> {
        let there: Vec<ListId> = self.found.lists.iter().map(|(id, _)| *id).collect();
        let plan = |after| {
            let target = Target { after, there: &there, run };
            transfer::plan(self.parsed, self.found.user, self.saved, target)
        };
        // Which of the user's lists come from this file shows in their ids.
        let ids: Vec<ListId> = plan(None).iter().map(|batch| batch.list).collect();
        let others = self.found.lists.iter().filter(|(id, _)| !ids.contains(id));
        let last = others.map(|(_, order)| order).max();
        let batches = plan(last);
        batches.chunk_by(|one, next| one.list == next.list).map(<[Batch]>::to_vec).collect()
    }

    fn has(&self, batches: &[Batch]) -> bool {
        batches.iter().any(|batch| self.found.lists.iter().any(|(id, _)| *id == batch.list))
    }
}

/// Reads the file, and when it was saved. That time stands for the days and times that the file leaves out,
/// so that the same file gives the same todos on another day.
fn read(path: &Path) -> Result<(Parsed, Timestamp), ImportError> {
    let failed = |source| ImportError::File { path: path.to_owned(), source };
    let file = std::fs::File::open(path).map_err(failed)?;
    let metadata = file.metadata().map_err(failed)?;
    let since = metadata.modified().map_err(failed)?.duration_since(UNIX_EPOCH).unwrap_or_default();
    let saved = Timestamp(i64::try_from(since.as_millis()).unwrap_or_default());
    let mut bytes = Vec::new();
    // One byte more tells that there is more.
    file.take(FILE_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(failed)?;
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let zone = TimeZone::system();
    let today = day_in(&zone, saved).ok_or_else(|| failed(std::io::ErrorKind::InvalidData.into()))?;
    let day_of = |at: Timestamp| day_in(&zone, at).unwrap_or(today);
    let parsed = transfer::read(&bytes, &name, today, &day_of);
    let parsed = parsed.map_err(|source: ReadError| ImportError::Read { path: path.to_owned(), source })?;
    Ok((parsed, saved))
}

/// The calendar day at an instant, where the calendar holds it.
fn day_in(zone: &TimeZone, at: Timestamp) -> Option<Day> {
    let date = zone.to_datetime(jiff::Timestamp::from_millisecond(at.0).ok()?).date();
    Day::new(date.year(), date.month(), date.day())
}
