//! Reading what changed in a list, page by page.

use domain::{
    id::{MediaId, UserId},
    limits::{BYTES_PER_PAGE, CHANGES_PER_PAGE},
    model::{Access, Todo, Version},
    sync::{Page, Pull, Walk},
};
use platform::{
    Partition, VERSION,
    list::{Found, ListError},
};

use super::Lists;
use crate::item;

/// Bytes that a media item counts for in a page: its caption, its placeholder and its variants.
const MEDIA_BYTES: usize = 2_000;

/// A page of changes. The page itself comes without media: those are another's to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changes {
    /// The list and its todos.
    pub page: Page,
    /// The media that changed, tombstones included.
    pub media: Vec<MediaId>,
}

/// A row of a list that changed.
enum Row {
    Todo(Todo),
    Media(MediaId),
}

impl Row {
    fn bytes(&self) -> usize {
        match self {
            Self::Todo(todo) => todo.title.len() + todo.notes.len(),
            Self::Media(_) => MEDIA_BYTES,
        }
    }
}

impl Lists {
    /// A page of changes after a cursor: about `limit` todos and media, at most [`CHANGES_PER_PAGE`] and somewhat more
    /// where many changed in one version.
    ///
    /// # Errors
    /// [`domain::error::Code::NotFound`], or [`domain::error::Code::BadCursor`] for one from the future.
    pub async fn changes(&self, caller: UserId, pull: Pull, limit: usize) -> Result<Changes, ListError> {
        let found = self.find(caller, pull.list, Access::Read).await?;
        let walk = Walk::begin(&found.head, pull.cursor, self.store.now())?;
        let limit = u16::try_from(limit.clamp(1, CHANGES_PER_PAGE)).unwrap_or(u16::MAX);
        let (items, mut more) =
            self.store.table().changes(Partition::List(pull.list), walk.since, limit).await?;
        let (mut rows, mut moving) = (Vec::with_capacity(items.len()), None);
        for item in &items {
            let version: Version = item.number(VERSION)?;
            if version > walk.until {
                // A transaction that is being written may show in part. What it moved may have been below `until`
                // and is not in this page, so one more follows.
                (more, moving) = (false, Some(version));
                break;
            }
            let row = match item.key().kind() {
                "MEDIA" => Row::Media(item.id()?),
                _ => Row::Todo(item::todo(pull.list, item)?),
            };
            rows.push((version, row));
        }
        more |= cut(&mut rows);
        let last = rows.last().map(|(version, _)| *version).filter(|_| more);
        let cursor = walk.after(last.or(moving.map(|_| walk.until)));
        let (mut todos, mut media) = (Vec::new(), Vec::new());
        for (_, row) in rows {
            match row {
                Row::Todo(todo) => todos.push(todo),
                Row::Media(id) => media.push(id),
            }
        }
        let Found { head, role } = found;
        let page = Page {
            list: head.list,
            version: moving.unwrap_or(head.version),
            role,
            todos,
            media: Vec::new(),
            cursor,
            more: more || moving.is_some(),
            reset: walk.reset,
        };
        Ok(Changes { page, media })
    }
}

/// Ends a page that holds too much, between two versions. Whether it did.
fn cut(rows: &mut Vec<(Version, Row)>) -> bool {
    let (mut bytes, mut last, mut end) = (0, None, None);
    for (at, (version, row)) in rows.iter().enumerate() {
        if bytes > BYTES_PER_PAGE && last != Some(*version) {
            end = Some(at);
            break;
        }
        bytes += row.bytes();
        last = Some(*version);
    }
    if let Some(end) = end {
        rows.truncate(end);
    }
    end.is_some()
}
