//! What a device shows and keeps, one situation a test.
#![expect(clippy::unwrap_used, reason = "tests")]

mod lists;
mod reload;

use domain::{
    action::{Action, Batch, ListPatch, NewList, NewTodo, Outcome, Set, TodoPatch},
    colour::Colour,
    error::Code,
    id::{ListId, MutationId, TodoId, UserId},
    model::{List, Role, Todo, Version},
    order::OrderKey,
    sync::{Cursor, Entry, ListHead, Page, Pull, Receipt, Rejected, Replica, Stage, Step, Write},
    time::{Day, Timestamp},
};

const USER: UserId = UserId::from_u128(1);
const LIST: ListId = ListId::from_u128(2);
const NOW: Timestamp = Timestamp(1_000);

fn key(text: &str) -> OrderKey {
    text.parse().unwrap()
}

fn id(number: u128) -> TodoId {
    TodoId::from_u128(number)
}

fn list() -> List {
    let (title, colour, order) = ("Home".to_owned(), Colour::Blue, key("a1"));
    List { id: LIST, title, colour, order, archived: false, created_at: NOW }
}

fn create_list() -> Action {
    Action::CreateList(NewList {
        title: "Home".to_owned(),
        colour: Colour::Blue,
        order: key("a1"),
        created_at: NOW,
    })
}

fn create(number: u128, title: &str, order: &str) -> Action {
    let (title, notes) = (title.to_owned(), String::new());
    let (id, order) = (id(number), key(order));
    Action::CreateTodo(NewTodo {
        id,
        parent: None,
        title,
        notes,
        done_at: None,
        due: None,
        order,
        created_at: NOW,
    })
}

fn rename(number: u128, title: &str) -> Action {
    Action::EditTodo {
        id: id(number),
        patch: TodoPatch { title: Some(title.to_owned()), ..TodoPatch::default() },
    }
}

fn todo(number: u128, title: &str) -> Todo {
    let (title, notes, order) = (title.to_owned(), String::new(), key("a1"));
    let (done_at, due, deleted_at) = (None, None, None);
    Todo {
        id: id(number),
        list: LIST,
        parent: None,
        title,
        notes,
        done_at,
        due,
        order,
        created_at: NOW,
        deleted_at,
    }
}

fn page(todos: Vec<Todo>, since: Version) -> Page {
    let cursor = Cursor { since, anchor: since };
    Page {
        list: list(),
        version: since,
        role: Role::Owner,
        todos,
        media: Vec::new(),
        cursor,
        more: false,
        reset: false,
    }
}

fn pull(since: Version) -> Pull {
    Pull { list: LIST, cursor: Cursor { since, anchor: since } }
}

/// A replica that has the list at a version, with these todos.
fn at(version: Version, todos: Vec<Todo>) -> Replica {
    let mut replica = Replica::new(USER);
    replica.poke(LIST, version);
    let _ = replica.page(pull(0), page(todos, version));
    replica
}

fn seal(replica: &mut Replica) -> Batch {
    replica.seal(MutationId::fresh()).0.unwrap()
}

fn accept(batch: &Batch, version: Version) -> Receipt {
    Receipt { batch: batch.id, list: LIST, version, outcomes: vec![Outcome::Applied; batch.actions.len()] }
}

fn title(replica: &Replica, number: u128) -> String {
    replica.todo(LIST, id(number)).unwrap().title.clone()
}

fn codes(replica: &Replica) -> Vec<Code> {
    replica.refusals().map(|refusal| refusal.code).collect()
}

