//! Documents that the schema or the limits do not allow, and bodies that are no requests.

use gateway::Limits;
use serde_json::json;

use crate::support::Bench;

#[tokio::test]
async fn invalid_documents_are_refused_with_a_reason() {
    for (query, word) in [
        ("{ me { nme } }", "nme"),
        ("{ me }", "sub"),
        ("{ me { id { x } } }", "id"),
        ("{ me { secret } }", "secret"),
        ("{ node { id } }", "id"),
        ("{ me(x: 1) { id } }", "x"),
        ("{ users(first: \"a\") { id } }", "Int"),
        ("query ($a: Int) { me { id } }", "$a"),
        ("{ users(first: $a) { id } }", "$a"),
        ("query ($a: Strng) { price(note: $a) }", "Strng"),
        ("query ($a: String) { users(first: $a) { id } }", "$a"),
        ("query ($a: User) { me { id } }", "User"),
        ("{ ...F }", "F"),
        ("{ me { id } } fragment F on User { id }", "F"),
        ("{ me { ...F } } fragment F on Review { text }", "F"),
        ("{ me { ...F } } fragment F on User { boss { ...F } }", "itself"),
        ("{ me { id @skip } }", "if"),
        ("{ me { id @odd } }", "odd"),
        ("{ me { a: id a: name } }", "a"),
        ("{ search(filter: {}) { id } }", "name"),
        ("{ search(filter: { name: \"a\", x: 1 }) { id } }", "x"),
        ("{ search(filter: { name: \"a\", colour: HIDDEN }) { id } }", "HIDDEN"),
        ("query A { me { id } } query B { me { id } }", "operationName"),
        ("query A { me { id } } query A { me { id } }", "A"),
        ("subscription { me { id } }", "ubscription"),
        ("{ me { __x: id } }", "__x"),
        ("query ($representations: Int) { users(first: $representations) { id } }", "representations"),
        ("{ _entities(representations: []) { __typename } }", "_entities"),
        ("{ _service { sdl } }", "_service"),
        ("fragment F on User { id }", "F"),
        ("type Query { a: Int }", "read"),
        ("{ me { id }", "read"),
        ("", "read"),
        ("{ me { id \u{0} } }", "read"),
    ] {
        let bench = Bench::new();
        let answer = bench.refused(query).await;
        assert_eq!(answer.errors()[0]["extensions"]["code"], "INVALID_QUERY", "{query}");
        let told = answer.body["errors"].to_string();
        assert!(told.contains(word), "{query}: {told}");
    }
}

#[tokio::test]
async fn faults_have_places() {
    let answer = Bench::new().refused("{\n  me { nme }\n}").await;
    assert_eq!(answer.errors()[0]["locations"][0]["line"], 2);
}

#[tokio::test]
async fn operation_name_picks_one() {
    let bench = Bench::new();
    let query = "query A { me { id } } query B { me { name } }";
    bench.answer("people", json!({ "data": { "me": { "name": "Ann" } } }));
    let answer = bench.send(&json!({ "query": query, "operationName": "B" })).await;
    assert_eq!(answer.data(), &json!({ "me": { "name": "Ann" } }));
    bench.answer("people", json!({ "data": { "me": { "id": "1" } } }));
    let answer = bench.send(&json!({ "query": query, "operationName": "A" })).await;
    assert_eq!(answer.data(), &json!({ "me": { "id": "1" } }));
    let answer = bench.send(&json!({ "query": query, "operationName": "C" })).await;
    assert_eq!(answer.code(), "INVALID_QUERY");
}

