//! One upload from beginning to end: leave is asked for, the bytes are sent, the server is told.

use domain::{error::Code, id::MutationId};
use futures::{StreamExt, TryStreamExt, stream};
use std::{cell::RefCell, collections::HashMap, rc::Rc};
use web_sys::Blob;

use super::{
    parts::{self, Part},
    queue::{Failure, Why},
    send::{self, SendError},
};
use crate::{
    api::{ApiError, media::Leave},
    media::files::{FilesError, Kept},
    store::Store,
};

/// How often leave is asked for again in one go because it has run out on the way.
const RENEWALS: u32 = 2;
/// Parts of one file that travel at one time: one that waits for its answer leaves the line to the other.
const PARTS_AT_ONCE: usize = 2;
/// Parts that leave is asked for at one time: it runs out, so not for many.
const PARTS_PER_LEAVE: usize = 4;

impl From<ApiError> for Failure {
    fn from(error: ApiError) -> Self {
        // What was added a moment ago may not have reached the server yet; a session that ended ends all this too.
        let waits = matches!(error.code, Code::NotFound | Code::Unauthenticated | Code::SessionEnded);
        if waits || error.is_temporary() {
            Self::Temporary(error.retry_after)
        } else {
            Self::Final(Why::Refused(error.code))
        }
    }
}

impl From<SendError> for Failure {
    fn from(error: SendError) -> Self {
        match error {
            SendError::Unreachable | SendError::Expired | SendError::Busy(_) => Self::Temporary(None),
            SendError::Refused(_) => Self::Final(Why::Storage),
            SendError::Unreadable => Self::Final(Why::Gone),
        }
    }
}

impl From<FilesError> for Failure {
    fn from(error: FilesError) -> Self {
        match error {
            FilesError::Gone => Self::Final(Why::Gone),
            FilesError::Full | FilesError::Closed(_) => Self::Temporary(None),
        }
    }
}

/// Sends the file. It may be broken off at any point by dropping this, and begun again later.
pub(super) async fn run(
    store: Store,
    kept: &Kept,
    file: &Blob,
    progress: Rc<dyn Fn(u64)>,
) -> Result<(), Failure> {
    #[expect(clippy::cast_precision_loss, reason = "files are shorter than 2^53 bytes")]
    if file.size() != kept.bytes as f64 {
        return Err(Failure::Final(Why::Gone));
    }
    let mut renewals = 0;
    loop {
        let leave = match store.sign_upload(kept.list, kept.media).await {
            // It arrived, and only the answer was lost.
            Err(error) if error.code == Code::UploadDone => return Ok(()),
            leave => leave?,
        };
        let sent = match leave {
            Leave::Form { url, fields } => {
                let progress = Rc::clone(&progress);
                send::post(&url, &fields, file, move |sent| progress(sent)).await.map_err(Stop::Send)
            }
            Leave::Parts { bytes } => send_parts(store, kept, file, bytes, &progress).await,
        };
        match sent {
            Ok(()) => break,
            Err(Stop::Send(SendError::Expired)) if renewals < RENEWALS => renewals += 1,
            Err(Stop::Send(error)) => return Err(error.into()),
            Err(Stop::Api(error)) => return Err(error.into()),
        }
    }
    match store.confirm_upload(MutationId::fresh(), kept.list, kept.media).await {
        Err(error) if error.code == Code::UploadDone => Ok(()),
        // The storage does not have it after all; what is missing is sent when this comes again.
        Err(error) if error.code == Code::UploadMissing => Err(Failure::Temporary(None)),
        confirmed => Ok(confirmed?),
    }
}

enum Stop {
    Send(SendError),
    Api(ApiError),
}

/// Sends the parts that have not arrived.
async fn send_parts(
    store: Store,
    kept: &Kept,
    file: &Blob,
    part_bytes: u64,
    progress: &Rc<dyn Fn(u64)>,
) -> Result<(), Stop> {
    let arrived = store.uploaded_parts(kept.list, kept.media).await.map_err(Stop::Api)?;
    let missing = parts::missing(kept.bytes, part_bytes, &arrived);
    let there = kept.bytes - missing.iter().map(Part::len).sum::<u64>();
    progress(there);
    // How far each part is; the whole is their sum.
    let sent: Rc<RefCell<HashMap<u32, u64>>> = Rc::default();
    for batch in missing.chunks(PARTS_PER_LEAVE) {
        let numbers = batch.iter().map(|part| part.number).collect();
        let urls = store.sign_parts(kept.list, kept.media, numbers).await.map_err(Stop::Api)?;
        let urls = &urls;
        stream::iter(batch)
            .map(Ok)
            .try_for_each_concurrent(PARTS_AT_ONCE, |part| {
                let (sent, progress) = (Rc::clone(&sent), Rc::clone(progress));
                let number = part.number;
                let report = move |bytes: u64| {
                    let Ok(mut sent) = sent.try_borrow_mut() else { return };
                    sent.insert(number, bytes);
                    progress(there + sent.values().sum::<u64>());
                };
                async move {
                    // Leave for something else than was asked for is a fault; it comes again.
                    let url = urls.iter().find(|url| url.number == number).ok_or(SendError::Unreachable)?;
                    let bytes = slice(file, part).ok_or(SendError::Unreadable)?;
                    send::put(&url.url, &bytes, report.clone()).await?;
                    report(part.len());
                    Ok(())
                }
            })
            .await
            .map_err(Stop::Send)?;
    }
    Ok(())
}

fn slice(file: &Blob, part: &Part) -> Option<Blob> {
    #[expect(clippy::cast_precision_loss, reason = "files are shorter than 2^53 bytes")]
    file.slice_with_f64_and_f64(part.bytes.start as f64, part.bytes.end as f64).ok()
}
