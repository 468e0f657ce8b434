//! What sending the files of media, and looking at them, takes from the server.

use domain::id::{ListId, MediaId, MutationId};

use super::Store;
use crate::api::{
    ApiError,
    media::{self, Arrived, Granted, Leave, PartUrl, Quota},
};

impl Store {
    /// How much room the user's media take on the server.
    ///
    /// # Errors
    /// As the server says, or no connection.
    pub async fn media_usage(self) -> Result<Quota, ApiError> {
        self.live()?.session.call(media::usage).await
    }

    /// Leave to look at the media of lists for some minutes; those that the user may not see are left out.
    ///
    /// # Errors
    /// As the server says, or no connection.
    pub async fn media_access(self, lists: &[ListId]) -> Result<Vec<Granted>, ApiError> {
        self.live()?.session.call(|token| media::access(token, lists)).await
    }

    /// Leave to send a media item's file. It may be asked for again at any time before the file has arrived.
    ///
    /// # Errors
    /// `UPLOAD_DONE` where the file has arrived, `NOT_FOUND` while the server does not know the media item; as the
    /// server says, or no connection.
    pub async fn sign_upload(self, list: ListId, id: MediaId) -> Result<Leave, ApiError> {
        self.live()?.session.call(|token| media::sign_upload(token, list, id)).await
    }

    /// Where the parts of these numbers go; at most 100 at once.
    ///
    /// # Errors
    /// As the server says, or no connection.
    pub async fn sign_parts(
        self,
        list: ListId,
        id: MediaId,
        numbers: Vec<u32>,
    ) -> Result<Vec<PartUrl>, ApiError> {
        self.live()?.session.call(|token| media::sign_parts(token, list, id, &numbers)).await
    }

    /// Which parts of a file have arrived.
    ///
    /// # Errors
    /// As the server says, or no connection.
    pub async fn uploaded_parts(self, list: ListId, id: MediaId) -> Result<Vec<Arrived>, ApiError> {
        self.live()?.session.call(|token| media::uploaded_parts(token, list, id)).await
    }

    /// Tells the server that the whole file has been sent.
    ///
    /// # Errors
    /// `UPLOAD_MISSING` where it is not all there, `UPLOAD_SIZE` where it is not as long as was said; as the server
    /// says, or no connection.
    pub async fn confirm_upload(
        self,
        mutation: MutationId,
        list: ListId,
        id: MediaId,
    ) -> Result<(), ApiError> {
        self.live()?.session.call(|token| media::confirm_upload(token, mutation, list, id)).await
    }
}
