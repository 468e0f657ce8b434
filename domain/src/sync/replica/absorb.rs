//! Taking rows in: the one place where a replica changes.

use std::collections::BTreeSet;

use super::{
    Arc, EntryId, IdMap, ListId, ListRecord, ListView, Media, MediaId, Place, Replica, Role, Room, Stage,
    Todo, TodoId, Touched, Write,
};
use crate::sync::{
    apply::{Subject, subject, to_list, to_todo},
    journal::Step,
};

/// From so many changed todos on, if they are a good part of the list, it is put in order anew instead of
/// change by change.
const BULK: usize = 128;

/// What was shown before, of all that the writes may have changed.
#[derive(Default)]
struct Shown {
    todos: IdMap<ListId, IdMap<TodoId, (Option<Todo>, bool)>>,
    media: IdMap<ListId, IdMap<MediaId, (Option<Media>, bool)>>,
    lists: BTreeSet<ListId>,
    /// Lists of which something was taken away, so that perhaps nothing is left.
    thinned: BTreeSet<ListId>,
}

impl Replica {
    /// Takes in rows that were written by this tab or by another one.
    pub fn absorb(&mut self, writes: Vec<Write>) -> Touched {
        let (mut before, mut touched) = (Shown::default(), Touched::default());
        for write in writes {
            self.take_in(write, &mut before, &mut touched);
        }
        let was: IdMap<_, _> = before.lists.iter().map(|list| (*list, self.refresh_list(*list))).collect();
        for (list, todos) in before.todos {
            self.refresh_todos(list, todos, &mut touched);
        }
        for (list, media) in before.media {
            self.refresh_media(list, media, &mut touched);
        }
        for (list, was) in was {
            self.compare_list(list, was, &mut touched);
        }
        if touched.lists {
            self.sort_lists();
        }
        for list in before.thinned {
            if self.lists.get(&list).is_some_and(Room::is_empty) {
                self.lists.remove(&list);
            }
        }
        touched
    }

    /// Takes in this tab's own writes.
    pub(super) fn step(&mut self, writes: Vec<Write>) -> Step {
        let touched = self.absorb(writes.clone());
        Step { writes, touched }
    }

    fn take_in(&mut self, write: Write, before: &mut Shown, touched: &mut Touched) {
        match write {
            Write::PutList(record) => {
                before.lists.insert(record.list.id);
                self.put_list(record);
            }
            Write::DropList(list) => {
                before.lists.insert(list);
                before.thinned.insert(list);
                self.drop_items(list, before);
                if let Some(room) = self.lists.get_mut(&list) {
                    (room.record, room.staged, room.target) = (None, None, 0);
                }
            }
            Write::PutTodo(todo) => {
                let (list, id) = (todo.list, todo.id);
                self.remember(list, Subject::Todo(id), before);
                self.lists.entry(list).or_default().todos.say(id, todo);
            }
            Write::PutMedia(media) => {
                let (list, id) = (media.list, media.id);
                self.remember(list, Subject::Media(id), before);
                self.lists.entry(list).or_default().media.say(id, media);
            }
            Write::DropItems(list) => self.drop_items(list, before),
            Write::PutEntry(entry) => {
                let (list, id) = (entry.list, entry.id);
                self.remember(list, subject(&entry.action), before);
                self.entries.insert(id, list);
                self.last_entry = self.last_entry.max(Some(id));
                let unsaved = !matches!(entry.stage, Stage::Acknowledged(_));
                let room = self.lists.entry(list).or_default();
                if let Stage::Acknowledged(version) = entry.stage {
                    // The server has it: after a restart too, this is reason to ask for the list.
                    room.target = room.target.max(version);
                }
                let old = room.outbox.put(entry);
                let was = old.is_some_and(|old| !matches!(old.stage, Stage::Acknowledged(_)));
                touched.outbox |= was != unsaved;
            }
            Write::DropEntry(id) => self.drop_entry(id, before, touched),
            Write::PutRefusal(refusal) => {
                touched.refusals |=
                    self.refusals.insert(refusal.id, refusal.clone()).as_ref() != Some(&refusal);
            }
            Write::DropRefusal(id) => touched.refusals |= self.refusals.remove(&id).is_some(),
        }
    }

    fn put_list(&mut self, record: ListRecord) {
        let room = self.lists.entry(record.list.id).or_default();
        if room.record.is_none() {
            self.ticks += 1;
            room.since_tick = self.ticks;
        }
        room.target = room.target.max(record.cursor.since);
        room.record = Some(record);
    }

    fn drop_items(&mut self, list: ListId, before: &mut Shown) {
        let Some(room) = self.lists.get(&list) else { return };
        let todos = room.todos.all_said().map(|(id, _)| Subject::Todo(*id));
        for subject in todos.chain(room.media.all_said().map(|(id, _)| Subject::Media(*id))) {
            self.remember(list, subject, before);
        }
        if let Some(room) = self.lists.get_mut(&list) {
            room.todos.unsay_all();
            room.media.unsay_all();
        }
    }

