//! The types that a batch of media actions comes in, and how they become the domain's.

use async_graphql::{ID, InputObject, OneofObject};
use domain::{
    action::{Action, Batch, MediaPatch, NewMedia},
    error::Code,
    media::Rotation,
};
use platform::graphql::{
    error, parse_id,
    scalar::{Bytes, OrderKey, Timestamp},
};

use super::{Answer, object::MediaKind};

#[derive(Debug, InputObject)]
pub(crate) struct MediaBatchInput {
    /// Chosen by the client.
    mutation_id: ID,
    list: ID,
    /// At least 1, at most 90.
    actions: Vec<MediaActionInput>,
}

/// Exactly one field is given.
#[derive(Debug, OneofObject)]
#[expect(clippy::enum_variant_names, reason = "they are the names of the domain's actions")]
pub(crate) enum MediaActionInput {
    AddMedia(NewMediaInput),
    EditMedia(EditMediaInput),
    DeleteMedia(DeleteMediaInput),
    RetryMedia(RetryMediaInput),
}

#[derive(Debug, InputObject)]
pub(crate) struct NewMediaInput {
    id: ID,
    todo: ID,
    kind: MediaKind,
    /// The file's name, without anything in it that can't be shown.
    name: String,
    content_type: String,
    bytes: Bytes,
    order: OrderKey,
    created_at: Timestamp,
}

/// A field that is left out stays as it is.
#[derive(Debug, InputObject)]
pub(crate) struct EditMediaInput {
    id: ID,
    caption: Option<String>,
    order: Option<OrderKey>,
    /// 0, 90, 180 or 270 degrees clockwise, on top of what the file says.
    rotation: Option<u16>,
}

#[derive(Debug, InputObject)]
pub(crate) struct DeleteMediaInput {
    id: ID,
    at: Timestamp,
}

#[derive(Debug, InputObject)]
pub(crate) struct RetryMediaInput {
    id: ID,
}

impl MediaBatchInput {
    pub(super) fn read(self) -> Answer<Batch> {
        let actions: Answer<_> = self.actions.into_iter().map(MediaActionInput::read).collect();
        Ok(Batch { id: parse_id(&self.mutation_id)?, list: parse_id(&self.list)?, actions: actions? })
    }
}

impl MediaActionInput {
    fn read(self) -> Answer<Action> {
        Ok(match self {
            Self::AddMedia(new) => Action::AddMedia(NewMedia {
                id: parse_id(&new.id)?,
                todo: parse_id(&new.todo)?,
                kind: new.kind.into(),
                name: new.name,
                content_type: new.content_type,
                bytes: new.bytes.0,
                order: new.order.0,
                created_at: new.created_at.0,
            }),
            Self::EditMedia(edit) => {
                let rotation = edit.rotation.map(Rotation::try_from).transpose();
                let patch = MediaPatch {
                    caption: edit.caption,
                    order: edit.order.map(|order| order.0),
                    rotation: rotation.map_err(|_| error(Code::BadInput))?,
                };
                Action::EditMedia { id: parse_id(&edit.id)?, patch }
            }
            Self::DeleteMedia(delete) => Action::DeleteMedia { id: parse_id(&delete.id)?, at: delete.at.0 },
            Self::RetryMedia(retry) => Action::RetryMedia { id: parse_id(&retry.id)? },
        })
    }
}
