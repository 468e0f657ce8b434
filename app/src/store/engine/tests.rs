//! Storage and locks in a real browser.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::{cell::RefCell, future::poll_fn, rc::Rc, task::Poll};

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
use leptos::prelude::Owner;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

use super::{
    live::Live,
    locks::{Withdraw, acquire},
    storage::{Closed, Storage},
};
use crate::store::watch::Watched;

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
        progress: None,
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

/// All rows that a tab finds that is opened now, and the revision.
async fn found(user: UserId) -> (Vec<String>, u64) {
    let (writes, revision) = open(user).await.load().await.unwrap();
    (sorted(&Replica::load(user, writes)), revision)
}

fn sorted(replica: &Replica) -> Vec<String> {
    let mut rows: Vec<_> = replica.rows().iter().map(|row| format!("{row:?}")).collect();
    rows.sort();
    rows
}

/// What two lists, some todos that were written often, and their media leave behind.
fn history() -> Vec<Vec<Write>> {
    let (here, there, changed) = (ListId::fresh(), ListId::fresh(), TodoId::fresh());
    let sent = entry(here);
    let Write::PutEntry(Entry { id: sent_id, .. }) = sent else { return Vec::new() };
    let mut steps = vec![vec![list(here, 4), list(there, 9)], vec![sent], vec![entry(ListId::fresh())]];
    let todos = |list| (0..700).map(move |number| todo(list, TodoId::fresh(), &format!("Todo {number}")));
    steps.push(todos(here).chain(todos(there)).collect());
    steps.extend((0..100).map(|number| vec![todo(here, changed, &format!("Title {number}"))]));
    steps.push(vec![media(here, changed, MediaId::fresh()), media(there, TodoId::fresh(), MediaId::fresh())]);
    steps.push(vec![Write::DropItems(there), todo(there, TodoId::fresh(), "After all"), list(here, 5)]);
    steps.push(vec![Write::DropEntry(sent_id)]);
    steps
}

#[wasm_bindgen_test]
async fn a_replica_comes_back_from_storage_as_it_was() {
    let (user, steps) = (UserId::fresh(), history());
    let storage = open(user).await;
    let mut replica = Replica::new(user);
    for (step, revision) in steps.into_iter().zip(1..) {
        assert_eq!(storage.write(&step).await.unwrap(), revision);
        replica.absorb(step);
        assert_eq!(storage.revision().await.unwrap(), revision);
    }
    assert_eq!(replica.row_count(), 706);
    // Nobody closes the database when a tab crashes.
    std::mem::forget(storage);
    assert_eq!(found(user).await, (sorted(&replica), 107));
}

#[wasm_bindgen_test]
async fn a_snapshot_takes_the_place_of_a_longer_log_and_changes_nothing() {
    let user = UserId::fresh();
    let (one, two) = (open(user).await, open(user).await);
    for step in history() {
        one.write(&step).await.unwrap();
    }
    let before = found(user).await;
    let (writes, revision) = one.load().await.unwrap();
    let rows = Replica::load(user, writes).rows();
    assert!(one.is_long(rows.len()));
    assert!(one.snapshot(&rows, revision).await.unwrap());
    assert!(!one.is_long(rows.len()));

    assert_eq!(found(user).await, before);
    assert_eq!(two.load().await.unwrap().0.len(), rows.len());
    assert!(!two.is_long(rows.len()));
    // The count goes on where it was, in every tab.
    assert_eq!(two.write(&[list(ListId::fresh(), 1)]).await.unwrap(), revision + 1);
    assert_eq!(one.write(&[]).await.unwrap(), revision + 2);
    let (after, revision) = found(user).await;
    assert_eq!((after.len(), revision), (before.0.len() + 1, before.1 + 2));
}

