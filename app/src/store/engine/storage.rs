//! A user's data on this device: one IndexedDB database for each user, and in it the log of what was written.
//!
//! A record of the log holds the writes of one transaction, and its key is the revision that they made. Reading all
//! records in order gives the replica back. What was overwritten stays in the log until a snapshot, some large
//! records with the rows that there are, takes the place of all that came before: browsers read a few large records
//! much faster than thousands of small ones.

use std::cell::Cell;

use domain::{id::UserId, sync::Write};
use idb::{
    CursorDirection, Database, DatabaseEvent, Factory, ObjectStore, ObjectStoreParams, Request, Transaction,
    TransactionMode,
};
use js_sys::{Function, Object, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};

/// Raised when the records change their shape; the rows of databases with another come anew from the server.
const SCHEMA: u32 = 3;

const LOG: &str = "log";

/// Rows in one record of a snapshot.
const SNAPSHOT_ROWS: usize = 500;
/// The log may be so much longer than the rows that there are before it is worth a snapshot, beside half of them.
const SLACK: usize = 500;

/// The browser would not store or give back data: no room, a private window, a newer version of the page.
#[derive(Debug, thiserror::Error)]
pub(in crate::store) enum StorageError {
    #[error("the browser's storage failed: {0}")]
    Browser(#[from] idb::Error),
    #[error("the browser's storage can't be used: {0:?}")]
    Unusable(JsValue),
    #[error("a stored row can't be read: {0}")]
    Row(#[from] serde_json::Error),
    #[error("the transaction was taken back")]
    Aborted,
}

/// An open database.
pub(in crate::store) struct Storage {
    database: Database,
    /// The same, for what `idb` has no words for.
    raw: JsValue,
    /// How long the log is as far as this tab knows, in rows: reading a record takes about as long as a row in it.
    length: Cell<usize>,
}

/// Why a database was closed from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) enum Closed {
    /// Another tab deletes it: the user signed out there.
    ForDeletion,
    /// A newer version of the app, in another tab, changes its schema.
    ForNewer,
}

fn name(user: UserId) -> String {
    format!("stack-{user}")
}

impl Storage {
    /// Opens the user's database, making it where there is none. `on_closed` hears when another tab needs it.
    pub(in crate::store) async fn open(
        user: UserId,
        on_closed: impl FnOnce(Closed) + 'static,
    ) -> Result<Self, StorageError> {
        let mut request = Factory::new()?.open(&name(user), Some(SCHEMA))?;
        request.on_upgrade_needed(|event| {
            // A failure here makes the request fail, which is where it is reported.
            let Ok(database) = event.database() else { return };
            for store in database.store_names() {
                let _ = database.delete_object_store(&store);
            }
            let mut keys_by_count = ObjectStoreParams::new();
            keys_by_count.auto_increment(true);
            let _ = database.create_object_store(LOG, keys_by_count);
        });
        let mut database = request.await?;
        database.on_version_change(|event| {
            let database = event.target().and_then(|target| target.dyn_into::<web_sys::IdbDatabase>().ok());
            let version =
                event.dyn_into::<web_sys::IdbVersionChangeEvent>().ok().and_then(|event| event.new_version());
            // Before anything else: the other tab waits for it.
            if let Some(database) = database {
                database.close();
            }
            on_closed(if version.is_some() { Closed::ForNewer } else { Closed::ForDeletion });
        });
        let raw = readable(&database)?.database().into();
        Ok(Self { database, raw, length: Cell::new(0) })
    }

    /// Deletes the user's database.
    pub(in crate::store) async fn delete(user: UserId) -> Result<(), StorageError> {
        Ok(Factory::new()?.delete(&name(user))?.await?)
    }

    /// All that was written, in order, and the revision that it made.
    pub(in crate::store) async fn load(&self) -> Result<(Vec<Write>, u64), StorageError> {
        let log = readable(&self.database)?.object_store(LOG)?;
        let (records, last) = (log.get_all(None, None)?.into_future(), last_key(&log)?);
        let (records, revision) = (records.await?, last.await?);
        let mut writes = Vec::new();
        self.length.set(records.len());
        for record in records {
            writes.append(&mut Write::from_bytes(&Uint8Array::new(&record).to_vec())?);
        }
        self.grow(writes.len());
        Ok((writes, revision))
    }

