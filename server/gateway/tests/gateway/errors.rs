//! Nulls, gaps, and the errors that go with them.

use gateway::Limits;
use serde_json::json;

use crate::support::Bench;

#[tokio::test]
async fn a_missing_value_makes_the_nearest_nullable_parent_null() {
    let bench = Bench::new();
    bench.answer("people", json!({ "data": { "me": { "__typename": "User", "id": "1", "boss": { "__typename": "User", "id": "2" } } } }));
    bench.answer("reviews", json!({ "data": { "_entities": [{ "score": null }] } }));
    let answer = bench.query("{ me { id boss { id score } } }").await;
    assert_eq!(answer.data(), &json!({ "me": { "id": "1", "boss": null } }));
    assert_eq!(answer.code(), "INTERNAL");
    assert_eq!(answer.errors()[0]["path"], json!(["me", "boss", "score"]));
}

#[tokio::test]
async fn a_missing_value_goes_through_lists_up_to_the_root() {
    let bench = Bench::new();
    bench.answer(
        "people",
        json!({ "data": { "users": [{ "id": "1", "name": "Ann" }, { "id": "2", "name": null }] } }),
    );
    let answer = bench.query("{ users { id name } }").await;
    assert_eq!(answer.data(), &json!(null));
    assert_eq!(answer.errors()[0]["path"], json!(["users", 1, "name"]));
}

#[tokio::test]
async fn a_subgraphs_error_keeps_its_code_and_gets_the_clients_path() {
    let bench = Bench::new();
    let users = json!([{ "__typename": "User", "id": "1" }, { "__typename": "User", "id": "2" }]);
    bench.answer("people", json!({ "data": { "users": users } }));
    let error = json!({
        "message": "Slow down.", "path": ["_entities", 1, "rating"], "locations": [{ "line": 1, "column": 1 }],
        "extensions": { "code": "RATE_LIMITED", "retryAfter": 3 },
    });
    bench.answer(
        "reviews",
        json!({ "data": { "_entities": [{ "rating": 1 }, { "rating": null }] }, "errors": [error] }),
    );
    let answer = bench.query("{ users { id rating } }").await;
    assert_eq!(answer.status, 200);
    let expected = json!({ "users": [{ "id": "1", "rating": 1 }, { "id": "2", "rating": null }] });
    assert_eq!(answer.data(), &expected);
    let told = json!([{
        "message": "Slow down.", "path": ["users", 1, "rating"],
        "extensions": { "code": "RATE_LIMITED", "retryAfter": 3 },
    }]);
    assert_eq!(answer.body["errors"], told);
}

#[tokio::test]
async fn an_entitys_error_is_told_wherever_the_entity_is() {
    let bench = Bench::new();
    let boss = json!({ "__typename": "User", "id": "9" });
    bench.answer("people", json!({ "data": { "users": [{ "boss": boss }, { "boss": boss }] } }));
    let error = json!({ "message": "No.", "path": ["_entities", 0, "rating"], "extensions": { "code": "FORBIDDEN" } });
    bench.answer("reviews", json!({ "data": { "_entities": [{ "rating": null }] }, "errors": [error] }));
    let answer = bench.query("{ users { boss { rating } } }").await;
    let paths: Vec<_> = answer.errors().iter().map(|error| error["path"].clone()).collect();
    assert_eq!(paths, [json!(["users", 0, "boss", "rating"]), json!(["users", 1, "boss", "rating"])]);
}

#[tokio::test]
async fn an_error_that_explains_a_null_is_not_told_twice() {
    let bench = Bench::new();
    let error = json!({ "message": "Gone.", "path": ["me", "name"], "extensions": { "code": "NOT_FOUND" } });
    bench.answer("people", json!({ "data": { "me": { "id": "1", "name": null } }, "errors": [error] }));
    let answer = bench.query("{ me { id name } }").await;
    assert_eq!(answer.data(), &json!({ "me": null }));
    assert_eq!(answer.code(), "NOT_FOUND");
}

#[tokio::test]
async fn an_error_without_a_code_gets_one() {
    let bench = Bench::new();
    bench.answer("people", json!({ "data": null, "errors": [{ "message": "Oh." }] }));
    let answer = bench.query("{ me { id } }").await;
    assert_eq!(answer.data(), &json!({ "me": null }));
    assert_eq!(answer.code(), "INTERNAL");
}

