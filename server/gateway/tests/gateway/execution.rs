//! Fetching, merging, and shaping answers.

use serde_json::json;

use crate::support::Bench;

#[tokio::test]
async fn one_subgraph_answers_alone() {
    let bench = Bench::new();
    bench.answer("people", json!({ "data": { "me": { "name": "Ann", "id": "1" } } }));
    let answer = bench.query("{ me { id name } }").await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.body, json!({ "data": { "me": { "id": "1", "name": "Ann" } } }));
    assert_eq!(bench.calls().len(), 1);
    assert_eq!(bench.calls()[0].headers, [("x-request-id".to_owned(), "r1".to_owned())]);
}

#[tokio::test]
async fn fields_come_in_the_order_they_were_asked_for() {
    let bench = Bench::new();
    bench.answer("people", json!({ "data": { "me": { "id": "1", "name": "Ann", "nick": null } } }));
    let body = json!({ "query": "{ me { nick name id } }" }).to_string();
    let response = bench.gateway.execute(body.as_bytes(), &gateway::Context::default()).await;
    assert_eq!(response.body.as_ref(), br#"{"data":{"me":{"nick":null,"name":"Ann","id":"1"}}}"#);
}

#[tokio::test]
async fn entities_are_fetched_in_one_batch_each_once() {
    let bench = Bench::new();
    let friends = json!([{ "__typename": "User", "id": "2" }, { "__typename": "User", "id": "3" }]);
    let users = json!([
        { "__typename": "User", "id": "1", "friends": friends },
        { "__typename": "User", "id": "2", "friends": friends },
    ]);
    bench.answer("people", json!({ "data": { "users": users } }));
    bench.answer("reviews", json!({ "data": { "_entities": [{ "rating": 2 }, { "rating": 3 }] } }));
    let answer = bench.query("{ users { id friends { id rating } } }").await;
    let rated = json!([{ "id": "2", "rating": 2 }, { "id": "3", "rating": 3 }]);
    let expected = json!({ "users": [{ "id": "1", "friends": rated }, { "id": "2", "friends": rated }] });
    assert_eq!(answer.data(), &expected);
    let calls = bench.calls();
    assert_eq!(calls.len(), 2);
    let asked = json!([{ "__typename": "User", "id": "2" }, { "__typename": "User", "id": "3" }]);
    assert_eq!(calls[1].variables["representations"], asked);
}

#[tokio::test]
async fn nothing_is_asked_when_there_are_no_entities() {
    let bench = Bench::new();
    bench.answer("people", json!({ "data": { "me": null } }));
    let answer = bench.query("{ me { id rating } }").await;
    assert_eq!(answer.body, json!({ "data": { "me": null } }));
    assert_eq!(bench.calls().len(), 1);
}

#[tokio::test]
async fn aliases_name_the_fields_of_the_answer() {
    let bench = Bench::new();
    let people = json!({ "a": { "__typename": "User", "who": "Ann", "id": "1" }, "b": { "who": "Ann" } });
    bench.answer("people", json!({ "data": people }));
    bench.answer("reviews", json!({ "data": { "_entities": [{ "stars": 5 }] } }));
    let answer = bench.query("{ a: me { who: name stars: rating } b: me { who: name } }").await;
    assert_eq!(answer.data(), &json!({ "a": { "who": "Ann", "stars": 5 }, "b": { "who": "Ann" } }));
}

#[tokio::test]
async fn arguments_go_to_the_subgraph_with_only_the_variables_it_uses() {
    let bench = Bench::new();
    bench.answer("people", json!({ "data": { "users": [] } }));
    bench.answer("reviews", json!({ "data": { "latest": null } }));
    let query =
        "query ($n: Int, $more: Boolean!) { users(first: $n) { id } latest @include(if: $more) { text } }";
    let answer =
        bench.send(&json!({ "query": query, "variables": { "n": 3, "more": true, "odd": 1 } })).await;
    assert_eq!(answer.data(), &json!({ "users": [], "latest": null }));
    let calls = bench.calls();
    let people = calls.iter().find(|call| call.subgraph == "people").unwrap();
    let reviews = calls.iter().find(|call| call.subgraph == "reviews").unwrap();
    assert_eq!(people.variables, json!({ "n": 3 }));
    assert_eq!(reviews.variables, json!({}));
}

#[tokio::test]
async fn conditions_choose_what_is_run() {
    let bench = Bench::new();
    let query =
        "query ($x: Boolean!) { me { id @skip(if: $x) ...F @include(if: $x) } } fragment F on User { name }";
    for (x, field) in [(true, "name"), (false, "id"), (true, "name")] {
        bench.answer("people", json!({ "data": { "me": { field: "it" } } }));
        let answer = bench.send(&json!({ "query": query, "variables": { "x": x } })).await;
        assert_eq!(answer.data(), &json!({ "me": { field: "it" } }));
    }
    assert!(bench.calls()[0].query.contains("name") && !bench.calls()[0].query.contains("id"));
}

#[tokio::test]
async fn an_object_with_everything_skipped_is_empty() {
    let bench = Bench::new();
    bench.answer("people", json!({ "data": { "me": { "__typename": "User" } } }));
    let answer = bench.query("{ me { id @skip(if: true) } latest @include(if: false) { text } }").await;
    assert_eq!(answer.body, json!({ "data": { "me": {} } }));
    assert_eq!(bench.calls().len(), 1);
}

#[tokio::test]
async fn mutations_run_one_after_the_other() {
    let bench = Bench::new();
    bench.answer("people", json!({ "data": { "rename": { "name": "Bo" } } }));
    bench.answer("reviews", json!({ "data": { "review": { "text": "fine" } } }));
    bench.answer("people", json!({ "data": { "again": { "name": "Cy" } } }));
    let query = r#"mutation {
        rename(id: "1", name: "Bo") { name } review(user: "1", text: "fine") { text } again: rename(id: "1", name: "Cy") { name }
    }"#;
    let answer = bench.query(query).await;
    let expected =
        json!({ "rename": { "name": "Bo" }, "review": { "text": "fine" }, "again": { "name": "Cy" } });
    assert_eq!(answer.data(), &expected);
    let order: Vec<String> = bench.calls().into_iter().map(|call| call.subgraph).collect();
    assert_eq!(order, ["people", "reviews", "people"]);
}

