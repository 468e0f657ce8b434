//! Connections of devices, and pokes to them, as the WebSocket API tells of them.

use platform::{Partition, Range};
use serde_json::{Value, json};

use crate::world::{COMMIT, SECRET, World, ask, batch};

/// What the WebSocket API hands over.
fn event(route: &str, connection: &str, body: Option<&str>) -> Value {
    let kind = route.trim_start_matches('$').to_ascii_uppercase();
    json!({
        "headers": { "Host": "abc.execute-api.eu-west-1.amazonaws.com", "X-Origin-Verify": SECRET },
        "requestContext": {
            "routeKey": route, "eventType": kind, "extendedRequestId": "e=", "requestId": "r=", "apiId": "abc",
            "requestTime": "01/Jan/2026:00:00:00 +0000", "messageDirection": "IN", "stage": "ws",
            "connectedAt": 1_767_225_600_000_u64, "requestTimeEpoch": 1_767_225_600_000_u64,
            "identity": { "sourceIp": "130.176.0.1" }, "connectionId": connection,
            "domainName": "abc.execute-api.eu-west-1.amazonaws.com",
        },
        "body": body,
        "isBase64Encoded": false,
    })
}

impl World {
    async fn connects(&self, connection: &str) {
        let answer = ask(&self.socket, event("$connect", connection, None)).await;
        assert_eq!(answer, json!({ "statusCode": 200 }));
    }

    async fn hello(&self, connection: &str, token: &str) {
        let hello = json!({ "type": "hello", "token": token }).to_string();
        let answer = ask(&self.socket, event("$default", connection, Some(&hello))).await;
        assert_eq!(answer, json!({ "statusCode": 200 }));
    }

    /// What was said to whom since the last time; nothing says that a connection was ended.
    fn said(&self) -> Vec<(String, Value)> {
        let sent = std::mem::take(&mut *self.sent.lock().unwrap());
        let said = sent.into_iter().map(|(path, body)| {
            assert!(
                path.starts_with("/ws/@connections/") || path.starts_with("/ws/%40connections/"),
                "{path}"
            );
            let connection = path.rsplit('/').next().unwrap().to_owned();
            (connection, serde_json::from_str(&body).unwrap_or(Value::Null))
        });
        said.collect()
    }
}

fn to(connection: &str, words: Value) -> (String, Value) {
    (connection.to_owned(), words)
}

#[tokio::test]
async fn a_device_that_says_who_it_is_gets_pokes_until_it_is_gone() {
    let world = World::new().await;
    let (ada, eve) = (world.sign_in("ada@b.example").await, world.sign_in("eve@b.example").await);
    for (connection, device) in [("c1", &ada), ("c2", &eve)] {
        world.connects(connection).await;
        world.hello(connection, &device.token).await;
        assert_eq!(world.said(), [to(connection, json!({ "type": "ready" }))]);
    }
    let list = world.list(&ada).await;
    assert_eq!(world.said(), [to("c1", json!({ "type": "poke", "list": list, "version": 1 }))]);

    ask(&world.socket, event("$disconnect", "c1", None)).await;
    let rename = json!({ "editList": { "title": "Drinks" } });
    world.data(&ada, COMMIT, batch(list, rename)).await;
    assert_eq!(world.said(), []);
    assert_eq!(world.table.all(Partition::User(ada.user), Range::Sockets).await.unwrap(), []);
}

#[tokio::test]
async fn nobody_and_nonsense_are_cut_off() {
    let world = World::new().await;
    world.connects("c1").await;
    let long = json!({ "type": "hello", "token": "x".repeat(9_000) }).to_string();
    for text in ["", "{}", "no JSON", r#"{"type":"hello","token":"forged"}"#, &long] {
        ask(&world.socket, event("$default", "c1", Some(text))).await;
        assert_eq!(world.said(), [to("c1", Value::Null)], "{text}");
    }
    let mut around = event("$connect", "c1", None);
    around["headers"]["X-Origin-Verify"] = "guessed".into();
    assert_eq!(ask(&world.socket, around).await, json!({ "statusCode": 403 }));
}

#[tokio::test]
async fn the_end_of_a_session_is_told_on_its_own_connections_only() {
    let world = World::new().await;
    let (one, other) = (world.sign_in("a@b.example").await, world.sign_in("a@b.example").await);
    world.hello("c1", &one.token).await;
    world.hello("c2", &other.token).await;
    world.said();
    world.auth("/auth/sign-out", json!(null), &[one.cookie]).await;
    assert_eq!(world.said(), [to("c1", json!({ "type": "ended" })), to("c1", Value::Null)]);
    world.hello("c3", &one.token).await;
    assert_eq!(world.said(), [to("c3", json!({ "type": "ended" })), to("c3", Value::Null)]);
}
