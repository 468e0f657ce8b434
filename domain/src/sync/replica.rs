//! A device's copy of its user's lists: what the server said, with the user's own unconfirmed changes over it.
//!
//! Every operation works out rows to write and takes them in by one door, [`Replica::absorb`]; so the copy in
//! memory, the one in storage and those of other tabs can't differ in anything but time.

mod absorb;
mod edit;
mod media;
mod outbox;
mod receive;
mod send;

use std::{collections::BTreeMap, ops::Range, sync::Arc};

use self::{outbox::Outbox, receive::Staged};
use super::{
    apply::Subject,
    calendar::Calendar,
    journal::{Entry, ListRecord, Refusal, Stage, Touched, Write},
    layers::Layers,
    protocol::Cursor,
    strips::{Gallery, Strips},
    view::{Place, View},
};
use crate::{
    id::{EntryId, IdMap, ListId, MediaId, TodoId, UserId},
    limits::ACTIONS_PER_BATCH,
    media::Media,
    model::{List, Role, Todo, Version},
    time::{Day, Timestamp},
};

/// A list as it is shown, and what the user may do with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListView {
    /// Its fields.
    pub list: List,
    /// The user's role in it.
    pub role: Role,
}

/// Taken before heads are asked for and given back with the answer, so that an answer from before a list was
/// made is not read as its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeadsTicket(u64);

/// See the module's text.
#[derive(Debug, Clone)]
pub struct Replica {
    user: UserId,
    lists: IdMap<ListId, Room>,
    /// Which list an outbox entry is in.
    entries: IdMap<EntryId, ListId>,
    last_entry: Option<EntryId>,
    refusals: BTreeMap<EntryId, Refusal>,
    active: Arc<Vec<ListId>>,
    archived: Arc<Vec<ListId>>,
    calendar: Calendar,
    gallery: Gallery,
    /// How many list records were ever made here.
    ticks: u64,
    /// Actions that the next batch may hold; fewer after a batch was too large.
    batch_cap: usize,
}

/// All about one list.
#[derive(Debug, Clone, Default)]
struct Room {
    /// What the server said last.
    record: Option<ListRecord>,
    todos: Layers<TodoId, Todo>,
    media: Layers<MediaId, Media>,
    outbox: Outbox,
    /// The list's fields as they are shown.
    shown: Option<ListView>,
    view: View,
    strips: Strips,
    /// A reload under way.
    staged: Option<Staged>,
    /// A version that the server is known to have.
    target: Version,
    /// The tick at which the record was made.
    since_tick: u64,
}

impl Room {
    fn is_empty(&self) -> bool {
        self.row_count() == 0 && self.target == 0
    }

    fn row_count(&self) -> usize {
        let record = usize::from(self.record.is_some());
        record + self.todos.said_count() + self.media.said_count() + self.outbox.len()
    }

    /// The version that the server is known to have by what is stored.
    fn known(&self) -> Version {
        let since = self.record.as_ref().map_or(0, |record| record.cursor.since);
        since.max(self.outbox.acknowledged())
    }

    /// Whether this todo is there for the user.
    fn has_live(&self, todo: TodoId) -> bool {
        self.todos.get(todo).is_some_and(Todo::is_live)
    }

    fn places(&self) -> IdMap<TodoId, Place> {
        self.todos.ids().filter_map(|id| Some((id, Place::of(self.todos.get(id)?)?))).collect()
    }

    /// How far the replica, or the reload under way, has come.
    fn cursor(&self) -> Cursor {
        let record = || self.record.as_ref().map(|record| record.cursor);
        self.staged.as_ref().map(|staged| staged.cursor).or_else(record).unwrap_or_default()
    }
}

impl Replica {
    /// An empty replica of this user.
    #[must_use]
    pub fn new(user: UserId) -> Self {
        Self {
            user,
            lists: IdMap::default(),
            entries: IdMap::default(),
            last_entry: None,
            refusals: BTreeMap::new(),
            active: Arc::default(),
            archived: Arc::default(),
            calendar: Calendar::default(),
            gallery: Gallery::default(),
            ticks: 0,
            batch_cap: ACTIONS_PER_BATCH,
        }
    }

    /// The replica that was written down as these writes, from the first on: as they were made, or as the
    /// [`Replica::rows`] that they came to with those made since.
    #[must_use]
    pub fn load(user: UserId, writes: Vec<Write>) -> Self {
        let mut replica = Self::new(user);
        replica.absorb(writes);
        // What was passed on the way there says nothing of the server now: it may have been restored from a backup.
        replica.lists.retain(|_, room| {
            room.target = room.known();
            !room.is_empty()
        });
        replica
    }

