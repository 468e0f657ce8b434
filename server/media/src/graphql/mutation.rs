//! What can be changed.

use async_graphql::{Context, ID, Object};
use domain::id::MutationId;
use platform::graphql::{list_error, parse_id, receipt::Receipt};

use super::{
    Answer, failure,
    input::MediaBatchInput,
    object::Media,
    scene,
    upload::{SignedPart, UploadTarget},
};

/// The root of mutations.
#[derive(Debug)]
pub struct Mutation;

#[Object]
impl Mutation {
    /// Changes to the media of one list, in one transaction. Sending a batch again has no further effect and gets the
    /// same answer.
    async fn commit_media(&self, context: &Context<'_>, batch: MediaBatchInput) -> Answer<Receipt> {
        let (caller, medias) = scene(context)?;
        let done = medias.commit(caller.user, &batch.read()?).await;
        done.map(Receipt::from).map_err(|failure| list_error(&failure))
    }

    /// Lets the caller send a media item's file straight to the storage, or go on sending it.
    async fn sign_upload(&self, context: &Context<'_>, list: ID, media: ID) -> Answer<UploadTarget> {
        let (caller, medias) = scene(context)?;
        let target = medias.sign_upload(caller.user, parse_id(&list)?, parse_id(&media)?).await;
        target.map(UploadTarget::from).map_err(|error| failure(&error))
    }

    /// Addresses that parts of a file may be put to; at most 100 at once.
    #[graphql(complexity = "numbers.len() * child_complexity")]
    async fn sign_parts(
        &self,
        context: &Context<'_>,
        list: ID,
        media: ID,
        numbers: Vec<u16>,
    ) -> Answer<Vec<SignedPart>> {
        let (caller, medias) = scene(context)?;
        let parts = medias.sign_parts(caller.user, parse_id(&list)?, parse_id(&media)?, &numbers).await;
        Ok(parts.map_err(|error| failure(&error))?.into_iter().map(SignedPart::from).collect())
    }

    /// Says that the file has been sent. Saying it again has no further effect.
    async fn confirm_upload(
        &self,
        context: &Context<'_>,
        mutation_id: ID,
        list: ID,
        media: ID,
    ) -> Answer<Media> {
        let (caller, medias) = scene(context)?;
        // It may be repeated without further effect, so nothing is kept by its id.
        parse_id::<MutationId>(&mutation_id)?;
        let arrived = medias.confirm(caller.user, parse_id(&list)?, parse_id(&media)?).await;
        arrived.map(Media::from).map_err(|error| failure(&error))
    }
}
