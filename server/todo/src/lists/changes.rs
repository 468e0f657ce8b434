//! Reading what changed in a list, page by page.

use domain::{
    id::UserId,
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

impl Lists {
    /// A page of changes after a cursor: about `limit` todos, at most [`CHANGES_PER_PAGE`] and somewhat more
    /// where many changed in one version.
    ///
    /// # Errors
    /// [`domain::error::Code::NotFound`], or [`domain::error::Code::BadCursor`] for one from the future.
    pub async fn changes(&self, caller: UserId, pull: Pull, limit: usize) -> Result<Page, ListError> {
        let found = self.find(caller, pull.list, Access::Read).await?;
        let walk = Walk::begin(&found.head, pull.cursor, self.store.now())?;
        let limit = u16::try_from(limit.clamp(1, CHANGES_PER_PAGE)).unwrap_or(u16::MAX);
        let (items, mut more) =
            self.store.table().changes(Partition::List(pull.list), walk.since, limit).await?;
        let mut todos = Vec::with_capacity(items.len());
        for item in &items {
            let version: Version = item.number(VERSION)?;
            if version > walk.until {
                // A transaction that is being written may show in part.
                more = false;
                break;
            }
            todos.push((version, item::todo(pull.list, item)?));
        }
        more |= cut(&mut todos);
        let cursor = walk.after(todos.last().map(|(version, _)| *version).filter(|_| more));
        let todos = todos.into_iter().map(|(_, todo)| todo).collect();
        let Found { head, role } = found;
        Ok(Page {
            list: head.list,
            version: head.version,
            role,
            todos,
            media: Vec::new(),
            cursor,
            more,
            reset: walk.reset,
        })
    }
}

/// Ends a page that holds too much text, between two versions. Whether it did.
fn cut(todos: &mut Vec<(Version, Todo)>) -> bool {
    let (mut bytes, mut last, mut end) = (0, None, None);
    for (at, (version, todo)) in todos.iter().enumerate() {
        if bytes > BYTES_PER_PAGE && last != Some(*version) {
            end = Some(at);
            break;
        }
        bytes += todo.title.len() + todo.notes.len();
        last = Some(*version);
    }
    if let Some(end) = end {
        todos.truncate(end);
    }
    end.is_some()
}
