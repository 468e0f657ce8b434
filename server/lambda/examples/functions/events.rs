//! What each function is called with: what API Gateway, the gateway and EventBridge would hand over, for one signed-in
//! device.

use std::{error::Error, fs, path::Path};

use domain::{
    email::Email,
    id::{ListId, MutationId, TodoId},
    time::Timestamp,
};
use media::access::Access;
use platform::{Clock as _, Key, SystemClock, Table};
use serde_json::{Value, json};

use crate::{Bench, services::SECRET};

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Nobody's address: mail to it is kept in the table.
const EMAIL: &str = "bench@example.org";
const HEADS: &str = include_str!("../../../../app/graphql/heads.graphql");
const COMMIT: &str = include_str!("../../../../app/graphql/commit.graphql");
const SESSIONS: &str = include_str!("../../../../app/graphql/sessions.graphql");
const USAGE: &str = include_str!("../../../../app/graphql/media_usage.graphql");

/// A function and what it is tried with.
pub(crate) struct Tried {
    pub(crate) function: &'static str,
    pub(crate) what: &'static str,
    pub(crate) event: fn(&Device) -> Value,
}

pub(crate) const TRIED: [Tried; 9] = [
    Tried { function: "authorizer", what: "a token", event: Device::authorized },
    Tried { function: "gateway", what: "a query of one subgraph", event: Device::asks },
    Tried { function: "account", what: "a query", event: |device| device.subgraph(SESSIONS, json!({})) },
    Tried { function: "todo", what: "a query", event: |device| device.subgraph(HEADS, json!({})) },
    Tried { function: "todo", what: "a change", event: Device::changes },
    Tried { function: "media", what: "a query", event: Device::entity },
    Tried { function: "socket", what: "a device's first words", event: Device::connects },
    Tried { function: "maker", what: "nothing to do", event: |_| json!({}) },
    Tried { function: "cleaner", what: "nothing to do", event: |_| json!({}) },
];

/// A signed-in device, and a list of its user's.
pub(crate) struct Device {
    user: String,
    session: String,
    token: String,
    list: ListId,
}

/// Whether this is the answer of a function that could not do what it was asked for: its time would say nothing.
pub(crate) fn is_refusal(answer: &Value) -> bool {
    let body =
        answer["body"].as_str().and_then(|body| serde_json::from_str(body).ok()).unwrap_or(Value::Null);
    [answer, &body].iter().any(|answer| answer.get("errors").is_some_and(|errors| *errors != json!([])))
        || answer["statusCode"].as_u64().is_some_and(|status| status >= 400)
        || answer.get("context").is_some_and(|context| context.get("user").is_none())
}

/// A key as the deployment makes it.
pub(crate) async fn media_key(folder: &Path) -> Outcome<String> {
    let file = folder.join("media-key");
    Access::local(&file)?.grant(ListId::fresh(), Timestamp(0)).await?;
    Ok(fs::read_to_string(file)?)
}

impl Device {
    /// Signs in by the functions themselves, and makes a list.
    pub(crate) async fn sign_in(bench: &Bench, table: &Table) -> Outcome<Self> {
        let mut account = bench.start("account").await?;
        let post = |path: &str, body: Value| {
            let mut event = http_event(path);
            event["body"] = body.to_string().into();
            event
        };
        account.api.call(post("/auth/code", json!({ "email": EMAIL }))).await?;
        let kept = table.get(&Key::kept_mail(&EMAIL.parse::<Email>()?)).await?.ok_or("no mail was kept")?;
        let text = kept.text("text")?.to_owned();
        let code = text.split(|letter: char| !letter.is_ascii_digit()).find(|word| word.len() == 6);
        let code = code.ok_or("the mail has no code")?;
        let answer = account.api.call(post("/auth/verify", json!({ "email": EMAIL, "code": code }))).await?;
        let body: Value = serde_json::from_str(answer["body"].as_str().ok_or("no body")?)?;
        let token = body["accessToken"].as_str().ok_or("no token")?.to_owned();

        let mut device = Self { user: String::new(), session: String::new(), token, list: ListId::fresh() };
        let mut authorizer = bench.start("authorizer").await?;
        let known = authorizer.api.call(device.authorized()).await?;
        for (field, name) in [(&mut device.user, "user"), (&mut device.session, "session")] {
            *field = known["context"][name].as_str().ok_or("the token is not good")?.to_owned();
        }
        let new = json!({ "title": "Food", "colour": "GREEN", "order": "V", "createdAt": SystemClock.now() });
        let mut todo = bench.start("todo").await?;
        let made = todo.api.call(device.commit(json!({ "createList": new }))).await?;
        if made["data"]["commit"]["outcomes"][0]["applied"] != true {
            return Err(format!("no list was made: {made}").into());
        }
        Ok(device)
    }

