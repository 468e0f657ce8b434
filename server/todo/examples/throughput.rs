//! Prints how many mutations and pulls a second the embedded table takes: one writer, each batch a transaction.

#![expect(clippy::expect_used, reason = "a measurement has nobody to report an error to")]

use std::{sync::Arc, time::Instant};

use domain::{
    action::{Action, Batch, NewList, NewTodo},
    colour::Colour,
    id::{ListId, MutationId, TodoId, UserId},
    order::OrderKey,
    sync::{Cursor, Pull},
    time::Timestamp,
};
use platform::{Item, Key, LocalPokes, SystemClock, Table};
use todo::Lists;

const ROUNDS: u32 = 300;
const NOW: Timestamp = Timestamp(0);

#[tokio::main]
async fn main() {
    let folder = tempfile::tempdir().expect("a folder");
    let table = Table::embedded(folder.path()).await.expect("a table");
    let (user, list) = (UserId::fresh(), ListId::fresh());
    table.put(Item::new(Key::profile(user)), None).await.expect("a profile");
    let lists = Lists::new(table, Arc::new(SystemClock), Arc::new(LocalPokes::default()));
    let order = OrderKey::between(None, None, 1).expect("a key");
    let new =
        NewList { title: "Home".to_owned(), colour: Colour::Blue, order: order.clone(), created_at: NOW };
    let commit = async |actions| {
        let batch = Batch { id: MutationId::fresh(), list, actions };
        lists.commit(user, &batch).await.expect("a receipt")
    };
    commit(vec![Action::CreateList(new)]).await;
    let todo = || {
        let (title, notes, order) = ("Something to do".to_owned(), String::new(), order.clone());
        let (parent, done_at, due) = (None, None, None);
        Action::CreateTodo(NewTodo {
            id: TodoId::fresh(),
            parent,
            title,
            notes,
            done_at,
            due,
            order,
            created_at: NOW,
        })
    };

    let start = Instant::now();
    for _ in 0..ROUNDS {
        commit(vec![todo()]).await;
    }
    report("mutations, one a batch", ROUNDS, start);
    let start = Instant::now();
    for _ in 0..ROUNDS / 30 {
        commit((0..90).map(|_| todo()).collect()).await;
    }
    report("mutations, 90 a batch", ROUNDS * 3, start);

    let (start, mut cursor, mut version) = (Instant::now(), Cursor::default(), 0);
    for _ in 0..ROUNDS {
        let page = lists.changes(user, Pull { list, cursor }, 100).await.expect("a page").page;
        (cursor, version) = (page.cursor, page.version);
    }
    report("pulls", ROUNDS, start);
    assert_eq!(cursor.since, version, "the pulls have seen everything");
}

fn report(what: &str, count: u32, start: Instant) {
    println!("{what}\t{:.0}/s", f64::from(count) / start.elapsed().as_secs_f64());
}
