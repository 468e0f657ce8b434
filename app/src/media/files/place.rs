//! The origin's private file system: one folder for each user, one file for each media item. Files are copied there as
//! streams, so that a long video is never in memory whole.

use domain::id::UserId;
use js_sys::{AsyncIterator, Function, Promise, Reflect};
use leptos::logging;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, File, FileSystemDirectoryHandle, FileSystemFileHandle, FileSystemGetDirectoryOptions,
    FileSystemGetFileOptions, FileSystemRemoveOptions, FileSystemWritableFileStream,
};

use super::FilesError;

/// How old, in milliseconds, a file without a row must be to be taken away: another tab may be about to write the row.
const ABANDONED: f64 = 86_400_000.0;

/// A user's folder; none where the browser has no such file system or lets no page write to it.
pub(super) struct Place(Option<FileSystemDirectoryHandle>);

fn folder(user: UserId) -> String {
    format!("media-{user}")
}

async fn wait<T: JsCast>(promise: Promise) -> Result<T, JsValue> {
    JsFuture::from(promise).await?.dyn_into()
}

/// The next of the names that an iterator of the browser gives.
async fn next_name(names: &AsyncIterator) -> Option<String> {
    let step = JsFuture::from(names.next().ok()?).await.ok()?;
    // There is no value in the last step.
    Reflect::get(&step, &"value".into()).ok()?.as_string()
}

async fn root() -> Option<FileSystemDirectoryHandle> {
    let storage = web_sys::window()?.navigator().storage();
    // Older browsers, and pages that are not secure, have no such thing.
    let open: Function = Reflect::get(&storage, &"getDirectory".into()).ok()?.dyn_into().ok()?;
    wait(open.call0(&storage).ok()?.dyn_into().ok()?).await.ok()
}

/// Whether a page may write: Safari before 26 lets workers only.
fn is_writable() -> bool {
    let of = |name: &str, object: &JsValue| Reflect::get(object, &name.into()).ok();
    of("FileSystemFileHandle", &js_sys::global())
        .and_then(|class| of("prototype", &class))
        .and_then(|prototype| of("createWritable", &prototype))
        .is_some_and(|function| function.is_function())
}

impl Place {
    pub(super) async fn open(user: UserId) -> Self {
        if !is_writable() {
            return Self(None);
        }
        let Some(root) = root().await else { return Self(None) };
        let options = FileSystemGetDirectoryOptions::new();
        options.set_create(true);
        Self(wait(root.get_directory_handle_with_options(&folder(user), &options)).await.ok())
    }

    async fn handle(&self, name: &str, create: bool) -> Result<Option<FileSystemFileHandle>, FilesError> {
        let Some(folder) = &self.0 else { return Ok(None) };
        let options = FileSystemGetFileOptions::new();
        options.set_create(create);
        Ok(Some(wait(folder.get_file_handle_with_options(name, &options)).await?))
    }

    /// Writes a file. Says `false` where there is no place for it.
    pub(super) async fn write(&self, name: &str, file: &Blob) -> Result<bool, FilesError> {
        let Some(handle) = self.handle(name, true).await? else { return Ok(false) };
        let target: FileSystemWritableFileStream = wait(handle.create_writable()).await?;
        // Closes the target when all is through, and throws it away when the source breaks off.
        JsFuture::from(file.stream().pipe_to(&target)).await?;
        Ok(true)
    }

    /// The file of this name; `None` where it would not be here.
    pub(super) async fn read(&self, name: &str) -> Result<Option<Blob>, FilesError> {
        let Some(handle) = self.handle(name, false).await? else { return Ok(None) };
        let file: File = wait(handle.get_file()).await?;
        Ok(Some(file.into()))
    }

    /// Takes a file away; one that is not there is no matter.
    pub(super) async fn remove(&self, name: &str) {
        if let Some(folder) = &self.0 {
            drop(JsFuture::from(folder.remove_entry(name)).await);
        }
    }

    /// Takes files away that no row tells of and that nobody is writing.
    pub(super) async fn sweep(&self, kept: &[String]) {
        let Some(folder) = &self.0 else { return };
        let names = folder.keys();
        let mut abandoned = Vec::new();
        while let Some(name) = next_name(&names).await {
            if !kept.contains(&name) && self.is_abandoned(&name).await {
                abandoned.push(name);
            }
        }
        for name in abandoned {
            logging::log!("A file that was never added is taken away");
            self.remove(&name).await;
        }
    }

    async fn is_abandoned(&self, name: &str) -> bool {
        let Ok(Some(handle)) = self.handle(name, false).await else { return false };
        let file: Result<File, _> = wait(handle.get_file()).await;
        file.is_ok_and(|file| js_sys::Date::now() - file.last_modified() > ABANDONED)
    }

    pub(super) async fn forget(user: UserId) {
        let Some(root) = root().await else { return };
        let options = FileSystemRemoveOptions::new();
        options.set_recursive(true);
        drop(JsFuture::from(root.remove_entry_with_options(&folder(user), &options)).await);
    }
}
