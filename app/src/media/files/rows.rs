//! The database that says which kept file is which.

use domain::id::UserId;
use idb::{Database, DatabaseEvent, Factory, ObjectStoreParams, TransactionMode};
use leptos::logging;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Blob;

use super::{FilesError, Kept};

const SCHEMA: u32 = 1;
const FILES: &str = "files";
/// The bytes, where the browser has no other place for them.
const BLOBS: &str = "blobs";
const ALL: [&str; 2] = [FILES, BLOBS];

pub(super) struct Rows(Database);

fn name(user: UserId) -> String {
    format!("stack-media-{user}")
}

impl Rows {
    pub(super) async fn open(user: UserId) -> Result<Self, FilesError> {
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
            // Another tab deletes it: the user signed out there.
            if let Some(database) =
                event.target().and_then(|target| target.dyn_into::<web_sys::IdbDatabase>().ok())
            {
                database.close();
            }
        });
        Ok(Self(database))
    }

    pub(super) async fn all(&self) -> Result<Vec<Kept>, FilesError> {
        let transaction = self.0.transaction(&[FILES], TransactionMode::ReadOnly)?;
        let values = transaction.object_store(FILES)?.get_all(None, None)?.await?;
        let rows = values.iter().filter_map(JsValue::as_string);
        // A row of another version of the app names a file that this one can't tell what it is for.
        Ok(rows.filter_map(|row| serde_json::from_str(&row).ok()).collect())
    }

    pub(super) async fn put(&self, kept: &Kept, blob: Option<&Blob>) -> Result<(), FilesError> {
        let row = serde_json::to_string(kept).map_err(|error| FilesError::Closed(error.to_string()))?;
        let transaction = self.0.transaction(&ALL, TransactionMode::ReadWrite)?;
        let key = JsValue::from_str(&kept.media.to_string());
        transaction.object_store(FILES)?.put(&row.into(), Some(&key))?;
        if let Some(blob) = blob {
            transaction.object_store(BLOBS)?.put(blob, Some(&key))?;
        }
        if transaction.await?.is_committed() { Ok(()) } else { Err(FilesError::Full) }
    }

    /// Changes a row that is there.
    pub(super) async fn note(&self, kept: &Kept) -> Result<(), FilesError> {
        if self.all().await?.iter().any(|other| other.media == kept.media) {
            self.put(kept, None).await?;
        }
        Ok(())
    }

    pub(super) async fn blob(&self, name: &str) -> Result<Option<Blob>, FilesError> {
        let transaction = self.0.transaction(&[BLOBS], TransactionMode::ReadOnly)?;
        let value = transaction.object_store(BLOBS)?.get(JsValue::from_str(name))?.await?;
        Ok(value.and_then(|value| value.dyn_into().ok()))
    }

    pub(super) async fn remove(&self, name: &str) -> Result<(), FilesError> {
        let transaction = self.0.transaction(&ALL, TransactionMode::ReadWrite)?;
        for store in ALL {
            transaction.object_store(store)?.delete(JsValue::from_str(name))?;
        }
        transaction.await?;
        Ok(())
    }

    pub(super) async fn forget(user: UserId) {
        let deleted = async { Factory::new()?.delete(&name(user))?.await };
        if let Err(error) = deleted.await {
            logging::warn!("The list of kept files could not be deleted: {error}");
        }
    }
}
