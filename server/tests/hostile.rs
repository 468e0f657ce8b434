//! What a hostile client may send to the graph: each gets a stable code and a readable message, the server
//! goes on, and nothing is half written. Sent through the gateway and straight to the subgraphs.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod world;

use std::sync::Arc;

use domain::id::{ListId, MutationId, TodoId};
use platform::{Caller, LocalPokes, graphql};
use serde_json::{Map, Value, json};
use todo::Lists;
use world::{Device, World, code};

async fn raw(world: &World, device: &Device, body: impl Into<reqwest::Body>) -> (u16, Value) {
    let request = world.http.post(world.url("/graphql")).bearer_auth(&device.token);
    let response = request.header("content-type", "application/json").body(body).send().await.unwrap();
    let status = response.status().as_u16();
    let text = response.text().await.unwrap();
    for word in ["panicked", "backtrace", ".rs:", "src/", "SELECT ", "sqlite", "stack.sqlite"] {
        assert!(!text.contains(word), "{word} in {text}");
    }
    (status, serde_json::from_str(&text).unwrap_or_else(|_| panic!("not JSON: {text}")))
}

fn costly() -> Vec<(&'static str, String)> {
    let deep = (0..400).fold("id".to_owned(), |inner, _| format!("... on User {{ {inner} }}"));
    let aliases: String = (0..2_000).map(|n| format!("a{n}: heads {{ list }} ")).collect();
    let wide: String = (0..5_000).map(|_| "id ").collect();
    let directives = "@include(if: true) ".repeat(500);
    vec![
        ("deep", format!("{{ me {{ {deep} }} }}")),
        ("aliased", format!("{{ {aliases} }}")),
        ("wide", format!("{{ me {{ {wide} }} }}")),
        ("directives", format!("{{ me {{ id {directives} }} }}")),
        ("unclosed", "{".repeat(60_000)),
    ]
}

#[tokio::test]
async fn costly_documents_are_refused_by_the_gateway() {
    let world = World::new().await;
    let device = world.sign_in("eve@example.com", "Laptop").await;
    for (name, query) in costly() {
        let (status, answer) = raw(&world, &device, json!({ "query": query }).to_string()).await;
        assert!(["QUERY_TOO_COSTLY", "INVALID_QUERY"].contains(&code(&answer)), "{name}: {status} {answer}");
        assert!(answer.to_string().len() < 2_000, "{name}: an answer that echoes: {answer}");
    }
    let fragments: String =
        (0..30).map(|n| format!("fragment F{n} on User {{ ...F{m} ...F{m} }} ", m = n + 1)).collect();
    let bomb = format!("{{ me {{ ...F0 }} }} {fragments} fragment F30 on User {{ id }}");
    let (_, answer) = raw(&world, &device, json!({ "query": bomb }).to_string()).await;
    assert_eq!(code(&answer), "QUERY_TOO_COSTLY");
    let circle = "{ me { ...A } } fragment A on User { ...B } fragment B on User { ...A }";
    let (_, answer) = raw(&world, &device, json!({ "query": circle }).to_string()).await;
    assert_eq!(code(&answer), "INVALID_QUERY");
}

#[tokio::test]
async fn costly_documents_are_refused_by_a_subgraph_as_well() {
    let world = World::new().await;
    let device = world.sign_in("eve@example.com", "Laptop").await;
    let lists = Lists::new(world.host.table.clone(), world.clock.clone(), Arc::new(LocalPokes::default()));
    let schema = todo::schema(lists);
    let caller = || {
        let session = domain::id::SessionId::fresh();
        Some(Caller { user: device.user, session, request_id: String::new() })
    };
    for (name, query) in costly() {
        let answer = graphql::answer(&schema, caller(), &query, Map::new()).await;
        let answer = serde_json::to_value(answer).unwrap();
        assert!(["QUERY_TOO_COSTLY", "INVALID_QUERY"].contains(&code(&answer)), "{name}: {answer}");
    }
    for (body, expected) in [
        ("{}", "MALFORMED"),
        ("[{\"query\":\"{heads{list}}\"}]", "MALFORMED"),
        ("", "MALFORMED"),
        ("{\"query\":\"{ nothing }\"}", "INVALID_QUERY"),
        ("{\"query\":\"{ list(id: 1.5) { id } }\"}", "INVALID_QUERY"),
    ] {
        let answer = graphql::answer_json(&schema, caller(), body.as_bytes()).await;
        assert_eq!(code(&serde_json::to_value(answer).unwrap()), expected, "{body}");
    }
}

