//! The operations about media: batches of changes to them, uploads, and leave to look.

use domain::{
    action::{Action, Batch, MediaPatch, NewMedia},
    error::Code,
    id::{ListId, MediaId, MutationId},
    media::{Media, MediaState as State, Rendition, Rotation, Variant},
    sync::Receipt,
    time::Timestamp,
};
use graphql_client::GraphQLQuery;

use self::commit_media::{
    DeleteMediaInput, EditMediaInput, MediaActionInput, MediaBatchInput, NewMediaInput, RetryMediaInput,
};
use super::{
    ApiError,
    operations::{self, id, not_understood, operations, run},
    scalars::{self, MediaKind, MediaState},
};

operations! {
    CommitMedia = "graphql/commit_media.graphql",
    MediaAccess = "graphql/media_access.graphql",
    MediaUsage = "graphql/media_usage.graphql",
    SignUpload = "graphql/sign_upload.graphql",
    SignParts = "graphql/sign_parts.graphql",
    UploadedParts = "graphql/uploaded_parts.graphql",
    ConfirmUpload = "graphql/confirm_upload.graphql",
}

/// Leave to send a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Leave {
    /// By one form, whose last field, `file`, is the file.
    Form {
        /// Where it is posted to.
        url: String,
        /// The fields before the file, in order.
        fields: Vec<(String, String)>,
    },
    /// In parts of so many bytes, each by a URL of its own; the last is as long as what is left.
    Parts {
        /// Of each part but the last.
        bytes: u64,
    },
}

/// Where one part goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartUrl {
    /// From 1.
    pub number: u32,
    /// It is put there.
    pub url: String,
}

/// A part that has arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrived {
    /// From 1.
    pub number: u32,
    /// How long it is.
    pub bytes: u64,
}

/// Leave to look at a list's media for a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Granted {
    /// Whose media.
    pub list: ListId,
    /// What goes after the `?` of their addresses.
    pub query: String,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// How much room a user's media take, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// They take so much.
    pub bytes: u64,
    /// There is so much.
    pub quota: u64,
}

/// Sends a batch of media actions.
pub(super) async fn commit(token: String, batch: &Batch) -> Result<Receipt, ApiError> {
    let variables = commit_media::Variables { batch: input(batch)? };
    let answer = run::<CommitMedia>(&token, variables).await?.commit_media;
    let outcomes = answer.outcomes.iter().map(|outcome| (outcome.applied, outcome.code.as_deref()));
    Ok(Receipt {
        batch: id(&answer.mutation_id)?,
        list: id(&answer.list)?,
        version: answer.version,
        outcomes: outcomes.map(operations::outcome).collect(),
    })
}

fn input(batch: &Batch) -> Result<MediaBatchInput, ApiError> {
    Ok(MediaBatchInput {
        mutation_id: batch.id.to_string(),
        list: batch.list.to_string(),
        actions: batch.actions.iter().cloned().map(action).collect::<Result<_, _>>()?,
    })
}

fn action(action: Action) -> Result<MediaActionInput, ApiError> {
    Ok(match action {
        Action::AddMedia(new) => MediaActionInput::AddMedia(new_media(new)),
        Action::EditMedia { id, patch } => MediaActionInput::EditMedia(edit_media(id, patch)),
        Action::DeleteMedia { id, at } => {
            MediaActionInput::DeleteMedia(DeleteMediaInput { id: id.to_string(), at })
        }
        Action::RetryMedia { id } => MediaActionInput::RetryMedia(RetryMediaInput { id: id.to_string() }),
        // They go by `commit`; the replica never puts both into one batch.
        Action::CreateList(_)
        | Action::EditList(_)
        | Action::DeleteList
        | Action::CreateTodo(_)
        | Action::EditTodo { .. }
        | Action::DeleteTodo { .. }
        | Action::RestoreTodo { .. } => return Err(ApiError::new(Code::BadInput)),
    })
}

fn new_media(new: NewMedia) -> NewMediaInput {
    NewMediaInput {
        id: new.id.to_string(),
        todo: new.todo.to_string(),
        kind: MediaKind(new.kind),
        name: new.name,
        content_type: new.content_type,
        bytes: new.bytes,
        order: new.order,
        created_at: new.created_at,
    }
}

fn edit_media(id: MediaId, patch: MediaPatch) -> EditMediaInput {
    EditMediaInput {
        id: id.to_string(),
        caption: patch.caption,
        order: patch.order,
        rotation: patch.rotation.map(|rotation| i64::from(rotation.degrees())),
    }
}

/// A media item of a page of changes.
pub(super) fn media_of(
    list: ListId,
    media: operations::changes::ChangesChangesMedia,
) -> Result<Media, ApiError> {
    let failure = media.failure.as_deref();
    Ok(Media {
        id: id(&media.id)?,
        list,
        todo: id(&media.todo)?,
        kind: media.kind.0,
        name: media.name,
        content_type: media.content_type,
        bytes: media.bytes,
        caption: media.caption,
        order: media.order,
        rotation: number::<u16>(media.rotation)?.try_into().unwrap_or(Rotation::None),
        created_at: media.created_at,
        deleted_at: media.deleted_at,
        state: match media.state {
            MediaState::Waiting => State::Waiting,
            MediaState::Uploading => State::Uploading,
            MediaState::Processing => State::Processing,
            MediaState::Ready => State::Ready,
            // A code that this version doesn't know yet.
            MediaState::Failed => State::Failed(failure.and_then(Code::from_name).unwrap_or(Code::Internal)),
        },
        progress: media.progress.map(number).transpose()?,
        rendition: media.rendition.map(rendition_of).transpose()?,
    })
}