#[tokio::test]
async fn bodies_that_are_no_requests_are_malformed() {
    let deep = format!(
        "{{\"query\":\"{{me{{id}}}}\",\"variables\":{{\"a\":{}1{}}}}}",
        "[".repeat(10_000),
        "]".repeat(10_000)
    );
    for body in [
        "",
        "{",
        "null",
        "7",
        "\"{me{id}}\"",
        "{}",
        "{\"query\":7}",
        "{\"query\":\"{me{id}}\",\"variables\":[]}",
        &deep,
    ] {
        let bench = Bench::new();
        let answer = bench.send_bytes(body.as_bytes()).await;
        assert_eq!((answer.status, answer.code()), (400, "MALFORMED"), "{}", &body[..body.len().min(40)]);
        assert!(bench.calls().is_empty());
    }
    let answer = Bench::new().send_bytes(b"\xff\xfe").await;
    assert_eq!(answer.code(), "MALFORMED");
}

#[tokio::test]
async fn batches_of_requests_are_refused() {
    let answer = Bench::new().send(&json!([{ "query": "{ me { id } }" }])).await;
    assert_eq!((answer.status, answer.code()), (400, "MALFORMED"));
    assert!(answer.message().contains("One request at a time"));
}

#[tokio::test]
async fn a_body_over_the_limit_is_too_large() {
    let bench = Bench::with(Limits { body_bytes: 100, ..Limits::default() });
    let answer = bench.send_bytes(&[b' '; 101]).await;
    assert_eq!((answer.status, answer.code()), (413, "TOO_LARGE"));
    let answer = bench.send_bytes(&[b' '; 100]).await;
    assert_eq!(answer.code(), "MALFORMED");
}

/// Every limit lets through what just meets it, and refuses one more.
#[tokio::test]
async fn each_limit_holds_exactly() {
    let limits = || Limits { introspection: false, ..Limits::default() };
    for (limits, meets, exceeds) in [
        (Limits { tokens: 6, ..limits() }, "{ me { id } }", "{ me { id name } }"),
        (Limits { query_bytes: 13, ..limits() }, "{ me { id } }", "{ me { id  } }"),
        (
            Limits { fields: 3, ..limits() },
            "{ me { id name } }",
            "{ me { ...F ...F } } fragment F on User { id name }",
        ),
        (
            Limits { depth: 3, ..limits() },
            "{ me { boss { id } } }",
            "{ me { ...F } } fragment F on User { boss { boss { id } } }",
        ),
        (
            Limits { aliases: 2, ..limits() },
            "{ me { a: id b: id } }",
            "{ me { ...F c: id } } fragment F on User { a: id b: id }",
        ),
        (
            Limits { root_fields: 1, ..limits() },
            "{ me { id } }",
            "{ ...F latest { text } } fragment F on Query { me { id } }",
        ),
        (
            Limits { directives: 1, ..limits() },
            "{ me { id @skip(if: false) } }",
            "{ me { id @skip(if: false) name @skip(if: false) } }",
        ),
        (Limits { cost: 11, ..limits() }, "{ users(first: 10) { id } }", "{ users(first: 11) { id } }"),
        (Limits { cost: 6, ..limits() }, "{ users { id } }", "{ users { id name } }"),
        (
            Limits { cost: 5, list_size: 3, ..limits() },
            "{ me { friends { id } } }",
            "{ me { friends { id name } } }",
        ),
    ] {
        let bench = Bench::with(limits.clone());
        bench.answer("people", json!({ "data": {} }));
        assert_eq!(bench.query(meets).await.status, 200, "{meets}");
        let bench = Bench::with(limits);
        let answer = bench.refused(exceeds).await;
        assert_eq!(answer.code(), "QUERY_TOO_COSTLY", "{exceeds}: {}", answer.body);
    }
}

#[tokio::test]
async fn variables_count_for_the_cost() {
    let bench = Bench::with(Limits { cost: 100, ..Limits::default() });
    let query = "query ($n: Int = 1000) { users(first: $n) { id } }";
    bench.answer("people", json!({ "data": { "users": [] } }));
    assert_eq!(bench.send(&json!({ "query": query, "variables": { "n": 99 } })).await.status, 200);
    assert_eq!(
        bench.send(&json!({ "query": query, "variables": { "n": 100 } })).await.code(),
        "QUERY_TOO_COSTLY"
    );
    assert_eq!(bench.query(query).await.code(), "QUERY_TOO_COSTLY");
}
