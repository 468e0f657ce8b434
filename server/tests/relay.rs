//! The site on this machine, before an API that runs elsewhere.
#![expect(clippy::unwrap_used, reason = "tests")]

mod world;

use std::{fs, net::SocketAddr, path::Path};

use axum::{
    Router,
    http::{HeaderMap, StatusCode, header},
    routing::{get, post},
};
use futures::{SinkExt as _, StreamExt as _};
use reqwest::{Client, RequestBuilder, Response};
use serde_json::{Value, json};
use server::{
    host::{ROUTES, SiteFolder},
    hosting::{self, Hosting, Page},
    relay::{Relay, RelayError},
};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio_tungstenite::tungstenite::Message;
use world::{World, refusal};

const ANYWHERE: ([u8; 4], u16) = ([127, 0, 0, 1], 0);

/// A relay before an API, and a client of it that is a browser in what it says of itself.
struct Front {
    relay: Relay,
    site: TempDir,
    http: Client,
}

fn build(site: &Path, start: &str) {
    let page = Page { route: "/".to_owned(), file: "index.html".to_owned() };
    let not_found = "404.html".to_owned();
    let hosting = Hosting { pages: vec![page], not_found, headers: hosting::headers(&[], &[]) };
    fs::write(site.join("404.html"), "nothing here").unwrap();
    fs::write(site.join("index.html"), start).unwrap();
    fs::write(site.join(hosting::FILE), serde_json::to_string(&hosting).unwrap()).unwrap();
}

async fn front_of(api: SocketAddr) -> Result<Front, RelayError> {
    let site = tempfile::tempdir().unwrap();
    build(site.path(), "the first");
    let folder = SiteFolder::Changing(site.path().to_owned());
    let relay = Relay::start(ANYWHERE.into(), folder, format!("http://{api}").parse().unwrap()).await?;
    Ok(Front { relay, site, http: Client::new() })
}

impl Front {
    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.relay.address)
    }

    fn post(&self, path: &str) -> RequestBuilder {
        let origin = self.url("");
        self.http.post(self.url(path)).header("origin", origin).header("sec-fetch-site", "same-origin")
    }

    async fn get(&self, path: &str) -> Response {
        self.http.get(self.url(path)).send().await.unwrap()
    }
}

