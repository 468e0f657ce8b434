//! Looking many entities up at once: the gateway asks for those of a whole page in one request.

use std::{
    collections::{BTreeMap, HashMap},
    convert::Infallible,
    sync::Arc,
};

use async_graphql::dataloader::Loader;
use domain::{
    id::{ListId, MediaId, TodoId, UserId},
    media::Media,
};
use platform::list::ListError;

use crate::Medias;

/// Loads for callers; requests of several callers may come together, and one's refusal is not another's.
pub(super) struct Loads(pub(super) Medias);

/// A media item as this caller may see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct MediaKey(pub(super) UserId, pub(super) ListId, pub(super) MediaId);

/// The media of a todo as this caller may see them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct TodoKey(pub(super) UserId, pub(super) ListId, pub(super) TodoId);

type Loaded<T> = Result<T, Arc<ListError>>;

impl Loader<MediaKey> for Loads {
    type Value = Loaded<Option<Media>>;
    type Error = Infallible;

    async fn load(&self, keys: &[MediaKey]) -> Result<HashMap<MediaKey, Self::Value>, Infallible> {
        let mut of: BTreeMap<(UserId, ListId), Vec<MediaId>> = BTreeMap::new();
        keys.iter().for_each(|key| of.entry((key.0, key.1)).or_default().push(key.2));
        let mut loaded = HashMap::with_capacity(keys.len());
        for ((user, list), ids) in of {
            let found = self.0.media(user, list, &ids).await.map_err(Arc::new);
            for id in ids {
                let media =
                    found.as_ref().map_err(Arc::clone).map(|all| all.iter().find(|media| media.id == id));
                loaded.insert(MediaKey(user, list, id), media.map(|media| media.cloned()));
            }
        }
        Ok(loaded)
    }
}

impl Loader<TodoKey> for Loads {
    type Value = Loaded<Vec<Media>>;
    type Error = Infallible;

    async fn load(&self, keys: &[TodoKey]) -> Result<HashMap<TodoKey, Self::Value>, Infallible> {
        let mut of: BTreeMap<(UserId, ListId), Vec<TodoId>> = BTreeMap::new();
        keys.iter().for_each(|key| of.entry((key.0, key.1)).or_default().push(key.2));
        let mut loaded = HashMap::with_capacity(keys.len());
        for ((user, list), todos) in of {
            let found = self.0.of_todos(user, list, &todos).await.map_err(Arc::new);
            for todo in todos {
                let media = found.as_ref().map_err(Arc::clone);
                let media = media.map(|all| all.iter().filter(|media| media.todo == todo).cloned().collect());
                loaded.insert(TodoKey(user, list, todo), media);
            }
        }
        Ok(loaded)
    }
}
