//! Decoding in a process of its own, with limits that the system enforces: a file made to exhaust a decoder ends
//! that process and nothing else.

use std::{
    io::{Read as _, Write as _},
    path::PathBuf,
    process::Stdio,
    time::Duration,
};

use domain::error::Code;
use serde::{Deserialize, Serialize};
use tokio::{io::AsyncWriteExt as _, process::Command};

use super::{Made, ProcessError, Request, make};

/// Address space of the process, in bytes.
pub(super) const MEMORY: u64 = 3 << 30;
/// Seconds of processor time that the process may take, and seconds that may pass meanwhile.
const CPU_SECONDS: u64 = 120;
const SECONDS: u64 = 240;
/// The largest file that the process may write, in bytes.
const FILE_BYTES: u64 = 100_000_000;

/// Where pictures are decoded.
#[derive(Debug, Clone)]
pub enum Worker {
    /// By this program with these arguments, which calls [`work`]: one process a picture.
    Process {
        /// The program.
        program: PathBuf,
        /// What makes it call [`work`].
        arguments: Vec<String>,
    },
    /// In this very process, where something else limits it: a function on AWS ends with its file.
    Here,
}

#[derive(Debug, Serialize, Deserialize)]
enum Answer {
    Made(Made),
    Unsuitable(Code),
    Failed(String),
}

impl Worker {
    /// Makes what is wanted of a picture.
    ///
    /// # Errors
    /// [`ProcessError::Unsuitable`] where the file is the reason, the limits among it; [`ProcessError::Failed`].
    pub async fn make(&self, request: Request) -> Result<Made, ProcessError> {
        match self {
            Self::Here => {
                tokio::task::spawn_blocking(move || make(&request)).await.map_err(ProcessError::failed)?
            }
            Self::Process { program, arguments } => {
                let mut command = Command::new(program);
                command.args(arguments).env_clear().kill_on_drop(true);
                command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
                let mut process = command.spawn().map_err(ProcessError::failed)?;
                if let Some(mut input) = process.stdin.take() {
                    let request = serde_json::to_vec(&request).map_err(ProcessError::failed)?;
                    input.write_all(&request).await.map_err(ProcessError::failed)?;
                }
                let limit = Duration::from_secs(SECONDS);
                // Dropping it ends it.
                let Ok(ended) = tokio::time::timeout(limit, process.wait_with_output()).await else {
                    return Err(ProcessError::Unsuitable(Code::ProcessingLimit));
                };
                let ended = ended.map_err(ProcessError::failed)?;
                match serde_json::from_slice(&ended.stdout) {
                    Ok(Answer::Made(made)) => Ok(made),
                    Ok(Answer::Unsuitable(code)) => Err(ProcessError::Unsuitable(code)),
                    Ok(Answer::Failed(reason)) => Err(ProcessError::Failed(reason)),
                    // No exit code: a signal, from a limit or from a decoder that gave up.
                    Err(_) if ended.status.code().is_none() => {
                        Err(ProcessError::Unsuitable(Code::ProcessingLimit))
                    }
                    Err(error) => Err(ProcessError::Failed(format!("{}: {error}", ended.status))),
                }
            }
        }
    }
}

/// The process's part: limits itself, reads a [`Request`] as JSON, and writes what came of it.
///
/// # Errors
/// Where the limits can't be set, or input and output fail.
pub fn work() -> std::io::Result<()> {
    limit()?;
    let mut request = Vec::new();
    std::io::stdin().read_to_end(&mut request)?;
    let request = serde_json::from_slice(&request)?;
    let answer = match make(&request) {
        Ok(made) => Answer::Made(made),
        Err(ProcessError::Unsuitable(code)) => Answer::Unsuitable(code),
        Err(error) => Answer::Failed(error.to_string()),
    };
    let mut output = std::io::stdout().lock();
    output.write_all(&serde_json::to_vec(&answer)?)?;
    output.flush()
}

#[cfg(unix)]
fn limit() -> std::io::Result<()> {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let limits = [
        (Resource::As, MEMORY),
        (Resource::Cpu, CPU_SECONDS),
        (Resource::Fsize, FILE_BYTES),
        (Resource::Core, 0),
    ];
    for (resource, most) in limits {
        setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })?;
    }
    Ok(())
}

/// Elsewhere only the time is limited, by whoever waits.
#[cfg(not(unix))]
fn limit() -> std::io::Result<()> {
    Ok(())
}
