//! Removing the media of a deleted list: the rows now, the files soon after. It may be stopped anywhere and run
//! again.

use domain::{
    error::Code,
    id::{ListId, UserId},
};
use platform::{
    Expression, Item, Key, Partition, Range, StorageError, Write,
    list::{ListError, ListStore},
};

use super::commit::count;
use crate::{row::Row, work::Task};

/// Rows removed in one round.
const ROUND: u16 = 100;

/// Removes all media of a deleted list and gives its owner the room back. The files are noted as work.
///
/// # Errors
/// Where the table does not answer; run it again then.
pub async fn purge_list(store: &ListStore, list: ListId) -> Result<(), ListError> {
    let owner = store.head(list).await?.map(|head| head.owner);
    for range in [Range::Media, Range::Albums] {
        loop {
            let (items, next) = store.table().page(Partition::List(list), range, None, ROUND).await?;
            for item in items {
                purge_row(store, list, owner, &item).await?;
            }
            if next.is_none() {
                break;
            }
        }
    }
    Ok(())
}

async fn purge_row(
    store: &ListStore,
    list: ListId,
    owner: Option<UserId>,
    item: &Item,
) -> Result<(), ListError> {
    let there = Write::Delete { key: item.key().clone(), condition: Some(Expression::present()) };
    let mut writes = vec![there];
    if item.key().kind() == "MEDIA" {
        let mut row = Row::from_item(list, item)?;
        writes.extend(Task::forget(&mut row, store.now()));
        let owner = match owner.filter(|_| row.media.is_live()) {
            Some(owner) => store.table().get(&Key::profile(owner)).await?.map(|_| owner),
            None => None,
        };
        if let (Some(owner), Ok(bytes)) = (owner, i64::try_from(row.media.bytes)) {
            writes.push(count(owner, -bytes));
        }
    }
    match store.table().commit(writes).await {
        // Somebody else removed it, or the owner's account ended just now.
        Err(StorageError::ConditionFailed { .. }) => Err(Code::Busy.into()),
        done => Ok(done?),
    }
}