#[tokio::test]
async fn an_interface_shows_the_fields_of_the_type_it_turns_out_to_be() {
    let bench = Bench::new();
    bench.answer("people", json!({ "data": { "node": { "__typename": "User", "id": "1", "name": "Ann" } } }));
    bench.answer("reviews", json!({ "data": { "_entities": [{ "rating": 4 }] } }));
    let answer =
        bench.query(r#"{ node(id: "1") { kind: __typename id ... on User { name rating } } }"#).await;
    let expected = json!({ "node": { "kind": "User", "id": "1", "name": "Ann", "rating": 4 } });
    assert_eq!(answer.data(), &expected);
}

#[tokio::test]
async fn what_clients_may_not_know_stays_hidden() {
    let bench = Bench::new();
    bench.answer("people", json!({ "data": { "me": { "colour": "HIDDEN" } } }));
    let answer = bench.query("{ me { colour } }").await;
    assert_eq!(answer.data(), &json!({ "me": { "colour": null } }));
    assert_eq!(answer.code(), "INTERNAL");
    let api = bench.gateway.api_schema();
    for hidden in ["HIDDEN", "secret", "join__", "link", "__Schema", "scalar Int"] {
        assert!(!api.contains(hidden), "{hidden} is in:\n{api}");
    }
    assert!(
        api.contains("type User implements Node") && api.contains("users(first: Int = 5): [User!]!"),
        "{api}"
    );
}

#[tokio::test]
async fn requests_are_answered_side_by_side() {
    let bench = std::sync::Arc::new(Bench::new());
    let tasks: Vec<_> = (0..20)
        .map(|_| {
            bench.answer("people", json!({ "data": { "me": { "id": "1" } } }));
            let bench = std::sync::Arc::clone(&bench);
            tokio::spawn(async move { bench.query("{ me { id } }").await.body })
        })
        .collect();
    for task in tasks {
        assert_eq!(task.await.unwrap(), json!({ "data": { "me": { "id": "1" } } }));
    }
}
