//! The embedded table behind the real SDK client.

use domain::{
    id::{ListId, SessionId, TodoId, UserId},
    time::Timestamp,
};
use platform::{
    Expression, Item, Key, Limit, Meter, OpenError, Partition, Range, RateError, StorageError, Table, Units,
    VERSION, Write,
};

fn todo(list: ListId, number: u128, version: u64) -> Item {
    Item::new(Key::todo(list, TodoId::from_u128(number)))
        .with("title", format!("Todo {number}"))
        .with(VERSION, version)
}

#[tokio::test]
async fn what_was_written_is_there_after_reopening() {
    let folder = tempfile::tempdir().unwrap();
    let list = ListId::fresh();
    let table = Table::embedded(folder.path()).await.unwrap();
    let head = Item::new(Key::head(list))
        .with("title", "Grüße 🌍")
        .with("archived", false)
        .with("at", Timestamp(-5));
    table.commit(vec![Write::create(head.clone()), Write::put(todo(list, 1, 1))]).await.unwrap();
    table.close().await;
    assert!(matches!(table.get(head.key()).await, Err(StorageError::Unavailable(_))));

    let table = Table::embedded(folder.path()).await.unwrap();
    let found = table.get(head.key()).await.unwrap().unwrap();
    assert_eq!(found, head);
    assert_eq!(found.text("title").unwrap(), "Grüße 🌍");
    assert_eq!(found.time("at").unwrap(), Timestamp(-5));
    assert!(!found.truth("archived").unwrap());
    assert!(matches!(found.number::<u32>("at"), Err(StorageError::Corrupt { attribute: "at", .. })));
    assert_eq!(table.get(&Key::head(ListId::fresh())).await.unwrap(), None);
}

#[tokio::test]
async fn a_folder_serves_one_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let first = Table::embedded(folder.path()).await.unwrap();
    let second = Table::embedded(folder.path()).await.unwrap_err();
    assert!(matches!(second, OpenError::InUse { .. }), "{second}");
    first.close().await;
    Table::embedded(folder.path()).await.unwrap();
}

#[tokio::test]
async fn changes_come_by_version_and_never_split_one() {
    let folder = tempfile::tempdir().unwrap();
    let table = Table::embedded(folder.path()).await.unwrap();
    let list = ListId::fresh();
    // Written in another order than their versions; version 2 has five items.
    for (number, version) in [(9, 3), (1, 1), (2, 2), (3, 2), (4, 2), (5, 2), (6, 2), (7, 12)] {
        table.put(todo(list, number, version), None).await.unwrap();
    }
    table.put(Item::new(Key::head(list)), None).await.unwrap();

    let (mut since, mut pages) = (0, Vec::new());
    loop {
        let (items, more) = table.changes(Partition::List(list), since, 3).await.unwrap();
        pages.push(items.iter().map(|item| item.number::<u64>(VERSION).unwrap()).collect::<Vec<_>>());
        since = items.last().unwrap().number(VERSION).unwrap();
        if !more {
            break;
        }
    }
    assert_eq!(pages, [vec![1], vec![2; 5], vec![3, 12]]);
    assert_eq!(table.changes(Partition::List(list), 12, 3).await.unwrap(), (vec![], false));
}

#[tokio::test]
async fn a_transaction_happens_whole_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let table = Table::embedded(folder.path()).await.unwrap();
    let list = ListId::fresh();
    table.put(Item::new(Key::head(list)).with(VERSION, 4_u64), None).await.unwrap();
    let moves = |read: u64| {
        let update = Expression::new("SET #v = :next").value("next", read + 1);
        let unmoved = Expression::new("#v = :read").value("read", read);
        Write::Update { key: Key::head(list), update, condition: Some(unmoved) }
    };

    let refused = table.commit(vec![Write::put(todo(list, 1, 4)), moves(3)]).await.unwrap_err();
    assert!(matches!(&refused, StorageError::ConditionFailed { failed } if failed == &[1]), "{refused}");
    assert_eq!(table.all(Partition::List(list), Range::Todos).await.unwrap(), []);

    table.commit(vec![Write::put(todo(list, 1, 5)), moves(4)]).await.unwrap();
    let head = table.get(&Key::head(list)).await.unwrap().unwrap();
    assert_eq!(head.number::<u64>(VERSION).unwrap(), 5);
    assert_eq!(table.all(Partition::List(list), Range::Todos).await.unwrap().len(), 1);

    let twice = table.commit(vec![Write::create(Item::new(Key::head(list)))]).await.unwrap_err();
    assert!(twice.is_condition_failed());
}

