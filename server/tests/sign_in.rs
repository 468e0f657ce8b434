//! Signing in: codes, their limits, and the cookie.

mod world;

use account::RateLimits;
use serde_json::{Value, json};
use world::{HOUR, MINUTE, World, refusal};

const ADA: &str = "ada@example.com";

#[tokio::test]
async fn a_code_signs_in_and_the_first_time_makes_the_account() {
    let world = World::new().await;
    let code = world.ask_code(" Ada@Example.com ").await;
    let verify = |code: String| json!({ "email": ADA, "code": code, "device": "Firefox on Linux" });
    let response = world.post("/auth/verify", &verify(code.clone())).await;
    assert_eq!(response.headers()["cache-control"], "no-store");
    let cookie = response.headers()["set-cookie"].to_str().unwrap().to_owned();
    // Over plain HTTP to this machine there is no `Secure`; the unit test of the cookie has the other case.
    assert!(cookie.ends_with("; Path=/auth; Max-Age=15552000; HttpOnly; SameSite=Strict"), "{cookie}");
    let body: Value = response.json().await.unwrap();
    assert_eq!(body["expiresIn"], 300);
    assert_eq!(body["user"]["email"], ADA);

    let token = body["accessToken"].as_str().unwrap();
    let query = "{ me { id email sessions { device current } } }";
    let me = &world.graphql(token, query, json!({})).await["data"]["me"];
    assert_eq!(me["id"], body["user"]["id"]);
    assert_eq!(me["sessions"], json!([{ "device": "Firefox on Linux", "current": true }]));

    assert_eq!(refusal(world.post("/auth/verify", &verify(code)).await).await, (400, "EXPIRED_CODE".into()));
    let again = world.sign_in(ADA, "Phone").await;
    assert_eq!(json!(again.user), body["user"]["id"]);
}

#[tokio::test]
async fn a_code_that_is_wrong_old_or_replaced_does_not() {
    let world = World::new().await;
    let verify = async |code: &str| {
        refusal(world.post("/auth/verify", &json!({ "email": ADA, "code": code })).await).await
    };
    assert_eq!(verify("123456").await, (400, "EXPIRED_CODE".into()));
    let first = world.ask_code(ADA).await;
    let second = world.ask_code(ADA).await;
    if first != second {
        assert_eq!(verify(&first).await, (400, "WRONG_CODE".into()));
    }
    assert_eq!(verify("12345").await, (400, "WRONG_CODE".into()));
    world.clock.advance(10 * MINUTE);
    assert_eq!(verify(&second).await, (400, "EXPIRED_CODE".into()));
}

#[tokio::test]
async fn the_sixth_try_of_a_code_is_refused_even_if_right() {
    let world = World::new().await;
    let right = world.ask_code(ADA).await;
    let wrong = if right == "000000" { "000001" } else { "000000" };
    let verify = async |code: &str| {
        refusal(world.post("/auth/verify", &json!({ "email": ADA, "code": code })).await).await
    };
    // At the same moment, so that none may slip through between reading and counting.
    let tries = futures::future::join_all((0..7).map(|_| verify(wrong))).await;
    assert_eq!(tries.iter().filter(|(_, code)| code == "WRONG_CODE").count(), 5, "{tries:?}");
    assert_eq!(verify(&right).await, (400, "EXPIRED_CODE".into()));
}

#[tokio::test]
async fn of_two_that_show_one_code_one_gets_in() {
    let world = World::new().await;
    let code = world.ask_code(ADA).await;
    let body = json!({ "email": ADA, "code": code });
    let (one, two) = tokio::join!(world.post("/auth/verify", &body), world.post("/auth/verify", &body));
    let mut statuses = [one.status().as_u16(), two.status().as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 400]);
}

#[tokio::test]
async fn codes_to_an_address_are_limited_and_the_answer_says_how_long() {
    let world = World::new().await;
    for _ in 0..5 {
        world.ask_code(ADA).await;
    }
    let response = world.post("/auth/code", &json!({ "email": "ADA@example.com" })).await;
    let after: i64 = response.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=3_600).contains(&after), "{after}");
    let body: Value = response.json().await.unwrap();
    assert_eq!(body["error"]["retryAfter"], after);
    assert_eq!(body["error"]["code"], "RATE_LIMITED");
    assert_eq!(world.mailbox.mails().len(), 5);
    world.ask_code("eve@example.com").await;
    world.clock.advance(after * 1_000);
    world.ask_code(ADA).await;
}

