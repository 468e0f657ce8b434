//! What must hold: after every step what changed was touched and the views are in order; at the end all
//! replicas are alike.

use std::{collections::BTreeMap, ops::Range, sync::Arc};

use crate::{
    id::{ListId, MediaId, TodoId},
    media::Media,
    model::{Todo, Version},
    sync::{GalleryItem, ListView, Replica, Subject, Touched, Write, subject},
    time::{Day, Timestamp},
};

/// All that a screen can show of a replica.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Observed {
    lists: (Arc<Vec<ListId>>, Arc<Vec<ListId>>),
    rooms: BTreeMap<ListId, Room>,
    todos: BTreeMap<(ListId, TodoId), Seen>,
    media: BTreeMap<(ListId, MediaId), SeenMedia>,
    today: Vec<(ListId, TodoId)>,
    gallery: Vec<GalleryItem>,
    media_bytes: u64,
    cursors: BTreeMap<ListId, Version>,
    unsaved: usize,
    refusals: usize,
}

#[derive(Debug, Clone, PartialEq)]
struct Room {
    view: ListView,
    order: Arc<Vec<TodoId>>,
    open: Arc<Vec<TodoId>>,
}

#[derive(Debug, Clone, PartialEq)]
struct Seen {
    todo: Option<Todo>,
    subtasks: Arc<Vec<TodoId>>,
    progress: (usize, usize),
    media: Arc<Vec<MediaId>>,
    unsaved: bool,
}

#[derive(Debug, Clone, Default, PartialEq)]
struct SeenMedia {
    media: Option<Media>,
    unsaved: bool,
}

const HOURS: Range<Timestamp> = Timestamp(0)..Timestamp(50);

impl Observed {
    pub(super) fn of(replica: &Replica) -> Self {
        let (lists, archived) = (replica.lists(), replica.archived());
        let room = |list: &ListId| {
            let view = replica.list(*list).unwrap().clone();
            (*list, Room { view, order: replica.todos(*list), open: replica.open_todos(*list) })
        };
        let rooms: BTreeMap<_, _> = lists.iter().chain(archived.iter()).map(room).collect();
        let ids: Vec<_> = replica.rows().iter().filter_map(row_subject).collect();
        let todos = ids.iter().filter_map(|(list, subject)| match subject {
            Subject::Todo(id) => Some((*list, *id)),
            _ => None,
        });
        let media = ids.iter().filter_map(|(list, subject)| match subject {
            Subject::Media(id) => Some((*list, *id)),
            _ => None,
        });
        let seen = |(list, id): (ListId, TodoId)| Seen {
            todo: replica.todo(list, id).cloned(),
            subtasks: replica.subtasks(list, id),
            progress: replica.progress(list, id),
            media: replica.media(list, id),
            unsaved: replica.is_unsaved(list, id),
        };
        let todos: BTreeMap<_, _> = todos.map(|id| (id, seen(id))).collect();
        let seen_media = |(list, id): (ListId, MediaId)| SeenMedia {
            media: replica.media_item(list, id).cloned(),
            unsaved: replica.is_media_unsaved(list, id),
        };
        let media: BTreeMap<_, _> = media.map(|id| (id, seen_media(id))).collect();
        let (gallery, media_bytes) = (replica.gallery(), replica.media_bytes());
        let today = replica.today(Day::new(2026, 1, 15).unwrap(), HOURS);
        let cursors = replica.rows().into_iter().filter_map(|row| match row {
            Write::PutList(record) => Some((record.list.id, record.cursor.since)),
            _ => None,
        });
        let (cursors, refusals) = (cursors.collect(), replica.refusals().count());
        let (lists, unsaved) = ((lists, archived), replica.unsaved_count());
        let observed =
            Self { lists, rooms, todos, media, today, gallery, media_bytes, cursors, unsaved, refusals };
        observed.assert_ordered();
        observed.assert_media_ordered();
        observed
    }