fn rendition_of(rendition: operations::changes::ChangesChangesMediaRendition) -> Result<Rendition, ApiError> {
    let variants = rendition.variants.into_iter().map(|variant| {
        let (width, height) = (number(variant.width)?, number(variant.height)?);
        Ok(Variant { width, height, format: variant.format.into(), bytes: variant.bytes })
    });
    Ok(Rendition {
        path: rendition.path,
        rotation: number::<u16>(rendition.rotation)?.try_into().unwrap_or(Rotation::None),
        width: number(rendition.width)?,
        height: number(rendition.height)?,
        duration_ms: rendition.duration_ms.map(number).transpose()?,
        placeholder: rendition.placeholder,
        variants: variants.collect::<Result<_, ApiError>>()?,
        streams: rendition.streams,
        plays: rendition.plays,
        moves: rendition.moves,
    })
}

fn number<T: TryFrom<i64>>(number: i64) -> Result<T, ApiError> {
    number.try_into().map_err(|_| not_understood())
}

/// How much room the user's media take.
pub(crate) async fn usage(token: String) -> Result<Quota, ApiError> {
    let usage = run::<MediaUsage>(&token, media_usage::Variables).await?.me.media_usage;
    Ok(Quota { bytes: usage.bytes, quota: usage.quota })
}

/// Asks for leave to look at the media of lists.
pub(crate) async fn access(token: String, lists: &[ListId]) -> Result<Vec<Granted>, ApiError> {
    let variables = media_access::Variables { lists: lists.iter().map(ListId::to_string).collect() };
    let granted = run::<MediaAccess>(&token, variables).await?.media_access.into_iter();
    let granted = granted.map(|granted| {
        Ok(Granted { list: id(&granted.list)?, query: granted.query, expires_at: granted.expires_at })
    });
    granted.collect()
}

/// Asks for leave to send a file.
pub(crate) async fn sign_upload(token: String, list: ListId, media: MediaId) -> Result<Leave, ApiError> {
    let variables = sign_upload::Variables { list: list.to_string(), media: media.to_string() };
    let target = run::<SignUpload>(&token, variables).await?.sign_upload;
    match (target.post, target.multipart) {
        (Some(post), _) => {
            let fields = post.fields.into_iter().map(|field| (field.name, field.value)).collect();
            Ok(Leave::Form { url: post.url, fields })
        }
        (None, Some(parts)) => Ok(Leave::Parts { bytes: parts.part_bytes }),
        (None, None) => Err(not_understood()),
    }
}

/// Asks where parts go.
pub(crate) async fn sign_parts(
    token: String,
    list: ListId,
    media: MediaId,
    numbers: &[u32],
) -> Result<Vec<PartUrl>, ApiError> {
    let numbers = numbers.iter().map(|number| i64::from(*number)).collect();
    let variables = sign_parts::Variables { list: list.to_string(), media: media.to_string(), numbers };
    let parts = run::<SignParts>(&token, variables).await?.sign_parts.into_iter();
    parts.map(|part| Ok(PartUrl { number: number(part.number)?, url: part.url })).collect()
}

/// Asks what has arrived.
pub(crate) async fn uploaded_parts(
    token: String,
    list: ListId,
    media: MediaId,
) -> Result<Vec<Arrived>, ApiError> {
    let variables = uploaded_parts::Variables { list: list.to_string(), media: media.to_string() };
    let parts = run::<UploadedParts>(&token, variables).await?.uploaded_parts.into_iter();
    parts.map(|part| Ok(Arrived { number: number(part.number)?, bytes: part.bytes })).collect()
}

/// Says that the file has been sent.
pub(crate) async fn confirm_upload(
    token: String,
    mutation: MutationId,
    list: ListId,
    media: MediaId,
) -> Result<(), ApiError> {
    let (list, media) = (list.to_string(), media.to_string());
    let variables = confirm_upload::Variables { mutation_id: mutation.to_string(), list, media };
    run::<ConfirmUpload>(&token, variables).await.map(drop)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_batch_names_only_what_it_changes() {
        let order: domain::order::OrderKey = "a1".parse().unwrap();
        let media = MediaId::from_u128(3);
        let new = NewMedia {
            id: media,
            todo: domain::id::TodoId::from_u128(4),
            kind: domain::media::MediaKind::Video,
            name: "sea.mp4".into(),
            content_type: "video/mp4".into(),
            bytes: 5_000_000_000,
            order,
            created_at: Timestamp(5),
        };
        let patch = MediaPatch { rotation: Some(Rotation::Left), ..MediaPatch::default() };
        let actions = vec![
            Action::AddMedia(new),
            Action::EditMedia { id: media, patch },
            Action::DeleteMedia { id: media, at: Timestamp(6) },
            Action::RetryMedia { id: media },
        ];
        let batch = Batch { id: MutationId::from_u128(1), list: ListId::from_u128(2), actions };
        let id = |number| format!("00000000-0000-0000-0000-00000000000{number}");
        let new = json!({
            "id": id(3), "todo": id(4), "kind": "VIDEO", "name": "sea.mp4", "contentType": "video/mp4",
            "bytes": 5_000_000_000_u64, "order": "a1", "createdAt": 5,
        });
        assert_eq!(
            serde_json::to_value(input(&batch).unwrap()).unwrap(),
            json!({
                "mutationId": id(1),
                "list": id(2),
                "actions": [
                    { "addMedia": new },
                    { "editMedia": { "id": id(3), "rotation": 270 } },
                    { "deleteMedia": { "id": id(3), "at": 6 } },
                    { "retryMedia": { "id": id(3) } },
                ],
            })
        );
    }
}
