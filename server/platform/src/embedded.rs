//! The embedded table: DynamoDB's operations on one SQLite file, behind the same SDK client that talks to
//! DynamoDB itself. The client's requests stay in the process: no port is opened that another program, or a
//! page in the browser, could send requests to.
//!
//! SQLite runs with its write-ahead log and `synchronous = FULL`, so a write is on the disk before it is
//! acknowledged: it outlives a killed process and a power cut.

use std::{
    fmt,
    fs::{File, OpenOptions, TryLockError},
    path::{Path, PathBuf},
    sync::{Arc, Weak},
    thread,
};

use aws_sdk_dynamodb::config::{
    HttpClient, RuntimeComponents, SharedHttpClient,
    http::{HttpRequest, HttpResponse},
};
use aws_smithy_runtime_api::{
    client::{
        http::{HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector},
        result::ConnectorError,
    },
    http::StatusCode,
};
use dynoxide::{Database, DynoxideError};
use serde::{Serialize, de::DeserializeOwned};
use tokio::sync::{mpsc, oneshot};

use crate::{error::OpenError, remote::placeholder_credentials};

/// Requests that may wait for the database thread before senders wait as well.
const QUEUE: usize = 1_024;

/// The database in a data folder, open until it is closed.
#[derive(Clone)]
pub(crate) struct Embedded {
    requests: mpsc::Sender<Request>,
    database: Weak<Database>,
}

enum Request {
    Call { operation: String, body: Vec<u8>, answer: oneshot::Sender<Answer> },
    Close { closed: oneshot::Sender<()> },
}

struct Answer {
    status: u16,
    body: String,
}

impl Embedded {
    /// Opens or makes the database in the folder, which no other process may have open.
    pub(crate) fn open(folder: &Path) -> Result<Self, OpenError> {
        create_private(folder).map_err(|source| failed(folder, source))?;
        let lock = lock(folder)?;
        let file = folder.join("stack.sqlite");
        let database_error = |reason: String| OpenError::Database { path: file.clone(), reason };
        let name = file.to_str().ok_or_else(|| database_error("its path is not UTF-8".to_owned()))?;
        let database = Arc::new(Database::new(name).map_err(|error| database_error(error.to_string()))?);
        let weak = Arc::downgrade(&database);
        let (requests, queue) = mpsc::channel(QUEUE);
        thread::Builder::new()
            .name("table".to_owned())
            .spawn(move || serve(database, queue, lock))
            .map_err(|source| failed(folder, source))?;
        Ok(Self { requests, database: weak })
    }

    /// The client configuration that sends every request to this database.
    pub(crate) fn configure(&self) -> aws_sdk_dynamodb::Config {
        aws_sdk_dynamodb::Config::builder()
            .behavior_version_latest()
            .region(aws_sdk_dynamodb::config::Region::from_static("local"))
            .endpoint_url("http://embedded.invalid")
            .credentials_provider(placeholder_credentials())
            .http_client(SharedHttpClient::new(self.clone()))
            .build()
    }

    /// Removes what is past its time to live; gives how many items that were.
    pub(crate) fn sweep(&self) -> Result<usize, DynoxideError> {
        self.database.upgrade().map_or(Ok(0), |database| database.sweep_ttl())
    }

    /// What the database answers to a request of DynamoDB's protocol: the status and the body. Nothing once it is
    /// closed.
    pub(crate) async fn answer(&self, operation: String, body: Vec<u8>) -> Option<(u16, String)> {
        let (answer, answered) = oneshot::channel();
        self.requests.send(Request::Call { operation, body, answer }).await.ok()?;
        answered.await.ok().map(|Answer { status, body }| (status, body))
    }

    /// Waits for the requests before this one, closes the file and gives the folder free.
    pub(crate) async fn close(&self) {
        let (closed, done) = oneshot::channel();
        if self.requests.send(Request::Close { closed }).await.is_ok() {
            // An error says that the thread has ended already, which is what is waited for.
            let _ = done.await;
        }
    }
}

impl fmt::Debug for Embedded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Embedded")
    }
}

