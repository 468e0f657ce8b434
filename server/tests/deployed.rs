//! A server of this machine on a deployment's table and buckets: what it is told, what it refuses, and what it leaves
//! to the deployment. The deployment is a stand-in that notes what it is asked.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::{net::SocketAddr, process::Stdio};

use axum::{
    Json, Router,
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse as _, Response},
    routing::{any, post},
};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    net::TcpListener,
    process::Command,
    sync::mpsc,
};

/// What a stand-in was asked: the operations, in order.
type Asked = mpsc::UnboundedReceiver<String>;

const PLACE: [&str; 8] =
    ["--table", "stack-table", "--originals", "ours", "--variants", "ours-too", "--region", "eu-west-1"];

/// Answers as DynamoDB and S3 do: with tables and buckets that are there, and with none of what is in them.
async fn aws() -> (SocketAddr, Asked) {
    let (asked, asking) = mpsc::unbounded_channel();
    let routes = Router::new()
        .route("/", post(dynamodb))
        .route("/{bucket}", any(bucket))
        .route("/{bucket}/", any(bucket))
        .with_state(asked);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(axum::serve(listener, routes).into_future());
    (address, asking)
}

async fn dynamodb(
    State(asked): State<mpsc::UnboundedSender<String>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let request: Value = serde_json::from_slice(&body).unwrap();
    let operation = headers["x-amz-target"].to_str().unwrap().rsplit('.').next().unwrap().to_owned();
    // Whoever asked may have seen enough.
    let _ = asked.send(operation.clone());
    let refused = |kind: &str| {
        (StatusCode::BAD_REQUEST, Json(json!({ "__type": kind, "message": "no" }))).into_response()
    };
    let table = request["TableName"].as_str().unwrap_or_default();
    let index = json!([{ "IndexName": "by-version" }]);
    match (operation.as_str(), table) {
        ("DescribeTable", "stack-table") => {
            Json(json!({ "Table": { "TableName": table, "LocalSecondaryIndexes": index } })).into_response()
        }
        ("DescribeTable", "production") => Json(json!({ "Table": {
            "TableName": table, "LocalSecondaryIndexes": index, "DeletionProtectionEnabled": true,
        } }))
        .into_response(),
        ("DescribeTable", "somebodys") => Json(json!({ "Table": { "TableName": table } })).into_response(),
        ("DescribeTable", "expired") => refused("ExpiredTokenException"),
        ("DescribeTable", "stack") => Json(json!({ "Table": { "TableName": table } })).into_response(),
        ("DescribeTimeToLive", _) => {
            Json(json!({ "TimeToLiveDescription": { "TimeToLiveStatus": "ENABLED" } })).into_response()
        }
        ("Query", _) => Json(json!({ "Items": [], "Count": 0, "ScannedCount": 0 })).into_response(),
        ("UpdateItem", _) => Json(json!({ "Attributes": request["Key"] })).into_response(),
        ("PutItem", _) => Json(json!({})).into_response(),
        _ => refused("ResourceNotFoundException"),
    }
}

async fn bucket(Path(bucket): Path<String>) -> StatusCode {
    if bucket.starts_with("ours") { StatusCode::OK } else { StatusCode::NOT_FOUND }
}

/// The server, where AWS is at this address and nothing else is known of it.
fn server(data: &TempDir, aws: SocketAddr, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_server"));
    command.env_clear().env("AWS_EC2_METADATA_DISABLED", "true");
    command.env("AWS_ENDPOINT_URL", format!("http://{aws}"));
    command.args(["serve", "--port", "0", "--data"]).arg(data.path().join("data")).args(words);
    command.kill_on_drop(true);
    command
}

fn with_credentials(mut command: Command) -> Command {
    command.env("AWS_ACCESS_KEY_ID", "a").env("AWS_SECRET_ACCESS_KEY", "s");
    command
}

/// What it says of why it does not start: one line, and nothing was kept.
async fn refusal(mut command: Command) -> String {
    let ended = command.output().await.unwrap();
    let said = String::from_utf8(ended.stderr).unwrap();
    assert!(!ended.status.success(), "{said}");
    assert_eq!(said.trim_end().lines().count(), 1, "{said}");
    said.trim_end().to_owned()
}

/// Words for the server with one of them replaced.
fn instead<'w>(old: &str, new: &'w str) -> Vec<&'w str> {
    PLACE.into_iter().map(|word| if word == old { new } else { word }).collect()
}

