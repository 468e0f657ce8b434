//! Running other people's programs on files from anywhere: with limits that the system enforces.

use std::{process::Stdio, thread::available_parallelism, time::Duration};

use domain::error::Code;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
};

use super::ProcessError;

/// Runs a program to its end; gives what it printed. It may take so long, and no more than its share of memory,
/// processor time and disk.
///
/// # Errors
/// [`Code::ProcessingLimit`] where a limit ended it, [`Code::MediaBroken`] where it said that it failed.
pub(super) async fn run(command: Command, limit: Duration) -> Result<String, ProcessError> {
    let mut printed = String::new();
    watch(command, limit, |line| {
        printed += line;
        printed.push('\n');
    })
    .await?;
    Ok(printed)
}

/// Runs a program to its end as [`run`] does, and gives each line to somebody as it is printed.
///
/// # Errors
/// As of [`run`].
pub(super) async fn watch(
    mut command: Command,
    limit: Duration,
    mut line: impl FnMut(&str),
) -> Result<(), ProcessError> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true);
    let mut process = command.spawn().map_err(ProcessError::failed)?;
    confine(&process, limit).map_err(ProcessError::failed)?;
    let printed = process.stdout.take();
    let ended = tokio::time::timeout(limit, async {
        if let Some(printed) = printed {
            let mut lines = BufReader::new(printed).lines();
            while let Some(next) = lines.next_line().await? {
                line(&next);
            }
        }
        process.wait().await
    });
    let Ok(ended) = ended.await else {
        return Err(ProcessError::Unsuitable(Code::ProcessingLimit));
    };
    match ended.map_err(ProcessError::failed)?.code() {
        Some(0) => Ok(()),
        Some(_) => Err(ProcessError::Unsuitable(Code::MediaBroken)),
        // No exit code: a signal, from a limit or because of what is in the file.
        None => Err(ProcessError::Unsuitable(Code::ProcessingLimit)),
    }
}

/// Limits a process that has just begun. What it has used until then counts.
#[cfg(target_os = "linux")]
fn confine(process: &Child, limit: Duration) -> std::io::Result<()> {
    use rustix::process::{Pid, Resource, Rlimit, prlimit};
    /// Address space, in bytes: room for a stream of the largest picture that is let in, on several threads.
    const MEMORY: u64 = 6 << 30;
    /// The largest file that it may write, in bytes.
    const FILE_BYTES: u64 = 1_000_000_000;
    let Some(pid) = process.id().and_then(|id| Pid::from_raw(id.try_into().ok()?)) else { return Ok(()) };
    let processors = available_parallelism().map_or(1, |count| count.get() as u64);
    let cpu_seconds = limit.as_secs().max(1) * processors;
    let limits = [
        (Resource::As, MEMORY),
        (Resource::Cpu, cpu_seconds),
        (Resource::Fsize, FILE_BYTES),
        (Resource::Core, 0),
    ];
    for (resource, most) in limits {
        match prlimit(Some(pid), resource, Rlimit { current: Some(most), maximum: Some(most) }) {
            Ok(_) => {}
            // It has ended already.
            Err(rustix::io::Errno::SRCH) => return Ok(()),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// Elsewhere only the time is limited, and the blocks of memory that `ffmpeg` takes.
#[cfg(not(target_os = "linux"))]
fn confine(_: &Child, _: Duration) -> std::io::Result<()> {
    Ok(())
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[tokio::test]
    async fn what_a_program_prints_and_how_it_ends() {
        let long = Duration::from_secs(60);
        assert_eq!(run(shell("echo fine"), long).await.unwrap(), "fine\n");
        let code = async |script, limit| match run(shell(script), limit).await {
            Err(ProcessError::Unsuitable(code)) => code,
            other => panic!("{other:?}"),
        };
        assert_eq!(code("exit 3", long).await, Code::MediaBroken);
        assert_eq!(code("kill -SEGV $$", long).await, Code::ProcessingLimit);
        assert_eq!(code("sleep 60", Duration::from_millis(10)).await, Code::ProcessingLimit);
    }

    #[tokio::test]
    async fn a_program_has_the_limits_while_it_runs() {
        // It waits until its limits are there, and prints them.
        let wait = "until grep -q '^Max core file size *0 ' /proc/$$/limits; do :; done; cat /proc/$$/limits";
        let printed = run(shell(wait), Duration::from_secs(30)).await.unwrap();
        let of = |name: &str| {
            let line = printed.lines().find_map(|line| line.strip_prefix(name)).unwrap();
            line.split_whitespace().take(2).map(str::to_owned).collect::<Vec<_>>()
        };
        let seconds = (30 * available_parallelism().unwrap().get()).to_string();
        assert_eq!(of("Max cpu time"), [seconds.clone(), seconds]);
        assert_eq!(of("Max address space"), ["6442450944", "6442450944"]);
        assert_eq!(of("Max file size"), ["1000000000", "1000000000"]);
    }
}
