//! Pages of changes at the limits, as the product's own client asks for them, and what a deleted list leaves behind.
#![expect(clippy::indexing_slicing, reason = "a test")]

mod world;

use std::{collections::HashSet, sync::Arc};

use domain::{
    id::{ListId, MediaId, MutationId, TodoId},
    limits::{CHANGES_PER_PAGE, MEDIA_PER_TODO, PLACEHOLDER_BYTES},
    media::{Format, Rendition, Rotation, Variant},
    sync::media::Event,
};
use media::Medias;
use platform::LocalPokes;
use serde_json::{Value, json};
use world::{Device, World};

/// What the client asks.
const CHANGES: &str = include_str!("../../app/graphql/changes.graphql");
const COMMIT: &str = "mutation($batch: BatchInput!) { commit(batch: $batch) { outcomes { applied } } }";
const COMMIT_MEDIA: &str =
    "mutation($batch: MediaBatchInput!) { commitMedia(batch: $batch) { outcomes { applied } } }";
const USAGE: &str = "{ me { mediaUsage { bytes } } }";

async fn ask(world: &World, device: &Device, query: &str, variables: Value) -> Value {
    let mut answer = world.graphql(&device.token, query, variables).await;
    assert_eq!(answer["errors"], Value::Null, "{answer}");
    answer["data"].take()
}

async fn commit(world: &World, device: &Device, query: &str, list: ListId, actions: Vec<Value>) {
    let batch = json!({ "mutationId": MutationId::fresh(), "list": list, "actions": actions });
    let answer = ask(world, device, query, json!({ "batch": batch })).await;
    let all = answer.to_string();
    assert!(all.contains("true") && !all.contains("false"), "{all}");
}

fn todo(id: TodoId) -> Value {
    let (title, notes) = ("x".repeat(500), "y".repeat(1_000));
    json!({ "createTodo": { "id": id, "title": title, "notes": notes, "order": "V", "createdAt": 1 } })
}

fn picture(id: MediaId, todo: TodoId) -> Value {
    json!({ "addMedia": { "id": id, "todo": todo, "kind": "IMAGE", "name": "n".repeat(200), "contentType": "image/png",
        "bytes": 1_000, "order": "V", "createdAt": 1 } })
}

/// As much as processing says of a picture.
fn rendition(id: MediaId) -> Rendition {
    let formats = [Format::Avif, Format::Webp, Format::Jpeg];
    let variant = |width| formats.map(|format| Variant { width, height: width, format, bytes: 200_000 });
    Rendition {
        path: format!("{id}/{}/1", "f".repeat(32)),
        rotation: Rotation::None,
        width: 6_000,
        height: 4_000,
        duration_ms: None,
        placeholder: "p".repeat(PLACEHOLDER_BYTES),
        variants: [320, 960, 2_048].into_iter().flat_map(variant).collect(),
        streams: false,
        plays: false,
        moves: false,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_whose_todos_are_full_of_media_arrives_page_by_page() {
    let world = World::new().await;
    let owner = world.sign_in("owner@example.com", "Laptop").await;
    let list = world.make_list(&owner).await;
    let host = &world.host;
    let pokes = Arc::new(LocalPokes::default());
    let medias =
        Medias::new(host.table.clone(), world.clock.clone(), pokes, host.blobs.clone(), host.access.clone());
    let (mut todos, mut media) = (HashSet::new(), HashSet::new());
    // One page and a good part of another one, some todos among them that are full.
    while media.len() < CHANGES_PER_PAGE + MEDIA_PER_TODO {
        let id = TodoId::fresh();
        commit(&world, &owner, COMMIT, list, vec![todo(id)]).await;
        let ids: Vec<MediaId> = (0..MEDIA_PER_TODO).map(|_| MediaId::fresh()).collect();
        // As many as one transaction holds, so that many of a page share a version.
        for some in ids.chunks(45) {
            let actions = some.iter().map(|media| picture(*media, id)).collect();
            commit(&world, &owner, COMMIT_MEDIA, list, actions).await;
        }
        todos.insert(id);
        media.extend(ids);
    }
    for id in &media {
        for event in [Event::Arrived, Event::Made(rendition(*id))] {
            assert!(medias.happen(list, *id, &event).await.unwrap().is_some());
        }
    }
    let (mut pages, mut cursor) = (0, json!({ "list": list, "since": 0, "anchor": 0 }));
    loop {
        let mut page = ask(&world, &owner, CHANGES, cursor.clone()).await["changes"].take();
        pages += 1;
        for found in page["todos"].as_array().unwrap() {
            todos.remove(&found["id"].as_str().unwrap().parse().unwrap());
        }
        for found in page["media"].as_array().unwrap() {
            assert_eq!(found["rendition"]["variants"].as_array().unwrap().len(), 9);
            media.remove(&found["id"].as_str().unwrap().parse().unwrap());
        }
        cursor["since"] = page["until"].take();
        cursor["anchor"] = page["anchor"].take();
        if page["more"] == false {
            break;
        }
    }
    assert!(todos.is_empty() && media.is_empty(), "{} and {} are missing", todos.len(), media.len());
    assert_eq!(pages, 2);
}

#[tokio::test]
async fn a_deleted_list_gives_its_room_back_at_once() {
    let world = World::new().await;
    let owner = world.sign_in("owner@example.com", "Laptop").await;
    let (gone, stays) = (world.make_list(&owner).await, world.make_list(&owner).await);
    for list in [gone, stays] {
        let id = TodoId::fresh();
        commit(&world, &owner, COMMIT, list, vec![todo(id)]).await;
        commit(&world, &owner, COMMIT_MEDIA, list, vec![picture(MediaId::fresh(), id)]).await;
    }
    let used = async || ask(&world, &owner, USAGE, json!({})).await["me"]["mediaUsage"]["bytes"].clone();
    assert_eq!(used().await, 2_000);
    commit(&world, &owner, COMMIT, gone, vec![json!({ "deleteList": true })]).await;
    assert_eq!(used().await, 1_000);
}
