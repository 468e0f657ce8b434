//! Pokes to devices that are connected to the WebSocket API. They are gathered while a call is answered and sent
//! before the function pauses, since nothing runs in between calls.

use std::sync::{Mutex, PoisonError};

use aws_config::SdkConfig;
use aws_sdk_apigatewaymanagement::{
    Client, config, error::DisplayErrorContext, operation::post_to_connection::PostToConnectionError,
    primitives::Blob,
};
use domain::id::{SessionId, UserId};
use platform::{Partition, Pokes, Range, Signal, StorageError, Table};

use crate::socket::{Connection, ToClient};

/// Sends signals to devices by the API that they are connected to.
pub struct SocketPokes {
    client: Client,
    table: Table,
    waiting: Mutex<Vec<Signal>>,
}

impl SocketPokes {
    /// Over the API whose connections are managed at this address.
    #[must_use]
    pub fn new(config: &SdkConfig, endpoint: &str, table: Table) -> Self {
        let config = config::Builder::from(config).endpoint_url(endpoint).build();
        Self { client: Client::from_conf(config), table, waiting: Mutex::default() }
    }

    /// Sends what was gathered. What fails is logged and lost: a poke costs time only.
    pub async fn flush(&self) {
        let signals = std::mem::take(&mut *self.waiting.lock().unwrap_or_else(PoisonError::into_inner));
        for signal in signals {
            let sent = match signal {
                Signal::Moved { user, list, version } => {
                    self.tell(user, None, &ToClient::Poke { list, version }).await
                }
                Signal::Ended { user, session } => self.tell(user, Some(session), &ToClient::Ended).await,
            };
            if let Err(error) = sent {
                tracing::warn!(%error, "a poke was lost");
            }
        }
    }

    /// Says this on a user's connections, or on those of one session, which then end.
    async fn tell(
        &self,
        user: UserId,
        session: Option<SessionId>,
        words: &ToClient,
    ) -> Result<(), StorageError> {
        for item in self.table.all(Partition::User(user), Range::Sockets).await? {
            let connection = Connection::read(&item)?;
            if session.is_some_and(|session| session != connection.session) {
                continue;
            }
            self.say(&connection.id, words).await;
            if session.is_some() {
                self.end(&connection.id).await;
            }
        }
        Ok(())
    }

    /// Says this on one connection.
    pub async fn say(&self, connection: &str, words: &ToClient) {
        let Ok(text) = serde_json::to_vec(words) else { return };
        let sent =
            self.client.post_to_connection().connection_id(connection).data(Blob::new(text)).send().await;
        match sent {
            Ok(_) => {}
            // Its row goes when API Gateway says so, or when its time is over.
            Err(error) if error.as_service_error().is_some_and(PostToConnectionError::is_gone_exception) => {}
            Err(error) => {
                tracing::warn!(error = %DisplayErrorContext(error), "a connection could not be told")
            }
        }
    }

    /// Ends one connection.
    pub async fn end(&self, connection: &str) {
        // An error says that it is gone already.
        let _ = self.client.delete_connection().connection_id(connection).send().await;
    }
}

impl Pokes for SocketPokes {
    fn send(&self, signal: Signal) {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).push(signal);
    }
}
