//! What an action does to a media item.

use crate::{
    action::{Action, MediaPatch, NewMedia},
    error::Code,
    id::ListId,
    limits::CAPTION_CHARS,
    media::{Media, MediaState, Rotation, clean_name, kind_of},
};

/// Whether a file may be added by what the device says about it.
pub(super) fn check_new(new: &NewMedia) -> Result<(), Code> {
    let kind = kind_of(&new.content_type)?;
    if kind != new.kind {
        return Err(Code::MediaType);
    }
    if clean_name(&new.name) != new.name {
        return Err(Code::BadName);
    }
    match new.bytes {
        0 => Err(Code::MediaEmpty),
        bytes if bytes > kind.max_bytes() => Err(Code::MediaTooLarge),
        _ => Ok(()),
    }
}

pub(super) fn check_patch(patch: &MediaPatch) -> Result<(), Code> {
    let too_long = |text: &String| text.chars().nth(CAPTION_CHARS).is_some();
    if patch.caption.as_ref().is_some_and(too_long) { Err(Code::CaptionTooLong) } else { Ok(()) }
}

/// Does to a media item what the action says. An action about one that is not there does nothing, and neither does
/// making one that is; one that is deleted stays as it is.
pub(in crate::sync) fn to_media(list: ListId, media: &mut Option<Media>, action: &Action) {
    match (action, media) {
        (Action::AddMedia(new), slot @ None) => *slot = Some(made(list, new)),
        (_, Some(media)) if !media.is_live() => {}
        (Action::EditMedia { patch, .. }, Some(media)) => edit(media, patch),
        (Action::DeleteMedia { at, .. }, Some(media)) => {
            media.deleted_at = Some(*at);
            // Its files go, so nothing should point at them.
            media.rendition = None;
            media.progress = None;
        }
        (Action::RetryMedia { .. }, Some(media)) => media.state = media.state.retried(),
        _ => {}
    }
}

fn made(list: ListId, new: &NewMedia) -> Media {
    Media {
        id: new.id,
        list,
        todo: new.todo,
        kind: new.kind,
        name: new.name.clone(),
        content_type: new.content_type.clone(),
        bytes: new.bytes,
        caption: String::new(),
        order: new.order.clone(),
        rotation: Rotation::None,
        created_at: new.created_at,
        deleted_at: None,
        state: MediaState::Waiting,
        progress: None,
        rendition: None,
    }
}

fn edit(media: &mut Media, patch: &MediaPatch) {
    if let Some(caption) = &patch.caption {
        media.caption.clone_from(caption);
    }
    if let Some(order) = &patch.order {
        media.order.clone_from(order);
    }
    if let Some(rotation) = patch.rotation.filter(|rotation| *rotation != media.rotation) {
        media.rotation = rotation;
        // Whatever is under way is done for the old one.
        media.progress = None;
        if media.state == MediaState::Ready {
            media.state = MediaState::Processing;
        }
    }
}
