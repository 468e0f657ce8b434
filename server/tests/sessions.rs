//! Sessions: rotation of their tokens, and every way in which they end.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod world;

use std::sync::Arc;

use cleaner::Cleaner;
use domain::id::MutationId;
use futures::{SinkExt, StreamExt};
use platform::{LocalPokes, Partition, Range};
use serde_json::{Value, json};
use tokio_tungstenite::{connect_async, tungstenite::Message};
use world::{DAY, Device, MINUTE, World, code, device_of, refusal};

const ADA: &str = "ada@example.com";
const EVE: &str = "eve@example.com";

async fn refresh(world: &World, cookie: &str) -> Device {
    device_of(world.with_cookie("/auth/refresh", cookie).await).await
}

async fn is_over(world: &World, cookie: &str) -> bool {
    let response = world.with_cookie("/auth/refresh", cookie).await;
    if response.status() == 200 {
        return false;
    }
    assert!(response.headers()["set-cookie"].to_str().unwrap().contains("Max-Age=0"));
    assert_eq!(refusal(response).await, (401, "SESSION_ENDED".into()));
    true
}

async fn sessions(world: &World, device: &Device) -> Vec<Value> {
    let answer = world.graphql(&device.token, "{ me { sessions { id device current } } }", json!({})).await;
    answer["data"]["me"]["sessions"].as_array().unwrap_or_else(|| panic!("{answer}")).clone()
}

/// A mutation of the graph by its field's text, which may use `$id`.
async fn mutate(world: &World, device: &Device, field: &str) -> Value {
    let query = format!("mutation($id: ID!) {{ {field} }}");
    world.graphql(&device.token, &query, json!({ "id": MutationId::fresh() })).await
}

#[tokio::test]
async fn an_access_token_runs_out_and_a_refresh_gives_the_next() {
    let world = World::new().await;
    let first = world.sign_in(ADA, "Laptop").await;
    world.clock.advance(5 * MINUTE);
    let query = json!({ "query": "{ me { id } }" });
    let request = world.http.post(world.url("/graphql")).bearer_auth(&first.token).json(&query);
    assert_eq!(refusal(request.send().await.unwrap()).await, (401, "UNAUTHENTICATED".into()));
    let second = refresh(&world, &first.cookie).await;
    assert_eq!(second.user, first.user);
    assert_ne!(second.cookie, first.cookie);
    assert_eq!(sessions(&world, &second).await.len(), 1);
}

#[tokio::test]
async fn a_lost_answer_costs_nothing_and_an_old_token_ends_the_session() {
    let world = World::new().await;
    let first = world.sign_in(ADA, "Laptop").await;
    let lost = refresh(&world, &first.cookie).await;
    // The answer with `lost` did not arrive, so the device asks again.
    let second = refresh(&world, &first.cookie).await;
    let third = refresh(&world, &second.cookie).await;
    assert!(is_over(&world, &first.cookie).await, "an old token is a copy");
    assert!(is_over(&world, &third.cookie).await, "and the session is over for everybody");
    assert!(is_over(&world, &lost.cookie).await);
    let request = world.http.post(world.url("/graphql")).bearer_auth(&third.token);
    let response = request.json(&json!({ "query": "{ me { id } }" })).send().await.unwrap();
    assert_eq!(refusal(response).await, (401, "SESSION_ENDED".into()), "access tokens too, at once");
}

#[tokio::test]
async fn a_thief_who_comes_between_is_found_out() {
    let world = World::new().await;
    let owner = world.sign_in(ADA, "Laptop").await;
    let thief = refresh(&world, &owner.cookie).await;
    let owner = refresh(&world, &owner.cookie).await;
    let thief = refresh(&world, &thief.cookie).await;
    assert!(is_over(&world, &owner.cookie).await);
    assert!(is_over(&world, &thief.cookie).await);
}

#[tokio::test]
async fn tabs_that_refresh_at_once_all_get_in() {
    let world = World::new().await;
    let first = world.sign_in(ADA, "Laptop").await;
    let (a, b, c) = tokio::join!(
        refresh(&world, &first.cookie),
        refresh(&world, &first.cookie),
        refresh(&world, &first.cookie)
    );
    // The browser keeps whichever cookie came last.
    refresh(&world, &b.cookie).await;
    assert_eq!(a.user, c.user);
}