    /// The same of media.
    fn assert_media_ordered(&self) {
        let live: Vec<_> = self.live_media().collect();
        for ((list, id), seen) in &self.todos {
            let is_live = seen.todo.as_ref().is_some_and(Todo::is_live);
            let on = |media: &&&Media| is_live && (media.list, media.todo) == (*list, *id);
            let mut strip: Vec<_> = live.iter().filter(on).collect();
            strip.sort_by_key(|media| (&media.order, media.id));
            assert_eq!(*seen.media, strip.into_iter().map(|media| media.id).collect::<Vec<_>>());
        }
        let todo = |media: &Media| self.todos.get(&(media.list, media.todo))?.todo.as_ref();
        let shows = |media: &&&Media| {
            let room = self.rooms.get(&media.list);
            room.is_some_and(|room| !room.view.list.archived) && todo(media).is_some_and(Todo::is_live)
        };
        let mut gallery: Vec<_> = live.iter().filter(shows).collect();
        gallery.sort_by_key(|media| std::cmp::Reverse((media.created_at, media.list, media.id)));
        let ids = |item: &GalleryItem| (item.at, item.list, item.id);
        let gallery: Vec<_> = gallery.into_iter().map(|m| (m.created_at, m.list, m.id)).collect();
        assert_eq!(self.gallery.iter().map(ids).collect::<Vec<_>>(), gallery);
        assert_eq!(self.media_bytes, live.iter().map(|media| media.bytes).sum::<u64>());
    }

    /// The views are what one gets by sorting the todos the slow way.
    fn assert_ordered(&self) {
        for (list, room) in &self.rooms {
            let live: BTreeMap<_, _> = self.todos.iter().filter(|((of, _), _)| of == list).collect();
            let live: Vec<&Todo> =
                live.values().filter_map(|seen| seen.todo.as_ref()).filter(|t| t.is_live()).collect();
            let holds = |id| live.iter().any(|todo| Some(todo.id) == id && todo.parent.is_none());
            let sorted = |mut todos: Vec<&&Todo>| {
                todos.sort_by_key(|todo| (&todo.order, todo.id));
                todos.into_iter().map(|todo| todo.id).collect::<Vec<_>>()
            };
            let top: Vec<_> = live.iter().filter(|todo| !holds(todo.parent)).collect();
            let open = top.iter().copied().filter(|todo| todo.done_at.is_none());
            assert_eq!(*room.open, sorted(open.collect()));
            assert_eq!(*room.order, sorted(top));
            for ((_, id), seen) in self.todos.iter().filter(|((of, _), _)| of == list) {
                let under: Vec<_> =
                    live.iter().filter(|todo| todo.parent == Some(*id) && holds(todo.parent)).collect();
                let done = under.iter().filter(|todo| todo.done_at.is_some()).count();
                assert_eq!(seen.progress, (done, under.len()));
                assert_eq!(*seen.subtasks, sorted(under));
            }
        }
    }