    /// How many [`Replica::rows`] there are.
    #[must_use]
    pub fn row_count(&self) -> usize {
        self.lists.values().map(Room::row_count).sum::<usize>() + self.refusals.len()
    }

    /// Every row of the replica: what loading it takes.
    #[must_use]
    pub fn rows(&self) -> Vec<Write> {
        let lists = self.lists.values().filter_map(|room| room.record.clone()).map(Write::PutList);
        let todos = self.lists.values().flat_map(|room| room.todos.all_said());
        let todos = todos.map(|(_, todo)| Write::PutTodo(todo.clone()));
        let media = self.lists.values().flat_map(|room| room.media.all_said());
        let media = media.map(|(_, media)| Write::PutMedia(media.clone()));
        let entries =
            self.lists.values().flat_map(|room| room.outbox.entries().cloned()).map(Write::PutEntry);
        let refusals = self.refusals.values().cloned().map(Write::PutRefusal);
        lists.chain(todos).chain(media).chain(entries).chain(refusals).collect()
    }

    /// Whose replica it is.
    #[must_use]
    pub const fn user(&self) -> UserId {
        self.user
    }

    /// The lists that are not archived, in order.
    #[must_use]
    pub fn lists(&self) -> Arc<Vec<ListId>> {
        Arc::clone(&self.active)
    }

    /// The archived lists, in order.
    #[must_use]
    pub fn archived(&self) -> Arc<Vec<ListId>> {
        Arc::clone(&self.archived)
    }

    /// One list.
    #[must_use]
    pub fn list(&self, list: ListId) -> Option<&ListView> {
        self.shown(list)?.shown.as_ref()
    }

    /// The list's live todos of the top level, open and done, in order.
    #[must_use]
    pub fn todos(&self, list: ListId) -> Arc<Vec<TodoId>> {
        self.shown(list).map(|room| room.view.top()).unwrap_or_default()
    }

    /// The live subtasks of a todo, in order.
    #[must_use]
    pub fn subtasks(&self, list: ListId, todo: TodoId) -> Arc<Vec<TodoId>> {
        self.shown(list).map(|room| room.view.subtasks(todo)).unwrap_or_default()
    }

    /// One todo; a deleted one too, as long as it can be restored.
    #[must_use]
    pub fn todo(&self, list: ListId, todo: TodoId) -> Option<&Todo> {
        self.shown(list)?.todos.get(todo)
    }

    /// How many of a todo's subtasks are done, and how many there are.
    #[must_use]
    pub fn progress(&self, list: ListId, todo: TodoId) -> (usize, usize) {
        self.shown(list).map_or((0, 0), |room| room.view.progress(todo))
    }

    /// The open ones among [`Replica::todos`], in the same order.
    #[must_use]
    pub fn open_todos(&self, list: ListId) -> Arc<Vec<TodoId>> {
        self.shown(list).map(|room| room.view.open()).unwrap_or_default()
    }

    /// The open todos that are due on `day` or before, by due day, and then those finished in `hours`, by when
    /// they were finished: all but those in archived lists. `hours` is the day in the user's time zone.
    #[must_use]
    pub fn today(&self, day: Day, hours: Range<Timestamp>) -> Vec<(ListId, TodoId)> {
        let is_here = |list: &ListId| self.list(*list).is_some_and(|view| !view.list.archived);
        let mut open: Vec<_> = self.calendar.due(day).filter(|(_, list, _)| is_here(list)).collect();
        open.sort_by_key(|(due, list, id)| {
            let order = self.todo(*list, *id).map(|todo| &todo.order);
            (*due, self.list(*list).map(|view| &view.list.order), *list, order, *id)
        });
        let done = self.calendar.done(hours).filter(|(_, list, _)| is_here(list));
        let open = open.into_iter().map(|(_, list, id)| (*list, *id));
        open.chain(done.map(|(_, list, id)| (*list, *id))).collect()
    }

    /// Whether a todo has changes that the server has not acknowledged.
    #[must_use]
    pub fn is_unsaved(&self, list: ListId, todo: TodoId) -> bool {
        self.lists.get(&list).is_some_and(|room| room.outbox.is_unsaved(Subject::Todo(todo)))
    }

    /// How many changes the server has not acknowledged.
    #[must_use]
    pub fn unsaved_count(&self) -> usize {
        self.lists.values().map(|room| room.outbox.unsaved()).sum()
    }

    /// What was refused and not yet dismissed, oldest first.
    pub fn refusals(&self) -> impl Iterator<Item = &Refusal> {
        self.refusals.values()
    }

    /// The room of a list that is shown: one that is waiting to be deleted is not.
    fn shown(&self, list: ListId) -> Option<&Room> {
        self.lists.get(&list).filter(|room| room.shown.is_some())
    }
}