#[tokio::test]
async fn what_is_not_there_or_not_to_be_written_to_is_said_in_a_line() {
    let (aws, _asked) = aws().await;
    let data = tempfile::tempdir().unwrap();
    for (words, said) in [
        (instead("stack-table", "nobodys"), "there is no table `nobodys` in eu-west-1"),
        (instead("stack-table", "somebodys"), "`somebodys` is not one of Stack's"),
        (instead("stack-table", "production"), "`production` is protected from deletion"),
        (instead("stack-table", "expired"), "ExpiredTokenException"),
        (instead("ours-too", "theirs"), "there is no bucket `theirs`"),
    ] {
        let refused = refusal(with_credentials(server(&data, aws, &words))).await;
        assert!(refused.contains(said), "{refused}");
    }
    let nobody = refusal(server(&data, aws, &PLACE)).await;
    assert!(nobody.starts_with("there are no credentials for AWS"), "{nobody}");
    let nowhere = refusal(with_credentials(server(&data, aws, &PLACE[..6]))).await;
    assert_eq!(nowhere, "there is no region: say which with --region, or set AWS_REGION");
    assert!(!data.path().join("data").exists(), "nothing is made for a server that does not start");
}

#[tokio::test]
async fn a_table_comes_with_its_buckets() {
    let (aws, _asked) = aws().await;
    let data = tempfile::tempdir().unwrap();
    for part in [&PLACE[..2], &PLACE[..4], &PLACE[2..6], &PLACE[6..]] {
        let ended = with_credentials(server(&data, aws, part)).output().await.unwrap();
        assert_eq!(ended.status.code(), Some(2), "{part:?}: {}", String::from_utf8_lossy(&ended.stderr));
    }
}

#[tokio::test]
async fn an_api_elsewhere_is_looked_for_before_anything_is_served() {
    let (aws, _asked) = aws().await;
    let data = tempfile::tempdir().unwrap();
    let refused = refusal(server(&data, aws, &["--api", "http://127.0.0.1:9"])).await;
    assert!(refused.starts_with("the API at http://127.0.0.1:9 can't be reached ("), "{refused}");
    let other = format!("http://{aws}");
    let refused = refusal(server(&data, aws, &["--api", &other])).await;
    assert_eq!(
        refused,
        format!(
            "there is no Stack at {other}: /healthz is answered with 404 Not Found, and not as a Stack does"
        )
    );
    let ended = server(&data, aws, &["--api", "stack.example"]).output().await.unwrap();
    let said = String::from_utf8(ended.stderr).unwrap();
    let line = said.lines().next().unwrap();
    assert!(line.contains("stack.example") && line.ends_with("with nothing behind it"), "{said}");
}

/// Starts it, has it send a code, and gives it with what it said of where it is.
async fn at_work(mut command: Command) -> (tokio::process::Child, String) {
    let mut started = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut said = BufReader::new(started.stdout.take().unwrap()).lines();
    let line = said.next_line().await.unwrap().unwrap();
    let url = line.split_whitespace().find(|word| word.starts_with("http://")).unwrap().to_owned();
    let body = json!({ "email": "a@b.example" });
    let asked = reqwest::Client::new().post(format!("{url}/auth/code")).json(&body).send().await.unwrap();
    assert_eq!(asked.status(), 204);
    (started, url)
}

#[tokio::test]
async fn work_that_waits_in_a_deployments_table_is_left_to_its_functions() {
    let data = tempfile::tempdir().unwrap();
    let (own, mut asked) = aws().await;
    // The comparison: on a table of its own it looks for work by itself.
    let mut alone = with_credentials(server(&data, own, &[]));
    alone.env("AWS_ENDPOINT_URL_DYNAMODB", format!("http://{own}"));
    let (_alone, _) = at_work(alone).await;
    while asked.recv().await.unwrap() != "Query" {}

    let (shared, mut asked) = aws().await;
    let (beside, url) = at_work(with_credentials(server(&data, shared, &PLACE))).await;
    let mails = reqwest::get(format!("{url}/dev/mail?format=json")).await.unwrap();
    assert_eq!(mails.json::<Value>().await.unwrap()[0]["to"], "a@b.example", "mail stays here");
    drop(beside);
    let mut seen = Vec::new();
    while let Ok(operation) = asked.try_recv() {
        seen.push(operation);
    }
    assert_eq!(seen, ["DescribeTable", "UpdateItem", "UpdateItem", "PutItem"]);
}