    fn drop_entry(&mut self, id: EntryId, before: &mut Shown, touched: &mut Touched) {
        let Some(list) = self.entries.remove(&id) else { return };
        let about =
            self.lists.get(&list).and_then(|room| room.outbox.get(id)).map(|entry| subject(&entry.action));
        let Some(about) = about else { return };
        self.remember(list, about, before);
        before.thinned.insert(list);
        let old = self.lists.get_mut(&list).and_then(|room| room.outbox.take(id));
        touched.outbox |= old.is_some_and(|old| !matches!(old.stage, Stage::Acknowledged(_)));
    }

    /// Notes how something is shown, unless that was done before.
    fn remember(&self, list: ListId, subject: Subject, before: &mut Shown) {
        let room = self.lists.get(&list);
        let unsaved = || room.is_some_and(|room| room.outbox.is_unsaved(subject));
        match subject {
            Subject::List => {
                before.lists.insert(list);
            }
            Subject::Todo(id) => {
                let seen = before.todos.entry(list).or_default().entry(id);
                seen.or_insert_with(|| (room.and_then(|room| room.todos.get(id)).cloned(), unsaved()));
            }
            Subject::Media(id) => {
                let seen = before.media.entry(list).or_default().entry(id);
                seen.or_insert_with(|| (room.and_then(|room| room.media.get(id)).cloned(), unsaved()));
            }
        }
    }

    /// Works out how a list is shown now; gives how it was.
    fn refresh_list(&mut self, list: ListId) -> Option<ListView> {
        let room = self.lists.get_mut(&list)?;
        let role = room.record.as_ref().map_or(Role::Owner, |record| record.role);
        let mut now = room.record.as_ref().map(|record| record.list.clone());
        for entry in room.outbox.about(Subject::List) {
            to_list(list, &mut now, &entry.action);
        }
        std::mem::replace(&mut room.shown, now.map(|list| ListView { list, role }))
    }

    fn compare_list(&self, list: ListId, was: Option<ListView>, touched: &mut Touched) {
        let now = self.lists.get(&list).and_then(|room| room.shown.as_ref());
        if now == was.as_ref() {
            return;
        }
        touched.list.insert(list);
        let Some(room) = self.lists.get(&list) else { return };
        if now.map(|view| view.role) != was.as_ref().map(|view| view.role) {
            touched.media_bytes |= room.strips.bytes() > 0;
        }
        let place = |view: &ListView| (view.list.order.clone(), view.list.archived);
        let (before, after) = (was.as_ref().map(place), now.map(place));
        if before == after {
            return;
        }
        touched.lists = true;
        touched.today = true;
        touched.gallery |= room.strips.todos().next().is_some();
        if before.is_none() || after.is_none() {
            // All in it came or went from sight with it.
            touched.media.extend(room.media.ids().map(|id| (list, id)));
            touched.media_order.extend(room.strips.todos().map(|todo| (list, todo)));
            touched.order.insert(list);
            touched.open.insert(list);
            for id in room.todos.ids() {
                touched.todos.insert((list, id));
                touched.subtasks.insert((list, id));
                touched.progress.insert((list, id));
            }
        }
    }

    fn refresh_todos(
        &mut self,
        list: ListId,
        before: IdMap<TodoId, (Option<Todo>, bool)>,
        touched: &mut Touched,
    ) {
        let Some(room) = self.lists.get_mut(&list) else { return };
        let bulk = before.len() >= BULK && before.len() * 4 >= room.view.live();
        for (id, (was, was_unsaved)) in before {
            let entries = room.outbox.about(Subject::Todo(id));
            room.todos.refresh(id, &entries, |todo, action| to_todo(list, todo, action));
            if was_unsaved != room.outbox.is_unsaved(Subject::Todo(id)) {
                touched.unsaved.insert((list, id));
            }
            let now = room.todos.get(id);
            if was.as_ref() == now {
                continue;
            }
            if was.as_ref().is_some_and(Todo::is_live) != now.is_some_and(Todo::is_live) {
                room.follow_todo(list, id, &mut self.gallery, touched);
            }
            touched.todos.insert((list, id));
            let moved = was.as_ref().map(|todo| &todo.order) != now.map(|todo| &todo.order);
            let dated = now.is_some_and(|todo| todo.due.is_some());
            touched.today |= self.calendar.replace(was.as_ref(), now) || moved && dated;
            if !bulk {
                let place = now.and_then(Place::of);
                room.view.set(list, id, place, touched);
            }
        }
        if bulk {
            let places = room.places();
            room.view.rebuild(list, places, touched);
        }
    }

    fn sort_lists(&mut self) {
        let mut shown: Vec<_> =
            self.lists.values().filter_map(|room| room.shown.as_ref()).map(|view| &view.list).collect();
        shown.sort_by_key(|list| (&list.order, list.id));
        let (archived, active): (Vec<_>, Vec<_>) = shown.into_iter().partition(|list| list.archived);
        self.active = Arc::new(active.into_iter().map(|list| list.id).collect());
        self.archived = Arc::new(archived.into_iter().map(|list| list.id).collect());
    }
}
