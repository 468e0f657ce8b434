//! A host on a free port with a clock that tests move, and clients of it.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    dead_code,
    reason = "shared by tests that use parts of it"
)]

use std::{net::SocketAddr, sync::Arc};

use account::RateLimits;
use domain::{
    id::{ListId, MutationId, UserId},
    time::Timestamp,
};
use media::process::Worker;
use platform::{Item, Key, Mailbox, ManualClock, Write};
use reqwest::{Client, Response};
use serde_json::{Value, json};
use server::host::{Host, Options};
use tempfile::TempDir;

/// A host, its clock and its mailbox.
pub(crate) struct World {
    pub(crate) host: Host,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) mailbox: Mailbox,
    pub(crate) http: Client,
    pub(crate) folder: TempDir,
}

/// A signed-in device.
#[derive(Debug, Clone)]
pub(crate) struct Device {
    pub(crate) user: UserId,
    pub(crate) token: String,
    pub(crate) cookie: String,
}

pub(crate) const MINUTE: i64 = 60_000;
pub(crate) const HOUR: i64 = 60 * MINUTE;
pub(crate) const DAY: i64 = 24 * HOUR;

impl World {
    pub(crate) async fn new() -> Self {
        Self::with(RateLimits::default()).await
    }

    pub(crate) async fn with(rate_limits: RateLimits) -> Self {
        let folder = tempfile::tempdir().unwrap();
        // Far enough ahead that the table's own clock never finds an item past its time.
        let clock = Arc::new(ManualClock::at(Timestamp(4_000_000_000_000)));
        let mailbox = Mailbox::quiet();
        let address = SocketAddr::from(([127, 0, 0, 1], 0));
        // The host's program, decoding as it does when it serves.
        let program = env!("CARGO_BIN_EXE_server").into();
        let worker = Worker::Process { program, arguments: vec!["picture-worker".to_owned()] };
        let options = Options {
            clock: clock.clone(),
            mailbox: mailbox.clone(),
            rate_limits,
            worker,
            ..Options::new(address, folder.path().to_owned())
        };
        let host = Host::start(options).await.unwrap();
        Self { host, clock, mailbox, http: Client::new(), folder }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.host.address)
    }

    /// Posts JSON without any credentials.
    pub(crate) async fn post(&self, path: &str, body: &Value) -> Response {
        self.http.post(self.url(path)).json(body).send().await.unwrap()
    }

    /// Posts to an auth route with a cookie.
    pub(crate) async fn with_cookie(&self, path: &str, cookie: &str) -> Response {
        let request = self.http.post(self.url(path)).header("cookie", format!("stack_refresh={cookie}"));
        request.send().await.unwrap()
    }

    /// The code in the latest mail to an address.
    pub(crate) fn mailed_code(&self, email: &str) -> String {
        let mail = self.mailbox.mails().into_iter().find(|mail| mail.to.as_str() == email).unwrap();
        mail.subject.chars().take(6).collect()
    }

    pub(crate) async fn ask_code(&self, email: &str) -> String {
        let response = self.post("/auth/code", &json!({ "email": email })).await;
        assert_eq!(response.status(), 204);
        self.mailed_code(&email.trim().to_ascii_lowercase())
    }

    pub(crate) async fn sign_in(&self, email: &str, device: &str) -> Device {
        let code = self.ask_code(email).await;
        let body = json!({ "email": email, "code": code, "device": device });
        device_of(self.post("/auth/verify", &body).await).await
    }

    pub(crate) async fn graphql(&self, token: &str, query: &str, variables: Value) -> Value {
        let request = self.http.post(self.url("/graphql")).bearer_auth(token);
        let response = request.json(&json!({ "query": query, "variables": variables })).send().await.unwrap();
        response.json().await.unwrap()
    }

    /// Makes a list with one todo.
    pub(crate) async fn make_list(&self, device: &Device) -> ListId {
        let list = ListId::fresh();
        let batch = json!({ "mutationId": MutationId::fresh(), "list": list, "actions": [
            { "createList": { "title": "Groceries", "colour": "GREEN", "order": "V", "createdAt": 1 } },
        ]});
        let query = "mutation($batch: BatchInput!) { commit(batch: $batch) { outcomes { applied } } }";
        let answer = self.graphql(&device.token, query, json!({ "batch": batch })).await;
        assert_eq!(answer["data"]["commit"]["outcomes"][0]["applied"], true, "{answer}");
        list
    }

    /// Gives a user a role in a list, straight in the table, as sharing will.
    pub(crate) async fn share(&self, list: ListId, user: UserId, role: &str) {
        let sides = vec![
            Write::put(Item::new(Key::membership(user, list)).with("role", role)),
            Write::put(Item::new(Key::member(list, user)).with("role", role)),
        ];
        self.host.table.commit(sides).await.unwrap();
    }
}

/// What a good answer of `verify` or `refresh` gives.
pub(crate) async fn device_of(response: Response) -> Device {
    assert_eq!(response.status(), 200);
    let cookie = cookie_of(&response);
    let body: Value = response.json().await.unwrap();
    let user = body["user"]["id"].as_str().unwrap().parse().unwrap();
    Device { user, token: body["accessToken"].as_str().unwrap().to_owned(), cookie }
}

pub(crate) fn cookie_of(response: &Response) -> String {
    let header = response.headers()["set-cookie"].to_str().unwrap();
    header.strip_prefix("stack_refresh=").unwrap().split(';').next().unwrap().to_owned()
}

/// The status and the code of a refusal, which has a message and nothing else to show.
pub(crate) async fn refusal(response: Response) -> (u16, String) {
    let status = response.status().as_u16();
    let body: Value = response.json().await.unwrap();
    assert!(body["error"]["message"].as_str().unwrap().len() > 5, "{body}");
    (status, body["error"]["code"].as_str().unwrap().to_owned())
}

/// The code of an answer's only error.
pub(crate) fn code(answer: &Value) -> &str {
    let errors = answer["errors"].as_array().unwrap_or_else(|| panic!("no error: {answer}"));
    errors[0]["extensions"]["code"].as_str().unwrap_or_else(|| panic!("no code: {answer}"))
}
