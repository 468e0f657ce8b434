//! Photos and videos: what is shown of them, and what happens to that when something changes.

use super::{Arc, IdMap, ListId, Media, MediaId, Replica, Role, Room, Subject, TodoId, Touched};
use crate::sync::{
    apply::to_media,
    strips::{Gallery, GalleryItem},
};

impl Replica {
    /// The live media of a todo, in order; none of a todo that is deleted or not there.
    #[must_use]
    pub fn media(&self, list: ListId, todo: TodoId) -> Arc<Vec<MediaId>> {
        let room = self.shown(list).filter(|room| room.has_live(todo));
        room.map(|room| room.strips.of(todo)).unwrap_or_default()
    }

    /// One media item; a deleted one too, as long as it is remembered.
    #[must_use]
    pub fn media_item(&self, list: ListId, id: MediaId) -> Option<&Media> {
        self.shown(list)?.media.get(id)
    }

    /// Every live media item on a live todo, the newest first: all but those in archived lists.
    #[must_use]
    pub fn gallery(&self) -> Vec<GalleryItem> {
        let is_here = |list| self.list(list).is_some_and(|view| !view.list.archived);
        self.gallery.newest_first().filter(|item| is_here(item.list)).copied().collect()
    }

    /// Whether a media item has changes that the server has not acknowledged.
    #[must_use]
    pub fn is_media_unsaved(&self, list: ListId, id: MediaId) -> bool {
        self.lists.get(&list).is_some_and(|room| room.outbox.is_unsaved(Subject::Media(id)))
    }

    /// Bytes of all live media in the lists that the user owns, as far as this device knows: what counts against
    /// [`crate::limits::QUOTA_BYTES`].
    #[must_use]
    pub fn media_bytes(&self) -> u64 {
        let owned = |room: &&Room| room.shown.as_ref().is_some_and(|view| view.role == Role::Owner);
        self.lists.values().filter(owned).map(|room| room.strips.bytes()).sum()
    }

    /// Shows media as they are now; `before` is how they were shown, and whether they were unsaved.
    pub(super) fn refresh_media(
        &mut self,
        list: ListId,
        before: IdMap<MediaId, (Option<Media>, bool)>,
        touched: &mut Touched,
    ) {
        let Some(room) = self.lists.get_mut(&list) else { return };
        for (id, (was, was_unsaved)) in before {
            let entries = room.outbox.about(Subject::Media(id));
            room.media.refresh(id, &entries, |media, action| to_media(list, media, action));
            if was_unsaved != room.outbox.is_unsaved(Subject::Media(id)) {
                touched.media_unsaved.insert((list, id));
            }
            let now = room.media.get(id);
            if was.as_ref() == now {
                continue;
            }
            touched.media.insert((list, id));
            room.strips.replace(list, was.as_ref(), now, touched);
            let now = now.filter(|media| media.is_live() && room.has_live(media.todo)).map(GalleryItem::of);
            let was = was.as_ref().map(GalleryItem::of).filter(|was| Some(*was) != now);
            touched.gallery |= was.is_some_and(|was| self.gallery.set(was, false));
            touched.gallery |= now.is_some_and(|now| self.gallery.set(now, true));
        }
    }
}

impl Room {
    /// A todo came or went, and its media with it.
    pub(super) fn follow_todo(
        &self,
        list: ListId,
        todo: TodoId,
        gallery: &mut Gallery,
        touched: &mut Touched,
    ) {
        let shows = self.has_live(todo);
        for media in self.strips.of(todo).iter().filter_map(|id| self.media.get(*id)) {
            touched.media_order.insert((list, todo));
            touched.gallery |= gallery.set(GalleryItem::of(media), shows);
        }
    }
}