#[test]
fn an_acknowledged_edit_stays_in_sight_until_the_replica_has_it() {
    let mut replica = at(5, vec![todo(1, "old")]);
    let _ = replica.act(LIST, vec![rename(1, "mine")]);
    let batch = seal(&mut replica);
    let _ = replica.receipt(&accept(&batch, 8));
    assert_eq!((title(&replica, 1).as_str(), replica.unsaved_count()), ("mine", 0));
    // Somebody else's version 6 and 7 come first.
    let _ = replica.page(pull(5), page(vec![todo(1, "theirs")], 7));
    assert_eq!(title(&replica, 1), "mine");
    let _ = replica.page(pull(7), page(vec![todo(1, "mine")], 8));
    assert_eq!(title(&replica, 1), "mine");
    // A later change shows, since nothing lies over it any more.
    let _ = replica.page(pull(8), page(vec![todo(1, "theirs")], 9));
    assert_eq!(title(&replica, 1), "theirs");
    assert!(!replica.rows().iter().any(|row| matches!(row, Write::PutEntry(_))));
}

#[test]
fn an_acknowledged_edit_stays_in_sight_between_two_pages_too() {
    // Version 8 is mine; somebody else's version 9 of the same todo comes with the second page only.
    let mut replica = at(5, vec![todo(1, "old"), todo(2, "x")]);
    let _ = replica.act(LIST, vec![rename(1, "mine")]);
    let batch = seal(&mut replica);
    replica.poke(LIST, 9);
    let first =
        |since| Page { cursor: Cursor { since, anchor: 5 }, more: true, ..page(vec![todo(2, "y")], 9) };
    let between = |since| Pull { list: LIST, cursor: Cursor { since, anchor: 5 } };
    let last = page(vec![todo(1, "theirs")], 9);
    // The receipt comes before the first page, or between the two.
    for early in [true, false] {
        let mut replica = replica.clone();
        let heard = |replica: &mut Replica, when| {
            if when == early {
                let _ = replica.receipt(&accept(&batch, 8));
            }
        };
        heard(&mut replica, true);
        let _ = replica.page(pull(5), first(8));
        assert_eq!(title(&replica, 1), "mine");
        heard(&mut replica, false);
        assert_eq!((title(&replica, 1).as_str(), title(&replica, 2).as_str()), ("mine", "y"));
        let _ = replica.page(between(8), last.clone());
        assert_eq!((title(&replica, 1).as_str(), replica.unsaved_count()), ("theirs", 0));
        assert!(!replica.rows().iter().any(|row| matches!(row, Write::PutEntry(_))));
    }
}

#[test]
fn an_acknowledged_edit_stays_in_sight_while_its_todo_moves_on() {
    // Version 8 is mine. While the page up to 10 was read, somebody moved the todo to 11: it isn't in it.
    let mut replica = at(5, vec![todo(1, "old"), todo(2, "x")]);
    let _ = replica.act(LIST, vec![rename(1, "mine")]);
    let batch = seal(&mut replica);
    let cursor = Cursor { since: 10, anchor: 5 };
    let first = Page { cursor, more: true, version: 11, ..page(vec![todo(2, "y")], 10) };
    for early in [true, false] {
        let mut replica = replica.clone();
        if early {
            let _ = replica.receipt(&accept(&batch, 8));
        }
        let _ = replica.page(pull(5), first.clone());
        if !early {
            let _ = replica.receipt(&accept(&batch, 8));
        }
        assert_eq!((title(&replica, 1).as_str(), title(&replica, 2).as_str()), ("mine", "y"));
        assert_eq!(replica.pulls(), [Pull { list: LIST, cursor }]);
        let _ = replica.page(Pull { list: LIST, cursor }, page(vec![todo(1, "theirs")], 11));
        assert_eq!((title(&replica, 1).as_str(), replica.unsaved_count()), ("theirs", 0));
        assert!(!replica.rows().iter().any(|row| matches!(row, Write::PutEntry(_))));
    }
}