#[tokio::test]
async fn an_unused_session_ends_by_itself() {
    let world = World::new().await;
    let device = world.sign_in(ADA, "Laptop").await;
    world.clock.advance(179 * DAY);
    let device = refresh(&world, &device.cookie).await;
    world.clock.advance(180 * DAY);
    assert!(is_over(&world, &device.cookie).await);
}

#[tokio::test]
async fn signing_out_ends_the_session_and_takes_the_cookie() {
    let world = World::new().await;
    let device = world.sign_in(ADA, "Laptop").await;
    for cookie in [device.cookie.as_str(), device.cookie.as_str(), "nonsense"] {
        let response = world.with_cookie("/auth/sign-out", cookie).await;
        assert_eq!(response.status(), 204);
        assert!(response.headers()["set-cookie"].to_str().unwrap().contains("Max-Age=0"));
    }
    assert!(is_over(&world, &device.cookie).await);
    assert_eq!(world.post("/auth/sign-out", &json!({})).await.status(), 204);
}

#[tokio::test]
async fn a_user_ends_sessions_one_by_one_and_all_others() {
    let world = World::new().await;
    let laptop = world.sign_in(ADA, "Laptop").await;
    let phone = world.sign_in(ADA, "Phone").await;
    let tablet = world.sign_in(ADA, "Tablet").await;
    let listed = sessions(&world, &laptop).await;
    let of = |name: &str| listed.iter().find(|session| session["device"] == name).unwrap();
    assert_eq!(of("Laptop")["current"], true);
    assert_eq!(of("Phone")["current"], false);

    let id = of("Phone")["id"].as_str().unwrap();
    let field = format!("revokeSession(mutationId: $id, session: \"{id}\") {{ sessions {{ device }} }}");
    for _ in 0..2 {
        let answer = mutate(&world, &laptop, &field).await;
        assert_eq!(answer["data"]["revokeSession"]["sessions"].as_array().unwrap().len(), 2, "{answer}");
    }
    assert!(is_over(&world, &phone.cookie).await);
    let answer = mutate(&world, &laptop, "signOutElsewhere(mutationId: $id) { sessions { device } }").await;
    assert_eq!(answer["data"]["signOutElsewhere"]["sessions"], json!([{ "device": "Laptop" }]));
    assert!(is_over(&world, &tablet.cookie).await);
    let answer = mutate(&world, &laptop, "signOutEverywhere(mutationId: $id)").await;
    assert_eq!(answer["data"]["signOutEverywhere"], true);
    assert!(is_over(&world, &laptop.cookie).await);
}

#[tokio::test]
async fn nobody_ends_another_ones_session() {
    let world = World::new().await;
    let ada = world.sign_in(ADA, "Laptop").await;
    let eve = world.sign_in(EVE, "Laptop").await;
    let id = sessions(&world, &ada).await[0]["id"].as_str().unwrap().to_owned();
    let field = format!("revokeSession(mutationId: $id, session: \"{id}\") {{ id }}");
    let answer = mutate(&world, &eve, &field).await;
    assert_eq!(answer["data"]["revokeSession"]["id"], json!(eve.user));
    // Nor with a made-up secret, which would look like an old token of that session.
    let forged = format!("{}.{id}.{}", eve.user, eve.cookie.rsplit('.').next().unwrap());
    assert!(is_over(&world, &forged).await);
    refresh(&world, &ada.cookie).await;
}

