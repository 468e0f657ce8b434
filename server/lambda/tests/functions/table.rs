//! A table that is throttled, and one whose answers are lost.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use domain::{
    email::Email,
    id::{TodoId, UserId},
};
use platform::{Item, Key, StorageError, Table, Write};
use serde_json::{Value, json};

use crate::{
    faulty::{Fault, Operations, faulty},
    world::{COMMIT, World, batch},
};

/// How often something is still to happen.
#[derive(Clone, Default)]
struct Left(Arc<AtomicUsize>);

impl Left {
    fn set(&self, times: usize) {
        self.0.store(times, Ordering::SeqCst);
    }

    /// One less; whether there was one.
    fn take(&self) -> bool {
        self.0.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok()
    }
}

fn throttled() -> Fault {
    let kind = "com.amazonaws.dynamodb.v20120810#ThrottlingException";
    Fault::Answer(400, json!({ "__type": kind, "message": "slow down" }))
}

/// A table that is throttled so many times.
async fn throttled_table(times: usize) -> (Table, Operations, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let left = Left::default();
    left.set(times);
    let table = Table::embedded(folder.path()).await.unwrap();
    let (table, asked) = faulty(&table, move |_, _| if left.take() { throttled() } else { Fault::None });
    (table, asked, folder)
}

#[tokio::test]
async fn a_throttled_table_is_tried_three_times_and_no_more() {
    let key = Key::profile(UserId::fresh());
    let (table, asked, _folder) = throttled_table(2).await;
    assert_eq!(table.get(&key).await.unwrap(), None);
    assert_eq!(asked.lock().unwrap().len(), 3);

    let (table, asked, _folder) = throttled_table(100).await;
    assert!(matches!(table.get(&key).await, Err(StorageError::Throttled(_))));
    assert_eq!(asked.lock().unwrap().len(), 3);
}

/// Ten items, in a table that leaves all of a batch undone so many times.
async fn overloaded(times: usize) -> (Table, Vec<Key>, Operations, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let table = Table::embedded(folder.path()).await.unwrap();
    let keys: Vec<Key> =
        (0..10).map(|n| Key::kept_mail(&format!("a{n}@b.example").parse::<Email>().unwrap())).collect();
    for key in &keys {
        table.commit(vec![Write::put(Item::new(key.clone()))]).await.unwrap();
    }
    let left = Left::default();
    left.set(times);
    let (table, asked) = faulty(&table, move |operation, request| {
        let undone = &request["RequestItems"];
        match operation {
            "BatchGetItem" if left.take() => {
                Fault::Answer(200, json!({ "Responses": {}, "UnprocessedKeys": undone }))
            }
            "BatchWriteItem" if left.take() => Fault::Answer(200, json!({ "UnprocessedItems": undone })),
            _ => Fault::None,
        }
    });
    (table, keys, asked, folder)
}

#[tokio::test]
async fn what_a_batch_leaves_undone_is_done_in_further_rounds() {
    let (table, keys, asked, _folder) = overloaded(2).await;
    assert_eq!(table.get_many(&keys).await.unwrap().len(), 10);
    assert_eq!(asked.lock().unwrap().len(), 3);
    let (table, keys, asked, _folder) = overloaded(2).await;
    table.delete_many(&keys).await.unwrap();
    assert_eq!(asked.lock().unwrap().len(), 3);
    assert_eq!(table.get_many(&keys).await.unwrap(), []);
}

#[tokio::test]
async fn a_batch_that_is_never_done_is_given_up_after_six_rounds() {
    let (table, keys, asked, _folder) = overloaded(100).await;
    assert!(matches!(table.get_many(&keys).await, Err(StorageError::Throttled(_))));
    assert_eq!(asked.lock().unwrap().len(), 6);
    let (table, keys, asked, _folder) = overloaded(100).await;
    assert!(matches!(table.delete_many(&keys).await, Err(StorageError::Throttled(_))));
    assert_eq!(asked.lock().unwrap().len(), 6);
}

/// All functions over a table whose transactions meet this fault as often as is left.
async fn world(fault: impl Fn() -> Fault + Send + Sync + 'static) -> (World, Left, Operations) {
    let left = Left::default();
    let plan = left.clone();
    let mut operations = Operations::default();
    let between = |table: Table| {
        let meets = move |operation: &str, _: &Value| match operation {
            "TransactWriteItems" if plan.take() => fault(),
            _ => Fault::None,
        };
        let (table, asked) = faulty(&table, meets);
        operations = asked;
        table
    };
    let world = World::over(between).await;
    (world, left, operations)
}

fn todo() -> Value {
    json!({ "createTodo": { "id": TodoId::fresh(), "title": "Milk", "notes": "", "order": "V", "createdAt": 1 } })
}

#[tokio::test]
async fn a_change_whose_answer_is_lost_takes_effect_once() {
    let (world, lost, _) = world(|| Fault::Lost).await;
    let device = world.sign_in("a@b.example").await;
    let list = world.list(&device).await;
    // Lost on the way back from the table, and tried again there.
    lost.set(1);
    let done = world.data(&device, COMMIT, batch(list, todo())).await;
    assert_eq!(done["commit"]["outcomes"][0]["applied"], true, "{done}");
    // Lost again and again: the device is told that nobody knows, and sends it once more.
    let again = batch(list, todo());
    lost.set(3);
    assert_eq!(world.refusal(Some(&device.token), COMMIT, again.clone()).await, "UNAVAILABLE");
    let done = world.data(&device, COMMIT, again).await;
    assert_eq!(done["commit"]["outcomes"][0]["applied"], true, "{done}");
    let heads = world.data(&device, "{ heads { version } }", json!({})).await;
    assert_eq!(heads, json!({ "heads": [{ "version": 3 }] }));
}

#[tokio::test]
async fn a_change_that_a_throttled_table_does_not_take_is_to_be_sent_again() {
    let (world, times, asked) = world(throttled).await;
    let device = world.sign_in("a@b.example").await;
    let list = world.list(&device).await;
    let change = batch(list, todo());
    times.set(1_000);
    asked.lock().unwrap().clear();
    assert_eq!(world.refusal(Some(&device.token), COMMIT, change.clone()).await, "BUSY");
    let tried = asked.lock().unwrap().iter().filter(|operation| *operation == "TransactWriteItems").count();
    assert_eq!(tried, 3, "a table that takes no more is not asked again and again");
    times.set(0);
    let done = world.data(&device, COMMIT, change).await;
    assert_eq!(done["commit"]["outcomes"][0]["applied"], true, "{done}");
}
