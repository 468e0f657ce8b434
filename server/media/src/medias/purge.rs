//! Removing the media of a deleted list: the rows now, the files soon after. It may be stopped anywhere and run
//! again.

use domain::{error::Code, id::ListId};
use platform::{
    Expression, Item, Partition, Range, StorageError, Write,
    list::{ListError, ListStore},
};

use crate::{row::Row, work::Task};

/// Rows removed in one round.
const ROUND: u16 = 100;

/// Removes all media of a deleted list. The files are noted as work. They count no longer: the batch that deleted the
/// list has seen to that.
///
/// # Errors
/// Where the table does not answer; run it again then.
pub async fn purge_list(store: &ListStore, list: ListId) -> Result<(), ListError> {
    for range in [Range::Media, Range::Albums] {
        loop {
            let (items, next) = store.table().page(Partition::List(list), range, None, ROUND).await?;
            for item in items {
                purge_row(store, list, &item).await?;
            }
            if next.is_none() {
                break;
            }
        }
    }
    Ok(())
}

async fn purge_row(store: &ListStore, list: ListId, item: &Item) -> Result<(), ListError> {
    let there = Write::Delete { key: item.key().clone(), condition: Some(Expression::present()) };
    let mut writes = vec![there];
    if item.key().kind() == "MEDIA" {
        writes.extend(Task::forget(&mut Row::from_item(list, item)?, store.now()));
    }
    match store.table().commit(writes).await {
        // Somebody else removed it.
        Err(StorageError::ConditionFailed { .. }) => Err(Code::Busy.into()),
        done => Ok(done?),
    }
}