#[tokio::test]
async fn ranges_and_batches() {
    let folder = tempfile::tempdir().unwrap();
    let table = Table::embedded(folder.path()).await.unwrap();
    let user = UserId::fresh();
    let keys: Vec<Key> = (0..130).map(|n| Key::session(user, SessionId::from_u128(n))).collect();
    for key in &keys {
        table.put(Item::new(key.clone()), None).await.unwrap();
    }
    table.put(Item::new(Key::profile(user)), None).await.unwrap();
    table.put(Item::new(Key::membership(user, ListId::from_u128(1))), None).await.unwrap();

    let found = |items: Vec<Item>| {
        let mut keys: Vec<Key> = items.iter().map(|item| item.key().clone()).collect();
        keys.sort();
        keys
    };
    let partition = Partition::User(user);
    assert_eq!(found(table.all(partition, Range::Sessions).await.unwrap()), keys);
    assert_eq!(found(table.get_many(&keys).await.unwrap()), keys);
    assert_eq!(table.all(partition, Range::All).await.unwrap().len(), 132);
    let (page, next) = table.page(partition, Range::Sessions, None, 50).await.unwrap();
    assert_eq!(found(page), keys[..50]);
    let (page, _) = table.page(partition, Range::Sessions, next.as_ref(), 50).await.unwrap();
    assert_eq!(found(page), keys[50..100]);

    table.delete_many(&keys).await.unwrap();
    assert_eq!(table.all(partition, Range::All).await.unwrap().len(), 2);
}

#[tokio::test]
async fn what_is_past_its_time_is_swept() {
    let folder = tempfile::tempdir().unwrap();
    let table = Table::embedded(folder.path()).await.unwrap();
    let user = UserId::fresh();
    let item = |n, ttl: i64| Item::new(Key::session(user, SessionId::from_u128(n))).with("ttl", ttl);
    table.put(item(1, 1_000), None).await.unwrap();
    table.put(item(2, 9_000_000_000), None).await.unwrap();
    assert_eq!(table.sweep().await.unwrap(), 1);
    assert_eq!(table.all(Partition::User(user), Range::All).await.unwrap(), [item(2, 9_000_000_000)]);
}

#[tokio::test]
async fn a_limit_holds_for_its_window() {
    let folder = tempfile::tempdir().unwrap();
    let table = Table::embedded(folder.path()).await.unwrap();
    let limit = Limit { kind: "test", times: 2, window: 60 };
    let at = |seconds: i64| Timestamp(1_700_000_040_000 + seconds * 1_000);
    limit.count(&table, "ada", at(10)).await.unwrap();
    limit.count(&table, "ada", at(11)).await.unwrap();
    limit.count(&table, "eve", at(11)).await.unwrap();
    let Err(RateError::Limited { retry_after }) = limit.count(&table, "ada", at(12)).await else { panic!() };
    assert_eq!(retry_after, 48);
    limit.count(&table, "ada", at(12 + retry_after)).await.unwrap();
}

/// The table with its requests counted.
fn metered(table: &Table) -> (Table, Meter) {
    let meter = Meter::default();
    let config = table.client().config().to_builder().interceptor(meter.clone()).build();
    (Table::existing(aws_sdk_dynamodb::Client::from_conf(config), table.name()), meter)
}

#[tokio::test]
async fn units_are_counted_as_they_are_charged() {
    let folder = tempfile::tempdir().unwrap();
    let (table, meter) = metered(&Table::embedded(folder.path()).await.unwrap());
    let list = ListId::fresh();
    let units = |reads: f64, writes: f64| Units { reads, writes };

    // A head is in no index.
    table.put(Item::new(Key::head(list)), None).await.unwrap();
    assert_eq!(meter.take(), units(0.0, 1.0));
    // Two for a transaction and one for the index, for each item; a large one is several.
    let large = |number| todo(list, number, 1).with("notes", "x".repeat(2_500));
    table.commit(vec![Write::put(todo(list, 1, 1)), Write::put(large(2))]).await.unwrap();
    assert_eq!(meter.take(), units(0.0, 3.0 + 9.0));

    table.get(&Key::head(list)).await.unwrap();
    assert_eq!(meter.take(), units(1.0, 0.0));
    table.get(&Key::head(ListId::fresh())).await.unwrap();
    assert_eq!(meter.take(), units(1.0, 0.0), "what is not there is looked for all the same");
    // 2.6 KB each: together just above one unit, by themselves one each.
    table.put(large(3), None).await.unwrap();
    assert_eq!(meter.take(), units(0.0, 3.0 + 3.0));
    let both = [2, 3].map(|number| Key::todo(list, TodoId::from_u128(number)));
    table.get_many(&both).await.unwrap();
    assert_eq!(meter.take(), units(2.0, 0.0));
    table.all(Partition::List(list), Range::Todos).await.unwrap();
    assert_eq!(meter.take(), units(2.0, 0.0));
    table.changes(Partition::List(list), 0, 100).await.unwrap();
    assert_eq!(meter.take(), units(2.0, 0.0), "the index has whole items");

    let absent = Some(Expression::absent());
    table.put(Item::new(Key::head(list)), absent).await.unwrap_err();
    assert_eq!(meter.take(), Units::default(), "a refusal says nothing of what it cost");
}
