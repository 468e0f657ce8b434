//! Variables are coerced by their types, or refused before any subgraph is asked.

use serde_json::{Value, json};

use crate::support::Bench;

#[tokio::test]
async fn values_of_other_types_are_refused() {
    for (kind, place, value) in [
        ("Int", "unit", json!("1")),
        ("Int", "unit", json!(1.5)),
        ("Int", "unit", json!(2_147_483_648_i64)),
        ("Int", "unit", json!([1])),
        ("Float", "amount", json!("1")),
        ("Boolean", "on", json!("true")),
        ("Boolean", "on", json!(1)),
        ("String", "note", json!(1)),
        ("String", "note", json!({})),
        ("String!", "note", Value::Null),
        ("ID", "id", json!(true)),
        ("ID", "id", json!(1.5)),
    ] {
        let bench = Bench::new();
        let query = format!("query ($v: {kind}) {{ price({place}: $v) }}");
        let answer = bench.send(&json!({ "query": query, "variables": { "v": value } })).await;
        assert_eq!((answer.status, answer.code()), (400, "BAD_INPUT"), "{kind} {value}");
        assert!(answer.message().contains("\"$v\""), "{}", answer.message());
        assert!(bench.calls().is_empty());
    }
}

#[tokio::test]
async fn faults_inside_objects_say_where() {
    for (filter, place) in [
        (json!({}), "$f"),
        (json!("x"), "$f"),
        (json!({ "name": null }), "$f.name"),
        (json!({ "name": "a", "ages": [1, "2"] }), "$f.ages[1]"),
        (json!({ "name": "a", "ages": [1, null] }), "$f.ages[1]"),
        (json!({ "name": "a", "colour": "GREEN" }), "$f.colour"),
        (json!({ "name": "a", "colour": "HIDDEN" }), "$f.colour"),
        (json!({ "name": "a", "in": {} }), "$f.in"),
        (json!({ "name": "a", "odd": 1 }), "$f"),
    ] {
        let bench = Bench::new();
        let query = "query ($f: Filter!) { search(filter: $f) { id } }";
        let answer = bench.send(&json!({ "query": query, "variables": { "f": filter } })).await;
        assert_eq!(answer.code(), "BAD_INPUT", "{filter}");
        assert!(answer.message().contains(&format!("\"{place}\"")), "{filter}: {}", answer.message());
        assert!(bench.calls().is_empty());
    }
}

#[tokio::test]
async fn a_required_variable_must_be_given() {
    let answer = Bench::new().query("query ($f: Filter!) { search(filter: $f) { id } }").await;
    assert_eq!(answer.code(), "BAD_INPUT");
    assert!(answer.message().contains("required"));
}

#[tokio::test]
async fn values_are_coerced_and_defaults_filled_in() {
    let bench = Bench::new();
    bench.answer("people", json!({ "data": { "search": [], "price": null } }));
    let query = "query ($f: Filter!, $id: ID, $unit: Int, $note: String = \"x\", $amount: Float) {
        search(filter: $f) { id } price(id: $id, unit: $unit, note: $note, amount: $amount)
    }";
    let variables = json!({ "f": { "name": "a", "ages": 7 }, "id": 12, "unit": 3.0, "amount": 2 });
    bench.send(&json!({ "query": query, "variables": variables })).await;
    let expected =
        json!({ "f": { "name": "a", "ages": [7] }, "id": "12", "unit": 3, "note": "x", "amount": 2 });
    assert_eq!(bench.calls()[0].variables, expected);
}