#[tokio::test]
async fn a_deleted_account_is_gone_and_its_address_free() {
    let world = World::new().await;
    let laptop = world.sign_in(ADA, "Laptop").await;
    let phone = world.sign_in(ADA, "Phone").await;
    let list = world.make_list(&laptop).await;
    let delete = |email: &str| format!("deleteAccount(mutationId: $id, email: \"{email}\")");
    let refused = mutate(&world, &laptop, &delete(EVE)).await;
    assert_eq!(code(&refused), "BAD_INPUT");
    assert_eq!(sessions(&world, &laptop).await.len(), 2, "a refusal changes nothing");

    let answer = mutate(&world, &laptop, &delete("Ada@example.com")).await;
    assert_eq!(answer["data"]["deleteAccount"], true, "{answer}");
    assert!(is_over(&world, &laptop.cookie).await);
    assert!(is_over(&world, &phone.cookie).await);
    let pokes = Arc::new(LocalPokes::default());
    Cleaner::new(world.host.table.clone(), world.clock.clone(), pokes).clean().await.unwrap();
    let left = world.host.table.all(Partition::User(laptop.user), Range::All).await.unwrap();
    assert_eq!(left, [], "nothing of the user is left");
    assert_eq!(world.host.table.all(Partition::List(list), Range::Todos).await.unwrap(), []);

    let anew = world.sign_in(ADA, "Laptop").await;
    assert_ne!(anew.user, laptop.user);
    let answer = world.graphql(&anew.token, "{ heads { list } }", json!({})).await;
    assert_eq!(answer["data"]["heads"], json!([]));
}

#[tokio::test]
async fn the_socket_pokes_and_says_when_the_session_ends() {
    let world = World::new().await;
    let laptop = world.sign_in(ADA, "Laptop").await;
    let phone = world.sign_in(ADA, "Phone").await;
    let eve = world.sign_in(EVE, "Laptop").await;
    let open = async |token: &str| {
        let (mut socket, _) = connect_async(format!("ws://{}/ws", world.host.address)).await.unwrap();
        let hello = json!({ "type": "hello", "token": token }).to_string();
        socket.send(Message::text(hello)).await.unwrap();
        socket
    };
    async fn hear(
        socket: &mut (impl StreamExt<Item = Result<Message, impl std::fmt::Debug>> + Unpin),
    ) -> Value {
        loop {
            match socket.next().await.unwrap().unwrap() {
                Message::Text(text) => return serde_json::from_str(&text).unwrap(),
                Message::Close(frame) => return json!({ "closed": u16::from(frame.unwrap().code) }),
                _ => {}
            }
        }
    }
    let mut mine = open(&phone.token).await;
    let mut hers = open(&eve.token).await;
    assert_eq!(hear(&mut mine).await, json!({ "type": "ready" }));
    assert_eq!(hear(&mut hers).await, json!({ "type": "ready" }));
    let list = world.make_list(&laptop).await;
    assert_eq!(hear(&mut mine).await, json!({ "type": "poke", "list": list, "version": 1 }));

    mutate(&world, &laptop, "signOutElsewhere(mutationId: $id) { id }").await;
    assert_eq!(hear(&mut mine).await, json!({ "type": "ended" }));
    assert_eq!(hear(&mut mine).await, json!({ "closed": 4401 }));
    // The first thing that Eve hears is about her own list, so she heard nothing of Ada's.
    let hers_list = world.make_list(&eve).await;
    assert_eq!(hear(&mut hers).await, json!({ "type": "poke", "list": hers_list, "version": 1 }));

    let mut late = open(&phone.token).await;
    assert_eq!(hear(&mut late).await, json!({ "type": "ended" }));
    let mut nobody = open("nonsense").await;
    assert_eq!(hear(&mut nobody).await, json!({ "closed": 4401 }));
    drop((mine, hers, late, nobody));
    world.host.stop().await.unwrap();
}

#[tokio::test]
async fn a_host_that_starts_again_knows_everybody() {
    let world = World::new().await;
    let device = world.sign_in(ADA, "Laptop").await;
    let list = world.make_list(&device).await;
    world.host.stop().await.unwrap();
    let options = server::host::Options {
        clock: world.clock.clone(),
        ..server::host::Options::new(([127, 0, 0, 1], 0).into(), world.folder.path().to_owned())
    };
    let host = server::host::Host::start(options).await.unwrap();
    let world = World { host, ..world };
    let answer = world.graphql(&device.token, "{ heads { list version role } }", json!({})).await;
    assert_eq!(answer["data"]["heads"], json!([{ "list": list, "version": 1, "role": "OWNER" }]));
}