#[test]
fn an_edit_heard_late_from_another_tab_lies_over_what_was_sealed_before() {
    let mut replica = at(1, vec![todo(1, "old")]);
    let _ = replica.act(LIST, vec![rename(1, "sealed")]);
    let batch = seal(&mut replica);
    // The other tab made its edit before, by the clock, but it will be sent after.
    let earlier = domain::id::EntryId::from_u128(1);
    let entry = Entry { id: earlier, list: LIST, action: rename(1, "late"), stage: Stage::Pending };
    let _ = replica.absorb(vec![Write::PutEntry(entry)]);
    assert_eq!(title(&replica, 1), "late");
    let _ = replica.receipt(&accept(&batch, 2));
    assert_eq!(title(&replica, 1), "late");
    assert_eq!(seal(&mut replica).actions, vec![rename(1, "late")]);
}

#[test]
fn an_answer_to_another_batch_changes_nothing() {
    let mut replica = at(1, vec![todo(1, "old")]);
    let _ = replica.act(LIST, vec![rename(1, "first")]);
    let first = seal(&mut replica);
    let _ = replica.receipt(&accept(&first, 2));
    let _ = replica.act(LIST, vec![rename(1, "second")]);
    let second = seal(&mut replica);
    assert_eq!(replica.receipt(&accept(&first, 2)), Step::default());
    assert_eq!(replica.rejected(LIST, Rejected { batch: first.id, code: Code::NotFound }), Step::default());
    assert_eq!(seal(&mut replica), second);
}

#[test]
fn a_batch_is_sent_again_as_it_was_even_after_a_crash() {
    let mut replica = at(1, vec![todo(1, "old")]);
    let _ = replica.act(LIST, vec![rename(1, "first")]);
    let first = seal(&mut replica);
    let _ = replica.act(LIST, vec![rename(1, "second")]);
    let mut again = Replica::load(USER, replica.rows());
    assert_eq!(seal(&mut again), first);
    assert_eq!(title(&again, 1), "second");
}

#[test]
fn a_refused_edit_is_taken_back_with_its_reason_and_its_text() {
    let mut replica = at(1, vec![todo(1, "old"), todo(2, "two")]);
    let _ = replica.act(LIST, vec![rename(1, "mine"), rename(2, "also mine")]);
    let batch = seal(&mut replica);
    let outcomes = vec![Outcome::Refused(Code::NotFound), Outcome::Applied];
    let step = replica.receipt(&Receipt { batch: batch.id, list: LIST, version: 2, outcomes });
    assert_eq!((title(&replica, 1).as_str(), title(&replica, 2).as_str()), ("old", "also mine"));
    assert!(step.touched.todos.contains(&(LIST, id(1))) && !step.touched.todos.contains(&(LIST, id(2))));
    let refusal = replica.refusals().next().unwrap().clone();
    assert_eq!((refusal.code, &refusal.action), (Code::NotFound, &rename(1, "mine")));
    assert_eq!(refusal.list_title.as_deref(), Some("Home"));
    // It is still there after a restart, until the user has seen it.
    let mut again = Replica::load(USER, replica.rows());
    assert_eq!(codes(&again), [Code::NotFound]);
    let _ = again.dismiss(refusal.id);
    assert!(codes(&again).is_empty());
}

#[test]
fn what_is_known_to_be_refused_never_enters_the_outbox() {
    let mut replica = at(1, vec![todo(1, "one")]);
    let subtask = Action::CreateTodo(NewTodo { parent: Some(id(3)), ..new(4) });
    let nested = Action::CreateTodo(NewTodo { parent: Some(id(1)), ..new(3) });
    let long = "x".repeat(501);
    let _ = replica.act(LIST, vec![rename(1, " "), rename(1, &long), rename(9, "x"), nested, subtask]);
    assert_eq!(codes(&replica), [Code::TitleEmpty, Code::TitleTooLong, Code::NotFound, Code::TooDeep]);
    assert_eq!(replica.unsaved_count(), 1);
    let inbox = ListId::inbox(USER);
    let _ = replica.act(inbox, vec![create_list(), Action::DeleteList]);
    assert_eq!(codes(&replica).last(), Some(&Code::InboxStays));
}

fn new(number: u128) -> NewTodo {
    let (title, notes) = ("new".to_owned(), String::new());
    NewTodo {
        id: id(number),
        parent: None,
        title,
        notes,
        done_at: None,
        due: None,
        order: key("a5"),
        created_at: NOW,
    }
}

