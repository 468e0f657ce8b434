//! The lists on a real table: who may do what, what a batch does, what a retry does, and what is left when
//! something is deleted.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::sync::Arc;

use domain::{
    action::{Action, Batch, NewList, NewTodo, Outcome, TodoPatch},
    colour::Colour,
    error::Code,
    id::{ListId, MutationId, TodoId, UserId},
    limits::{HORIZON_DAYS, LISTS_PER_USER, TODOS_PER_LIST},
    model::{Access, Todo},
    sync::{Cursor, Pull, Receipt},
    time::Timestamp,
};
use platform::{
    Expression, Item, Key, LocalPokes, ManualClock, Partition, Range, Signal, Table, list::ListError,
};
use todo::Lists;

const NOW: Timestamp = Timestamp(1_764_000_000_000);
const DAY: i64 = 86_400_000;

struct World {
    lists: Lists,
    table: Table,
    clock: Arc<ManualClock>,
    pokes: LocalPokes,
    _folder: tempfile::TempDir,
}

impl World {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let table = Table::embedded(folder.path()).await.unwrap();
        let (clock, pokes) = (Arc::new(ManualClock::at(NOW)), LocalPokes::default());
        let lists = Lists::new(table.clone(), clock.clone(), Arc::new(pokes.clone()));
        Self { lists, table, clock, pokes, _folder: folder }
    }

    async fn user(&self) -> UserId {
        let user = UserId::fresh();
        self.table.put(Item::new(Key::profile(user)), None).await.unwrap();
        user
    }

    async fn list(&self, user: UserId) -> ListId {
        let list = ListId::fresh();
        self.commit(user, list, vec![create_list()]).await.unwrap();
        list
    }

    async fn commit(&self, user: UserId, list: ListId, actions: Vec<Action>) -> Result<Receipt, Code> {
        let batch = Batch { id: MutationId::fresh(), list, actions };
        self.lists.commit(user, &batch).await.map_err(|error| error.code())
    }

    /// Removes what was deleted, as the host does it; gives how many lists that were.
    async fn purge(&self) -> usize {
        let mut lists = 0;
        for note in self.table.all(Partition::Purge, Range::Users).await.unwrap() {
            self.lists.purge_user(note.id().unwrap()).await.unwrap();
            self.table.delete(note.key().clone(), None).await.unwrap();
        }
        for note in self.table.all(Partition::Purge, Range::Lists).await.unwrap() {
            self.lists.purge_list(note.id().unwrap()).await.unwrap();
            self.table.delete(note.key().clone(), None).await.unwrap();
            lists += 1;
        }
        lists
    }

    async fn share(&self, list: ListId, user: UserId, role: &str) {
        for key in [Key::membership(user, list), Key::member(list, user)] {
            self.table.put(Item::new(key).with("role", role), None).await.unwrap();
        }
    }

    /// All todos of a list, by cursor.
    async fn walk(&self, user: UserId, list: ListId, limit: usize) -> (Vec<Todo>, Cursor) {
        let (mut todos, mut cursor) = (Vec::new(), Cursor::default());
        loop {
            let page = self.lists.changes(user, Pull { list, cursor }, limit).await.unwrap().page;
            todos.extend(page.todos);
            cursor = page.cursor;
            if !page.more {
                return (todos, cursor);
            }
        }
    }
}

fn create_list() -> Action {
    let order = "a1".parse().unwrap();
    Action::CreateList(NewList { title: "Home".to_owned(), colour: Colour::Blue, order, created_at: NOW })
}

fn new(id: TodoId, title: &str) -> NewTodo {
    let (title, notes, order) = (title.to_owned(), String::new(), "a1".parse().unwrap());
    NewTodo { id, parent: None, title, notes, done_at: None, due: None, order, created_at: NOW }
}

fn rename(id: TodoId, title: &str) -> Action {
    Action::EditTodo { id, patch: TodoPatch { title: Some(title.to_owned()), ..TodoPatch::default() } }
}

fn code<T: std::fmt::Debug>(result: Result<T, ListError>) -> Code {
    result.unwrap_err().code()
}

