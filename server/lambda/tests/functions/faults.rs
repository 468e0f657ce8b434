//! What fails around a function, and what comes of it: a subgraph that is down, slow or says too much, credentials that
//! are over, and calls that come twice or in the wrong order.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use async_graphql::{Response, Value as GraphqlValue};
use domain::id::{SessionId, UserId};
use lambda::{
    Function as _, Invocation, Setup, SocketPokes,
    functions::{Gateway, Todo},
    invoke::{Invoke, sendable},
};
use platform::{Caller, Table};
use serde_json::{Value, json};

use crate::{
    service::{Asked, service, unsteady},
    world::{COMMIT, World, ask, batch, http_event, json_of},
};

const QUERY: &str =
    "query Changes { changes(list: \"l\", since: 0) { todos { title } media { id caption } } }";

/// A page of the todo subgraph, of which media is to say more.
fn page() -> String {
    let media = json!([{ "__typename": "Media", "list": "l", "id": "m" }]);
    json!({ "data": { "changes": { "todos": [{ "title": "Milk" }], "media": media } } }).to_string()
}

/// A gateway whose subgraphs' functions answer so, by their names, and what they are asked.
fn gateway(answer: impl Fn(&str) -> Option<(u16, String)> + Send + Sync + 'static) -> (Gateway, Asked) {
    let (config, asked) =
        unsteady(move |path, _| answer(if path.contains("todo") { "todo" } else { "media" }));
    let versions = ["todo", "media"].map(|name| (name.to_owned(), name.to_owned()));
    let invoke = Invoke::over(Setup::over(&config).subgraphs(), HashMap::from(versions));
    (Gateway::over(Arc::new(invoke)).unwrap(), asked)
}

