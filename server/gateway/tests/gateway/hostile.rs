//! Inputs made to hurt: they are refused, quickly, and the gateway stays whole.

use gateway::{Gateway, Limits, SupergraphError};
use proptest::{collection::vec, prelude::*, sample::select};
use serde_json::json;

use crate::support::{Bench, Subgraphs};

async fn refused_with(query: &str, code: &str) {
    let answer = Bench::new().refused(query).await;
    assert_eq!(answer.errors()[0]["extensions"]["code"], code, "{}", answer.body);
}

#[tokio::test]
async fn deep_nesting() {
    let deep = |open: &str, close: &str| format!("{{{}id{}}}", open.repeat(10_000), close.repeat(10_000));
    refused_with(&deep("me{", "}"), "QUERY_TOO_COSTLY").await;
    refused_with(&deep("...{", "}"), "QUERY_TOO_COSTLY").await;
    refused_with(&"{me".repeat(10_000), "QUERY_TOO_COSTLY").await;
    refused_with(
        &format!("{{users(first:{}1{}){{id}}}}", "[".repeat(10_000), "]".repeat(10_000)),
        "QUERY_TOO_COSTLY",
    )
    .await;
    refused_with(
        &format!("query($a:{}Int{}){{me{{id}}}}", "[".repeat(10_000), "]".repeat(10_000)),
        "QUERY_TOO_COSTLY",
    )
    .await;
    refused_with(&"}".repeat(10_000), "INVALID_QUERY").await;
}

#[tokio::test]
async fn many_tokens() {
    refused_with(&format!("{{me{{{}}}}}", "id ".repeat(100_000)), "QUERY_TOO_COSTLY").await;
    refused_with(&format!("{{me{{id {}}}}}", "@a".repeat(50_000)), "QUERY_TOO_COSTLY").await;
    refused_with(&format!("{{{}}}", "x".repeat(1_000_000)), "QUERY_TOO_COSTLY").await;
    refused_with(&format!("{{{}}}", "x".repeat(10_000)), "INVALID_QUERY").await;
}

#[tokio::test]
async fn fragments_that_go_in_circles_or_multiply() {
    refused_with("{ me { ...A } } fragment A on User { ...B } fragment B on User { ...A }", "INVALID_QUERY")
        .await;
    refused_with("{ me { id } } fragment A on User { ...A }", "INVALID_QUERY").await;
    let mut query = "{ me { ...F0 } }".to_owned();
    for level in 0..60 {
        query += &format!(" fragment F{level} on User {{ ...F{n} ...F{n} }}", n = level + 1);
    }
    query += " fragment F60 on User { id }";
    refused_with(&query, "QUERY_TOO_COSTLY").await;
    let mut chain = "{ me { ...F0 } }".to_owned();
    for level in 0..300 {
        chain += &format!(" fragment F{level} on User {{ ...F{} }}", level + 1);
    }
    chain += " fragment F300 on User { id }";
    refused_with(&chain, "QUERY_TOO_COSTLY").await;
}

#[tokio::test]
async fn aliases_and_lists_that_multiply() {
    let aliases: String = (0..1_000).map(|n| format!("a{n}: me {{ id }} ")).collect();
    refused_with(&format!("{{ {aliases} }}"), "QUERY_TOO_COSTLY").await;
    let friends = "friends { ".repeat(10);
    refused_with(&format!("{{ users {{ {friends} id {} }} }}", "} ".repeat(10)), "QUERY_TOO_COSTLY").await;
    refused_with("{ users(first: 9000000000000000000) { friends { friends { id } } } }", "INVALID_QUERY")
        .await;
    refused_with("{ users(first: 2147483647) { friends { friends { id } } } }", "QUERY_TOO_COSTLY").await;
}

#[tokio::test]
async fn odd_text() {
    for query in [
        "\u{feff}{me{id}",
        "\"\"\"",
        "{me{id}}\u{202e}",
        "#",
        "{ me { id } } }",
        "{ a(b: \"\\u{110000}\") }",
        "{ me { id(a: 1e999999) } }",
    ] {
        refused_with(query, "INVALID_QUERY").await;
    }
}

#[tokio::test]
async fn a_refusal_leaves_the_gateway_as_it_was() {
    let bench = Bench::new();
    for _ in 0..3 {
        bench.refused("{ me { nme } }").await;
    }
    bench.answer("people", json!({ "data": { "me": { "id": "1" } } }));
    assert_eq!(bench.query("{ me { id } }").await.data(), &json!({ "me": { "id": "1" } }));
}

#[test]
fn supergraphs_that_are_none_are_refused() {
    let build = |text: &str| Gateway::new(text, std::sync::Arc::new(Subgraphs::default()), Limits::default());
    assert!(matches!(build("type Query {"), Err(SupergraphError::Unreadable(_))));
    assert!(matches!(build("scalar A"), Err(SupergraphError::Unusable(_))));
}

/// Pieces that documents are made of, some of them valid together.
const PIECES: [&str; 28] = [
    "{",
    "}",
    "{ me { id } }",
    "me",
    "users",
    "id",
    "name",
    "boss {",
    "friends {",
    "rating",
    "node(id: \"1\")",
    "...F",
    "... on User {",
    "fragment F on User {",
    "query",
    "mutation",
    "$a",
    "($a: Int)",
    "(first: $a)",
    ":",
    "\"",
    "\"\"\"",
    "@skip(if: true)",
    "@include(if: $a)",
    "__typename",
    "__schema { types { name } }",
    "\u{1f600}",
    "#",
];

proptest! {
    /// Whatever comes, there is an answer: run, or refused with a code that says whose fault it is.
    #[test]
    fn any_text_gets_an_answer(pieces in vec(select(PIECES.as_slice()), 0..40), number in any::<i64>()) {
        let bench = Bench::new();
        bench.answer("people", json!({ "data": { "me": { "id": "1" } } }));
        let body = json!({ "query": pieces.join(" "), "variables": { "a": number } });
        let answer = tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(bench.send(&body));
        if answer.status == 200 {
            prop_assert!(answer.body.get("data").is_some());
        } else {
            let code = answer.errors()[0]["extensions"]["code"].as_str().unwrap();
            prop_assert!(["INVALID_QUERY", "QUERY_TOO_COSTLY", "BAD_INPUT"].contains(&code), "{}", answer.body);
        }
    }
}