#[tokio::test]
async fn every_action_takes_effect_and_is_read_back() {
    let world = World::new().await;
    let user = world.user().await;
    let (list, id) = (ListId::fresh(), TodoId::fresh());
    let first =
        world.commit(user, list, vec![create_list(), Action::CreateTodo(new(id, "one"))]).await.unwrap();
    assert_eq!((first.version, first.outcomes), (1, vec![Outcome::Applied; 2]));
    world.commit(user, list, vec![rename(id, "two"), Action::DeleteTodo { id, at: NOW }]).await.unwrap();
    let gone = world.lists.todo(user, list, id).await.unwrap().unwrap();
    assert_eq!((gone.title.as_str(), gone.deleted_at), ("two", Some(NOW)));
    assert!(world.lists.todos(user, list, 10, None).await.unwrap().is_empty());
    world.commit(user, list, vec![rename(id, "three"), Action::RestoreTodo { id }]).await.unwrap();
    let back = world.lists.todos(user, list, 10, None).await.unwrap();
    assert_eq!((back.len(), back[0].title.as_str(), back[0].deleted_at), (1, "three", None));
    let heads = world.lists.heads(user).await.unwrap();
    assert_eq!((heads.len(), heads[0].list, heads[0].version), (1, list, 3));
    let found = world.lists.find(user, list, Access::Own).await.unwrap();
    assert_eq!((found.head.todos, found.head.list.title.as_str()), (1, "Home"));
}

#[tokio::test]
async fn strangers_find_nothing_and_viewers_change_nothing() {
    let world = World::new().await;
    let (owner, stranger, viewer, editor) =
        (world.user().await, world.user().await, world.user().await, world.user().await);
    let (list, id) = (world.list(owner).await, TodoId::fresh());
    world.commit(owner, list, vec![Action::CreateTodo(new(id, "one"))]).await.unwrap();
    world.share(list, viewer, "viewer").await;
    world.share(list, editor, "editor").await;
    let pull = Pull { list, cursor: Cursor::default() };
    for unknown in [list, ListId::fresh()] {
        let pull = Pull { list: unknown, ..pull };
        assert_eq!(code(world.lists.find(stranger, unknown, Access::Read).await), Code::NotFound);
        assert_eq!(code(world.lists.changes(stranger, pull, 10).await), Code::NotFound);
        assert_eq!(code(world.lists.todo(stranger, unknown, id).await), Code::NotFound);
        assert_eq!(code(world.lists.todos(stranger, unknown, 10, None).await), Code::NotFound);
        assert_eq!(world.commit(stranger, unknown, vec![rename(id, "x")]).await, Err(Code::NotFound));
    }
    assert_eq!(world.commit(stranger, list, vec![create_list()]).await, Err(Code::NotFound));
    assert_eq!(world.commit(stranger, ListId::inbox(owner), vec![create_list()]).await, Err(Code::NotFound));
    assert!(world.lists.heads(stranger).await.unwrap().is_empty());
    assert_eq!(world.commit(viewer, list, vec![rename(id, "x")]).await, Err(Code::Forbidden));
    assert_eq!(world.lists.changes(viewer, pull, 10).await.unwrap().page.todos.len(), 1);
    let refused = Outcome::Refused(Code::Forbidden);
    let receipt = world.commit(editor, list, vec![rename(id, "y"), Action::DeleteList]).await.unwrap();
    assert_eq!(receipt.outcomes, [Outcome::Applied, refused]);
    // None of the refused left a receipt behind.
    let receipts = world.table.all(Partition::List(list), Range::Receipts).await.unwrap();
    assert_eq!(receipts.len(), 3);
}