/// Serves these routes; gives their address.
async fn serve(routes: Router) -> SocketAddr {
    let listener = TcpListener::bind(SocketAddr::from(ANYWHERE)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(axum::serve(listener, routes).into_future());
    address
}

/// What tells a Stack from others.
fn health() -> Router {
    Router::new().route("/healthz", get(async || (StatusCode::NO_CONTENT, [("x-request-id", "r")])))
}

#[tokio::test]
async fn a_person_signs_in_and_is_told_of_changes_through_it() {
    let world = World::new().await;
    let front = front_of(world.host.address).await.unwrap();
    let asked = front.post("/auth/code").json(&json!({ "email": "a@b.example" })).send().await.unwrap();
    assert_eq!(asked.status(), 204);
    let code = world.mailed_code("a@b.example");
    let verify = json!({ "email": "a@b.example", "code": code, "device": "browser" });
    let device = world::device_of(front.post("/auth/verify").json(&verify).send().await.unwrap()).await;
    let cookie = format!("stack_refresh={}", device.cookie);
    let again = front.post("/auth/refresh").header("cookie", cookie).send().await.unwrap();
    let device = world::device_of(again).await;

    let address = socket_of(&front);
    let (mut socket, _) = tokio_tungstenite::connect_async(address).await.unwrap();
    let hello = json!({ "type": "hello", "token": device.token }).to_string();
    socket.send(Message::text(hello)).await.unwrap();
    let mut said = async || loop {
        if let Message::Text(text) = socket.next().await.unwrap().unwrap() {
            return serde_json::from_str::<Value>(&text).unwrap();
        }
    };
    assert_eq!(said().await["type"], "ready");
    // By the API itself, as another device would.
    let list = world.make_list(&device).await;
    assert_eq!(said().await, json!({ "type": "poke", "list": list, "version": 1 }));
    let heads = json!({ "query": "{ heads { list } }" });
    let answer = front.post("/graphql").bearer_auth(&device.token).json(&heads).send().await.unwrap();
    assert!(answer.headers().contains_key("x-request-id"));
    assert_eq!(answer.json::<Value>().await.unwrap(), json!({ "data": { "heads": [{ "list": list }] } }));
}

fn socket_of(front: &Front) -> String {
    format!("ws://{}/ws", front.relay.address)
}

#[tokio::test]
async fn pages_are_those_that_were_built_last() {
    let world = World::new().await;
    let front = front_of(world.host.address).await.unwrap();
    assert_eq!(front.get("/").await.text().await.unwrap(), "the first");
    build(front.site.path(), "the second");
    assert_eq!(front.get("/").await.text().await.unwrap(), "the second");
    let elsewhere = front.get("/nowhere").await;
    assert_eq!(
        (elsewhere.status().as_u16(), elsewhere.text().await.unwrap().as_str()),
        (404, "nothing here")
    );
}

#[tokio::test]
async fn another_sites_page_is_refused_by_the_api_as_ever() {
    let world = World::new().await;
    let front = front_of(world.host.address).await.unwrap();
    let body = json!({ "email": "a@b.example" });
    for origin in
        ["https://evil.example", "null", &format!("http://{}", world.host.address).replace("127", "128")]
    {
        let request = front.http.post(front.url("/auth/code")).header("origin", origin).json(&body);
        assert_eq!(refusal(request.send().await.unwrap()).await, (403, "FORBIDDEN".to_owned()), "{origin}");
    }
}

#[tokio::test]
async fn whatever_the_api_answers_is_passed_on_but_the_mails_of_its_machine() {
    let routes = ROUTES.into_iter().fold(health(), |routes, (method, path)| match (method, path) {
        (_, "/healthz" | "/ws") => routes,
        ("POST", path) => routes.route(path, post(async || "the API's")),
        (_, path) => routes.route(path, axum::routing::any(async || "the API's")),
    });
    let front = front_of(serve(routes).await).await.unwrap();
    for (method, route) in ROUTES {
        let path = route.replace(['{', '}'], "");
        let request = front.http.request(method.parse().unwrap(), front.url(&path)).send().await.unwrap();
        match route {
            // Tried by themselves.
            "/healthz" | "/ws" => {}
            "/dev/mail" => assert_eq!(request.text().await.unwrap(), "nothing here"),
            _ => assert_eq!(request.text().await.unwrap(), "the API's", "{method} {route}"),
        }
    }
    assert_eq!(front.get("/healthz").await.status(), 204);
}

#[tokio::test]
async fn cookies_and_uploads_work_as_on_the_apis_own_site() {
    let policy = "default-src 'self'; connect-src 'self' https://files.example; object-src 'none'";
    let refresh = async |headers: HeaderMap| {
        let asked = headers[header::HOST].to_str().unwrap().to_owned();
        ([(header::SET_COOKIE, "stack_refresh=t; Path=/auth; HttpOnly; SameSite=Strict; Secure")], asked)
    };
    let routes = health()
        .route("/", get(async move || ([(header::CONTENT_SECURITY_POLICY, policy)], "the API's own")))
        .route("/auth/refresh", post(refresh));
    let api = serve(routes).await;
    let front = front_of(api).await.unwrap();
    let page = front.get("/").await;
    let allowed = page.headers()["content-security-policy"].to_str().unwrap();
    assert_eq!(hosting::connections(allowed), ["https://files.example"]);

    let kept = front.post("/auth/refresh").send().await.unwrap();
    let cookie = kept.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert_eq!(cookie, "stack_refresh=t; Path=/auth; HttpOnly; SameSite=Strict");
    assert_eq!(kept.text().await.unwrap(), api.to_string(), "it is asked by its own name");
    // Who comes by another name than this machine's comes over a network.
    let network = front.http.post(front.url("/auth/refresh")).header("host", "192.0.2.7:8000");
    let cookie = network.send().await.unwrap().headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(cookie.ends_with("; Secure"), "{cookie}");
}

#[tokio::test]
async fn an_api_that_goes_away_is_told_as_any_service_that_does_not_answer() {
    let world = World::new().await;
    let front = front_of(world.host.address).await.unwrap();
    world.host.stop().await.unwrap();
    let answer = front.post("/auth/refresh").send().await.unwrap();
    assert_eq!(refusal(answer).await, (503, "UNAVAILABLE".to_owned()));
    assert!(tokio_tungstenite::connect_async(socket_of(&front)).await.is_err());
    assert_eq!(front.get("/").await.text().await.unwrap(), "the first");
}

#[tokio::test]
async fn what_is_no_stack_is_found_out_at_the_start() {
    let other = serve(Router::new().route("/healthz", get(async || "ok"))).await;
    assert!(matches!(front_of(other).await, Err(RelayError::NotAnApi { status: StatusCode::OK, .. })));
    let nobody = {
        let listener = TcpListener::bind(SocketAddr::from(ANYWHERE)).await.unwrap();
        listener.local_addr().unwrap()
    };
    assert!(matches!(front_of(nobody).await, Err(RelayError::Unreachable { .. })));
}
