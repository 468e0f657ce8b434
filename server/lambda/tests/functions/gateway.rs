//! GraphQL through the authorizer, the gateway and the subgraphs, as nobody, as a stranger and in each role; and
//! sign-in beside it.

use std::{collections::BTreeSet, fs, path::Path};

use domain::id::TodoId;
use lambda::{Function as _, functions::OPERATIONS};
use serde_json::{Value, json};

use crate::world::{COMMIT, World, ask, batch, device, http_event, invocation, json_of};

const CHANGES: &str = "query($list: ID!) { changes(list: $list, since: 0) { todos { title } } }";

fn todo() -> Value {
    json!({ "createTodo": { "id": TodoId::fresh(), "title": "Milk", "notes": "", "order": "V", "createdAt": 1 } })
}

#[tokio::test]
async fn a_list_is_for_its_members_each_in_their_role() {
    let world = World::new().await;
    let (owner, editor) = (world.sign_in("owner@b.example").await, world.sign_in("editor@b.example").await);
    let (viewer, stranger) = (world.sign_in("viewer@b.example").await, world.sign_in("x@b.example").await);
    let list = world.list(&owner).await;
    world.share(list, editor.user, "editor").await;
    world.share(list, viewer.user, "viewer").await;
    for writer in [&owner, &editor] {
        let done = world.data(writer, COMMIT, batch(list, todo())).await;
        assert_eq!(done["commit"]["outcomes"][0]["applied"], true, "{done}");
    }
    for reader in [&owner, &editor, &viewer] {
        let changes = world.data(reader, CHANGES, json!({ "list": list })).await;
        assert_eq!(changes["changes"]["todos"].as_array().unwrap().len(), 2);
    }
    assert_eq!(world.refusal(Some(&viewer.token), COMMIT, batch(list, todo())).await, "FORBIDDEN");
    for (query, variables) in [(COMMIT, batch(list, todo())), (CHANGES, json!({ "list": list }))] {
        assert_eq!(world.refusal(Some(&stranger.token), query, variables.clone()).await, "NOT_FOUND");
        for nobody in [None, Some("forged")] {
            assert_eq!(world.refusal(nobody, query, variables.clone()).await, "UNAUTHENTICATED");
        }
    }
}

#[tokio::test]
async fn an_answer_has_the_requests_id_and_counts_by_its_operation() {
    let world = World::new().await;
    let device = world.sign_in("a@b.example").await;
    let body = json!({ "query": "query Heads { heads { list } }", "operationName": "Heads" });
    let answer = world.graphql(Some(&device.token), &body).await;
    assert_eq!(answer["statusCode"], 200);
    assert_eq!(answer["headers"]["x-request-id"], "JKJaXmPLvHcESHA=");
    assert_eq!(json_of(&answer), json!({ "data": { "heads": [] } }));

    let counted = async |body: &str| {
        let mut event = http_event("POST", "/graphql");
        event["body"] = body.into();
        event["requestContext"]["authorizer"] =
            json!({ "lambda": { "user": device.user, "session": device.user } });
        let event = serde_json::from_value(event).unwrap();
        world.gateway.answer(event, invocation()).await.unwrap().counted()
    };
    assert_eq!(counted(&body.to_string()).await, (Some("Heads"), false));
    let made_up = json!({ "query": "query Mine { heads { list } }", "operationName": "Mine" });
    assert_eq!(counted(&made_up.to_string()).await, (Some("other"), false));
    assert_eq!(counted("no JSON").await, (Some("other"), false));
}

#[test]
fn every_operation_of_the_client_is_counted_by_its_name() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../app/graphql");
    let mut named = BTreeSet::new();
    for file in fs::read_dir(folder).unwrap() {
        let text = fs::read_to_string(file.unwrap().path()).unwrap();
        let first =
            text.lines().find_map(|line| line.strip_prefix("query ").or(line.strip_prefix("mutation ")));
        named.extend(first.map(|line| line.split(['(', ' ']).next().unwrap().to_owned()));
    }
    assert_eq!(named, OPERATIONS.into_iter().map(str::to_owned).collect());
}

#[tokio::test]
async fn the_authorizers_word_is_taken_whole_or_not_at_all() {
    let world = World::new().await;
    let user = world.sign_in("a@b.example").await.user;
    let code = async |word: Value| {
        let mut event = http_event("POST", "/graphql");
        event["body"] = json!({ "query": "{ heads { list } }" }).to_string().into();
        event["requestContext"]["authorizer"] = json!({ "lambda": word });
        let answer = ask(&world.gateway, event).await;
        assert_eq!(answer["statusCode"], 401, "{answer}");
        json_of(&answer)["error"]["code"].clone()
    };
    for partial in [json!({}), json!(null), json!({ "user": user }), json!({ "user": "x", "session": user })]
    {
        assert_eq!(code(partial).await, "UNAUTHENTICATED");
    }
    let refused = json!({ "refusal": "SESSION_ENDED", "user": user, "session": user });
    assert_eq!(code(refused).await, "SESSION_ENDED");
}

#[tokio::test]
async fn sign_in_keeps_its_secret_in_a_cookie_and_is_for_requests_through_cloudfront() {
    let world = World::new().await;
    let first = world.sign_in("a@b.example").await;
    let answer = world.auth("/auth/refresh", json!(null), std::slice::from_ref(&first.cookie)).await;
    let cookie = answer["cookies"][0].as_str().unwrap();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    assert_eq!(answer["headers"].get("set-cookie"), None);
    assert_eq!(device(&answer).user, first.user);

    let nobody = world.auth("/auth/refresh", json!(null), &[]).await;
    assert_eq!(
        (&nobody["statusCode"], &json_of(&nobody)["error"]["code"]),
        (&json!(401), &json!("UNAUTHENTICATED"))
    );
    let mut around = http_event("POST", "/auth/refresh");
    around["cookies"] = json!([first.cookie]);
    around["headers"]["x-origin-verify"] = "guessed".into();
    let around = ask(&*world.account, around).await;
    assert_eq!(
        (&around["statusCode"], &json_of(&around)["error"]["code"]),
        (&json!(403), &json!("FORBIDDEN"))
    );
    assert_eq!(ask(&*world.account, http_event("GET", "/healthz")).await["statusCode"], 204);
    assert_eq!(ask(&*world.account, http_event("GET", "/auth/elsewhere")).await["statusCode"], 404);
}