#[tokio::test]
async fn a_batch_takes_effect_once_however_often_it_is_sent() {
    let world = World::new().await;
    let (user, other) = (world.user().await, world.user().await);
    let (list, id) = (world.list(user).await, TodoId::fresh());
    let batch = Batch {
        id: MutationId::fresh(),
        list,
        actions: vec![Action::CreateTodo(new(id, "one")), rename(id, " ")],
    };
    let first = world.lists.commit(user, &batch).await.unwrap();
    assert_eq!(first.outcomes, [Outcome::Applied, Outcome::Refused(Code::TitleEmpty)]);
    world.commit(user, list, vec![rename(id, "two")]).await.unwrap();
    assert_eq!(world.lists.commit(user, &batch).await.unwrap(), first);
    assert_eq!(world.lists.todo(user, list, id).await.unwrap().unwrap().title, "two");
    let reused = Batch { actions: vec![rename(id, "three")], ..batch.clone() };
    assert_eq!(code(world.lists.commit(user, &reused).await), Code::MutationReused);
    assert_eq!(code(world.lists.commit(other, &batch).await), Code::NotFound);
    // The receipt outlives the list.
    let delete = Batch { id: MutationId::fresh(), list, actions: vec![Action::DeleteList] };
    let deleted = world.lists.commit(user, &delete).await.unwrap();
    world.purge().await;
    assert_eq!(world.lists.commit(user, &delete).await.unwrap(), deleted);
    assert_eq!(world.lists.commit(user, &batch).await.unwrap(), first);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn concurrent_writers_lose_nothing_and_leave_no_gap() {
    const WRITERS: usize = 6;
    const EACH: usize = 5;
    let world = World::new().await;
    let user = world.user().await;
    let list = world.list(user).await;
    let writers = (0..WRITERS).map(|_| {
        let lists = world.lists.clone();
        tokio::spawn(async move {
            let mut versions = Vec::new();
            for _ in 0..EACH {
                let actions = vec![Action::CreateTodo(new(TodoId::fresh(), "x"))];
                let batch = Batch { id: MutationId::fresh(), list, actions };
                // Who is told to try again does, with the same batch.
                let receipt = loop {
                    match lists.commit(user, &batch).await {
                        Ok(receipt) => break receipt,
                        Err(error) => assert_eq!(error.code(), Code::Busy),
                    }
                };
                versions.push(receipt.version);
            }
            versions
        })
    });
    let mut versions: Vec<_> =
        futures::future::join_all(writers).await.into_iter().flat_map(Result::unwrap).collect();
    versions.sort_unstable();
    let all = u64::try_from(WRITERS * EACH).unwrap();
    assert_eq!(versions, (2..=all + 1).collect::<Vec<_>>());
    let (todos, cursor) = world.walk(user, list, 4).await;
    assert_eq!((todos.len(), cursor.since), (WRITERS * EACH, all + 1));
    assert_eq!(world.lists.find(user, list, Access::Read).await.unwrap().head.todos, WRITERS * EACH);
}

#[tokio::test]
async fn what_changes_while_pages_are_read_is_met_again() {
    let world = World::new().await;
    let user = world.user().await;
    let list = world.list(user).await;
    let ids: Vec<_> = (0..10).map(|_| TodoId::fresh()).collect();
    for id in &ids {
        world.commit(user, list, vec![Action::CreateTodo(new(*id, "old"))]).await.unwrap();
    }
    let (mut seen, mut cursor) = (std::collections::HashMap::new(), Cursor::default());
    let mut writes = ids.iter().cycle().take(8);
    loop {
        let page = world.lists.changes(user, Pull { list, cursor }, 2).await.unwrap().page;
        seen.extend(page.todos.into_iter().map(|todo| (todo.id, todo.title)));
        cursor = page.cursor;
        match writes.next() {
            Some(id) => drop(world.commit(user, list, vec![rename(*id, "new")]).await.unwrap()),
            None if !page.more => break,
            None => {}
        }
    }
    for id in ids {
        assert_eq!(seen[&id], world.lists.todo(user, list, id).await.unwrap().unwrap().title);
    }
}

#[tokio::test]
async fn a_cursor_from_before_the_horizon_gets_a_reset_and_one_from_the_future_an_error() {
    let world = World::new().await;
    let user = world.user().await;
    let (list, keep, drop) = (world.list(user).await, TodoId::fresh(), TodoId::fresh());
    world
        .commit(user, list, vec![Action::CreateTodo(new(keep, "x")), Action::CreateTodo(new(drop, "y"))])
        .await
        .unwrap();
    let (_, old) = world.walk(user, list, 10).await;
    world.commit(user, list, vec![Action::DeleteTodo { id: drop, at: NOW }]).await.unwrap();
    assert!(!world.lists.changes(user, Pull { list, cursor: old }, 10).await.unwrap().page.reset);
    world.clock.advance(i64::from(HORIZON_DAYS + 20) * DAY);
    let page = world.lists.changes(user, Pull { list, cursor: old }, 10).await.unwrap().page;
    assert!(page.reset);
    assert_eq!(
        page.todos.iter().filter(|todo| todo.is_live()).map(|todo| todo.id).collect::<Vec<_>>(),
        [keep]
    );
    assert!(!world.lists.changes(user, Pull { list, cursor: page.cursor }, 10).await.unwrap().page.reset);
    let future = Cursor { since: 99, anchor: 99 };
    assert_eq!(code(world.lists.changes(user, Pull { list, cursor: future }, 10).await), Code::BadCursor);
}

#[tokio::test]
async fn limits_hold_at_their_edges() {
    let world = World::new().await;
    let user = world.user().await;
    let list = world.list(user).await;
    let count = |list, to: usize| {
        let update = Expression::new("SET #todos = :to").value("to", to);
        world.table.update(Key::head(list), update, None)
    };
    count(list, TODOS_PER_LIST - 1).await.unwrap();
    let (last, over) = (TodoId::fresh(), TodoId::fresh());
    let actions = [last, over].map(|id| Action::CreateTodo(new(id, "x"))).to_vec();
    let receipt = world.commit(user, list, actions).await.unwrap();
    assert_eq!(receipt.outcomes, [Outcome::Applied, Outcome::Refused(Code::TooManyTodos)]);
    let swap = vec![
        Action::DeleteTodo { id: last, at: NOW },
        Action::CreateTodo(new(over, "x")),
        Action::RestoreTodo { id: last },
    ];
    let receipt = world.commit(user, list, swap).await.unwrap();
    assert_eq!(receipt.outcomes, [Outcome::Applied, Outcome::Applied, Outcome::Refused(Code::TooManyTodos)]);
    let full = Expression::new("SET #lists = :to").value("to", LISTS_PER_USER - 1);
    world.table.update(Key::profile(user), full, None).await.unwrap();
    let last = world.list(user).await;
    assert_eq!(world.commit(user, ListId::fresh(), vec![create_list()]).await, Err(Code::TooManyLists));
    world.commit(user, last, vec![Action::DeleteList]).await.unwrap();
    world.list(user).await;
    let many = (0..91).map(|_| Action::CreateTodo(new(TodoId::fresh(), "x"))).collect();
    assert_eq!(world.commit(user, list, many).await, Err(Code::BatchSize));
    assert_eq!(world.commit(user, list, vec![]).await, Err(Code::BatchSize));
}

#[tokio::test]
async fn a_full_batch_of_long_notes_is_one_transaction() {
    let world = World::new().await;
    let user = world.user().await;
    let list = world.list(user).await;
    let notes = "n".repeat(11_000);
    let todo = |_| Action::CreateTodo(NewTodo { notes: notes.clone(), ..new(TodoId::fresh(), "x") });
    let receipt = world.commit(user, list, (0..90).map(todo).collect()).await.unwrap();
    assert!(receipt.outcomes.iter().all(|outcome| *outcome == Outcome::Applied));
    assert_eq!(
        world.commit(user, list, (0..91).map(todo).take(90).chain([create_list()]).collect()).await,
        Err(Code::BatchSize)
    );
}

#[tokio::test]
async fn members_are_poked_and_a_deleted_list_is_purged_for_all() {
    let world = World::new().await;
    let (owner, friend) = (world.user().await, world.user().await);
    let (list, id) = (world.list(owner).await, TodoId::fresh());
    world.share(list, friend, "editor").await;
    let mut heard = world.pokes.subscribe();
    world.commit(friend, list, vec![Action::CreateTodo(new(id, "x"))]).await.unwrap();
    let mut told = Vec::new();
    while let Ok(Signal::Moved { user, version, .. }) = heard.try_recv() {
        told.push((user, version));
    }
    told.sort_unstable();
    assert_eq!(told, [(owner, 2), (friend, 2)]);
    world.commit(owner, list, vec![Action::DeleteList]).await.unwrap();
    assert_eq!(code(world.lists.find(friend, list, Access::Read).await), Code::NotFound);
    assert!(world.lists.heads(friend).await.unwrap().is_empty());
    assert_eq!(world.commit(owner, list, vec![create_list()]).await, Err(Code::NotFound));
    assert_eq!(world.purge().await, 1);
    assert_eq!(world.purge().await, 0);
    assert!(world.table.all(Partition::List(list), Range::Todos).await.unwrap().is_empty());
    assert!(world.table.get(&Key::membership(friend, list)).await.unwrap().is_none());
}

#[tokio::test]
async fn media_of_a_deleted_list_count_no_longer() {
    let world = World::new().await;
    let (owner, list) = {
        let owner = world.user().await;
        (owner, world.list(owner).await)
    };
    let holds = |bytes: u64| Expression::new("SET #mediaBytes = :to").value("to", bytes);
    world.table.update(Key::head(list), holds(30), None).await.unwrap();
    world.table.update(Key::profile(owner), holds(40), None).await.unwrap();
    let delete = Batch { id: MutationId::fresh(), list, actions: vec![Action::DeleteList] };
    for _ in 0..2 {
        world.lists.commit(owner, &delete).await.unwrap();
        let profile = world.table.get(&Key::profile(owner)).await.unwrap().unwrap();
        assert_eq!(profile.number::<u64>("mediaBytes").unwrap(), 10);
    }
}

#[tokio::test]
async fn a_deleted_user_leaves_nothing_even_if_purging_is_cut_short() {
    let world = World::new().await;
    let (user, friend) = (world.user().await, world.user().await);
    let (own, shared) = (world.list(user).await, world.list(friend).await);
    world.share(shared, user, "editor").await;
    world.commit(user, own, vec![Action::CreateTodo(new(TodoId::fresh(), "x"))]).await.unwrap();
    world.table.delete(Key::profile(user), None).await.unwrap();
    let work = Item::new(Key::purge_user(user));
    world.table.put(work.clone(), None).await.unwrap();
    world.purge().await;
    // As if the first run had been stopped before it crossed the work off.
    world.table.put(work, None).await.unwrap();
    world.table.put(Item::new(Key::purge_list(own)), None).await.unwrap();
    world.purge().await;
    assert!(world.table.all(Partition::User(user), Range::Lists).await.unwrap().is_empty());
    assert!(world.table.all(Partition::List(own), Range::Todos).await.unwrap().is_empty());
    assert!(world.table.all(Partition::Purge, Range::All).await.unwrap().is_empty());
    assert_eq!(world.lists.heads(friend).await.unwrap().len(), 1);
    assert_eq!(world.commit(user, ListId::fresh(), vec![create_list()]).await, Err(Code::SessionEnded));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_moves_while_a_page_is_read_is_in_it_or_one_more_follows() {
    let world = Arc::new(World::new().await);
    let (user, todo) = (world.user().await, TodoId::fresh());
    let list = world.list(user).await;
    world.commit(user, list, vec![Action::CreateTodo(new(todo, "0"))]).await.unwrap();
    let (_, begin) = world.walk(user, list, 10).await;
    let writer = tokio::spawn({
        let world = Arc::clone(&world);
        async move {
            for number in 1..=150 {
                world.commit(user, list, vec![rename(todo, &number.to_string())]).await.unwrap();
            }
        }
    });
    // The table answers one after another: one reader alone would keep step with the writer, and nothing would ever
    // be written between a head and its rows.
    let readers = (0..8).map(|_| {
        let world = Arc::clone(&world);
        let written = writer.abort_handle();
        tokio::spawn(async move {
            let mut cursor = begin;
            while !written.is_finished() {
                let page = world.lists.changes(user, Pull { list, cursor }, 10).await.unwrap().page;
                // Each version moves the one todo: a last page of some of them has it, or a device would drop its
                // own edit of it too early.
                assert!(page.more || page.cursor.since == cursor.since || page.todos.len() == 1, "{page:?}");
                cursor = page.cursor;
            }
        })
    });
    for reader in readers.collect::<Vec<_>>() {
        reader.await.unwrap();
    }
    writer.await.unwrap();
    assert!(world.walk(user, list, 10).await.0.iter().any(|todo| todo.title == "150"));
}
