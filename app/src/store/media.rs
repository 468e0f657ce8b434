//! Photos and videos as the screens see them.

use std::sync::Arc;

use domain::{
    id::{ListId, MediaId, TodoId},
    media::Media,
    sync::Replica,
};
use leptos::prelude::Signal;

use super::{Store, state::State, watch::Topic};

impl State {
    fn media(&self, list: ListId, todo: TodoId) -> Arc<Vec<MediaId>> {
        self.replica.as_ref().map(|replica| replica.media(list, todo)).unwrap_or_default()
    }

    fn media_item(&self, list: ListId, id: MediaId) -> Option<Media> {
        self.replica.as_ref()?.media_item(list, id).filter(|media| media.is_live()).cloned()
    }

    fn gallery(&self) -> Arc<Vec<(ListId, MediaId)>> {
        let items = self.replica.iter().flat_map(Replica::gallery);
        Arc::new(items.map(|item| (item.list, item.id)).collect())
    }
}

impl Store {
    /// A todo's media that are not deleted, in order.
    #[must_use]
    pub fn media(self, list: ListId, todo: TodoId) -> Signal<Arc<Vec<MediaId>>> {
        self.watched.signal(Topic::MediaOf(list, todo), move |state| state.media(list, todo))
    }

    /// A media item; `None` where it is deleted or not known.
    #[must_use]
    pub fn media_item(self, list: ListId, id: MediaId) -> Signal<Option<Media>> {
        self.watched.signal(Topic::Media(list, id), move |state| state.media_item(list, id))
    }

    /// All media that are not deleted, the newest first; archived lists left out.
    #[must_use]
    pub fn gallery(self) -> Signal<Arc<Vec<(ListId, MediaId)>>> {
        self.watched.signal(Topic::Gallery, State::gallery)
    }

    /// Whether some change to the media item has not reached the server.
    #[must_use]
    pub fn unsaved_media(self, list: ListId, id: MediaId) -> Signal<bool> {
        self.watched.signal(Topic::MediaUnsaved(list, id), move |state| {
            state.replica.as_ref().is_some_and(|replica| replica.is_media_unsaved(list, id))
        })
    }

    /// Bytes of all media in the user's own lists, as far as this device knows. It is right without a connection
    /// and at once.
    #[must_use]
    pub fn media_bytes(self) -> Signal<u64> {
        self.watched.signal(Topic::MediaBytes, |state| {
            state.replica.as_ref().map(Replica::media_bytes).unwrap_or_default()
        })
    }

    /// [`Store::media`], once.
    #[must_use]
    pub fn media_now(self, list: ListId, todo: TodoId) -> Arc<Vec<MediaId>> {
        self.watched.now(|state| state.media(list, todo)).unwrap_or_default()
    }

    /// [`Store::media_item`], once.
    #[must_use]
    pub fn media_item_now(self, list: ListId, id: MediaId) -> Option<Media> {
        self.watched.now(|state| state.media_item(list, id)).flatten()
    }
}