#[tokio::test]
async fn bodies_that_are_no_request_are_refused() {
    let world = World::new().await;
    let device = world.sign_in("eve@example.com", "Laptop").await;
    let cases: [(&str, Vec<u8>, &str); 10] = [
        ("nothing", vec![], "MALFORMED"),
        ("cut", b"{\"query\":\"{ me".to_vec(), "MALFORMED"),
        ("not UTF-8", vec![b'"', 0xff, 0xfe, b'"'], "MALFORMED"),
        ("a batch", b"[{\"query\":\"{ me { id } }\"},{\"query\":\"{ me { id } }\"}]".to_vec(), "MALFORMED"),
        ("an empty batch", b"[]".to_vec(), "MALFORMED"),
        ("no query", b"{}".to_vec(), "MALFORMED"),
        ("a query that is no text", b"{\"query\":{}}".to_vec(), "MALFORMED"),
        ("nested", vec![b'['; 100_000], "MALFORMED"),
        ("large", vec![b' '; 2_000_001], "TOO_LARGE"),
        (
            "an unknown field",
            json!({ "query": "{ me { password } }" }).to_string().into_bytes(),
            "INVALID_QUERY",
        ),
    ];
    for (name, body, expected) in cases {
        let (status, answer) = raw(&world, &device, body).await;
        assert!((400..500).contains(&status), "{name}: {status}");
        assert_eq!(answer["error"]["code"], expected, "{name}: {answer}");
        assert!(answer["error"]["message"].as_str().unwrap().len() > 5, "{name}: {answer}");
    }
    let answer = world.graphql(&device.token, "{ me { email } }", json!({})).await;
    assert_eq!(answer["data"]["me"]["email"], "eve@example.com", "and the server goes on");
}

#[tokio::test]
async fn values_that_are_none_change_nothing() {
    let world = World::new().await;
    let device = world.sign_in("eve@example.com", "Laptop").await;
    let list = world.make_list(&device).await;
    let query = "mutation($batch: BatchInput!) { commit(batch: $batch) { outcomes { applied code } } }";
    let commit = async |batch: Value| world.graphql(&device.token, query, json!({ "batch": batch })).await;
    let todo = |id: &str| json!({ "createTodo": { "id": id, "title": "x", "notes": "", "order": "V", "createdAt": 1 } });
    let id = TodoId::fresh().to_string();
    let batch = |list: &str, mutation: &str, actions: Value| json!({ "list": list, "mutationId": mutation, "actions": actions });
    let (own, fresh) = (list.to_string(), || MutationId::fresh().to_string());
    let refused = [
        batch(&own, "", json!([todo(&id)])),
        batch(&own, "../../etc/passwd", json!([todo(&id)])),
        batch("LIST#1", &fresh(), json!([todo(&id)])),
        batch(&own.to_uppercase(), &fresh(), json!([todo(&id)])),
        batch(&own, &fresh(), json!([todo("TODO#x\u{0}")])),
        batch(&own, &fresh(), json!([])),
        batch(&own, &fresh(), json!([{}])),
        batch(&own, &fresh(), json!([{ "deleteList": true, "deleteTodo": { "id": id, "at": 1 } }])),
        batch(&own, &fresh(), Value::Array((0..91).map(|_| todo(&id)).collect())),
        batch(&own, &fresh(), json!([{ "createTodo": { "id": id } }])),
        batch(&ListId::fresh().to_string(), &fresh(), json!([todo(&id)])),
    ];
    for body in refused {
        let answer = commit(body.clone()).await;
        assert!(["BAD_INPUT", "BATCH_SIZE", "NOT_FOUND"].contains(&code(&answer)), "{body}: {answer}");
    }
    let heads = world.graphql(&device.token, "{ heads { list version } }", json!({})).await;
    assert_eq!(heads["data"]["heads"], json!([{ "list": list, "version": 1 }]));
}

#[tokio::test]
async fn odd_text_comes_back_as_it_was() {
    let world = World::new().await;
    let device = world.sign_in("ada@example.com", "\u{202e}Laptop\u{0}").await;
    let list = world.make_list(&device).await;
    let id = TodoId::fresh();
    let title = "שלום \u{202e}👩‍👩‍👧 e\u{301} \u{feff}\u{10ffff} \"';--<script>";
    let batch = json!({ "list": list, "mutationId": MutationId::fresh(), "actions": [
        { "createTodo": { "id": id, "title": title, "notes": "\u{0}\t\r\n", "order": "V", "createdAt": -1 } },
    ]});
    let query = "mutation($batch: BatchInput!) { commit(batch: $batch) { outcomes { applied code } } }";
    let answer = world.graphql(&device.token, query, json!({ "batch": batch })).await;
    assert_eq!(answer["data"]["commit"]["outcomes"][0]["applied"], true, "{answer}");
    let query = format!("{{ todo(list: \"{list}\", id: \"{id}\") {{ title notes }} }}");
    let answer = world.graphql(&device.token, &query, json!({})).await;
    assert_eq!(answer["data"]["todo"], json!({ "title": title, "notes": "\u{0}\t\r\n" }), "{answer}");
}

#[tokio::test]
async fn cursors_from_nowhere_are_refused() {
    let world = World::new().await;
    let device = world.sign_in("ada@example.com", "Laptop").await;
    let list = world.make_list(&device).await;
    let query = "query($list: ID!, $since: Version!, $limit: Int) { changes(list: $list, since: $since, limit: $limit) \
                 { until more reset } }";
    let ask = async |since: Value, limit: Value| {
        world.graphql(&device.token, query, json!({ "list": list, "since": since, "limit": limit })).await
    };
    assert_eq!(code(&ask(json!(99), json!(null)).await), "BAD_CURSOR");
    for (since, limit) in
        [(json!(-1), json!(1)), (json!("x"), json!(1)), (json!(1.5), json!(1)), (json!(0), json!(-5))]
    {
        assert_eq!(code(&ask(since.clone(), limit).await), "BAD_INPUT", "{since}");
    }
    let answer = ask(json!(0), json!(1)).await;
    assert_eq!(answer["data"]["changes"]["until"], 1, "{answer}");
}
