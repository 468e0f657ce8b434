//! The order in which a list's todos are shown, kept up to date one change at a time.

use std::{cmp::Ordering, sync::Arc};

use super::journal::Touched;
use crate::{
    id::{IdMap, ListId, TodoId},
    model::Todo,
    order::OrderKey,
};

/// Where a todo that is not deleted belongs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    order: OrderKey,
    parent: Option<TodoId>,
    done: bool,
}

impl Place {
    pub(super) fn of(todo: &Todo) -> Option<Self> {
        let place = || Self { order: todo.order.clone(), parent: todo.parent, done: todo.done_at.is_some() };
        todo.is_live().then(place)
    }
}

/// Of each live todo of a list.
type Places = IdMap<TodoId, Place>;

/// Todos in order, and the open ones among them: whoever ticks one off in ten thousand does not ask about each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Row {
    ids: Arc<Vec<TodoId>>,
    open: Arc<Vec<TodoId>>,
}

/// The shown todos of one list. A subtask shows under its parent if that is shown at the top level itself, and
/// else as a todo of its own.
#[derive(Debug, Clone, Default)]
pub(super) struct View {
    places: Places,
    top: Row,
    /// All live todos that name this one as their parent, whether or not it is there.
    children: IdMap<TodoId, Row>,
}

impl View {
    pub(super) fn top(&self) -> Arc<Vec<TodoId>> {
        Arc::clone(&self.top.ids)
    }

    pub(super) fn open(&self) -> Arc<Vec<TodoId>> {
        Arc::clone(&self.top.open)
    }

    pub(super) fn live(&self) -> usize {
        self.places.len()
    }

    pub(super) fn subtasks(&self, id: TodoId) -> Arc<Vec<TodoId>> {
        self.shown_row(id).map(|row| Arc::clone(&row.ids)).unwrap_or_default()
    }

    pub(super) fn progress(&self, id: TodoId) -> (usize, usize) {
        self.shown_row(id).map_or((0, 0), |row| (row.ids.len() - row.open.len(), row.ids.len()))
    }

    fn shown_row(&self, id: TodoId) -> Option<&Row> {
        self.children.get(&id).filter(|_| self.holds(id))
    }

    /// Whether subtasks show under it.
    fn holds(&self, id: TodoId) -> bool {
        self.places.get(&id).is_some_and(|place| place.parent.is_none())
    }

    /// Puts a todo where it belongs now; `None` takes it away.
    pub(super) fn set(&mut self, list: ListId, id: TodoId, new: Option<Place>, touched: &mut Touched) {
        let old = self.places.get(&id).cloned();
        if old == new {
            return;
        }
        let held = self.holds(id);
        let stays = matches!((&old, &new), (Some(old), Some(new)) if old.order == new.order && old.parent == new.parent);
        if let (true, Some(new)) = (stays, &new) {
            self.tick(list, id, new, touched);
            return;
        }
        if let Some(old) = &old {
            self.unfile(list, id, old, touched);
        }
        match new.clone() {
            Some(new) => self.places.insert(id, new),
            None => self.places.remove(&id),
        };
        if let Some(new) = &new {
            self.file(list, id, new, touched);
        }
        if held != self.holds(id) {
            self.rehouse(list, id, touched);
        }
    }

    /// Only whether it is done changed.
    fn tick(&mut self, list: ListId, id: TodoId, new: &Place, touched: &mut Touched) {
        if let Some(parent) = new.parent {
            tick(self.children.entry(parent).or_default(), &self.places, id, new);
            touched.progress.insert((list, parent));
        }
        if new.parent.is_none_or(|parent| !self.holds(parent)) {
            tick(&mut self.top, &self.places, id, new);
            touched.open.insert(list);
        }
        self.places.insert(id, new.clone());
    }

    fn file(&mut self, list: ListId, id: TodoId, place: &Place, touched: &mut Touched) {
        if let Some(parent) = place.parent {
            insert(self.children.entry(parent).or_default(), &self.places, id, place);
            touched.subtasks.insert((list, parent));
            touched.progress.insert((list, parent));
        }
        if place.parent.is_none_or(|parent| !self.holds(parent)) {
            insert(&mut self.top, &self.places, id, place);
            touched.order.insert(list);
            touched.open.insert(list);
        }
    }

