//! What must become of media, worked out a second time: fields as text, and how far a file has come as a table.

use super::Fields;
use crate::{
    action::{Action, MediaPatch},
    error::Code,
    media::{Media, Rotation},
    sync::media::Event,
};

/// Applies an action that the server accepted.
pub(super) fn apply(fields: &mut Fields, action: &Action) {
    if fields.contains_key("deleted") {
        return;
    }
    match action {
        Action::AddMedia(new) if fields.is_empty() => {
            fields.extend([("name", new.name.clone()), ("caption", String::new())]);
            fields.extend([("todo", new.todo.to_string()), ("order", new.order.to_string())]);
            fields.extend([("bytes", new.bytes.to_string()), ("rotation", turn(Rotation::None))]);
            fields.extend([("state", "Waiting".to_owned()), ("path", String::new())]);
        }
        Action::EditMedia { patch, .. } => edit(fields, patch),
        Action::DeleteMedia { .. } => {
            fields.insert("deleted", String::new());
        }
        Action::RetryMedia { .. } => {
            let state = match fields["state"].as_str() {
                "Failed(UploadExpired)" | "Failed(UploadSize)" => "Waiting",
                failed if failed.starts_with("Failed") => "Processing",
                _ => return,
            };
            fields.insert("state", state.to_owned());
        }
        _ => {}
    }
}

fn edit(fields: &mut Fields, patch: &MediaPatch) {
    if let Some(caption) = &patch.caption {
        fields.insert("caption", caption.clone());
    }
    if let Some(order) = &patch.order {
        fields.insert("order", order.to_string());
    }
    if let Some(rotation) = patch.rotation.map(turn)
        && fields["rotation"] != rotation
    {
        fields.insert("rotation", rotation);
        if fields["state"] == "Ready" {
            fields.insert("state", "Processing".to_owned());
        }
    }
}

/// Applies an event. Whether it makes a difference.
pub(super) fn happen(fields: &mut Fields, event: &Event) -> bool {
    if fields.contains_key("deleted") {
        return false;
    }
    let before = fields.clone();
    let state = fields["state"].clone();
    let is_on_its_way = ["Waiting", "Uploading"].contains(&state.as_str());
    let next = match event {
        Event::Begun if state == "Waiting" => "Uploading".to_owned(),
        Event::Arrived if is_on_its_way => "Processing".to_owned(),
        Event::Made(_) if is_on_its_way => return false,
        Event::Made(rendition) => {
            let is_stale = fields["rotation"] != turn(rendition.rotation);
            if is_stale && state != "Processing" {
                return false;
            }
            fields.insert("path", rendition.path.clone());
            if is_stale { state } else { "Ready".to_owned() }
        }
        Event::Failed(Code::UploadExpired) if !is_on_its_way => return false,
        Event::Failed(code) if is_on_its_way || state == "Processing" => format!("Failed({code:?})"),
        _ => return false,
    };
    fields.insert("state", next);
    *fields != before
}

fn turn(rotation: Rotation) -> String {
    rotation.degrees().to_string()
}

/// What the server has of a live media item.
pub(super) fn fields(media: &Media) -> Fields {
    let path = media.rendition.as_ref().map(|rendition| rendition.path.clone());
    Fields::from([
        ("name", media.name.clone()),
        ("caption", media.caption.clone()),
        ("todo", media.todo.to_string()),
        ("order", media.order.to_string()),
        ("bytes", media.bytes.to_string()),
        ("rotation", turn(media.rotation)),
        ("state", format!("{:?}", media.state)),
        ("path", path.unwrap_or_default()),
    ])
}