#[test]
fn a_batch_that_is_too_large_is_halved_down_to_the_one_at_fault() {
    let mut replica = at(1, vec![]);
    let _ = replica.act(LIST, (1..=4).map(|number| create(number, "x", "a1")).collect());
    let mut sizes = Vec::new();
    for _ in 0..3 {
        let batch = seal(&mut replica);
        sizes.push(batch.actions.len());
        let _ = replica.rejected(LIST, Rejected { batch: batch.id, code: Code::TooLarge });
    }
    assert_eq!(sizes, [4, 2, 1]);
    assert_eq!((codes(&replica), replica.unsaved_count()), (vec![Code::TooLarge], 3));
    let batch = seal(&mut replica).id;
    let _ = replica.rejected(LIST, Rejected { batch, code: Code::Busy });
    assert_eq!(replica.unsaved_count(), 3);
}

#[test]
fn one_change_touches_one_thing() {
    let mut replica = at(1, (1..=200).map(|number| todo(number, "x")).collect());
    let step = replica.act(LIST, vec![rename(7, "y")]);
    assert_eq!(step.touched.todos.len(), 1);
    assert!(step.touched.order.is_empty() && step.touched.list.is_empty() && !step.touched.today);
    let done = TodoPatch { done_at: Some(Set { to: Some(NOW) }), ..TodoPatch::default() };
    let step = replica.act(LIST, vec![Action::EditTodo { id: id(7), patch: done }]);
    assert!(step.touched.open.contains(&LIST) && step.touched.order.is_empty() && step.touched.today);
    assert_eq!(replica.open_todos(LIST).len(), 199);
}

#[test]
fn today_has_what_is_due_and_what_was_finished_but_not_from_archived_lists() {
    let day = Day::new(2026, 11, 23).unwrap();
    let due = |number, days| Todo { due: day.plus_days(days), ..todo(number, "x") };
    let finished = Todo { done_at: Some(NOW), ..todo(4, "x") };
    let long_ago = Todo { done_at: Some(Timestamp(1)), ..due(5, 0) };
    let mut replica = at(1, vec![due(1, 0), due(2, 1), due(3, -9), finished, long_ago]);
    let hours = Timestamp(500)..Timestamp(2_000);
    let here = |number| (LIST, id(number));
    assert_eq!(replica.today(day, hours.clone()), [here(3), here(1), here(4)]);
    let archive = ListPatch { archived: Some(true), ..ListPatch::default() };
    let step = replica.act(LIST, vec![Action::EditList(archive)]);
    assert!(step.touched.today && step.touched.lists);
    assert!(replica.today(day, hours).is_empty());
    assert_eq!(*replica.archived(), [LIST]);
}

#[test]
fn ten_thousand_todos_load_page_by_page_and_one_change_stays_cheap() {
    let order = OrderKey::series(None, None, 10_000, 7).unwrap();
    let mut replica = Replica::new(USER);
    replica.poke(LIST, 20);
    for (nth, keys) in (1_u64..).zip(order.chunks(500)) {
        let numbers = (u128::from(nth) * 1_000..).zip(keys);
        let todos = numbers.map(|(number, key)| Todo { order: key.clone(), ..todo(number, "x") }).collect();
        let cursor = Cursor { since: nth, anchor: 20 };
        let request = replica.pulls()[0];
        let _ = replica.page(request, Page { cursor, version: 20, more: nth < 20, ..page(todos, nth) });
    }
    assert!(replica.pulls().is_empty());
    assert_eq!(replica.todos(LIST).len(), 10_000);
    let _ = replica.act(LIST, vec![create(1, "one too many", "a1")]);
    assert_eq!(codes(&replica), [Code::TooManyTodos]);
    let step = replica.act(LIST, vec![rename(1_007, "y")]);
    assert_eq!((step.writes.len(), step.touched.todos.len()), (1, 1));
}