    fn caller(&self) -> Value {
        json!({ "user": self.user, "session": self.session, "requestId": "r" })
    }

    /// As the gateway calls a subgraph.
    fn subgraph(&self, query: &str, variables: Value) -> Value {
        json!({ "query": query, "variables": variables, "caller": self.caller() })
    }

    fn commit(&self, action: Value) -> Value {
        let batch = json!({ "mutationId": MutationId::fresh(), "list": self.list, "actions": [action] });
        self.subgraph(COMMIT, json!({ "batch": batch }))
    }

    fn changes(&self) -> Value {
        let now = SystemClock.now();
        let new =
            json!({ "id": TodoId::fresh(), "title": "Milk", "notes": "", "order": "V", "createdAt": now });
        self.commit(json!({ "createTodo": new }))
    }

    /// The subgraph of media adds to users what it knows of them.
    fn entity(&self) -> Value {
        let fields = USAGE.split_once("me {").and_then(|(_, rest)| rest.rsplit_once('}'));
        let fields = fields.and_then(|(fields, _)| fields.rsplit_once('}')).map_or("", |(fields, _)| fields);
        let query = format!(
            "query($of: [_Any!]!) {{ _entities(representations: $of) {{ ... on User {{ {fields} }} }} }}"
        );
        self.subgraph(&query, json!({ "of": [{ "__typename": "User", "id": self.user }] }))
    }

    fn authorized(&self) -> Value {
        let mut event = http_event("/graphql");
        event["headers"]["authorization"] = format!("Bearer {}", self.token).into();
        event["type"] = "REQUEST".into();
        event["routeArn"] = "arn:aws:execute-api:eu-west-1:000000000002:abc/$default/POST/graphql".into();
        event["identitySource"] = json!([event["headers"]["authorization"], SECRET]);
        event
    }

    fn asks(&self) -> Value {
        let mut event = http_event("/graphql");
        let known = json!({ "user": self.user, "session": self.session });
        event["requestContext"]["authorizer"] = json!({ "lambda": known });
        event["body"] = json!({ "query": HEADS, "operationName": "Heads" }).to_string().into();
        event
    }

    fn connects(&self) -> Value {
        let host = "abc.execute-api.eu-west-1.amazonaws.com";
        json!({
            "requestContext": {
                "routeKey": "$default", "eventType": "MESSAGE", "extendedRequestId": "e=", "requestId": "r=",
                "apiId": "abc", "requestTime": "01/Jan/2026:00:00:00 +0000", "messageDirection": "IN",
                "stage": "ws", "connectedAt": 1_767_225_600_000_u64, "requestTimeEpoch": 1_767_225_600_000_u64,
                "identity": { "sourceIp": "130.176.0.1" }, "connectionId": "c1", "domainName": host,
            },
            "body": json!({ "type": "hello", "token": self.token }).to_string(),
            "isBase64Encoded": false,
        })
    }
}

/// A request as API Gateway hands it over, in the payload format 2.0.
fn http_event(path: &str) -> Value {
    let host = "abc.execute-api.eu-west-1.amazonaws.com";
    json!({
        "version": "2.0", "routeKey": format!("POST {path}"), "rawPath": path, "rawQueryString": "",
        "headers": {
            "host": host, "content-type": "application/json", "x-origin-verify": SECRET,
            "x-stack-host": "stack.example", "x-stack-peer": "203.0.113.9",
        },
        "requestContext": {
            "accountId": "000000000002", "apiId": "abc", "stage": "$default", "requestId": "JKJaXmPLvHcESHA=",
            "domainName": host, "domainPrefix": "abc", "time": "01/Jan/2026:00:00:00 +0000",
            "timeEpoch": 1_767_225_600_000_u64,
            "http": { "method": "POST", "path": path, "protocol": "HTTP/1.1", "sourceIp": "130.176.0.1" },
        },
        "isBase64Encoded": false,
    })
}
