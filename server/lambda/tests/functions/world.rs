//! All functions over one table and one storage, wired as the deployment wires them.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use ::gateway::{Context, SubgraphRequest, Transport, TransportError};
use ::media::{Medias, access::Access};
use account::{Accounts, Keys, RateLimits};
use async_trait::async_trait;
use bytes::Bytes;
use domain::id::{ListId, MutationId, UserId};
use lambda::{
    Function, Invocation, OriginCheck, SocketPokes,
    functions::{Account, Authorizer, Cleaner, Gateway, Maker, Media, Socket, Todo, Wake},
    invoke::Call,
    socket::Switchboard,
};
use platform::{CALLER_HEADER, Caller, Item, Key, Mailbox, SystemClock, Table, Write, blob::Blobs};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::service::{Asked, service};

pub(crate) const SECRET: &str = "what CloudFront shows";

pub(crate) struct World {
    pub(crate) table: Table,
    pub(crate) blobs: Blobs,
    pub(crate) authorizer: Authorizer,
    pub(crate) gateway: Gateway,
    pub(crate) account: Arc<Account>,
    pub(crate) maker: Maker,
    pub(crate) socket: Socket,
    pub(crate) cleaner: Cleaner,
    /// What the WebSocket API was asked to send.
    pub(crate) sent: Asked,
    /// How often the maker was woken.
    pub(crate) woken: Asked,
    mailbox: Mailbox,
    _folder: TempDir,
}

/// A signed-in device.
#[derive(Debug, Clone)]
pub(crate) struct Device {
    pub(crate) user: UserId,
    pub(crate) token: String,
    pub(crate) cookie: String,
}

/// Calls subgraphs as Lambda does: what crosses is JSON.
struct Subgraphs {
    account: Arc<Account>,
    todo: Todo,
    media: Media,
}

#[async_trait]
impl Transport for Subgraphs {
    async fn call(
        &self,
        subgraph: &str,
        request: SubgraphRequest,
        context: &Context,
    ) -> Result<Bytes, TransportError> {
        let (_, caller) = context.headers.iter().find(|(name, _)| name == CALLER_HEADER).unwrap();
        let caller = Some(Caller::from_header(caller).unwrap());
        let call =
            Call { query: request.query.to_string(), variables: request.variables, caller, trace: None };
        let call = serde_json::to_value(call).unwrap();
        let answer = match subgraph {
            "account" => ask(&*self.account, call).await,
            "todo" => ask(&self.todo, call).await,
            "media" => ask(&self.media, call).await,
            other => panic!("{other}"),
        };
        Ok(answer.to_string().into())
    }
}

/// Calls a function with this event.
pub(crate) async fn ask<F: Function>(function: &F, event: Value) -> Value {
    let event = serde_json::from_value(event).unwrap();
    serde_json::to_value(function.answer(event, invocation()).await.unwrap().into_inner()).unwrap()
}

pub(crate) fn invocation() -> Invocation {
    Invocation { id: "i".to_owned(), deadline: Instant::now() + Duration::from_secs(300) }
}

