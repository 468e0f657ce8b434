//! Where an import goes: the services over a table, or a running server that has the table open.

use std::{path::Path, sync::Arc};

use async_trait::async_trait;
use domain::{
    action::{Action, Batch, Outcome},
    email::Email,
    id::{ListId, UserId},
    model::{Access, Role},
    order::OrderKey,
};
use platform::{Key, LocalPokes, OpenError, SystemClock, Table, list::ListError};
use serde::{Deserialize, Serialize};
use todo::Lists;

use super::error::ImportError;

/// An account as far as an import needs it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Found {
    /// Whose it is.
    pub user: UserId,
    /// The user's own lists, with their places.
    pub lists: Vec<(ListId, OrderKey)>,
}

/// What an import needs of the stack.
#[async_trait]
pub trait Backend: Send + Sync {
    /// The account of an address, if there is one.
    async fn find(&self, email: &Email) -> Result<Option<Found>, ImportError>;
    /// Commits a batch as that user: one outcome for each action. A batch that makes a list is refused with
    /// `NOT_FOUND` where the list was made before and deleted.
    async fn commit(&self, user: UserId, batch: &Batch) -> Result<Vec<Outcome>, ImportError>;
    /// Ends what was opened for the import.
    async fn close(&self) {}
}

/// The services over a table.
#[derive(Debug, Clone)]
pub struct Services {
    table: Table,
    lists: Lists,
}

impl Services {
    /// The lists must be those in the table.
    #[must_use]
    pub const fn new(table: Table, lists: Lists) -> Self {
        Self { table, lists }
    }
}

#[async_trait]
impl Backend for Services {
    async fn find(&self, email: &Email) -> Result<Option<Found>, ImportError> {
        let Some(account) = self.table.get(&Key::account(email)).await? else { return Ok(None) };
        let user = account.parsed("user")?;
        let own = self.lists.of(user).await?.into_iter().filter(|found| found.role == Role::Owner);
        let lists = own.map(|found| (found.head.list.id, found.head.list.order)).collect();
        Ok(Some(Found { user, lists }))
    }

    async fn commit(&self, user: UserId, batch: &Batch) -> Result<Vec<Outcome>, ImportError> {
        let receipt = self.lists.commit(user, batch).await?;
        // A receipt may be older than the list's deletion.
        if matches!(batch.actions.first(), Some(Action::CreateList(_))) {
            self.lists.find(user, batch.list, Access::Write).await?;
        }
        Ok(receipt.outcomes)
    }

    async fn close(&self) {
        self.table.close().await;
    }
}

impl From<ListError> for ImportError {
    fn from(error: ListError) -> Self {
        match error {
            ListError::Refused(code) => Self::Refused(code),
            ListError::Storage(error) => error.into(),
        }
    }
}

/// The table at the endpoint; else the one in the data folder; else the server that has that one open.
pub(super) async fn open(data: &Path, endpoint: Option<&str>) -> Result<Box<dyn Backend>, ImportError> {
    let table = match endpoint {
        Some(endpoint) => Table::at(endpoint).await,
        None if !data.is_dir() => return Err(ImportError::NoData(data.to_owned())),
        None => Table::embedded(data).await,
    };
    match table {
        Ok(table) => {
            let pokes = Arc::new(LocalPokes::default());
            let lists = Lists::new(table.clone(), Arc::new(SystemClock), pokes);
            Ok(Box::new(Services::new(table, lists)))
        }
        #[cfg(unix)]
        Err(OpenError::InUse { .. }) => match super::control::Running::connect(data).await {
            Ok(running) => Ok(Box::new(running)),
            Err(_) => Err(ImportError::InUse(data.to_owned())),
        },
        Err(error) => Err(ImportError::Open(error)),
    }
}
