//! Connections to the WebSocket API: who is behind each of them, and what is said on it.

use std::sync::Arc;

use account::Accounts;
use domain::{
    error::Code,
    id::{ListId, SessionId, UserId},
    model::Version,
    time::Timestamp,
};
use platform::{Clock as _, Item, Key, StorageError, SystemClock, Table, Write};
use serde::{Deserialize, Serialize};

use crate::SocketPokes;

/// Bytes of a message from a device.
const MESSAGE_BYTES: usize = 8_192;
/// API Gateway ends a connection after two hours; a row that outlives it by far belongs to none.
const SECONDS: i64 = 3 * 3_600;

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum FromClient {
    Hello { token: String },
}

/// What a device is told, as `server/src/host/socket.rs` tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
#[expect(missing_docs, reason = "the fields say what they are")]
pub enum ToClient {
    /// It is known who this is; pokes will come.
    Ready,
    /// A list has moved to a version.
    Poke { list: ListId, version: Version },
    /// The session is over.
    Ended,
}

/// A device's connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connection {
    /// API Gateway's name for it.
    pub id: String,
    /// The session in which it was opened.
    pub session: SessionId,
}

impl Connection {
    pub(crate) fn read(item: &Item) -> Result<Self, StorageError> {
        let session =
            item.text("session")?.parse().map_err(|_| StorageError::Refused("no session id".to_owned()))?;
        Ok(Self { id: item.key().tail().to_owned(), session })
    }
}

/// Answers what devices say.
pub struct Switchboard {
    /// Who callers are.
    pub accounts: Accounts,
    /// Where connections are kept.
    pub table: Table,
    /// The way back to devices.
    pub pokes: Arc<SocketPokes>,
}

impl Switchboard {
    /// A device said something: its first words are who it is; anything else, and it is cut off.
    ///
    /// # Errors
    /// Where the table does not answer.
    pub async fn said(&self, connection: &str, text: &str) -> Result<(), StorageError> {
        let hello = if text.len() > MESSAGE_BYTES { None } else { serde_json::from_str(text).ok() };
        let Some(FromClient::Hello { token }) = hello else {
            self.pokes.end(connection).await;
            return Ok(());
        };
        match self.accounts.authorise(&token, String::new()).await {
            Ok(caller) => {
                self.table.commit(rows(connection, caller.user, caller.session, SystemClock.now())).await?;
                self.pokes.say(connection, &ToClient::Ready).await;
            }
            Err(error) => {
                if error.code() == Code::SessionEnded {
                    self.pokes.say(connection, &ToClient::Ended).await;
                }
                self.pokes.end(connection).await;
            }
        }
        Ok(())
    }

    /// A device is gone.
    ///
    /// # Errors
    /// Where the table does not answer.
    pub async fn gone(&self, connection: &str) -> Result<(), StorageError> {
        let key = Key::connection(connection);
        let Some(item) = self.table.get(&key).await? else { return Ok(()) };
        let user: UserId =
            item.text("user")?.parse().map_err(|_| StorageError::Refused("no user id".to_owned()))?;
        self.table.commit(vec![Write::delete(key), Write::delete(Key::socket(user, connection))]).await
    }
}

/// A connection from both its sides: whose it is, and which ones a user has.
fn rows(connection: &str, user: UserId, session: SessionId, now: Timestamp) -> Vec<Write> {
    let ttl = now.0.div_euclid(1_000) + SECONDS;
    let row = |key| {
        Item::new(key).with("user", user.to_string()).with("session", session.to_string()).with("ttl", ttl)
    };
    vec![Write::put(row(Key::connection(connection))), Write::put(row(Key::socket(user, connection)))]
}