pub(crate) async fn origin() -> OriginCheck {
    let (config, _) = service(|_, body| {
        let current = serde_json::from_str::<Value>(body).unwrap()["VersionStage"] == "AWSCURRENT";
        if current {
            (200, json!({ "Name": "origin", "SecretString": SECRET }).to_string())
        } else {
            (400, json!({ "__type": "ResourceNotFoundException", "Message": "none" }).to_string())
        }
    });
    OriginCheck::load(aws_sdk_secretsmanager::Client::new(&config), "origin".to_owned()).await.unwrap()
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::over(|table| table).await
    }

    /// With something between the functions and their table.
    pub(crate) async fn over(between: impl FnOnce(Table) -> Table) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let table = between(Table::embedded(folder.path()).await.unwrap());
        let blobs = Blobs::embedded(folder.path()).await.unwrap();
        let access = Access::local(&folder.path().join("media-key")).unwrap();
        let (sockets, sent) = service(|_, _| (200, String::new()));
        let (lambda, woken) = service(|_, _| (202, String::new()));
        let pokes = Arc::new(SocketPokes::new(
            &sockets,
            "https://abc.execute-api.eu-west-1.amazonaws.com/ws",
            table.clone(),
        ));
        let (mailbox, clock) = (Mailbox::quiet(), Arc::new(SystemClock));
        let keys = Keys::from_secret(&"s".repeat(64)).unwrap();
        let mailer = Arc::new(mailbox.clone());
        let accounts = Accounts::new(
            table.clone(),
            clock.clone(),
            mailer,
            Arc::clone(&pokes) as _,
            keys,
            RateLimits::default(),
        );
        let medias = Medias::new(table.clone(), clock, Arc::clone(&pokes) as _, blobs.clone(), access);
        let wake = Wake::new(aws_sdk_lambda::Client::new(&lambda), "maker".to_owned());
        let account = Arc::new(Account::over(accounts.clone(), origin().await, Arc::clone(&pokes)));
        let subgraphs = Subgraphs {
            account: Arc::clone(&account),
            todo: Todo::over(table.clone(), Arc::clone(&pokes)),
            media: Media::over(medias.clone(), Arc::clone(&pokes), wake),
        };
        let switchboard =
            Switchboard { accounts: accounts.clone(), table: table.clone(), pokes: Arc::clone(&pokes) };
        Self {
            authorizer: Authorizer::over(accounts, origin().await),
            gateway: Gateway::over(Arc::new(subgraphs)).unwrap(),
            account,
            maker: Maker::over(medias.clone(), blobs.clone(), origin().await, pokes, None),
            socket: Socket::over(switchboard, origin().await),
            cleaner: Cleaner::over(table.clone(), medias),
            sent,
            woken,
            mailbox,
            table,
            blobs,
            _folder: folder,
        }
    }

    /// A call of `/auth/*`, through CloudFront.
    pub(crate) async fn auth(&self, path: &str, body: Value, cookies: &[String]) -> Value {
        let mut event = http_event("POST", path);
        event["body"] = body.to_string().into();
        event["cookies"] = json!(cookies);
        ask(&*self.account, event).await
    }

    pub(crate) async fn sign_in(&self, email: &str) -> Device {
        let asked = self.auth("/auth/code", json!({ "email": email }), &[]).await;
        assert_eq!(asked["statusCode"], 204, "{asked}");
        let mail = self.mailbox.mails().into_iter().find(|mail| mail.to.as_str() == email).unwrap();
        let code: String = mail.subject.chars().take(6).collect();
        let answer = self.auth("/auth/verify", json!({ "email": email, "code": code }), &[]).await;
        device(&answer)
    }

    /// A GraphQL request as API Gateway makes one of it: the authorizer first, then the gateway.
    pub(crate) async fn graphql(&self, token: Option<&str>, body: &Value) -> Value {
        let mut event = http_event("POST", "/graphql");
        // Without a token API Gateway asks nobody and turns the call away; the gateway would do the same.
        if let Some(token) = token {
            event["headers"]["authorization"] = format!("Bearer {token}").into();
            let allowed = ask(&self.authorizer, authorizer_event(&event)).await;
            assert_eq!(allowed["isAuthorized"], true);
            event["requestContext"]["authorizer"] = json!({ "lambda": allowed["context"] });
        }
        event["body"] = body.to_string().into();
        ask(&self.gateway, event).await
    }

    /// The data of an answer without errors.
    pub(crate) async fn data(&self, device: &Device, query: &str, variables: Value) -> Value {
        let answer =
            self.graphql(Some(&device.token), &json!({ "query": query, "variables": variables })).await;
        let mut body = json_of(&answer);
        assert_eq!(body["errors"], Value::Null, "{body}");
        body["data"].take()
    }

    /// The code of the first error.
    pub(crate) async fn refusal(&self, token: Option<&str>, query: &str, variables: Value) -> String {
        let answer = self.graphql(token, &json!({ "query": query, "variables": variables })).await;
        let body = json_of(&answer);
        let code = body["errors"][0]["extensions"]["code"].as_str().or(body["error"]["code"].as_str());
        code.unwrap_or_else(|| panic!("{body}")).to_owned()
    }

    /// Makes a list.
    pub(crate) async fn list(&self, device: &Device) -> ListId {
        let list = ListId::fresh();
        let action =
            json!({ "createList": { "title": "Food", "colour": "GREEN", "order": "V", "createdAt": 1 } });
        let outcome = self.data(device, COMMIT, batch(list, action)).await;
        assert_eq!(outcome["commit"]["outcomes"][0]["applied"], true, "{outcome}");
        list
    }

    /// Gives a user a role in a list, straight in the table, as sharing will.
    pub(crate) async fn share(&self, list: ListId, user: UserId, role: &str) {
        let side = |key| Write::put(Item::new(key).with("role", role));
        let sides = vec![side(Key::membership(user, list)), side(Key::member(list, user))];
        self.table.commit(sides).await.unwrap();
    }
}

