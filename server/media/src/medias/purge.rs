//! Removing the media of a deleted list: the rows now, the files soon after. It may be stopped anywhere and run
//! again.

use domain::{
    error::Code,
    id::{ListId, UserId},
};
use platform::{Expression, Item, Key, Partition, Range, StorageError, Write, list::ListError};

use super::{Medias, commit::count};
use crate::{row::Row, work::Task};

/// Rows removed in one round.
const ROUND: u16 = 100;

impl Medias {
    /// Removes all media of a deleted list and gives its owner the room back.
    ///
    /// # Errors
    /// Where the table does not answer; run it again then.
    pub async fn purge_list(&self, list: ListId) -> Result<(), ListError> {
        let owner = self.store.head(list).await?.map(|head| head.owner);
        for range in [Range::Media, Range::Albums] {
            loop {
                let (items, next) = self.table().page(Partition::List(list), range, None, ROUND).await?;
                for item in items {
                    self.purge_row(list, owner, &item).await?;
                }
                if next.is_none() {
                    break;
                }
            }
        }
        self.work.notify_one();
        Ok(())
    }

    async fn purge_row(&self, list: ListId, owner: Option<UserId>, item: &Item) -> Result<(), ListError> {
        let there = Write::Delete { key: item.key().clone(), condition: Some(Expression::present()) };
        let mut writes = vec![there];
        if item.key().kind() == "MEDIA" {
            let mut row = Row::from_item(list, item)?;
            writes.extend(Task::forget(&mut row, self.now()));
            let owner = match owner.filter(|_| row.media.is_live()) {
                Some(owner) => self.table().get(&Key::profile(owner)).await?.map(|_| owner),
                None => None,
            };
            if let (Some(owner), Ok(bytes)) = (owner, i64::try_from(row.media.bytes)) {
                writes.push(count(owner, -bytes));
            }
        }
        match self.table().commit(writes).await {
            // Somebody else removed it, or the owner's account ended just now.
            Err(StorageError::ConditionFailed { .. }) => Err(Code::Busy.into()),
            done => Ok(done?),
        }
    }
}
