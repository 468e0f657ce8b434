//! A user's own record, and the end of it.

use domain::{email::Email, error::Code, id::UserId, time::Timestamp};
use platform::{Caller, Expression, Item, Key, Partition, Range, Signal, StorageError, Table, Write};

use crate::{error::AccountError, service::Accounts};

/// A user as the user sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// The user's id.
    pub id: UserId,
    /// The address that codes go to.
    pub email: Email,
    /// When the account was made.
    pub created_at: Timestamp,
}

impl Accounts {
    /// The user's profile.
    ///
    /// # Errors
    /// `SESSION_ENDED` where there is no such user any more.
    pub async fn profile(&self, user: UserId) -> Result<Profile, AccountError> {
        let item = self.0.table.get(&Key::profile(user)).await?.ok_or(Code::SessionEnded)?;
        Ok(Profile { id: user, email: item.parsed("email")?, created_at: item.time("created")? })
    }

    /// Deletes the caller's account: it ends every session and frees the address at once, and leaves a note
    /// by which the lists are removed.
    ///
    /// # Errors
    /// `BAD_INPUT` where `email` is not the account's.
    pub async fn delete_account(&self, caller: &Caller, email: &str) -> Result<(), AccountError> {
        let profile = self.profile(caller.user).await?;
        if email.parse::<Email>().ok().as_ref() != Some(&profile.email) {
            return Err(Code::BadInput.into());
        }
        self.end_sessions(caller, true).await?;
        let mine = Expression::new("#user = :user").value("user", caller.user.to_string());
        let note = Item::new(Key::purge_user(caller.user)).with("at", self.now());
        let writes = vec![
            Write::Delete { key: Key::account(&profile.email), condition: Some(mine) },
            Write::delete(Key::code(&profile.email)),
            Write::delete(Key::profile(caller.user)),
            Write::delete(Key::session(caller.user, caller.session)),
            Write::put(note),
        ];
        self.0.table.commit(writes).await?;
        self.0.pokes.send(Signal::Ended { user: caller.user, session: caller.session });
        Ok(())
    }
}

/// Removes the sessions of a deleted user: one may have begun at the moment of the deletion.
///
/// # Errors
/// Where the table does not answer; run it again then.
pub async fn purge_user(table: &Table, user: UserId) -> Result<(), StorageError> {
    let sessions = table.all(Partition::User(user), Range::Sessions).await?;
    let keys: Vec<Key> = sessions.iter().map(|session| session.key().clone()).collect();
    table.delete_many(&keys).await
}