#[tokio::test]
async fn a_peer_is_limited_over_all_addresses() {
    let mut limits = RateLimits::default();
    limits.codes_by_peer.times = 3;
    limits.tries_by_peer.times = 2;
    limits.refreshes_by_peer.times = 1;
    let world = World::with(limits).await;
    for n in 0..3 {
        world.ask_code(&format!("user{n}@example.com")).await;
    }
    let limited = (429, "RATE_LIMITED".to_owned());
    assert_eq!(refusal(world.post("/auth/code", &json!({ "email": ADA })).await).await, limited);
    for expected in [(400, "EXPIRED_CODE".to_owned()), (400, "EXPIRED_CODE".to_owned()), limited.clone()] {
        let body = json!({ "email": ADA, "code": "123456" });
        assert_eq!(refusal(world.post("/auth/verify", &body).await).await, expected);
    }
    for expected in [(401, "UNAUTHENTICATED".to_owned()), limited] {
        assert_eq!(refusal(world.with_cookie("/auth/refresh", "nonsense").await).await, expected);
    }
    world.clock.advance(HOUR);
    world.ask_code(ADA).await;
}

#[tokio::test]
async fn what_can_not_be_read_is_refused_clearly() {
    let world = World::new().await;
    for email in ["", "ada", "ada@example", "ada@example.com\nbcc: eve@example.com", "\u{202e}@\u{0}.example"]
    {
        let refused = refusal(world.post("/auth/code", &json!({ "email": email })).await).await;
        assert_eq!(refused, (400, "BAD_EMAIL".into()), "{email:?}");
    }
    for body in
        [json!({}), json!([]), json!({ "email": 1 }), json!({ "email": ADA, "more": true }), json!(null)]
    {
        assert_eq!(refusal(world.post("/auth/code", &body).await).await, (400, "MALFORMED".into()), "{body}");
    }
    let send = async |content_type: &str, body: Vec<u8>| {
        let request = world.http.post(world.url("/auth/code")).header("content-type", content_type);
        refusal(request.body(body).send().await.unwrap()).await
    };
    let good = json!({ "email": ADA }).to_string().into_bytes();
    assert_eq!(send("text/plain", good.clone()).await, (400, "MALFORMED".into()));
    assert_eq!(send("application/json", good[..10].to_vec()).await, (400, "MALFORMED".into()));
    assert_eq!(send("application/json", vec![0xff, 0xfe]).await, (400, "MALFORMED".into()));
    assert_eq!(send("application/json", vec![b' '; 5_000]).await, (413, "TOO_LARGE".into()));
    assert!(world.mailbox.mails().is_empty());
}

#[tokio::test]
async fn another_site_can_not_use_the_routes() {
    let world = World::new().await;
    let device = world.sign_in(ADA, "Laptop").await;
    for path in ["/auth/code", "/auth/verify", "/auth/refresh", "/auth/sign-out"] {
        for (name, value) in
            [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site"), ("origin", "null")]
        {
            let request = world.http.post(world.url(path)).header(name, value);
            let request = request.header("cookie", format!("stack_refresh={}", device.cookie));
            let response = request.json(&json!({ "email": ADA })).send().await.unwrap();
            assert!(!response.headers().contains_key("access-control-allow-origin"));
            assert_eq!(refusal(response).await, (403, "FORBIDDEN".into()), "{path} {name}");
        }
    }
    world::device_of(world.with_cookie("/auth/refresh", &device.cookie).await).await;
}

#[tokio::test]
async fn the_mail_page_is_for_this_machine_and_safe_to_read() {
    let world = World::new().await;
    world.ask_code("a&b@example.com").await;
    let get = |path: &str| world.http.get(world.url(path));
    let page = get("/dev/mail").send().await.unwrap().text().await.unwrap();
    assert!(page.contains("to a&amp;b@example.com"), "{page}");
    let mails: Value = get("/dev/mail?format=json").send().await.unwrap().json().await.unwrap();
    assert_eq!(mails[0]["to"], "a&b@example.com");
    for (name, value) in [("host", "evil.example"), ("x-forwarded-for", "203.0.113.9")] {
        let refused = get("/dev/mail").header(name, value).send().await.unwrap();
        assert_eq!(refusal(refused).await, (404, "NOT_FOUND".into()));
    }
}
