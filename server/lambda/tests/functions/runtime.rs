//! A built program, over the Runtime API that Lambda has for it: a call comes in, a subgraph is invoked, the answer
//! goes out, and the trace goes along.

#[path = "../../examples/functions/runtime_api.rs"]
mod runtime_api;

use std::process::Stdio;

use axum::{
    Json, Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse as _, Response},
};
use domain::id::{SessionId, UserId};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    net::TcpListener,
    process::{Child, Command},
    sync::mpsc,
};

use self::runtime_api::RuntimeApi;
use crate::world::http_event;

/// The trace that the browser began.
const BROWSERS: &str = "1-6761e3b2-89abcdef0123456789abcdef";

type Told = mpsc::UnboundedSender<(HeaderMap, Value)>;

/// A service of AWS, for which the functions are clients; it gives this answer.
async fn service(answer: Value) -> (String, mpsc::UnboundedReceiver<(HeaderMap, Value)>) {
    let (told, telling) = mpsc::unbounded_channel();
    let routes = Router::new().fallback(answer_with).with_state((told, answer));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(axum::serve(listener, routes).into_future());
    (address, telling)
}

async fn answer_with(
    State((told, answer)): State<(Told, Value)>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if headers.get("x-amz-invocation-type").is_some_and(|kind| kind == "DryRun") {
        return StatusCode::NO_CONTENT.into_response();
    }
    told.send((headers, serde_json::from_slice(&body).unwrap())).unwrap();
    Json(answer).into_response()
}

/// A program as Lambda starts it.
fn start(program: &str, api: &RuntimeApi, service: &str, variables: &[(&str, &str)]) -> Child {
    Command::new(program)
        .env_clear()
        .envs([
            ("AWS_LAMBDA_RUNTIME_API", api.address.to_string().as_str()),
            ("AWS_LAMBDA_FUNCTION_NAME", "tried"),
            ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512"),
            ("AWS_LAMBDA_FUNCTION_VERSION", "1"),
            ("AWS_ENDPOINT_URL", service),
            ("AWS_REGION", "eu-west-1"),
            ("AWS_ACCESS_KEY_ID", "a"),
            ("AWS_SECRET_ACCESS_KEY", "s"),
            ("RUST_LOG", "info,usage=debug"),
            ("STACK_ENVIRONMENT", "test"),
        ])
        .envs(variables.iter().copied())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap()
}

#[tokio::test]
async fn a_program_answers_over_the_runtime_api_and_passes_the_trace_on() {
    let (user, session) = (UserId::fresh(), SessionId::fresh());
    let mut event = http_event("POST", "/graphql");
    event["headers"]["x-amzn-trace-id"] = format!("Root={BROWSERS};Self=1").into();
    event["requestContext"]["authorizer"] = json!({ "lambda": { "user": user, "session": session } });
    let body = json!({ "query": "query Heads { heads { list } }", "operationName": "Heads" });
    event["body"] = body.to_string().into();
    let (lambda, mut telling) = service(json!({ "data": { "heads": [] } })).await;

    let mut api = RuntimeApi::start().await.unwrap();
    let todo = ("SUBGRAPH_TODO", "arn:aws:lambda:eu-west-1:000000000002:function:todo:12");
    let mut program = start(env!("CARGO_BIN_EXE_gateway"), &api, &lambda, &[todo]);
    let answer = api.call(event).await.unwrap();
    assert_eq!(answer["statusCode"], 200, "{answer}");
    assert_eq!(answer["body"], r#"{"data":{"heads":[]}}"#);
    let (headers, call) = telling.recv().await.unwrap();
    assert_eq!(headers["x-amzn-trace-id"], format!("Root={BROWSERS}"), "Lambda's own is another");
    assert_eq!(call["trace"], BROWSERS);
    assert_eq!(call["caller"], json!({ "user": user, "session": session, "requestId": "JKJaXmPLvHcESHA=" }));

    let mut log = BufReader::new(program.stdout.take().unwrap()).lines();
    let mut usage = Value::Null;
    let counted = loop {
        let line = log.next_line().await.unwrap().unwrap();
        assert!(!line.contains(&user.to_string()), "a log says nothing of people: {line}");
        let mut line: Value = serde_json::from_str(&line).unwrap();
        if line.get("_aws").is_some() {
            break line;
        }
        if line.get("usage").is_some() {
            usage = line["usage"].take();
        }
    };
    assert_eq!((&counted["operation"], &counted["coldStarts"]), (&json!("Heads"), &json!(1)));
    assert_eq!(counted["id"], "JKJaXmPLvHcESHA=");
    assert_eq!(counted["trace"], BROWSERS);

    assert_eq!((&usage["function"], &usage["operation"]), (&json!("gateway"), &json!("Heads")), "{usage}");
    assert_eq!((&usage["id"], &usage["memory"]), (&counted["id"], &json!(512)));
    assert_eq!(usage["requests"], json!({ "lambda": 1 }), "getting ready is not counted");
    assert!(usage["initCpuMillis"].as_f64().unwrap() > 0.0 && usage["cpuMillis"].as_f64().unwrap() > 0.0);
}

#[tokio::test]
async fn the_table_is_asked_as_a_part_of_the_trace() {
    let (user, session) = (UserId::fresh(), SessionId::fresh());
    let (table, mut telling) = service(json!({ "Items": [], "Count": 0, "ScannedCount": 0 })).await;
    let mut api = RuntimeApi::start().await.unwrap();
    let variables = [("TABLE", "stack"), ("SOCKETS", table.as_str())];
    let _program = start(env!("CARGO_BIN_EXE_todo"), &api, &table, &variables);
    let caller = json!({ "user": user, "session": session, "requestId": "r" });
    let call = json!({ "query": "{ heads { list } }", "caller": caller, "trace": BROWSERS });
    api.ready().await;
    // What it asked to get ready.
    while telling.try_recv().is_ok() {}
    let answer = api.call(call).await.unwrap();
    assert_eq!(answer["data"]["heads"], json!([]), "{answer}");
    let (headers, _) = telling.recv().await.unwrap();
    assert_eq!(headers["x-amzn-trace-id"], format!("Root={BROWSERS}"));
}
