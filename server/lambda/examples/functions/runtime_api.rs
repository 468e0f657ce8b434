//! The API that Lambda has for a function's program: it hands out calls one after the other and takes the answers.
//!
//! <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>

use std::{io, net::SocketAddr, sync::Arc};

use axum::{
    Json, Router,
    body::Bytes,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use serde_json::Value;
use tokio::{
    net::TcpListener,
    sync::{Mutex, mpsc, oneshot},
    task::JoinHandle,
};

/// The trace that every call belongs to.
pub(crate) const TRACE: &str = "Root=1-6761e3b1-0123456789abcdef01234567;Parent=0123456789abcdef;Sampled=1";

type Asked = oneshot::Sender<Value>;
/// An answer, or what went wrong.
type Answered = Result<Value, String>;

/// The API of one program.
#[derive(Debug)]
pub(crate) struct RuntimeApi {
    /// Where it listens, for `AWS_LAMBDA_RUNTIME_API`.
    pub(crate) address: SocketAddr,
    asked: mpsc::UnboundedReceiver<Asked>,
    answered: mpsc::UnboundedReceiver<Answered>,
    waiting: Option<Asked>,
    serving: JoinHandle<io::Result<()>>,
}

#[derive(Clone)]
struct Told {
    asked: mpsc::UnboundedSender<Asked>,
    answered: Arc<Mutex<mpsc::UnboundedSender<Answered>>>,
}

impl RuntimeApi {
    /// Listens on a port of its own.
    ///
    /// # Errors
    /// Where there is none.
    pub(crate) async fn start() -> io::Result<Self> {
        let (asked, asking) = mpsc::unbounded_channel();
        let (answered, answering) = mpsc::unbounded_channel();
        let routes = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next))
            .route("/2018-06-01/runtime/invocation/{id}/{outcome}", post(outcome))
            .route("/2018-06-01/runtime/init/error", post(broken))
            .with_state(Told { asked, answered: Arc::new(Mutex::new(answered)) });
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let serving = tokio::spawn(axum::serve(listener, routes).into_future());
        Ok(Self { address, asked: asking, answered: answering, waiting: None, serving })
    }

    /// Waits until the program asks for a call: it is ready.
    pub(crate) async fn ready(&mut self) {
        if self.waiting.is_none() {
            self.waiting = self.asked.recv().await;
        }
    }

    /// Hands a call out once the program asks for one, and waits for its answer.
    ///
    /// # Errors
    /// In the program's words, or where it has ended.
    pub(crate) async fn call(&mut self, event: Value) -> Result<Value, String> {
        self.ready().await;
        let waiting = self.waiting.take().ok_or("the program asks for nothing")?;
        waiting.send(event).map_err(|_| "the program went away")?;
        self.answered.recv().await.ok_or("the program answered nothing")?
    }
}

impl Drop for RuntimeApi {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn next(State(told): State<Told>) -> Response {
    let (send, event) = oneshot::channel();
    // Nobody listens any more where this fails, and then there is no event either.
    let _ = told.asked.send(send);
    let Ok(event) = event.await else { return StatusCode::GONE.into_response() };
    let headers = [
        ("lambda-runtime-aws-request-id", "8476a536-e9f4-11e8-9739-2dfe598c3fcd"),
        ("lambda-runtime-deadline-ms", "4000000000000"),
        ("lambda-runtime-invoked-function-arn", "arn:aws:lambda:eu-west-1:000000000002:function:tried"),
        ("lambda-runtime-trace-id", TRACE),
    ];
    (headers, Json(event)).into_response()
}

async fn outcome(
    State(told): State<Told>,
    Path((_, outcome)): Path<(String, String)>,
    body: Bytes,
) -> StatusCode {
    let text = || String::from_utf8_lossy(&body).into_owned();
    let answered = match outcome.as_str() {
        "response" => serde_json::from_slice(&body).map_err(|_| text()),
        _ => Err(text()),
    };
    let _ = told.answered.lock().await.send(answered);
    StatusCode::ACCEPTED
}

async fn broken(State(told): State<Told>, body: Bytes) -> StatusCode {
    let _ = told.answered.lock().await.send(Err(String::from_utf8_lossy(&body).into_owned()));
    StatusCode::ACCEPTED
}
