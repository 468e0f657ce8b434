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
    routing::post,
};
use domain::id::{SessionId, UserId};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    net::TcpListener,
    process::Command,
    sync::mpsc,
};

use self::runtime_api::{RuntimeApi, TRACE};
use crate::world::http_event;

type Told = mpsc::UnboundedSender<(HeaderMap, Value)>;

/// Lambda's own API, for which the gateway is a client.
async fn invoke(State(told): State<Told>, headers: HeaderMap, body: Bytes) -> Response {
    if headers.get("x-amz-invocation-type").is_some_and(|kind| kind == "DryRun") {
        return StatusCode::NO_CONTENT.into_response();
    }
    told.send((headers, serde_json::from_slice(&body).unwrap())).unwrap();
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
    let routes =
        Router::new().route("/2015-03-31/functions/{name}/invocations", post(invoke)).with_state(told);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let lambda = format!("http://{}", listener.local_addr().unwrap());
    let serving = tokio::spawn(axum::serve(listener, routes).into_future());

    let mut api = RuntimeApi::start().await.unwrap();
    let mut program = Command::new(env!("CARGO_BIN_EXE_gateway"))
        .env_clear()
        .envs([
            ("AWS_LAMBDA_RUNTIME_API", api.address.to_string().as_str()),
            ("AWS_LAMBDA_FUNCTION_NAME", "gateway"),
            ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512"),
            ("AWS_LAMBDA_FUNCTION_VERSION", "1"),
            ("AWS_ENDPOINT_URL", &lambda),
            ("AWS_REGION", "eu-west-1"),
            ("AWS_ACCESS_KEY_ID", "a"),
            ("AWS_SECRET_ACCESS_KEY", "s"),
            ("RUST_LOG", "info,usage=debug"),
            ("STACK_ENVIRONMENT", "test"),
            ("SUBGRAPH_TODO", "arn:aws:lambda:eu-west-1:000000000002:function:todo:12"),
        ])
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let answer = api.call(event).await.unwrap();
    assert_eq!(answer["statusCode"], 200, "{answer}");
    assert_eq!(answer["body"], r#"{"data":{"heads":[]}}"#);
    let (headers, call) = telling.recv().await.unwrap();
    assert_eq!(headers["x-amzn-trace-id"], TRACE);
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
    assert_eq!(counted["trace"], "1-6761e3b1-0123456789abcdef01234567");

    assert_eq!((&usage["function"], &usage["operation"]), (&json!("gateway"), &json!("Heads")), "{usage}");
    assert_eq!((&usage["id"], &usage["memory"]), (&counted["id"], &json!(512)));
    assert_eq!(usage["requests"], json!({ "lambda": 1 }), "getting ready is not counted");
    assert!(usage["initCpuMillis"].as_f64().unwrap() > 0.0 && usage["cpuMillis"].as_f64().unwrap() > 0.0);
    serving.abort();
}
