//! What is to be done with files, as a durable queue in the table: processing what has arrived, giving up what never
//! came, removing what was deleted. A piece of work is noted in the transaction that makes it necessary, is taken on
//! a lease, and goes when it is done, so it is done at least once; doing it twice makes no difference.

mod news;
mod perform;
mod queue;
mod run;
mod tell;

use domain::time::Timestamp;
use platform::{Item, Key, VERSION, Write};

pub use news::News;
pub use perform::Processor;
pub use queue::Work;
pub use run::run;

use crate::row::Row;

/// Milliseconds that a device has to send a file: time enough for one that was off for a day.
pub const UPLOAD_LIFE: i64 = 48 * 60 * 60 * 1_000;
/// Milliseconds that the files of a replaced rendition stay: devices that have not heard of the new one show them.
pub const STALE_LIFE: i64 = 24 * 60 * 60 * 1_000;

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Task {
    /// Make of an upload what is shown of it.
    Process,
    /// Look whether an upload has come, and give it up if not.
    Expire,
    /// Remove an original, what has arrived of its upload in parts, and all that was made of it.
    Remove {
        /// `<list>/<token>`: the original's key, and the folder of what was made of it.
        folder: String,
        /// The storage's name for the upload.
        upload: Option<String>,
    },
    /// Remove a rendition that was replaced.
    Clear {
        /// `<list>/<token>/<generation>`.
        folder: String,
    },
}

impl Task {
    /// The note about a media item's file, in the place of any before it.
    pub(crate) fn write(&self, row: &Row, due: Timestamp) -> Write {
        let name = if *self == Self::Process { "process" } else { "expire" };
        let (list, id) = (row.media.list, row.media.id);
        let item = Item::new(Key::media_work(list, id)).with("list", list.to_string());
        let item = item.with("task", name).with("media", id.to_string()).with(VERSION, time(due));
        Write::put(item.with("generation", row.generation).with("attempt", 0_u32))
    }

    /// The note that a replaced rendition is to be removed.
    pub(crate) fn clear(folder: &str, due: Timestamp) -> Write {
        let item = Item::new(Key::blob_work(folder)).with("task", "clear").with("folder", folder);
        Write::put(item.with(VERSION, time(due)))
    }

    /// Takes a row's files from it, and notes that they are to be removed.
    pub(crate) fn forget(row: &mut Row, now: Timestamp) -> Option<Write> {
        let folder = row.key()?;
        row.token = None;
        let upload = row.upload.take();
        let item = Item::new(Key::blob_work(&folder)).with("task", "remove").with("folder", folder);
        Some(Write::put(item.with("upload", upload).with(VERSION, time(now))))
    }
}

/// A time as a version, by which the index orders the queue.
pub(crate) fn time(at: Timestamp) -> u64 {
    u64::try_from(at.0).unwrap_or_default()
}
