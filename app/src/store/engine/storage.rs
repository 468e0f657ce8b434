//! A user's data on this device: one IndexedDB database for each user, one row for each thing.

use domain::{
    id::{ListId, UserId},
    sync::{Entry, ListRecord, Refusal, Write},
};
use idb::{
    Database, DatabaseEvent, Factory, KeyRange, ObjectStore, ObjectStoreParams, Transaction, TransactionMode,
};
use js_sys::{Array, Function, Object, Reflect};
use serde::{Serialize, de::DeserializeOwned};
use wasm_bindgen::{JsCast, JsValue};

/// Raised when the rows change their shape; `upgrade` brings older databases along.
const SCHEMA: u32 = 2;

const LISTS: &str = "lists";
const TODOS: &str = "todos";
const MEDIA: &str = "media";
const OUTBOX: &str = "outbox";
const REFUSALS: &str = "refusals";
/// Holds the revision alone.
const META: &str = "meta";
const REVISION: &str = "revision";
const ALL: [&str; 6] = [LISTS, TODOS, MEDIA, OUTBOX, REFUSALS, META];

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
            for store in ALL {
                let _ = database.create_object_store(store, ObjectStoreParams::new());
            }
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
        Ok(Self { database })
    }

    /// Deletes the user's database.
    pub(in crate::store) async fn delete(user: UserId) -> Result<(), StorageError> {
        Ok(Factory::new()?.delete(&name(user))?.await?)
    }

    /// All rows, and the revision they are at.
    pub(in crate::store) async fn load(&self) -> Result<(Vec<Write>, u64), StorageError> {
        let transaction = self.database.transaction(&ALL, TransactionMode::ReadOnly)?;
        let mut rows = Vec::new();
        rows.extend(all::<ListRecord>(&transaction, LISTS).await?.into_iter().map(Write::PutList));
        rows.extend(all(&transaction, TODOS).await?.into_iter().map(Write::PutTodo));
        rows.extend(all(&transaction, MEDIA).await?.into_iter().map(Write::PutMedia));
        rows.extend(all::<Entry>(&transaction, OUTBOX).await?.into_iter().map(Write::PutEntry));
        rows.extend(all::<Refusal>(&transaction, REFUSALS).await?.into_iter().map(Write::PutRefusal));
        let revision = revision(&transaction).await?;
        Ok((rows, revision))
    }

    /// The revision that the database is at.
    pub(in crate::store) async fn revision(&self) -> Result<u64, StorageError> {
        revision(&self.database.transaction(&[META], TransactionMode::ReadOnly)?).await
    }

    /// Stores the writes, all or none, and gives the revision that they make.
    pub(in crate::store) async fn write(&self, writes: &[Write]) -> Result<u64, StorageError> {
        let transaction = self.durable_transaction()?;
        let next = revision(&transaction).await? + 1;
        for write in writes {
            put(&transaction, write)?;
        }
        #[expect(clippy::cast_precision_loss, reason = "nobody writes 2^53 times")]
        let value = JsValue::from_f64(next as f64);
        transaction.object_store(META)?.put(&value, Some(&REVISION.into()))?;
        // Without waiting for the answers: a page that is closed now has handed over all there is.
        if transaction.commit()?.await?.is_committed() { Ok(next) } else { Err(StorageError::Aborted) }
    }

    /// Closes the database once its transactions are done.
    pub(in crate::store) fn close(&self) {
        self.database.close();
    }

    /// A transaction that counts as done only when the data is on the disk, where the browser knows such a thing.
    fn durable_transaction(&self) -> Result<Transaction, StorageError> {
        let (stores, options) = (Array::new(), Object::new());
        for store in ALL {
            stores.push(&store.into());
        }
        Reflect::set(&options, &"durability".into(), &"strict".into()).map_err(StorageError::Unusable)?;
        // `idb` has no words for durability.
        let database: JsValue = self.database_js()?;
        let open: Function = Reflect::get(&database, &"transaction".into())
            .and_then(wasm_bindgen::JsCast::dyn_into)
            .map_err(StorageError::Unusable)?;
        let transaction =
            open.call3(&database, &stores, &"readwrite".into(), &options).map_err(StorageError::Unusable)?;
        Ok(Transaction::try_from(transaction)?)
    }

    fn database_js(&self) -> Result<JsValue, StorageError> {
        let transaction = self.database.transaction(&[META], TransactionMode::ReadOnly)?;
        let transaction: JsValue = transaction.into();
        Reflect::get(&transaction, &"db".into()).map_err(StorageError::Unusable)
    }
}

/// Every row of one store. A row is text: turning it into objects and back costs more than reading it.
async fn all<T: DeserializeOwned>(transaction: &Transaction, store: &str) -> Result<Vec<T>, StorageError> {
    let values = transaction.object_store(store)?.get_all(None, None)?.await?;
    let texts = values.into_iter().filter_map(|value| value.as_string());
    texts.map(|text| serde_json::from_str(&text).map_err(StorageError::Row)).collect()
}

async fn revision(transaction: &Transaction) -> Result<u64, StorageError> {
    let value = transaction.object_store(META)?.get(JsValue::from_str(REVISION))?.await?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a count that was written here"
    )]
    Ok(value.and_then(|value| value.as_f64()).map_or(0, |revision| revision as u64))
}

fn put(transaction: &Transaction, write: &Write) -> Result<(), StorageError> {
    let store = |name| transaction.object_store(name);
    match write {
        Write::PutList(record) => put_row(&store(LISTS)?, &record.list.id.to_string(), record),
        Write::DropList(list) => {
            drop_row(&store(LISTS)?, &list.to_string())?;
            drop_items(transaction, *list)
        }
        Write::PutTodo(todo) => put_row(&store(TODOS)?, &format!("{}/{}", todo.list, todo.id), todo),
        Write::PutMedia(media) => put_row(&store(MEDIA)?, &format!("{}/{}", media.list, media.id), media),
        Write::DropItems(list) => drop_items(transaction, *list),
        Write::PutEntry(entry) => put_row(&store(OUTBOX)?, &entry.id.to_string(), entry),
        Write::DropEntry(id) => drop_row(&store(OUTBOX)?, &id.to_string()),
        Write::PutRefusal(refusal) => put_row(&store(REFUSALS)?, &refusal.id.to_string(), refusal),
        Write::DropRefusal(id) => drop_row(&store(REFUSALS)?, &id.to_string()),
    }
}

fn put_row<T: Serialize>(store: &ObjectStore, key: &str, row: &T) -> Result<(), StorageError> {
    store.put(&JsValue::from_str(&serde_json::to_string(row)?), Some(&JsValue::from_str(key)))?;
    Ok(())
}

fn drop_row(store: &ObjectStore, key: &str) -> Result<(), StorageError> {
    store.delete(JsValue::from_str(key))?;
    Ok(())
}

/// Takes away a list's todos and media. Their keys begin with the list's, and `0` is what comes after `/`.
fn drop_items(transaction: &Transaction, list: ListId) -> Result<(), StorageError> {
    let (from, to) = (JsValue::from_str(&format!("{list}/")), JsValue::from_str(&format!("{list}0")));
    for store in [TODOS, MEDIA] {
        let keys = KeyRange::bound(&from, &to, None, Some(true))?;
        transaction.object_store(store)?.delete(keys)?;
    }
    Ok(())
}
