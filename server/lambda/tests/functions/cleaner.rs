//! Removing what was deleted, when EventBridge says that it is time.

use domain::id::MutationId;
use platform::{Partition, Range};
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

    assert_eq!(ask(&world.cleaner, json!({})).await, json!({ "lists": 1, "users": 1 }));
    assert_eq!(ask(&world.cleaner, json!({})).await, json!({ "lists": 0, "users": 0 }));
    assert_eq!(world.table.all(Partition::User(gone.user), Range::All).await.unwrap(), []);
    assert_eq!(world.table.all(Partition::List(lost), Range::Members).await.unwrap(), []);
    let heads = world.data(&stays, "{ heads { list } }", json!({})).await;
    assert_eq!(heads, json!({ "heads": [{ "list": kept }] }));
}
