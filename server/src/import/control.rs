//! The running server's door for imports: a Unix socket in its data folder, since only one process can have
//! the table open. Whoever may use the folder may use the door; nothing else can reach it.
//!
//! One JSON value a line each way: a [`Request`], and its [`Answer`].

use std::{
    io::{Error, ErrorKind},
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use async_trait::async_trait;
use domain::{
    action::{Batch, Outcome},
    email::Email,
    error::Code,
    id::UserId,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{UnixListener, UnixStream},
    sync::Mutex,
};

use super::{
    backend::{Backend, Found},
    error::ImportError,
};

/// Bytes of one line. The largest batch has some 1 MB of text.
const LINE_BYTES: u64 = 16_000_000;
/// Until the next try where no connection can be taken.
const PAUSE: Duration = Duration::from_millis(100);

#[derive(Serialize, Deserialize)]
enum Request {
    Find { email: String },
    Commit { user: UserId, batch: Batch },
}

#[derive(Serialize, Deserialize)]
enum Answer {
    Found(Option<Found>),
    Committed(Vec<Outcome>),
    Refused(Code),
}

/// The server's side of the door. Imports that come before it is served wait.
#[derive(Debug)]
pub struct Door(UnixListener);

impl Door {
    /// Opens the door of a data folder, which the caller has locked. Needs a Tokio runtime.
    ///
    /// # Errors
    /// Where the socket can't be made, as in a folder with a very long path; the server can do without.
    pub fn open(data: &Path) -> std::io::Result<Self> {
        let path = socket(data);
        if let Some(folder) = path.parent() {
            // The folder is closed to others before the socket is in it.
            std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        }
        // One that a killed server left behind.
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
            _ => UnixListener::bind(&path).map(Self),
        }
    }

    /// Takes imports until the process ends.
    pub async fn serve(self, backend: Arc<dyn Backend>) {
        loop {
            let stream = match self.0.accept().await {
                Ok((stream, _)) => stream,
                Err(error) => {
                    tracing::warn!(%error, "an import could not connect");
                    tokio::time::sleep(PAUSE).await;
                    continue;
                }
            };
            let backend = Arc::clone(&backend);
            tokio::spawn(async move {
                if let Err(error) = answer(stream, &*backend).await {
                    tracing::debug!(%error, "an import's connection ended");
                }
            });
        }
    }
}

fn socket(data: &Path) -> PathBuf {
    data.join("control").join("import.sock")
}

async fn answer(mut stream: UnixStream, backend: &dyn Backend) -> std::io::Result<()> {
    let (read, mut write) = stream.split();
    let mut lines = BufReader::new(read);
    while let Some(request) = receive(&mut lines).await? {
        let answer = match request {
            Request::Find { email } => match email.parse() {
                Ok(email) => backend.find(&email).await.map(Answer::Found),
                Err(_) => Ok(Answer::Refused(Code::BadEmail)),
            },
            Request::Commit { user, batch } => backend.commit(user, &batch).await.map(Answer::Committed),
        };
        let answer = answer.unwrap_or_else(|error| match error {
            ImportError::Refused(code) => Answer::Refused(code),
            error => {
                tracing::error!(%error, "an import's request failed");
                Answer::Refused(Code::Internal)
            }
        });
        send(&mut write, &answer).await?;
    }
    Ok(())
}

/// An import's side of the door.
pub(super) struct Running(Mutex<BufReader<UnixStream>>);

impl Running {
    /// Connects to the server that has the folder, if it takes imports.
    pub(super) async fn connect(data: &Path) -> std::io::Result<Self> {
        Ok(Self(Mutex::new(BufReader::new(UnixStream::connect(socket(data)).await?))))
    }

    async fn ask(&self, request: &Request) -> Result<Answer, ImportError> {
        let mut stream = self.0.lock().await;
        let exchange = async {
            send(stream.get_mut(), request).await?;
            receive(&mut *stream).await?.ok_or_else(|| Error::from(ErrorKind::UnexpectedEof))
        };
        match exchange.await.map_err(ImportError::Lost)? {
            Answer::Refused(code) => Err(ImportError::Refused(code)),
            answer => Ok(answer),
        }
    }
}

#[async_trait]
impl Backend for Running {
    async fn find(&self, email: &Email) -> Result<Option<Found>, ImportError> {
        match self.ask(&Request::Find { email: email.to_string() }).await? {
            Answer::Found(found) => Ok(found),
            _ => Err(ImportError::Lost(ErrorKind::InvalidData.into())),
        }
    }

    async fn commit(&self, user: UserId, batch: &Batch) -> Result<Vec<Outcome>, ImportError> {
        match self.ask(&Request::Commit { user, batch: batch.clone() }).await? {
            Answer::Committed(outcomes) => Ok(outcomes),
            _ => Err(ImportError::Lost(ErrorKind::InvalidData.into())),
        }
    }
}

async fn send(write: &mut (impl AsyncWriteExt + Unpin), value: &impl Serialize) -> std::io::Result<()> {
    let mut line = serde_json::to_vec(value)?;
    line.push(b'\n');
    write.write_all(&line).await
}

/// The next value; `None` at the end.
async fn receive<T: DeserializeOwned>(
    lines: &mut (impl AsyncBufReadExt + Unpin),
) -> std::io::Result<Option<T>> {
    let mut line = Vec::new();
    lines.take(LINE_BYTES).read_until(b'\n', &mut line).await?;
    if line.is_empty() { Ok(None) } else { Ok(Some(serde_json::from_slice(&line)?)) }
}