#[wasm_bindgen_test]
async fn a_snapshot_of_nothing_keeps_the_revision() {
    let (user, here) = (UserId::fresh(), ListId::fresh());
    let storage = open(user).await;
    storage.write(&[list(here, 1)]).await.unwrap();
    storage.write(&[Write::DropList(here)]).await.unwrap();
    assert!(storage.snapshot(&[], 2).await.unwrap());
    assert_eq!(storage.load().await.unwrap(), (Vec::new(), 2));
    assert_eq!(storage.write(&[list(here, 1)]).await.unwrap(), 3);
}

#[wasm_bindgen_test]
async fn a_snapshot_loses_nothing_that_another_tab_writes_meanwhile() {
    let user = UserId::fresh();
    let (one, two) = (open(user).await, open(user).await);
    for step in history() {
        one.write(&step).await.unwrap();
    }
    let (writes, revision) = one.load().await.unwrap();
    let replica = Replica::load(user, writes);
    let late = [list(ListId::fresh(), 1)];
    let mut expected = replica.clone();
    expected.absorb(late.to_vec());

    // Before it: this tab has not heard of it, so the log stays.
    assert_eq!(two.write(&late).await.unwrap(), revision + 1);
    assert!(!one.snapshot(&replica.rows(), revision).await.unwrap());
    assert_eq!(found(user).await, (sorted(&expected), revision + 1));
    // At the same time, whichever comes first.
    let late = [list(ListId::fresh(), 1)];
    let rows = expected.rows();
    expected.absorb(late.to_vec());
    let (made, written) = join(one.snapshot(&rows, revision + 1), two.write(&late)).await;
    assert_eq!((made.is_ok(), written.unwrap()), (true, revision + 2));
    assert_eq!(found(user).await, (sorted(&expected), revision + 2));
}

#[wasm_bindgen_test]
async fn a_tab_that_stops_in_the_middle_of_a_snapshot_leaves_all_there() {
    let user = UserId::fresh();
    let storage = open(user).await;
    for step in history() {
        storage.write(&step).await.unwrap();
    }
    let before = found(user).await;
    for polls in 0..6 {
        let (writes, revision) = storage.load().await.unwrap();
        let rows = Replica::load(user, writes).rows();
        let mut snapshot = Box::pin(storage.snapshot(&rows, revision));
        let mut left = polls;
        poll_fn(|context| {
            left -= 1;
            if left < 0 { Poll::Ready(()) } else { snapshot.as_mut().poll(context).map(drop) }
        })
        .await;
        drop(snapshot);
        assert_eq!(found(user).await, before, "after {polls}");
    }
}

#[wasm_bindgen_test]
async fn a_log_that_has_grown_long_is_shortened() {
    // Sets up what runs tasks.
    leptos::mount::mount_to_body(|| ());
    let owner = Owner::new();
    let live = owner.with(|| Live::new(UserId::fresh(), "ada@example.com".into(), Watched::new()));
    live.load().await;
    let [kept, gone] = [ListId::fresh(), ListId::fresh()];
    let new = NewList { title: "New".into(), colour: Colour::Blue, order: order(), created_at: Timestamp(2) };
    live.step(|replica| replica.act(kept, vec![Action::CreateList(new)]));
    // Refused, and put away.
    for _ in 0..200 {
        live.step(|replica| replica.act(gone, vec![Action::DeleteList]));
        let refused = live.ask(|replica| replica.refusals().next().unwrap().id).unwrap();
        live.step(|replica| replica.dismiss(refused));
        live.all_stored().await;
    }
    let storage = live.storage().unwrap();
    assert_eq!(storage.load().await.unwrap().0.len(), 401);
    live.shorten().await;
    let (writes, revision) = storage.load().await.unwrap();
    assert_eq!((writes, revision), (live.ask(Replica::rows).unwrap(), live.reached()));
    // Once is enough.
    live.shorten().await;
    assert_eq!(storage.load().await.unwrap().1, revision);
    live.close();
    Storage::delete(live.user).await.unwrap();
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
