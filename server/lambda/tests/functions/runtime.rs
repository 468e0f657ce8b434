//! A built program, over the Runtime API that Lambda has for it: a call comes in, a subgraph is invoked, the answer
//! goes out, and the trace goes along.

use std::{process::Stdio, sync::Arc};

use axum::{
    Json, Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use domain::id::{SessionId, UserId};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    net::TcpListener,
    process::Command,
    sync::{Mutex, mpsc},
};

use crate::world::http_event;

const TRACE: &str = "Root=1-6761e3b1-0123456789abcdef01234567;Parent=0123456789abcdef;Sampled=1";

/// The one call, and what came of it.
#[derive(Clone)]
struct Api {
    event: Arc<Mutex<Option<Value>>>,
    told: mpsc::UnboundedSender<(&'static str, HeaderMap, Value)>,
}

async fn next(State(api): State<Api>) -> Response {
    let Some(event) = api.event.lock().await.take() else { return std::future::pending().await };
    let headers = [
        ("lambda-runtime-aws-request-id", "8476a536-e9f4-11e8-9739-2dfe598c3fcd"),
        ("lambda-runtime-deadline-ms", "4000000000000"),
        ("lambda-runtime-invoked-function-arn", "arn:aws:lambda:eu-west-1:000000000002:function:gateway"),
        ("lambda-runtime-trace-id", TRACE),
    ];
    (headers, Json(event)).into_response()
}

async fn answered(State(api): State<Api>, headers: HeaderMap, body: Bytes) -> StatusCode {
    api.told.send(("answer", headers, serde_json::from_slice(&body).unwrap())).unwrap();
    StatusCode::ACCEPTED
}

/// Lambda's own API, for which the gateway is a client.
async fn invoke(State(api): State<Api>, headers: HeaderMap, body: Bytes) -> Response {
    if headers.get("x-amz-invocation-type").is_some_and(|kind| kind == "DryRun") {
        return StatusCode::NO_CONTENT.into_response();
    }
    api.told.send(("invoke", headers, serde_json::from_slice(&body).unwrap())).unwrap();
    Json(json!({ "data": { "heads": [] } })).into_response()
}

#[tokio::test]
async fn a_program_answers_over_the_runtime_api_and_passes_the_trace_on() {
    let (user, session) = (UserId::fresh(), SessionId::fresh());
    let mut event = http_event("POST", "/graphql");
    event["requestContext"]["authorizer"] = json!({ "lambda": { "user": user, "session": session } });
    let body = json!({ "query": "query Heads { heads { list } }", "operationName": "Heads" });
    event["body"] = body.to_string().into();
    let (told, mut telling) = mpsc::unbounded_channel();
    let api = Api { event: Arc::new(Mutex::new(Some(event))), told };
    let routes = Router::new()
        .route("/2018-06-01/runtime/invocation/next", get(next))
        .route("/2018-06-01/runtime/invocation/{id}/response", post(answered))
        .route("/2015-03-31/functions/{name}/invocations", post(invoke))
        .with_state(api);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let serving = tokio::spawn(axum::serve(listener, routes).into_future());

    let mut program = Command::new(env!("CARGO_BIN_EXE_gateway"))
        .env_clear()
        .envs([
            ("AWS_LAMBDA_RUNTIME_API", address.as_str()),
            ("AWS_LAMBDA_FUNCTION_NAME", "gateway"),
            ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512"),
            ("AWS_LAMBDA_FUNCTION_VERSION", "1"),
            ("AWS_ENDPOINT_URL", &format!("http://{address}")),
            ("AWS_REGION", "eu-west-1"),
            ("AWS_ACCESS_KEY_ID", "a"),
            ("AWS_SECRET_ACCESS_KEY", "s"),
            ("STACK_ENVIRONMENT", "test"),
            ("SUBGRAPH_TODO", "arn:aws:lambda:eu-west-1:000000000002:function:todo:12"),
        ])
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let (what, headers, call) = telling.recv().await.unwrap();
    assert_eq!(what, "invoke");
    assert_eq!(headers["x-amzn-trace-id"], TRACE);
    assert_eq!(call["caller"], json!({ "user": user, "session": session, "requestId": "JKJaXmPLvHcESHA=" }));
    let (what, _, answer) = telling.recv().await.unwrap();
    assert_eq!((what, &answer["statusCode"]), ("answer", &json!(200)), "{answer}");
    assert_eq!(answer["body"], r#"{"data":{"heads":[]}}"#);

    let mut log = BufReader::new(program.stdout.take().unwrap()).lines();
    let counted = loop {
        let line = log.next_line().await.unwrap().unwrap();
        assert!(!line.contains(&user.to_string()), "a log says nothing of people: {line}");
        let line: Value = serde_json::from_str(&line).unwrap();
        if line.get("_aws").is_some() {
            break line;
        }
    };
    assert_eq!((&counted["operation"], &counted["coldStarts"]), (&json!("Heads"), &json!(1)));
    assert_eq!(counted["id"], "JKJaXmPLvHcESHA=");
    assert_eq!(counted["trace"], "1-6761e3b1-0123456789abcdef01234567");
    serving.abort();
}