    fn unfile(&mut self, list: ListId, id: TodoId, place: &Place, touched: &mut Touched) {
        if let Some(parent) = place.parent {
            if let Some(row) = self.children.get_mut(&parent) {
                remove(row, &self.places, id, place);
                if row.ids.is_empty() {
                    self.children.remove(&parent);
                }
            }
            touched.subtasks.insert((list, parent));
            touched.progress.insert((list, parent));
        }
        if place.parent.is_none_or(|parent| !self.holds(parent)) {
            remove(&mut self.top, &self.places, id, place);
            touched.order.insert(list);
            touched.open.insert(list);
        }
    }

    /// A parent came or went: its subtasks move under it, or to the top level.
    fn rehouse(&mut self, list: ListId, parent: TodoId, touched: &mut Touched) {
        let Some(row) = self.children.get(&parent) else { return };
        let holds = self.places.get(&parent).is_some_and(|place| place.parent.is_none());
        for id in row.ids.iter().copied() {
            let Some(place) = self.places.get(&id) else { continue };
            if holds {
                remove(&mut self.top, &self.places, id, place);
            } else {
                insert(&mut self.top, &self.places, id, place);
            }
        }
        touched.subtasks.insert((list, parent));
        touched.progress.insert((list, parent));
        touched.order.insert(list);
        touched.open.insert(list);
    }

    /// Puts everything in order at once: for many changes.
    pub(super) fn rebuild(&mut self, list: ListId, places: Places, touched: &mut Touched) {
        let (top, children) = (std::mem::take(&mut self.top), std::mem::take(&mut self.children));
        let holds = |id| places.get(&id).is_some_and(|place: &Place| place.parent.is_none());
        let mut ids: Vec<_> = places.iter().collect();
        ids.sort_unstable_by(|(a, x), (b, y)| x.order.cmp(&y.order).then(a.cmp(b)));
        for (id, place) in ids {
            let push = |row: &mut Row| {
                Arc::make_mut(&mut row.ids).push(*id);
                if !place.done {
                    Arc::make_mut(&mut row.open).push(*id);
                }
            };
            if let Some(parent) = place.parent {
                push(self.children.entry(parent).or_default());
            }
            if place.parent.is_none_or(|parent| !holds(parent)) {
                push(&mut self.top);
            }
        }
        self.places = places;
        if top != self.top {
            touched.order.insert(list);
            touched.open.insert(list);
        }
        for parent in children.keys().chain(self.children.keys()) {
            touched.subtasks.insert((list, *parent));
            touched.progress.insert((list, *parent));
        }
    }
}

fn position(ids: &[TodoId], places: &Places, id: TodoId, order: &OrderKey) -> Result<usize, usize> {
    ids.binary_search_by(|other| {
        let key = if *other == id { Some(order) } else { places.get(other).map(|place| &place.order) };
        key.map_or(Ordering::Less, |key| key.cmp(order)).then_with(|| other.cmp(&id))
    })
}

fn put(ids: &mut Arc<Vec<TodoId>>, places: &Places, id: TodoId, order: &OrderKey) {
    if let Err(at) = position(ids, places, id, order) {
        Arc::make_mut(ids).insert(at, id);
    }
}

fn take(ids: &mut Arc<Vec<TodoId>>, places: &Places, id: TodoId, order: &OrderKey) {
    if let Ok(at) = position(ids, places, id, order) {
        Arc::make_mut(ids).remove(at);
    }
}

fn insert(row: &mut Row, places: &Places, id: TodoId, place: &Place) {
    put(&mut row.ids, places, id, &place.order);
    tick(row, places, id, place);
}

fn remove(row: &mut Row, places: &Places, id: TodoId, place: &Place) {
    take(&mut row.ids, places, id, &place.order);
    take(&mut row.open, places, id, &place.order);
}

fn tick(row: &mut Row, places: &Places, id: TodoId, place: &Place) {
    let change = if place.done { take } else { put };
    change(&mut row.open, places, id, &place.order);
}
