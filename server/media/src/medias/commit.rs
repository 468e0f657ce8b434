//! Committing a batch of media actions: the pure rule says what changes; one transaction makes it so, keeps count of
//! the owner's bytes, and notes what is to be done with the files.

use std::collections::{BTreeSet, HashMap};

use domain::{
    action::{Batch, Outcome},
    error::Code,
    id::{ListId, MediaId, TodoId, UserId},
    limits::QUOTA_BYTES,
    media::MediaState,
    model::Role,
    sync::{
        Head, Receipt,
        media::{Before, Commit, commit, needs},
    },
    time::Timestamp,
};
use platform::{
    Expression, Key, Write,
    list::{Change, ListError},
};

use super::Medias;
use crate::{
    row::{Row, album, album_item},
    work::Task,
};

/// Writes that one transaction holds beside the head's and the receipt's.
const WRITES: usize = 98;
/// The profile's attribute that counts the bytes of live media in the user's own lists.
pub(crate) const COUNTER: &str = "mediaBytes";

/// What is read of the table before the rule decides.
struct Scene {
    head: Head,
    role: Option<Role>,
    rows: HashMap<MediaId, Row>,
    albums: HashMap<TodoId, Vec<MediaId>>,
    /// Those of the todos that something is added to that exist.
    todos: BTreeSet<TodoId>,
    bytes_used: u64,
}

impl Medias {
    /// Applies a batch of media actions, once, however often it is sent.
    ///
    /// # Errors
    /// Those of [`domain::sync::media::commit`] and of [`platform::list::ListStore::commit`], and
    /// [`Code::BatchSize`] for a batch whose effects don't fit into one transaction: halves of it do.
    pub async fn commit(&self, caller: UserId, batch: &Batch) -> Result<Receipt, ListError> {
        let receipt = self.store.commit(caller, batch, || self.attempt(caller, batch)).await?;
        self.work.notify_one();
        Ok(receipt)
    }

    async fn attempt(&self, caller: UserId, batch: &Batch) -> Result<(Change, Vec<Outcome>), ListError> {
        let now = self.now();
        let (head, role) = self.store.load(caller, batch.list).await?;
        let head = head.filter(|head| role.is_some() && !head.deleted).ok_or(Code::NotFound)?;
        let mut scene = self.scene(head, role, batch).await?;
        let done = commit(scene.before(now), batch)?;
        let outcomes = done.outcomes.clone();
        let change = Change::new(Some(scene.head.clone()), done.head.clone());
        let writes = scene.writes(batch.list, done, now)?;
        if writes.len() > WRITES {
            return Err(Code::BatchSize.into());
        }
        Ok((writes.into_iter().fold(change, Change::with), outcomes))
    }

    /// The head is read before the rest: if it is still the same when the transaction is made, so is what belongs
    /// to the list. The owner's count of bytes has a condition of its own.
    async fn scene(&self, head: Head, role: Option<Role>, batch: &Batch) -> Result<Scene, ListError> {
        let (list, owner) = (batch.list, head.owner);
        let needs = needs(batch);
        let mut keys: Vec<Key> = needs.media.iter().map(|id| Key::media(list, *id)).collect();
        keys.extend(needs.todos.iter().map(|id| Key::todo(list, *id)));
        keys.push(Key::profile(owner));
        let (mut rows, mut todos, mut bytes_used) = (HashMap::new(), BTreeSet::new(), None);
        for item in self.table().get_many(&keys).await? {
            match item.key().kind() {
                "MEDIA" => {
                    rows.insert(item.id()?, Row::from_item(list, &item)?);
                }
                "TODO" => {
                    todos.insert(item.id()?);
                }
                _ => bytes_used = Some(item.number_if_any(COUNTER)?.unwrap_or_default()),
            }
        }
        // Of the todos that something is added to and of those that something may be taken from.
        let mut of: BTreeSet<TodoId> = rows.values().map(|row: &Row| row.media.todo).collect();
        of.extend(&todos);
        let keys: Vec<Key> = of.iter().map(|todo| Key::album(list, *todo)).collect();
        let mut albums: HashMap<TodoId, Vec<MediaId>> = HashMap::new();
        for item in self.table().get_many(&keys).await? {
            albums.insert(item.id()?, album(&item)?);
        }
        // An owner without a profile has been deleted, and the list is about to be.
        let bytes_used = bytes_used.ok_or(Code::NotFound)?;
        Ok(Scene { head, role, rows, albums, todos, bytes_used })
    }
}

impl Scene {
    fn before(&self, now: Timestamp) -> Before {
        let live = |todo: &TodoId| self.albums.get(todo).map_or(0, Vec::len);
        Before {
            role: self.role,
            head: Some(self.head.clone()),
            media: self.rows.iter().map(|(id, row)| (*id, row.media.clone())).collect(),
            todos: self.todos.iter().map(|todo| (*todo, live(todo))).collect(),
            bytes_used: self.bytes_used,
            now,
        }
    }

    fn writes(&mut self, list: ListId, done: Commit, now: Timestamp) -> Result<Vec<Write>, ListError> {
        let version = done.head.version;
        let (mut writes, mut changed) = (Vec::new(), BTreeSet::new());
        for media in done.media {
            let (id, todo) = (media.id, media.todo);
            let mut row = self.rows.remove(&id).unwrap_or_else(|| Row::new(media.clone()));
            let retried =
                matches!(row.media.state, MediaState::Failed(_)) && media.state == MediaState::Waiting;
            row.media = media;
            let album = self.albums.entry(todo).or_default();
            if row.media.is_live() != album.contains(&id) {
                changed.insert(todo);
                album.retain(|there| *there != id);
                album.extend(row.media.is_live().then_some(id));
            }
            // What was sent of a file that is sent anew or was deleted is of no use.
            if retried || done.removed.contains(&id) {
                writes.extend(Task::forget(&mut row, now));
            }
            if done.process.contains(&id) {
                row.generation += 1;
                writes.push(Task::Process.write(&row, now));
            }
            writes.push(Write::put(row.to_item(version, now)?));
        }
        for todo in changed {
            let media = self.albums.get(&todo).map(Vec::as_slice).unwrap_or_default();
            writes.push(if media.is_empty() {
                Write::delete(Key::album(list, todo))
            } else {
                Write::put(album_item(list, todo, media))
            });
        }
        if done.bytes != 0 {
            writes.push(count(self.head.owner, done.bytes));
        }
        Ok(writes)
    }
}

/// Counts bytes of live media, for a user who exists and has room for them.
fn count(user: UserId, bytes: i64) -> Write {
    let room = u64::try_from(bytes).ok().map(|more| QUOTA_BYTES.saturating_sub(more));
    let condition = room.map_or_else(Expression::present, |room| {
        let fits = "attribute_exists(#pk) AND (attribute_not_exists(#mediaBytes) OR #mediaBytes <= :room)";
        Expression::new(fits).value("room", room)
    });
    let update = Expression::new("ADD #mediaBytes :bytes").value("bytes", bytes);
    Write::Update { key: Key::profile(user), update, condition: Some(condition) }
}