impl HttpClient for Embedded {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Embedded {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let database = self.clone();
        HttpConnectorFuture::new(async move {
            let target = request.headers().get("x-amz-target").unwrap_or_default();
            let operation = target.rsplit('.').next().unwrap_or_default().to_owned();
            let body = request.body().bytes().unwrap_or_default().to_vec();
            let closed = || ConnectorError::other("the table is closed".into(), None);
            let (status, body) = database.answer(operation, body).await.ok_or_else(closed)?;
            let status =
                StatusCode::try_from(status).map_err(|error| ConnectorError::other(error.into(), None))?;
            let mut response = HttpResponse::new(status, body.into());
            response.headers_mut().insert("content-type", "application/x-amz-json-1.0");
            Ok(response)
        })
    }
}

/// Runs requests one after the other, since SQLite writes one at a time anyway, on a thread of its own,
/// since waiting for the disk would hold up the threads that serve connections.
fn serve(database: Arc<Database>, mut queue: mpsc::Receiver<Request>, lock: File) {
    let mut closing = None;
    while let Some(request) = queue.blocking_recv() {
        match request {
            Request::Call { operation, body, answer } => {
                // The caller may have gone; its write stands all the same.
                let _ = answer.send(perform(&database, &operation, &body));
            }
            Request::Close { closed } => {
                closing = Some(closed);
                break;
            }
        }
    }
    drop(queue);
    // In this order: the lock says that nobody has the file open.
    drop(database);
    drop(lock);
    if let Some(closed) = closing {
        let _ = closed.send(());
    }
}

fn perform(database: &Database, operation: &str, body: &[u8]) -> Answer {
    let done = match operation {
        "GetItem" => run(body, |request| database.get_item(request)),
        "BatchGetItem" => run(body, |request| database.batch_get_item(request)),
        "Query" => run(body, |request| database.query(request)),
        "Scan" => run(body, |request| database.scan(request)),
        "PutItem" => run(body, |request| database.put_item(request)),
        "UpdateItem" => run(body, |request| database.update_item(request)),
        "DeleteItem" => run(body, |request| database.delete_item(request)),
        "BatchWriteItem" => run(body, |request| database.batch_write_item(request)),
        "TransactWriteItems" => run(body, |request| database.transact_write_items(request)),
        "TransactGetItems" => run(body, |request| database.transact_get_items(request)),
        "CreateTable" => run(body, |request| database.create_table(request)),
        "DescribeTable" => run(body, |request| database.describe_table(request)),
        "UpdateTimeToLive" => run(body, |request| database.update_time_to_live(request)),
        "DescribeTimeToLive" => run(body, |request| database.describe_time_to_live(request)),
        other => {
            Err(DynoxideError::ValidationException(format!("{other} is not offered by the embedded table")))
        }
    };
    match done {
        Ok(body) => Answer { status: 200, body },
        Err(error) => Answer { status: error.status_code(), body: error.to_json() },
    }
}

fn run<Q: DeserializeOwned, A: Serialize>(
    body: &[u8],
    operation: impl FnOnce(Q) -> dynoxide::Result<A>,
) -> dynoxide::Result<String> {
    let unreadable = |error: serde_json::Error| DynoxideError::SerializationException(error.to_string());
    let answer = operation(serde_json::from_slice(body).map_err(unreadable)?)?;
    serde_json::to_string(&answer).map_err(|error| DynoxideError::InternalServerError(error.to_string()))
}

/// Makes the folder, where it is missing, for its owner alone: what is in it is everybody's lists.
pub(crate) fn create_private(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Takes the folder for this process. The system gives it free when the process ends, however it ends.
fn lock(folder: &Path) -> Result<File, OpenError> {
    let path: PathBuf = folder.join("lock");
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .map_err(|source| failed(&path, source))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(OpenError::InUse { path: folder.to_owned() }),
        Err(TryLockError::Error(source)) => Err(failed(&path, source)),
    }
}

fn failed(path: &Path, source: std::io::Error) -> OpenError {
    OpenError::Folder { path: path.to_owned(), source }
}
