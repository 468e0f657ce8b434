//! Storage and locks in a real browser.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::{cell::RefCell, rc::Rc};

use domain::{
    action::{Action, NewList},
    colour::Colour,
    error::Code,
    id::{EntryId, ListId, MediaId, TodoId, UserId},
    media::{Media, MediaKind, MediaState, Rotation},
    model::{List, Role, Todo},
    order::OrderKey,
    sync::{Cursor, Entry, ListRecord, Replica, Stage, Write},
    time::Timestamp,
};
use futures::future::{join, join_all};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

use super::{
    locks::{Withdraw, acquire},
    storage::{Closed, Storage},
};

wasm_bindgen_test_configure!(run_in_browser);

async fn open(user: UserId) -> Storage {
    Storage::open(user, |_| {}).await.unwrap()
}

fn order() -> OrderKey {
    OrderKey::between(None, None, 0).unwrap()
}

fn list(id: ListId, since: u64) -> Write {
    let title = "Häuser 🏡 \u{202e}".into();
    let list =
        List { id, title, colour: Colour::Red, order: order(), archived: false, created_at: Timestamp(1) };
    Write::PutList(ListRecord { list, role: Role::Owner, cursor: Cursor { since, anchor: since } })
}

fn todo(list: ListId, id: TodoId, title: &str) -> Write {
    Write::PutTodo(Todo {
        id,
        list,
        parent: None,
        title: title.into(),
        notes: "line one\nline two".into(),
        done_at: None,
        due: None,
        order: order(),
        created_at: Timestamp(1),
        deleted_at: None,
    })
}

fn media(list: ListId, todo: TodoId, id: MediaId) -> Write {
    Write::PutMedia(Media {
        id,
        list,
        todo,
        kind: MediaKind::Video,
        name: "Meer \u{1f30a}.mp4".into(),
        content_type: "video/mp4".into(),
        bytes: 2_000_000_000,
        caption: String::new(),
        order: order(),
        rotation: Rotation::Left,
        created_at: Timestamp(1),
        deleted_at: None,
        state: MediaState::Failed(Code::VideoTooLong),
        rendition: None,
    })
}

fn entry(list: ListId) -> Write {
    let new = NewList { title: "New".into(), colour: Colour::Blue, order: order(), created_at: Timestamp(2) };
    Write::PutEntry(Entry {
        id: EntryId::fresh(),
        list,
        action: Action::CreateList(new),
        stage: Stage::Pending,
    })
}

#[wasm_bindgen_test]
async fn a_replica_comes_back_from_storage_as_it_was() {
    let (user, here, there) = (UserId::fresh(), ListId::fresh(), ListId::fresh());
    let mut writes = vec![list(here, 4), list(there, 9), entry(ListId::fresh())];
    writes.extend((0..300).map(|number| todo(here, TodoId::fresh(), &format!("Todo {number}"))));
    writes.push(todo(there, TodoId::fresh(), "Elsewhere"));
    let (on, kept, gone) = (TodoId::fresh(), MediaId::fresh(), MediaId::fresh());
    writes.extend([todo(here, on, "Seen"), media(here, on, kept), media(there, TodoId::fresh(), gone)]);
    let storage = open(user).await;
    assert_eq!(storage.write(&writes).await.unwrap(), 1);
    assert_eq!(storage.write(&[Write::DropItems(there)]).await.unwrap(), 2);
    let mut expected = Replica::load(user, writes);
    expected.absorb(vec![Write::DropItems(there)]);
    // Nobody closes the database when a tab crashes.
    std::mem::forget(storage);

    let (rows, revision) = open(user).await.load().await.unwrap();
    let found = Replica::load(user, rows);
    assert_eq!(revision, 2);
    let sorted = |replica: &Replica| {
        let mut rows: Vec<_> = replica.rows().iter().map(|row| format!("{row:?}")).collect();
        rows.sort();
        rows
    };
    assert_eq!(sorted(&found), sorted(&expected));
    assert_eq!((found.todos(here).len(), found.media(here, on).len()), (301, 1));
    assert!(found.media_item(there, gone).is_none());
    assert_eq!(found.todos(there).len(), 0);
}

#[wasm_bindgen_test]
async fn writes_take_effect_in_the_order_they_were_made() {
    let (user, here, id) = (UserId::fresh(), ListId::fresh(), TodoId::fresh());
    let storage = open(user).await;
    storage.write(&[list(here, 1)]).await.unwrap();
    let titles: Vec<_> = (0..20).map(|number| [todo(here, id, &format!("Title {number}"))]).collect();
    let revisions = join_all(titles.iter().map(|writes| storage.write(writes))).await;
    let revisions: Vec<_> = revisions.into_iter().map(Result::unwrap).collect();
    assert_eq!(revisions, (2..22).collect::<Vec<_>>());
    let (rows, revision) = storage.load().await.unwrap();
    assert_eq!(revision, 21);
    assert_eq!(Replica::load(user, rows).todo(here, id).unwrap().title, "Title 19");
}

#[wasm_bindgen_test]
async fn two_tabs_that_write_at_once_get_revisions_of_their_own() {
    let (user, here) = (UserId::fresh(), ListId::fresh());
    let (one, two) = (open(user).await, open(user).await);
    let (first, second) = ([list(here, 1)], [entry(here)]);
    let (first, second) = join(one.write(&first), two.write(&second)).await;
    let mut revisions = [first.unwrap(), second.unwrap()];
    revisions.sort_unstable();
    assert_eq!(revisions, [1, 2]);
    assert_eq!(one.load().await.unwrap().0.len(), 2);
}

#[wasm_bindgen_test]
async fn deleting_a_users_data_does_not_wait_for_other_tabs() {
    let user = UserId::fresh();
    let closed = Rc::new(RefCell::new(None));
    let seen = Rc::clone(&closed);
    let other_tab = Storage::open(user, move |why| *seen.borrow_mut() = Some(why)).await.unwrap();
    other_tab.write(&[list(ListId::fresh(), 1)]).await.unwrap();
    Storage::delete(user).await.unwrap();
    assert_eq!(*closed.borrow(), Some(Closed::ForDeletion));
    assert!(other_tab.write(&[]).await.is_err());
    assert_eq!(open(user).await.load().await.unwrap(), (Vec::new(), 0));
}

#[wasm_bindgen_test]
async fn a_lock_goes_to_the_next_in_line_when_it_is_let_go() {
    let name = format!("test-{}", UserId::fresh());
    let first = acquire(&name, None).await.unwrap();
    let order = RefCell::new(Vec::new());
    let second = async {
        let _lock = acquire(&name, None).await.unwrap();
        order.borrow_mut().push("second");
    };
    let let_go = async {
        order.borrow_mut().push("first");
        drop(first);
    };
    join(second, let_go).await;
    assert_eq!(*order.borrow(), ["first", "second"]);
}

#[wasm_bindgen_test]
async fn a_request_for_a_lock_can_be_withdrawn() {
    let name = format!("test-{}", UserId::fresh());
    let _held = acquire(&name, None).await.unwrap();
    let withdraw = Withdraw::new();
    let (lock, ()) = join(acquire(&name, Some(&withdraw)), async { withdraw.withdraw() }).await;
    assert!(lock.is_none());
}
