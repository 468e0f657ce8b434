//! Sessions: one for each sign-in on a device, kept until it is ended or not used for long.

use domain::{
    id::{SessionId, UserId},
    time::Timestamp,
};
use platform::{Caller, Item, Key, Partition, Range, Signal, StorageError};

use crate::{error::AccountError, refresh::RefreshToken, service::Accounts};

/// How long a session lives without being used: longer than a device may be offline and still sync.
pub(crate) const IDLE_DAYS: i64 = 180;
/// Characters of a device's name.
const DEVICE_CHARS: usize = 100;

/// A session as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// What the device called itself.
    pub device: String,
    /// When it signed in.
    pub created_at: Timestamp,
    /// When it last got an access token.
    pub last_seen_at: Timestamp,
}

impl Accounts {
    /// A user's sessions, the one last seen first.
    ///
    /// # Errors
    /// Where the table does not answer.
    pub async fn sessions(&self, user: UserId) -> Result<Vec<Session>, AccountError> {
        let now = self.now();
        let mut sessions = Vec::new();
        for item in self.0.table.all(Partition::User(user), Range::Sessions).await? {
            if is_alive(&item, now)? {
                sessions.push(Session {
                    id: item.id()?,
                    device: item.text("device")?.to_owned(),
                    created_at: item.time("created")?,
                    last_seen_at: item.time("seen")?,
                });
            }
        }
        sessions.sort_by_key(|session| std::cmp::Reverse((session.last_seen_at, session.id)));
        Ok(sessions)
    }

    /// Ends a session of this user. Where the user has no such session there is nothing to do, so a retry
    /// is harmless and nobody learns of others' sessions.
    ///
    /// # Errors
    /// Where the table does not answer.
    pub async fn end_session(&self, user: UserId, session: SessionId) -> Result<(), AccountError> {
        self.0.table.delete(Key::session(user, session), None).await?;
        // It names the user too: a socket of somebody else with that session does not listen to it.
        self.0.pokes.send(Signal::Ended { user, session });
        Ok(())
    }

    /// Ends every session of the caller but, where it is to stay, the one that asks.
    ///
    /// # Errors
    /// Where the table does not answer; some sessions may be ended then.
    pub async fn end_sessions(&self, caller: &Caller, keep_current: bool) -> Result<(), AccountError> {
        let items = self.0.table.all(Partition::User(caller.user), Range::Sessions).await?;
        let mut ended = Vec::with_capacity(items.len());
        for item in &items {
            let session: SessionId = item.id()?;
            if !(keep_current && session == caller.session) {
                ended.push(session);
            }
        }
        let keys: Vec<Key> = ended.iter().map(|session| Key::session(caller.user, *session)).collect();
        self.0.table.delete_many(&keys).await?;
        for session in ended {
            self.0.pokes.send(Signal::Ended { user: caller.user, session });
        }
        Ok(())
    }
}

/// The item of a new session.
pub(crate) fn item(token: &RefreshToken, device: &str, now: Timestamp) -> Item {
    Item::new(Key::session(token.user, token.session))
        .with("device", device)
        .with("created", now)
        .with("seen", now)
        .with("tokens", token.hash().to_vec())
        .with("turn", 0_u64)
        .with("ttl", ttl(now))
}

/// Whether the session has not been idle for too long.
pub(crate) fn is_alive(item: &Item, now: Timestamp) -> Result<bool, StorageError> {
    Ok(item.number::<i64>("ttl")? > now.0.div_euclid(1_000))
}

/// When a session that is used now may be removed, in epoch seconds.
pub(crate) const fn ttl(now: Timestamp) -> i64 {
    now.0.div_euclid(1_000) + IDLE_DAYS * 86_400
}

/// The device's name in one line of limited length.
pub(crate) fn device_name(text: &str) -> String {
    let plain: String =
        text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(DEVICE_CHARS).collect();
    match plain.trim() {
        "" => "Unknown device".to_owned(),
        name => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_has_a_short_plain_name() {
        assert_eq!(device_name(" Firefox on Linux\n"), "Firefox on Linux");
        assert_eq!(device_name("\u{7}"), "Unknown device");
        assert_eq!(device_name(&"é".repeat(500)).chars().count(), DEVICE_CHARS);
    }
}