    /// The revision that the database is at.
    pub(in crate::store) async fn revision(&self) -> Result<u64, StorageError> {
        last_key(&readable(&self.database)?.object_store(LOG)?)?.await
    }

    /// Stores the writes, all or none, and gives the revision that they make.
    pub(in crate::store) async fn write(&self, writes: &[Write]) -> Result<u64, StorageError> {
        let transaction = self.durable()?;
        let added = transaction.object_store(LOG)?.add(&record(writes)?, None)?;
        // Without waiting for the answer: a page that is closed now has handed over all there is.
        committed(transaction).await?;
        self.grow(writes.len() + 1);
        Ok(revision(&added.result()?))
    }

    /// Whether the log is so much longer than these many rows that a snapshot is due.
    pub(in crate::store) const fn is_long(&self, rows: usize) -> bool {
        self.length.get() > rows + rows / 2 + SLACK
    }

    /// Puts `rows`, which are all that there are at this revision, in the place of the whole log. Says whether it
    /// did: where another tab has written more by now, nothing changes. The next snapshot is due when as much has
    /// been written again, however this one went.
    pub(in crate::store) async fn snapshot(
        &self,
        rows: &[Write],
        revision: u64,
    ) -> Result<bool, StorageError> {
        self.length.set(rows.len());
        let mut records = rows.chunks(SNAPSHOT_ROWS).map(record).collect::<Result<Vec<_>, _>>()?;
        if records.is_empty() {
            // So that the revision is not forgotten.
            records.push(record(rows)?);
        }
        let transaction = self.durable()?;
        let log = transaction.object_store(LOG)?;
        if last_key(&log)?.await? != revision {
            return Ok(false);
        }
        log.clear()?;
        // The last one is at the revision, and the others before it: there is nothing else there.
        let mut key = as_number(revision);
        for record in records.iter().rev() {
            log.put(record, Some(&key.into()))?;
            key -= 1.0;
        }
        committed(transaction).await?;
        Ok(true)
    }

    /// Closes the database once its transactions are done.
    pub(in crate::store) fn close(&self) {
        self.database.close();
    }

    fn grow(&self, rows: usize) {
        self.length.set(self.length.get() + rows);
    }

    /// A transaction that counts as done only when the data is on the disk, where the browser knows such a thing.
    fn durable(&self) -> Result<Transaction, StorageError> {
        let options = Object::new();
        Reflect::set(&options, &"durability".into(), &"strict".into()).map_err(StorageError::Unusable)?;
        let open: Function = Reflect::get(&self.raw, &"transaction".into())
            .and_then(JsCast::dyn_into)
            .map_err(StorageError::Unusable)?;
        let transaction = open.call3(&self.raw, &LOG.into(), &"readwrite".into(), &options);
        Ok(Transaction::try_from(transaction.map_err(StorageError::Unusable)?)?)
    }
}

fn readable(database: &Database) -> Result<Transaction, StorageError> {
    Ok(database.transaction(&[LOG], TransactionMode::ReadOnly)?)
}

/// Bytes: a text would be turned from one encoding into another and back.
fn record(writes: &[Write]) -> Result<JsValue, StorageError> {
    Ok(Uint8Array::from(Write::to_bytes(writes)?.as_slice()).into())
}

async fn committed(transaction: Transaction) -> Result<(), StorageError> {
    if transaction.commit()?.await?.is_committed() { Ok(()) } else { Err(StorageError::Aborted) }
}

/// Asks for the key of the log's last record; 0 where nothing was ever written.
fn last_key(log: &ObjectStore) -> Result<impl Future<Output = Result<u64, StorageError>>, StorageError> {
    let cursor = log.open_key_cursor(None, Some(CursorDirection::Prev))?.into_future();
    Ok(async move { Ok(cursor.await?.map(|cursor| cursor.key()).transpose()?.as_ref().map_or(0, revision)) })
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count that began at 1 here")]
fn revision(key: &JsValue) -> u64 {
    key.as_f64().map_or(0, |key| key as u64)
}

#[expect(clippy::cast_precision_loss, reason = "nobody writes 2^53 times")]
const fn as_number(revision: u64) -> f64 {
    revision as f64
}
