//! Removing what deleted lists and deleted accounts leave behind. It may be stopped anywhere and run by several
//! at once: the note that says what is to be done is crossed off by the caller when all of it is.

use domain::{
    id::{ListId, UserId},
    model::Role,
};
use platform::{
    Item, Key, Partition, Range, Write,
    list::{Change, ListError, role},
};

use super::Lists;

/// Todos removed in one round.
const ROUND: u16 = 250;

impl Lists {
    /// Deletes a deleted user's own lists and takes the user out of the others.
    ///
    /// # Errors
    /// Where the table does not answer; run it again then.
    pub async fn purge_user(&self, user: UserId) -> Result<(), ListError> {
        let table = self.store.table();
        for membership in table.all(Partition::User(user), Range::Lists).await? {
            let list: ListId = membership.id()?;
            if role(&membership)? == Role::Owner {
                self.bury(list).await?;
            }
            let sides = vec![Write::delete(Key::member(list, user)), Write::delete(membership.key().clone())];
            table.commit(sides).await?;
        }
        Ok(())
    }

    /// Removes all of a deleted list's todos and memberships. Its head stays, which keeps the id from being used
    /// again, and so do its receipts, which answer retries until they expire.
    ///
    /// # Errors
    /// Where the table does not answer; run it again then.
    pub async fn purge_list(&self, list: ListId) -> Result<(), ListError> {
        let table = self.store.table();
        for member in table.all(Partition::List(list), Range::Members).await? {
            let membership = Key::membership(member.id()?, list);
            table.commit(vec![Write::delete(membership), Write::delete(member.key().clone())]).await?;
        }
        loop {
            let (todos, next) = table.page(Partition::List(list), Range::Todos, None, ROUND).await?;
            let keys: Vec<_> = todos.iter().map(|todo| todo.key().clone()).collect();
            table.delete_many(&keys).await?;
            if next.is_none() {
                return Ok(());
            }
        }
    }

    /// Marks a list as deleted, and what is in it as to be removed.
    async fn bury(&self, list: ListId) -> Result<(), ListError> {
        let buried = self.store.write(list, async |read| {
            let mut head = read.clone();
            // A batch that has read the list as it was must not bring it back.
            head.version += 1;
            head.deleted = true;
            head.media_bytes = 0;
            Ok(Some(Change::new(Some(read), head).with(Write::put(Item::new(Key::purge_list(list))))))
        });
        buried.await.map(drop)
    }
}