/// What a gateway answers within this time, and what that counts as.
async fn answer(gateway: &Gateway, query: &str, time: Duration) -> (Value, (Option<&'static str>, bool)) {
    let mut event = http_event("POST", "/graphql");
    event["body"] = json!({ "query": query, "operationName": "Changes" }).to_string().into();
    let (user, session) = (UserId::fresh(), SessionId::fresh());
    event["requestContext"]["authorizer"] = json!({ "lambda": { "user": user, "session": session } });
    let invocation = Invocation { id: "i".to_owned(), deadline: Instant::now() + time };
    let answered = gateway.answer(serde_json::from_value(event).unwrap(), invocation).await.unwrap();
    let counted = answered.counted();
    (serde_json::to_value(answered.into_inner()).unwrap(), counted)
}

/// How often a subgraph was asked.
fn times(asked: &Asked, name: &str) -> usize {
    asked.lock().unwrap().iter().filter(|(path, _)| path.contains(name)).count()
}

/// That everything is there but what media would have said, and that this is told and counted.
fn is_partial(answer: &Value, counted: (Option<&str>, bool)) {
    assert_eq!(answer["statusCode"], 200, "{answer}");
    let body = json_of(answer);
    assert_eq!(body["data"]["changes"], json!({ "todos": [{ "title": "Milk" }], "media": [null] }), "{body}");
    let errors = body["errors"].as_array().unwrap();
    assert_eq!(errors.len(), 1, "{body}");
    assert_eq!(errors[0]["extensions"], json!({ "code": "UNAVAILABLE", "service": "media" }));
    assert_eq!(errors[0]["path"], json!(["changes", "media", 0]));
    assert_eq!(counted, (Some("Changes"), true));
}

#[tokio::test]
async fn a_slow_subgraph_costs_its_part_alone_and_is_asked_once() {
    let (gateway, asked) = gateway(|name| (name == "todo").then(|| (200, page())));
    let (answer, counted) = answer(&gateway, QUERY, Duration::from_secs(1)).await;
    is_partial(&answer, counted);
    assert_eq!((times(&asked, "todo"), times(&asked, "media")), (1, 1));
}

#[test]
fn a_slow_subgraph_is_never_asked_anew_and_a_slow_table_is() {
    let (config, _) = service(|_, _| (200, String::new()));
    let setup = Setup::over(&config);
    let invoking = setup.subgraphs().config().timeout_config().unwrap().clone();
    assert_eq!(invoking.operation_attempt_timeout(), None);
    assert!(setup.config().timeout_config().unwrap().operation_attempt_timeout().is_some());
}

#[tokio::test]
async fn a_subgraph_that_is_down_costs_its_part_alone_after_three_tries() {
    let (gateway, asked) = gateway(|name| match name {
        "todo" => Some((200, page())),
        _ => Some((503, json!({ "Message": "Service unavailable" }).to_string())),
    });
    let (answer, counted) = answer(&gateway, QUERY, Duration::from_secs(20)).await;
    is_partial(&answer, counted);
    assert_eq!((times(&asked, "todo"), times(&asked, "media")), (1, 3));
}

#[tokio::test]
async fn a_function_that_fails_is_not_called_again() {
    // What Lambda says of a program that has ended by itself.
    let (gateway, asked) = gateway(|name| match name {
        "todo" => Some((200, page())),
        _ => Some((
            200,
            json!({ "errorType": "Runtime.ExitError", "errorMessage": "signal: killed" }).to_string(),
        )),
    });
    let (answer, counted) = answer(&gateway, QUERY, Duration::from_secs(20)).await;
    is_partial(&answer, counted);
    assert_eq!(times(&asked, "media"), 1);
}

#[tokio::test]
async fn an_answer_that_can_not_be_sent_is_refused_with_a_code() {
    let title = "x".repeat(7_000_000);
    let (gateway, _) = gateway(move |_| {
        let todos = json!([{ "title": title }]);
        Some((200, json!({ "data": { "changes": { "todos": todos } } }).to_string()))
    });
    let query = "query Changes { changes(list: \"l\", since: 0) { todos { title } } }";
    let (answer, counted) = answer(&gateway, query, Duration::from_secs(20)).await;
    assert_eq!(answer["statusCode"], 400);
    let body = json_of(&answer);
    assert_eq!(body["errors"][0]["extensions"]["code"], "QUERY_TOO_COSTLY");
    assert_eq!(body["error"]["code"], "QUERY_TOO_COSTLY");
    assert_eq!(counted, (Some("Changes"), false), "whoever asks for it is told, and nobody else");

    let of = |bytes: usize| sendable(Response::new(GraphqlValue::String("x".repeat(bytes))));
    assert!(of(6_000_000).is_ok());
    let refused = serde_json::to_value(of(7_000_000)).unwrap();
    assert_eq!(refused["errors"][0]["extensions"]["code"], "QUERY_TOO_COSTLY");
}

#[tokio::test]
async fn credentials_that_are_over_are_our_fault_and_pass() {
    let expired = json!({ "__type": "com.amazon.coral.service#ExpiredTokenException", "message": "expired" });
    let (config, asked) = service(move |_, _| (400, expired.to_string()));
    let table = Table::existing(aws_sdk_dynamodb::Client::new(&config), "t");
    let pokes = Arc::new(SocketPokes::new(
        &config,
        "https://abc.execute-api.eu-west-1.amazonaws.com/ws",
        table.clone(),
    ));
    let caller = Caller { user: UserId::fresh(), session: SessionId::fresh(), request_id: "r".to_owned() };
    let answer =
        ask(&Todo::over(table, pokes), json!({ "query": "{ heads { list } }", "caller": caller })).await;
    // Devices keep what they have, and ask again later.
    assert_eq!(answer["errors"][0]["extensions"]["code"], "UNAVAILABLE", "{answer}");
    assert_eq!(asked.lock().unwrap().len(), 1, "asking again with the same ones helps nobody");
}

#[tokio::test]
async fn a_batch_that_is_delivered_twice_takes_effect_once() {
    let world = World::new().await;
    let device = world.sign_in("a@b.example").await;
    let list = world.list(&device).await;
    let rename = batch(list, json!({ "editList": { "title": "Drinks" } }));
    for _ in 0..2 {
        let done = world.data(&device, COMMIT, rename.clone()).await;
        assert_eq!(done["commit"]["outcomes"][0]["applied"], true);
    }
    let heads = world.data(&device, "{ heads { list version } }", json!({})).await;
    assert_eq!(heads, json!({ "heads": [{ "list": list, "version": 2 }] }));
}
