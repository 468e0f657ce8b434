//! Each todo's media in the order in which they are shown, and all media by when they were added.

use std::{collections::BTreeSet, sync::Arc};

use super::journal::Touched;
use crate::{
    id::{IdMap, ListId, MediaId, TodoId},
    media::Media,
    order::OrderKey,
    time::Timestamp,
};

/// Where a media item that is not deleted belongs.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Place {
    todo: TodoId,
    order: OrderKey,
}

/// The live media of one list, by todo.
#[derive(Debug, Clone, Default)]
pub(super) struct Strips {
    places: IdMap<MediaId, Place>,
    strips: IdMap<TodoId, Arc<Vec<MediaId>>>,
    /// How long their files are together.
    bytes: u64,
}

impl Strips {
    pub(super) fn of(&self, todo: TodoId) -> Arc<Vec<MediaId>> {
        self.strips.get(&todo).map(Arc::clone).unwrap_or_default()
    }

    /// The todos that have media.
    pub(super) fn todos(&self) -> impl Iterator<Item = TodoId> {
        self.strips.keys().copied()
    }

    pub(super) const fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Takes a media item's old state out and puts its new one in.
    pub(super) fn replace(
        &mut self,
        list: ListId,
        old: Option<&Media>,
        new: Option<&Media>,
        touched: &mut Touched,
    ) {
        let (old, new) = (old.filter(|media| media.is_live()), new.filter(|media| media.is_live()));
        let bytes = |media: Option<&Media>| media.map_or(0, |media| media.bytes);
        if bytes(old) != bytes(new) {
            self.bytes = self.bytes.saturating_add(bytes(new)).saturating_sub(bytes(old));
            touched.media_bytes = true;
        }
        let place = |media: &Media| Place { todo: media.todo, order: media.order.clone() };
        if old.map(place) == new.map(place) {
            return;
        }
        if let Some(old) = old {
            self.take(old);
            touched.media_order.insert((list, old.todo));
        }
        if let Some(new) = new {
            self.places.insert(new.id, place(new));
            self.put(new);
            touched.media_order.insert((list, new.todo));
        }
    }

    fn put(&mut self, media: &Media) {
        let strip = self.strips.entry(media.todo).or_default();
        let key = (Some(&media.order), media.id);
        let at = strip.partition_point(|id| (self.places.get(id).map(|place| &place.order), *id) < key);
        Arc::make_mut(strip).insert(at, media.id);
    }

    fn take(&mut self, media: &Media) {
        self.places.remove(&media.id);
        if let Some(strip) = self.strips.get_mut(&media.todo) {
            Arc::make_mut(strip).retain(|id| *id != media.id);
            if strip.is_empty() {
                self.strips.remove(&media.todo);
            }
        }
    }
}

/// A media item among all others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GalleryItem {
    /// When it was added.
    pub at: Timestamp,
    /// Its list.
    pub list: ListId,
    /// Which one.
    pub id: MediaId,
}

impl GalleryItem {
    pub(super) const fn of(media: &Media) -> Self {
        Self { at: media.created_at, list: media.list, id: media.id }
    }
}

/// The live media on live todos, of all lists.
#[derive(Debug, Clone, Default)]
pub(super) struct Gallery(BTreeSet<GalleryItem>);

impl Gallery {
    /// Puts an item in or takes it out; says whether that made a difference.
    pub(super) fn set(&mut self, item: GalleryItem, shows: bool) -> bool {
        if shows { self.0.insert(item) } else { self.0.remove(&item) }
    }

    /// All of them, the newest first.
    pub(super) fn newest_first(&self) -> impl Iterator<Item = &GalleryItem> {
        self.0.iter().rev()
    }
}
