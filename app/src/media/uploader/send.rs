//! Sends bytes to the storage by `XMLHttpRequest`, the one way in a browser to know how far they are.

use std::{cell::Cell, rc::Rc};

use futures::{
    channel::oneshot,
    future::{Either, select},
};
use gloo_timers::future::TimeoutFuture;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{Blob, FormData, ProgressEvent, XmlHttpRequest};

/// How long nothing may move, in milliseconds, before the connection is given up: browsers wait for good.
const STALLED_MILLIS: u32 = 60_000;

/// What the storage, or the lack of it, answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum SendError {
    /// No answer came.
    #[error("the storage can't be reached")]
    Unreachable,
    /// The signature is too old, or was never right: another may do.
    #[error("the storage does not accept the signature")]
    Expired,
    /// It is busy, or failed by itself.
    #[error("the storage answered {0}")]
    Busy(u16),
    /// It does not take this file.
    #[error("the storage refused the file: {0}")]
    Refused(u16),
    /// The file can't be put into a form.
    #[error("the file can't be read")]
    Unreadable,
}

/// A request on its way; it is broken off when this is dropped.
struct Request {
    request: XmlHttpRequest,
    _progress: Closure<dyn FnMut(ProgressEvent)>,
    _done: Closure<dyn FnMut()>,
}

impl Drop for Request {
    fn drop(&mut self) {
        self.request.set_onloadend(None);
        // One that is done can't be broken off, and that is fine.
        drop(self.request.abort());
    }
}

/// Posts a file as the last field of a form.
pub(super) async fn post(
    url: &str,
    fields: &[(String, String)],
    file: &Blob,
    progress: impl FnMut(u64) + 'static,
) -> Result<(), SendError> {
    let form = || {
        let form = FormData::new()?;
        for (name, value) in fields {
            form.append_with_str(name, value)?;
        }
        // What comes after the file is not read by the storage.
        form.append_with_blob("file", file)?;
        Ok::<_, JsValue>(form)
    };
    let form = form().map_err(|_| SendError::Unreadable)?;
    send("POST", url, progress, |request| request.send_with_opt_form_data(Some(&form))).await
}

/// Puts a part of a file.
pub(super) async fn put(
    url: &str,
    part: &Blob,
    progress: impl FnMut(u64) + 'static,
) -> Result<(), SendError> {
    send("PUT", url, progress, |request| request.send_with_opt_blob(Some(part))).await
}

async fn send(
    method: &str,
    url: &str,
    mut progress: impl FnMut(u64) + 'static,
    start: impl FnOnce(&XmlHttpRequest) -> Result<(), JsValue>,
) -> Result<(), SendError> {
    let request = XmlHttpRequest::new().map_err(|_| SendError::Unreachable)?;
    request.open(method, url).map_err(|_| SendError::Refused(0))?;
    let (sender, mut done) = oneshot::channel();
    let moved = Rc::new(Cell::new(false));
    let has_moved = Rc::clone(&moved);
    let on_done = Closure::once(move || {
        // Whoever waited may have gone.
        let _ = sender.send(());
    });
    let on_progress = Closure::new(move |event: ProgressEvent| {
        has_moved.set(true);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count of bytes")]
        progress(event.loaded() as u64);
    });
    request.set_onloadend(Some(on_done.as_ref().unchecked_ref()));
    if let Ok(upload) = request.upload() {
        upload.set_onprogress(Some(on_progress.as_ref().unchecked_ref()));
    }
    let request = Request { request, _progress: on_progress, _done: on_done };
    start(&request.request).map_err(|_| SendError::Unreachable)?;
    // The sender lives as long as the request, so it is not lost.
    while let Either::Right(_) = select(&mut done, TimeoutFuture::new(STALLED_MILLIS)).await {
        if !moved.replace(false) {
            return Err(SendError::Unreachable);
        }
    }
    match request.request.status().unwrap_or(0) {
        200..300 => Ok(()),
        0 => Err(SendError::Unreachable),
        401 | 403 => Err(SendError::Expired),
        status @ (408 | 429 | 500..) => Err(SendError::Busy(status)),
        status => Err(SendError::Refused(status)),
    }
}