pub(crate) const COMMIT: &str =
    "mutation Commit($batch: BatchInput!) { commit(batch: $batch) { outcomes { applied } } }";

pub(crate) fn batch(list: ListId, action: Value) -> Value {
    json!({ "batch": { "mutationId": MutationId::fresh(), "list": list, "actions": [action] } })
}

/// A request as API Gateway hands it over, in the payload format 2.0.
pub(crate) fn http_event(method: &str, path: &str) -> Value {
    json!({
        "version": "2.0", "routeKey": format!("{method} {path}"), "rawPath": path, "rawQueryString": "",
        "headers": {
            "host": "abc.execute-api.eu-west-1.amazonaws.com", "content-type": "application/json",
            "x-amzn-trace-id": "Root=1-6761e3b1-0123456789abcdef01234567", "x-origin-verify": SECRET,
            "x-stack-host": "stack.example", "x-stack-peer": "203.0.113.9", "x-forwarded-for": "203.0.113.9",
        },
        "requestContext": {
            "accountId": "000000000002", "apiId": "abc", "stage": "$default", "requestId": "JKJaXmPLvHcESHA=",
            "domainName": "abc.execute-api.eu-west-1.amazonaws.com", "domainPrefix": "abc",
            "time": "01/Jan/2026:00:00:00 +0000", "timeEpoch": 1_767_225_600_000_u64,
            "http": { "method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "130.176.0.1" },
        },
        "isBase64Encoded": false,
    })
}

/// What API Gateway asks its authorizer of such a request.
pub(crate) fn authorizer_event(request: &Value) -> Value {
    let mut event = request.clone();
    event["type"] = "REQUEST".into();
    event["routeArn"] = "arn:aws:execute-api:eu-west-1:000000000002:abc/$default/POST/graphql".into();
    event["identitySource"] = json!([event["headers"]["authorization"], event["headers"]["x-origin-verify"]]);
    event
}

/// The body of an answer to API Gateway.
pub(crate) fn json_of(answer: &Value) -> Value {
    serde_json::from_str(answer["body"].as_str().unwrap_or_else(|| panic!("{answer}"))).unwrap()
}

pub(crate) fn device(answer: &Value) -> Device {
    assert_eq!(answer["statusCode"], 200, "{answer}");
    let cookie = answer["cookies"][0].as_str().unwrap().split(';').next().unwrap().to_owned();
    let body = json_of(answer);
    let user = body["user"]["id"].as_str().unwrap().parse().unwrap();
    Device { user, token: body["accessToken"].as_str().unwrap().to_owned(), cookie }
}