#[tokio::test]
async fn a_failing_subgraph_leaves_the_others_data() {
    let bench = Bench::new();
    bench.answer("people", json!({ "data": { "me": { "__typename": "User", "id": "1", "name": "Ann" } } }));
    let answer = bench.query("{ me { id name rating } latest { text } }").await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.data(), &json!({ "me": { "id": "1", "name": "Ann", "rating": null }, "latest": null }));
    let mut paths: Vec<String> = answer.errors().iter().map(|error| error["path"].to_string()).collect();
    paths.sort();
    assert_eq!(paths, [r#"["latest"]"#, r#"["me"]"#]);
    let named = json!({ "code": "UNAVAILABLE", "service": "reviews" });
    assert!(answer.errors().iter().all(|error| error["extensions"] == named), "{}", answer.body);
    let mut asked: Vec<_> = bench.calls().into_iter().map(|call| call.subgraph).collect();
    asked.sort();
    assert_eq!(asked, ["people", "reviews", "reviews"], "each fetch is made once, whatever comes of it");
    assert!(!answer.body.to_string().contains("connection refused"), "inner words must not get out");
}

#[tokio::test]
async fn an_answer_that_cannot_be_read_counts_as_none() {
    for junk in
        [json!("hello"), json!([]), json!({ "data": null }), json!({ "data": 7 }), json!({ "errors": [] })]
    {
        let bench = Bench::new();
        bench.answer("people", junk);
        let answer = bench.query("{ me { id } }").await;
        assert_eq!(answer.data(), &json!({ "me": null }));
        assert_eq!(answer.code(), "UNAVAILABLE");
    }
}

#[tokio::test]
async fn data_of_another_shape_than_the_schemas_do_not_get_through() {
    for (junk, data) in [
        (json!({ "me": "Ann" }), json!({ "me": null })),
        (json!({ "me": [{ "id": "1" }] }), json!({ "me": null })),
        (json!({ "me": { "__typename": "Stranger", "id": "1" } }), json!({ "me": null })),
    ] {
        let bench = Bench::new();
        bench.answer("people", json!({ "data": junk }));
        assert_eq!(bench.query("{ me { id } }").await.data(), &data);
    }
}

#[tokio::test]
async fn fewer_entities_than_asked_for_leave_gaps() {
    let bench = Bench::new();
    let users = json!([{ "__typename": "User", "id": "1" }, { "__typename": "User", "id": "2" }]);
    bench.answer("people", json!({ "data": { "users": users } }));
    bench.answer("reviews", json!({ "data": { "_entities": [{ "rating": 1 }] } }));
    let answer = bench.query("{ users { rating } }").await;
    assert_eq!(answer.data(), &json!({ "users": [{ "rating": 1 }, { "rating": null }] }));
}

#[tokio::test]
async fn an_entity_that_is_gone_is_a_null_and_no_error() {
    let bench = Bench::new();
    bench.answer("people", json!({ "data": { "me": { "__typename": "User", "id": "1", "boss": { "__typename": "User", "id": "2" } } } }));
    bench.answer("reviews", json!({ "data": { "_entities": [null] } }));
    let answer = bench.query("{ me { id boss { id score } } }").await;
    assert_eq!(answer.body, json!({ "data": { "me": { "id": "1", "boss": null } } }));
    // Where no null may be around it, the gap is told.
    let bench = Bench::new();
    bench.answer("people", json!({ "data": { "users": [{ "__typename": "User", "id": "1" }] } }));
    bench.answer("reviews", json!({ "data": { "_entities": [null] } }));
    let answer = bench.query("{ users { score } }").await;
    assert_eq!((answer.data(), answer.code()), (&json!(null), "INTERNAL"));
}

#[tokio::test]
async fn a_page_of_changes_names_media_that_are_gone_as_null() {
    let bench = Bench::over(include_str!("../../supergraph.graphql"), Limits::default());
    let list = json!({ "id": "l", "title": "Home", "colour": "BLUE", "order": "a1", "archived": false,
        "createdAt": 1, "version": 9, "role": "OWNER" });
    let stub = |id: &str| json!({ "__typename": "Media", "list": "l", "id": id });
    let page = json!({ "list": list, "todos": [], "media": [stub("gone"), stub("there")], "until": 9, "anchor": 9,
        "more": false, "reset": false });
    bench.answer("todo", json!({ "data": { "changes": page } }));
    let there = json!({ "__typename": "Media", "id": "there", "todo": "t", "kind": "IMAGE", "name": "a.png",
        "contentType": "image/png", "bytes": 1, "caption": "", "order": "a1", "rotation": 0, "createdAt": 1,
        "deletedAt": null, "state": "WAITING", "failure": null, "rendition": null });
    bench.answer("media", json!({ "data": { "_entities": [null, there] } }));
    let query = include_str!("../../../../app/graphql/changes.graphql");
    let answer = bench.send(&json!({ "query": query, "variables": { "list": "l", "since": 0 } })).await;
    assert_eq!(answer.errors(), [] as [serde_json::Value; 0], "{}", answer.body);
    let media = &answer.data()["changes"]["media"];
    assert_eq!((&media[0], &media[1]["name"]), (&json!(null), &json!("a.png")));
    assert_eq!(answer.data()["changes"]["until"], 9);
}
