//! Apollo Router over the product's supergraph: it asks subgraphs as the own gateway does, and speaks of failures in the
//! same codes.

use std::{
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use apollo::Router;
use async_trait::async_trait;
use bytes::Bytes;
use domain::trace::{TRACE_HEADER, TraceId};
use gateway::{Context, SubgraphRequest, Transport, TransportError};
use lambda::functions::{Engine as _, SUPERGRAPH};
use serde_json::{Value, json};

/// What the subgraphs were asked, and what they answer.
#[derive(Default)]
struct Subgraphs {
    asked: Mutex<Vec<(String, SubgraphRequest, Context)>>,
    down: Vec<&'static str>,
    answer: Value,
}

#[async_trait]
impl Transport for Subgraphs {
    async fn call(
        &self,
        subgraph: &str,
        request: SubgraphRequest,
        context: &Context,
    ) -> Result<Bytes, TransportError> {
        self.asked.lock().unwrap().push((subgraph.to_owned(), request, context.clone()));
        if self.down.contains(&subgraph) {
            return Err(TransportError::TimedOut);
        }
        Ok(self.answer.to_string().into_bytes().into())
    }
}

async fn ask(subgraphs: Subgraphs, body: Value, context: &Context) -> (u16, Value, Arc<Subgraphs>) {
    let subgraphs = Arc::new(subgraphs);
    let router = Router::new(SUPERGRAPH, Arc::clone(&subgraphs) as Arc<dyn Transport>).await.unwrap();
    let response = router.execute(body.to_string().as_bytes(), context).await;
    (response.status, serde_json::from_slice(&response.body).unwrap(), subgraphs)
}

fn codes(answer: &Value) -> Vec<&str> {
    answer["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| error["extensions"]["code"].as_str().unwrap())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn subgraphs_are_asked_for_the_caller_within_the_requests_time() {
    let deadline = Instant::now() + Duration::from_secs(20);
    let trace = TraceId::fresh();
    let headers =
        vec![("x-stack-caller".to_owned(), "{}".to_owned()), (TRACE_HEADER.to_owned(), trace.to_header())];
    let context = Context { headers, deadline: Some(deadline) };
    let subgraphs =
        Subgraphs { answer: json!({ "data": { "heads": [{ "list": "l" }] } }), ..Subgraphs::default() };
    let query = json!({ "query": "query Heads { heads { list } }", "operationName": "Heads" });
    let (status, answer, subgraphs) = ask(subgraphs, query, &context).await;
    assert_eq!((status, &answer), (200, &json!({ "data": { "heads": [{ "list": "l" }] } })));
    let asked = subgraphs.asked.lock().unwrap();
    let [(subgraph, _, told)] = asked.as_slice() else { panic!("{} calls", asked.len()) };
    assert_eq!((subgraph.as_str(), told.deadline), ("todo", Some(deadline)));
    for header in &context.headers {
        assert!(told.headers.contains(header), "{header:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_subgraph_that_is_down_is_unavailable_and_the_others_answer() {
    let subgraphs = Subgraphs {
        down: vec!["account"],
        answer: json!({ "data": { "heads": [] } }),
        ..Subgraphs::default()
    };
    let query = json!({ "query": "{ heads { list } me { sessions { id } } }" });
    let (status, answer, _) = ask(subgraphs, query, &Context::default()).await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(codes(&answer), ["UNAVAILABLE"], "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_subgraph_says_no_with_reaches_the_client() {
    let no = json!({ "message": "This does not exist.", "extensions": { "code": "NOT_FOUND" }, "path": ["heads"] });
    let subgraphs = Subgraphs { answer: json!({ "data": null, "errors": [no] }), ..Subgraphs::default() };
    let (_, answer, _) = ask(subgraphs, json!({ "query": "{ heads { list } }" }), &Context::default()).await;
    assert_eq!(codes(&answer), ["NOT_FOUND"], "{answer}");
    assert_eq!(answer["errors"][0]["message"], "This does not exist.");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_run_is_refused_in_the_products_codes() {
    let deep = format!("{{ heads {{ {} list {} }} }}", "... { ".repeat(200), "}".repeat(200));
    let wide = format!("{{ heads {{ {} }} }}", "list ".repeat(3_000));
    let large = "x".repeat(3_000_000);
    for (body, status, code) in [
        (json!({ "query": "{ nothing }" }), 400, "INVALID_QUERY"),
        (json!({ "query": "{ heads {" }), 400, "INVALID_QUERY"),
        (json!({ "query": "query A { heads { list } }", "operationName": "B" }), 400, "INVALID_QUERY"),
        (json!({ "query": deep }), 400, "QUERY_TOO_COSTLY"),
        (json!({ "query": wide }), 400, "QUERY_TOO_COSTLY"),
        (json!({ "query": "query($n: Int!) { heads { list } }", "variables": {} }), 400, "INVALID_QUERY"),
        (json!([{ "query": "{ heads { list } }" }]), 400, "MALFORMED"),
        (json!({}), 400, "MALFORMED"),
        (json!({ "query": large }), 413, "TOO_LARGE"),
    ] {
        let shown: String = body.to_string().chars().take(80).collect();
        let (given, answer, subgraphs) = ask(Subgraphs::default(), body, &Context::default()).await;
        assert_eq!((given, codes(&answer).first().copied()), (status, Some(code)), "{shown}: {answer}");
        assert!(subgraphs.asked.lock().unwrap().is_empty(), "{shown}");
    }
}
