//! Removing what was deleted and what is stray, when EventBridge says that it is time.

use std::time::{Duration, Instant};

use domain::id::MutationId;
use lambda::{Function as _, Invocation};
use platform::{
    Partition, Range,
    blob::{BlobKey, Bucket},
};
use serde_json::json;

use crate::world::{World, ask};

#[tokio::test]
async fn a_deleted_account_leaves_nothing_and_others_keep_theirs() {
    let world = World::new().await;
    let (gone, stays) = (world.sign_in("gone@b.example").await, world.sign_in("stays@b.example").await);
    let (lost, kept) = (world.list(&gone).await, world.list(&stays).await);
    let query = "mutation($id: ID!, $email: String!) { deleteAccount(mutationId: $id, email: $email) }";
    let variables = json!({ "id": MutationId::fresh(), "email": "gone@b.example" });
    let deleted = world.data(&gone, query, variables).await;
    assert_eq!(deleted["deleteAccount"], true);

    assert_eq!(ask(&world.cleaner, json!({})).await, json!({ "lists": 1, "users": 1, "mismatches": 0 }));
    assert_eq!(ask(&world.cleaner, json!({})).await, json!({ "lists": 0, "users": 0, "mismatches": 0 }));
    assert_eq!(world.table.all(Partition::User(gone.user), Range::All).await.unwrap(), []);
    assert_eq!(world.table.all(Partition::List(lost), Range::Members).await.unwrap(), []);
    let heads = world.data(&stays, "{ heads { list } }", json!({})).await;
    assert_eq!(heads, json!({ "heads": [{ "list": kept }] }));
}

#[tokio::test]
async fn files_that_no_row_knows_are_removed_while_there_is_time() {
    let world = World::new().await;
    let list = domain::id::ListId::fresh();
    let stray = BlobKey::parse(&format!("{list}/00/1/320.webp")).unwrap();
    world.blobs.put(Bucket::Variants, &stray, "image/webp", "x".into()).await.unwrap();
    let late = Invocation { id: "i".to_owned(), deadline: Instant::now() + Duration::from_secs(30) };
    let answer = world.cleaner.answer(json!({}), late).await.unwrap().into_inner();
    assert_eq!(answer["mismatches"], 0, "it is left for the next call");
    assert_eq!(ask(&world.cleaner, json!({})).await["mismatches"], 1);
    assert!(world.blobs.info(Bucket::Variants, &stray).await.is_err());
    assert_eq!(ask(&world.cleaner, json!({})).await["mismatches"], 0);
}
