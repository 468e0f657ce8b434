//! What clients can learn about the schema.

use gateway::Limits;
use serde_json::json;

use crate::support::Bench;

#[tokio::test]
async fn a_type_tells_its_fields() {
    let bench = Bench::new();
    let query = r#"query ($name: String!) { __type(name: $name) {
        __typename kind name description interfaces { name } ofType { name }
        fields { name isDeprecated type { kind name ofType { kind ofType { ofType { name } } } } }
        all: fields(includeDeprecated: true) { name deprecationReason }
    } }"#;
    let answer = bench.send(&json!({ "query": query, "variables": { "name": "User" } })).await;
    let user = &answer.data()["__type"];
    assert_eq!(user["kind"], "OBJECT");
    assert_eq!(user["__typename"], "__Type");
    assert_eq!(user["description"], "Somebody.");
    assert_eq!(user["interfaces"], json!([{ "name": "Node" }]));
    assert_eq!(user["ofType"], json!(null));
    let friends = user["fields"].as_array().unwrap().iter().find(|field| field["name"] == "friends").unwrap();
    let kind = json!({ "kind": "NON_NULL", "name": null, "ofType": { "kind": "LIST", "ofType": { "ofType": { "name": "User" } } } });
    assert_eq!(friends["type"], kind);
    let has =
        |list: &str, name: &str| user[list].as_array().unwrap().iter().any(|field| field["name"] == name);
    assert!(!has("fields", "old") && has("all", "old") && !has("all", "secret"));
    assert!(bench.calls().is_empty());
}

#[tokio::test]
async fn the_schema_tells_its_types_and_directives() {
    let bench = Bench::new();
    let query = "{ __schema {
        queryType { name } mutationType { name } subscriptionType { name }
        types { name kind enumValues { name } inputFields { name defaultValue type { name } } possibleTypes { name } }
        directives { name locations args { name } }
    } __typename }";
    let answer = bench.query(query).await;
    assert_eq!(answer.errors().len(), 0, "{}", answer.body);
    assert_eq!(answer.data()["__typename"], "Query");
    let schema = &answer.data()["__schema"];
    assert_eq!(schema["queryType"]["name"], "Query");
    assert_eq!(schema["mutationType"]["name"], "Mutation");
    assert_eq!(schema["subscriptionType"], json!(null));
    let named =
        |name: &str| schema["types"].as_array().unwrap().iter().find(|kind| kind["name"] == name).cloned();
    assert_eq!(named("Colour").unwrap()["enumValues"], json!([{ "name": "RED" }, { "name": "BLUE" }]));
    assert_eq!(named("Node").unwrap()["possibleTypes"], json!([{ "name": "User" }]));
    assert!(named("__Type").is_some() && named("Int").is_some());
    assert!(
        named("join__Graph").is_none()
            && named("join__FieldSet").is_none()
            && named("link__Purpose").is_none()
    );
    let names: Vec<_> =
        schema["directives"].as_array().unwrap().iter().map(|directive| directive["name"].clone()).collect();
    assert!(
        names.contains(&json!("skip")) && !names.iter().any(|name| name.as_str().unwrap().contains("join"))
    );
}

#[tokio::test]
async fn it_mixes_with_data() {
    let bench = Bench::new();
    bench.answer("people", json!({ "data": { "me": { "id": "1" } } }));
    let answer = bench.query(r#"{ me { __typename id } none: __type(name: "Nope") { name } }"#).await;
    assert_eq!(answer.body, json!({ "data": { "me": { "__typename": "User", "id": "1" }, "none": null } }));
}

#[tokio::test]
async fn it_can_be_turned_off() {
    let bench = Bench::with(Limits { introspection: false, ..Limits::default() });
    for query in [
        "{ __schema { queryType { name } } }",
        "{ ...F } fragment F on Query { __type(name: \"User\") { name } }",
    ] {
        assert_eq!(bench.refused(query).await.code(), "INVALID_QUERY");
    }
    assert_eq!(bench.query("{ __typename }").await.body, json!({ "data": { "__typename": "Query" } }));
}

#[tokio::test]
async fn going_in_circles_costs_too_much() {
    let circle = "fields { type { fields { type { fields { type { fields { type { name } } } } } } } }";
    let query = format!("{{ __schema {{ types {{ {circle} }} }} }}");
    let bench = Bench::with(Limits { introspection_fields: 500, ..Limits::default() });
    assert_eq!(bench.refused(&query).await.code(), "QUERY_TOO_COSTLY");
}

/// What GraphQL's own tools ask.
#[tokio::test]
async fn the_usual_query_is_within_the_limits() {
    let of_type = "ofType { kind name ".repeat(9) + &"} ".repeat(9);
    let query = format!(
        "query IntrospectionQuery {{
            __schema {{
                description queryType {{ name kind }} mutationType {{ name kind }} subscriptionType {{ name kind }}
                types {{ ...FullType }}
                directives {{ name description isRepeatable locations args(includeDeprecated: true) {{ ...InputValue }} }}
            }}
        }}
        fragment FullType on __Type {{
            kind name description isOneOf specifiedByURL
            fields(includeDeprecated: true) {{
                name description args(includeDeprecated: true) {{ ...InputValue }} type {{ ...TypeRef }}
                isDeprecated deprecationReason
            }}
            inputFields(includeDeprecated: true) {{ ...InputValue }}
            interfaces {{ ...TypeRef }}
            enumValues(includeDeprecated: true) {{ name description isDeprecated deprecationReason }}
            possibleTypes {{ ...TypeRef }}
        }}
        fragment InputValue on __InputValue {{
            name description type {{ ...TypeRef }} defaultValue isDeprecated deprecationReason
        }}
        fragment TypeRef on __Type {{ kind name {of_type} }}"
    );
    let answer = Bench::new().query(&query).await;
    assert_eq!(answer.errors().len(), 0, "{}", answer.body["errors"]);
    let types = answer.data()["__schema"]["types"].as_array().unwrap();
    let filter = types.iter().find(|kind| kind["name"] == "Filter").unwrap();
    assert_eq!((&filter["kind"], &filter["isOneOf"]), (&json!("INPUT_OBJECT"), &json!(false)));
    assert_eq!(filter["inputFields"].as_array().unwrap().len(), 4);
}