    /// Whatever looks different was named.
    pub(super) fn assert_touched(&self, after: &Self, touched: &Touched) {
        assert!(self.lists == after.lists || touched.lists, "lists");
        assert!(self.today == after.today || touched.today, "today");
        assert!(self.gallery == after.gallery || touched.gallery, "gallery");
        assert!(self.media_bytes == after.media_bytes || touched.media_bytes, "media bytes");
        assert!(self.unsaved == after.unsaved || touched.outbox, "outbox");
        assert!(self.refusals == after.refusals || touched.refusals, "refusals");
        for (list, since) in &self.cursors {
            assert!(after.cursors.get(list).is_none_or(|now| now >= since), "a replica never goes back");
        }
        for list in self.rooms.keys().chain(after.rooms.keys()) {
            let (old, new) = (self.rooms.get(list), after.rooms.get(list));
            assert!(old.map(|r| &r.view) == new.map(|r| &r.view) || touched.list.contains(list), "list");
            let order = |room: Option<&Room>| room.map(|room| Arc::clone(&room.order)).unwrap_or_default();
            assert!(order(old) == order(new) || touched.order.contains(list), "order");
            let open = |room: Option<&Room>| room.map(|room| Arc::clone(&room.open)).unwrap_or_default();
            assert!(open(old) == open(new) || touched.open.contains(list), "open");
        }
        for id in self.todos.keys().chain(after.todos.keys()) {
            let nothing = Seen {
                todo: None,
                subtasks: Arc::default(),
                progress: (0, 0),
                media: Arc::default(),
                unsaved: false,
            };
            let (old, new) =
                (self.todos.get(id).unwrap_or(&nothing), after.todos.get(id).unwrap_or(&nothing));
            assert!(old.todo == new.todo || touched.todos.contains(id), "todo {old:?} {new:?}");
            assert!(old.subtasks == new.subtasks || touched.subtasks.contains(id), "subtasks");
            assert!(old.progress == new.progress || touched.progress.contains(id), "progress");
            assert!(old.media == new.media || touched.media_order.contains(id), "media order");
            assert!(
                old.unsaved == new.unsaved || touched.unsaved.contains(id),
                "unsaved {id:?} {old:?} {new:?}"
            );
        }
        for id in self.media.keys().chain(after.media.keys()) {
            let nothing = SeenMedia::default();
            let (old, new) =
                (self.media.get(id).unwrap_or(&nothing), after.media.get(id).unwrap_or(&nothing));
            assert!(old.media == new.media || touched.media.contains(id), "media {old:?} {new:?}");
            assert!(old.unsaved == new.unsaved || touched.media_unsaved.contains(id), "unsaved media");
        }
    }

    /// Up to which version a list has been read.
    pub(super) fn since(&self, list: ListId) -> Version {
        self.cursors.get(&list).copied().unwrap_or_default()
    }

    /// An answer that accepts everything changes nothing on the screen but what counts as unsaved.
    pub(super) fn assert_looks_like(&self, other: &Self) {
        let todos =
            |of: &Self| of.todos.iter().map(|(id, seen)| (*id, seen.todo.clone())).collect::<Vec<_>>();
        let media =
            |of: &Self| of.media.iter().map(|(id, seen)| (*id, seen.media.clone())).collect::<Vec<_>>();
        assert!((&self.lists, &self.rooms, &self.today) == (&other.lists, &other.rooms, &other.today));
        assert!((media(self), &self.gallery) == (media(other), &other.gallery), "so do media");
        assert!(todos(self) == todos(other), "what was acknowledged stays in sight");
    }

    /// What must be the same on all devices: everything but refusals and tombstones, which some keep longer.
    pub(super) fn shared(mut self) -> Self {
        self.refusals = 0;
        self.todos.retain(|_, seen| seen.todo.as_ref().is_some_and(Todo::is_live));
        self.media.retain(|_, seen| seen.media.as_ref().is_some_and(Media::is_live));
        self
    }

    /// The live todos.
    pub(super) fn live(&self) -> impl Iterator<Item = &Todo> {
        self.todos.values().filter_map(|seen| seen.todo.as_ref()).filter(|todo| todo.is_live())
    }

    /// The live media.
    pub(super) fn live_media(&self) -> impl Iterator<Item = &Media> {
        self.media.values().filter_map(|seen| seen.media.as_ref()).filter(|media| media.is_live())
    }

    /// The shown lists.
    pub(super) fn lists(&self) -> impl Iterator<Item = &ListView> {
        self.rooms.values().map(|room| &room.view)
    }
}

/// What a row is about.
fn row_subject(row: &Write) -> Option<(ListId, Subject)> {
    match row {
        Write::PutTodo(todo) => Some((todo.list, Subject::Todo(todo.id))),
        Write::PutMedia(media) => Some((media.list, Subject::Media(media.id))),
        Write::PutEntry(entry) => Some((entry.list, subject(&entry.action))),
        _ => None,
    }
}
