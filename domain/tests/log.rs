//! A replica that is read from all that was ever written is the one that is read from its rows.
#![expect(clippy::unwrap_used, reason = "tests")]

use domain::{
    action::{Action, NewList, TodoPatch},
    colour::Colour,
    error::Code,
    id::{EntryId, ListId, MutationId, TodoId, UserId},
    model::{List, Role, Todo, Version},
    sync::{Cursor, Entry, ListRecord, Refusal, Replica, Stage, Write},
    time::Timestamp,
};

const USER: UserId = UserId::from_u128(1);
const LIST: ListId = ListId::from_u128(2);
const OTHER: ListId = ListId::from_u128(3);
const NOW: Timestamp = Timestamp(1_000);

fn list(id: ListId, since: Version) -> Write {
    let (title, order) = ("Home".to_owned(), "a1".parse().unwrap());
    let list = List { id, title, colour: Colour::Blue, order, archived: false, created_at: NOW };
    Write::PutList(ListRecord { list, role: Role::Owner, cursor: Cursor { since, anchor: since } })
}

fn todo(list: ListId, number: u128, title: &str) -> Write {
    Write::PutTodo(Todo {
        id: TodoId::from_u128(number),
        list,
        parent: None,
        title: title.to_owned(),
        notes: "Häuser\n🏡".to_owned(),
        done_at: None,
        due: None,
        order: "a1".parse().unwrap(),
        created_at: NOW,
        deleted_at: None,
    })
}

fn rename(list: ListId, number: u128, stage: Stage) -> Write {
    let patch = TodoPatch { title: Some("Mine".to_owned()), ..TodoPatch::default() };
    let action = Action::EditTodo { id: TodoId::from_u128(7), patch };
    Write::PutEntry(Entry { id: EntryId::from_u128(number), list, action, stage })
}

fn refusal(number: u128) -> Write {
    let (title, order) = ("Garden".to_owned(), "a2".parse().unwrap());
    let action = Action::CreateList(NewList { title, colour: Colour::Red, order, created_at: NOW });
    let id = EntryId::from_u128(number);
    Write::PutRefusal(Refusal { id, list: LIST, list_title: None, action, code: Code::TooManyLists })
}

/// What was written over a long time, and the rows that are left of it.
fn history() -> (Vec<Write>, Vec<Write>) {
    let sealed = Stage::Sealed(MutationId::from_u128(5));
    let (kept, dropped) = (EntryId::from_u128(20), EntryId::from_u128(21));
    let written = vec![
        list(LIST, 5),
        list(OTHER, 50),
        todo(LIST, 7, "First"),
        todo(LIST, 8, "Gone"),
        todo(OTHER, 9, "Gone with its list"),
        rename(LIST, 20, Stage::Pending),
        rename(LIST, 21, Stage::Pending),
        rename(OTHER, 22, Stage::Acknowledged(90)),
        refusal(30),
        refusal(31),
        rename(LIST, 20, sealed),
        rename(LIST, 21, Stage::Acknowledged(60)),
        todo(LIST, 7, "Second"),
        list(LIST, 60),
        Write::DropEntry(dropped),
        Write::DropRefusal(EntryId::from_u128(30)),
        Write::DropList(OTHER),
        Write::DropEntry(EntryId::from_u128(22)),
        // The server was restored from a backup, and the list read anew from it.
        Write::DropItems(LIST),
        todo(LIST, 7, "Third"),
        todo(LIST, 10, "New"),
        list(LIST, 40),
    ];
    let left = vec![todo(LIST, 10, "New"), rename(LIST, kept.as_u128(), sealed), refusal(31)];
    (written, left.into_iter().chain([list(LIST, 40), todo(LIST, 7, "Third")]).collect())
}

fn sorted(rows: &[Write]) -> Vec<String> {
    let mut rows: Vec<_> = rows.iter().map(|row| format!("{row:?}")).collect();
    rows.sort();
    rows
}

#[test]
fn the_last_write_about_a_row_wins_and_what_takes_rows_away_does_so_in_its_turn() {
    let (written, left) = history();
    let replica = Replica::load(USER, written);
    assert_eq!(sorted(&replica.rows()), sorted(&left));
    assert_eq!(replica.row_count(), left.len());
    let of_rows = Replica::load(USER, left);
    assert_eq!(replica.lists(), of_rows.lists());
    assert_eq!(replica.todos(LIST), of_rows.todos(LIST));
    assert_eq!(replica.open_todos(LIST), of_rows.open_todos(LIST));
    assert_eq!(replica.todo(LIST, TodoId::from_u128(7)).unwrap().title, "Mine");
    assert_eq!(replica.unsaved_count(), 1);
}

#[test]
fn a_version_that_was_passed_on_the_way_is_not_asked_for_again() {
    let (written, left) = history();
    assert_eq!(Replica::load(USER, left).pulls(), []);
    assert_eq!(Replica::load(USER, written).pulls(), []);
}

#[test]
fn writes_come_back_from_bytes_as_they_were() {
    let (written, _) = history();
    let bytes = Write::to_bytes(&written).unwrap();
    assert_eq!(Write::from_bytes(&bytes).unwrap(), written);
    assert!(Write::from_bytes(&bytes[1..]).is_err());
    assert_eq!(Write::from_bytes(&Write::to_bytes(&[]).unwrap()).unwrap(), []);
}
