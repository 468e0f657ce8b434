//! Whether the bytes that lists and users are said to have of media are those that there are, and counting anew.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    id::{ListId, UserId},
    model::Role,
    sync::Head,
};
use platform::{
    Expression, Item, Key, Partition, Range, StorageError,
    list::{self, Change, ListError},
};

use super::{Inventory, Mismatch};
use crate::{Medias, medias::COUNTER, row::Row};

/// Counters as one look at the table saw them. They move while it is looked at, so a difference is a suspicion.
#[derive(Debug, Default)]
pub(super) struct Counters {
    /// Of lists that are not deleted: whose they are, and their bytes.
    lists: BTreeMap<ListId, (UserId, u64)>,
    users: BTreeMap<UserId, u64>,
}

impl Counters {
    /// Notes a list's or a user's own item.
    pub(super) fn note(&mut self, item: &Item) -> Result<(), StorageError> {
        if let Some(list) = item.key().list() {
            let head = list::head(list, item)?;
            if !head.deleted {
                self.lists.insert(list, (head.owner, head.media_bytes));
            }
        } else if let Some(user) = item.key().user() {
            self.users.insert(user, item.number_if_any(COUNTER)?.unwrap_or_default());
        }
        Ok(())
    }

    fn suspects(&self, rows: &[Row]) -> (BTreeSet<ListId>, BTreeSet<UserId>) {
        let mut of_lists: BTreeMap<ListId, u64> = BTreeMap::new();
        for row in rows {
            *of_lists.entry(row.media.list).or_default() += row.media.bytes;
        }
        let (mut lists, mut of_users): (BTreeSet<_>, BTreeMap<UserId, u64>) = Default::default();
        for (list, (owner, counted)) in &self.lists {
            let found = of_lists.get(list).copied().unwrap_or_default();
            *of_users.entry(*owner).or_default() += found;
            if found != *counted {
                lists.insert(*list);
            }
        }
        let differs =
            |user: &UserId, counted: u64| of_users.get(user).copied().unwrap_or_default() != counted;
        let users = self.users.iter().filter(|(user, counted)| differs(user, **counted));
        (lists, users.map(|(user, _)| *user).collect())
    }
}

/// What is counted, and what there is.
type Count = (u64, u64);

impl Medias {
    /// The counters that are wrong: suspicions are looked at while nothing else changes them.
    pub(super) async fn miscounted(&self, there: &Inventory) -> Result<Vec<Mismatch>, StorageError> {
        let (lists, users) = there.counters.suspects(&there.rows);
        let mut mismatches = Vec::new();
        for list in lists {
            if let Some((counted, found)) = self.count_list(list).await?.filter(is_wrong) {
                mismatches.push(Mismatch::ListBytes { list, counted, found });
            }
        }
        for user in users {
            if let Some((counted, found)) = self.count_user(user).await?.filter(is_wrong) {
                mismatches.push(Mismatch::UserBytes { user, counted, found });
            }
        }
        Ok(mismatches)
    }

    /// Counts a list's media; nothing where it is gone, or was written to meanwhile.
    pub(super) async fn count_list(&self, list: ListId) -> Result<Option<Count>, StorageError> {
        let Some(head) = self.store.head(list).await?.filter(|head| !head.deleted) else { return Ok(None) };
        let found = self.bytes_in(list).await?;
        let same = self.store.head(list).await?.as_ref() == Some(&head);
        Ok(same.then_some((head.media_bytes, found)))
    }

    /// Counts the media in a user's own lists; nothing where the user is gone, or what is counted moved meanwhile.
    pub(super) async fn count_user(&self, user: UserId) -> Result<Option<Count>, StorageError> {
        let profile = async || self.table().get(&Key::profile(user)).await;
        let Some(counted) = profile().await? else { return Ok(None) };
        let mut found = 0;
        for membership in self.table().all(Partition::User(user), Range::Lists).await? {
            if list::role(&membership)? == Role::Owner {
                let Some((_, bytes)) = self.count_list(membership.id()?).await? else { return Ok(None) };
                found += bytes;
            }
        }
        let counted = counted.number_if_any(COUNTER)?.unwrap_or_default();
        let again = match profile().await? {
            Some(profile) => Some(profile.number_if_any(COUNTER)?.unwrap_or_default()),
            None => None,
        };
        Ok((again == Some(counted)).then_some((counted, found)))
    }

    async fn bytes_in(&self, list: ListId) -> Result<u64, StorageError> {
        let mut bytes = 0;
        for item in self.table().all(Partition::List(list), Range::Media).await? {
            let media = Row::from_item(list, &item)?.media;
            bytes += if media.is_live() { media.bytes } else { 0 };
        }
        Ok(bytes)
    }

    /// Sets a list's counter right, in a version of its own, so that whoever writes meanwhile counts from it.
    pub(super) async fn recount_list(&self, list: ListId) -> Result<(), ListError> {
        let counted = self.store.write(list, async |head: Head| {
            let media_bytes = self.bytes_in(list).await?;
            let change = (media_bytes != head.media_bytes).then(|| Change::step(head, self.now()));
            Ok(change.map(|change| change.with_media_bytes(media_bytes)))
        });
        counted.await.map(drop)
    }

    /// Sets a user's counter right, if it still says what it did. Otherwise the next check looks again.
    pub(super) async fn recount_user(&self, user: UserId) -> Result<(), StorageError> {
        let Some((counted, found)) = self.count_user(user).await?.filter(is_wrong) else { return Ok(()) };
        let same = "attribute_exists(#pk) AND (attribute_not_exists(#mediaBytes) OR #mediaBytes = :read)";
        let same = Expression::new(same).value("read", counted);
        let update = Expression::new("SET #mediaBytes = :found").value("found", found);
        match self.table().update(Key::profile(user), update, Some(same)).await {
            Ok(_) | Err(StorageError::ConditionFailed { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

pub(super) const fn is_wrong((counted, found): &Count) -> bool {
    *counted != *found
}
