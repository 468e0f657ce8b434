//! What the server itself finds out about a media item.

use crate::{
    error::Code,
    media::{Media, MediaState, Rendition},
    sync::head::Head,
    time::Timestamp,
};

/// Something happened to a media item's file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// It begins to arrive.
    Begun,
    /// It is there, as long as was said.
    Arrived,
    /// It is being processed, and so much of that is done, in percent.
    Working(u8),
    /// Something that can be shown was made of it.
    Made(Rendition),
    /// It did not arrive, or nothing can be made of it.
    Failed(Code),
}

/// What comes of an event: the list at its next version, and the media item as it is at that version. `None` where
/// it makes no difference, because it is repeated, late, or about what is deleted; so events may come any number of
/// times and in any order.
#[must_use]
pub fn advance(head: &Head, media: &Media, event: &Event, now: Timestamp) -> Option<(Head, Media)> {
    if head.deleted || !media.is_live() {
        return None;
    }
    let mut after = media.clone();
    after.state = next(media, event)?;
    after.progress = if let Event::Working(percent) = event { Some((*percent).min(100)) } else { None };
    if let Event::Made(rendition) = event {
        after.rendition = Some(rendition.clone());
    }
    if after == *media {
        return None;
    }
    let mut head = head.clone();
    head.step(now);
    Some((head, after))
}

fn next(media: &Media, event: &Event) -> Option<MediaState> {
    match (event, media.state) {
        (Event::Begun, MediaState::Waiting) => Some(MediaState::Uploading),
        (Event::Arrived, state) if state.wants_file() => Some(MediaState::Processing),
        (Event::Working(percent), MediaState::Processing) => {
            (media.progress < Some(*percent)).then_some(MediaState::Processing)
        }
        // The user has turned it meanwhile: it can be shown, and is processed once more.
        (Event::Made(made), MediaState::Processing) if made.rotation != media.rotation => {
            Some(MediaState::Processing)
        }
        (Event::Made(made), MediaState::Processing | MediaState::Ready | MediaState::Failed(_)) => {
            (made.rotation == media.rotation).then_some(MediaState::Ready)
        }
        // The file was about to be given up when it came.
        (Event::Failed(Code::UploadExpired), MediaState::Processing) => None,
        (Event::Failed(code), state) if state.wants_file() || state == MediaState::Processing => {
            Some(MediaState::Failed(*code))
        }
        _ => None,
    }
}
