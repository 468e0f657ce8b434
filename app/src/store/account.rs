//! Signing in and out, and the user's sessions.

use std::rc::Rc;

use domain::{
    error::Code,
    id::{MutationId, SessionId},
};

use super::{
    Store,
    engine::{Live, browser},
    types::{SessionView, SignOutError, Unsent},
};
use crate::api::{ApiError, auth, operations};

impl Store {
    /// Has a sign-in code sent to the address.
    ///
    /// # Errors
    /// `BAD_EMAIL`, `RATE_LIMITED` (with the seconds to wait), or no connection.
    pub async fn request_code(self, email: String) -> Result<(), ApiError> {
        auth::request_code(&email).await
    }

    /// Signs in; [`Store::phase`] turns to ready by itself.
    ///
    /// # Errors
    /// `WRONG_CODE`, `EXPIRED_CODE`, `RATE_LIMITED`, or no connection.
    pub async fn verify_code(self, email: String, code: String) -> Result<(), ApiError> {
        let signed_in = auth::verify(&email, &code, &browser::device()).await?;
        self.engine.signed_in(self.watched, &signed_in);
        Ok(())
    }

    /// Signs out in every tab and takes the user's data off this device, with or without a connection.
    ///
    /// # Errors
    /// [`SignOutError::Unsent`] where changes would be lost and `unsent` does not allow it.
    pub async fn sign_out(self, unsent: Unsent) -> Result<(), SignOutError> {
        self.engine.sign_out(unsent).await
    }

    /// Ready when all that was done so far is in this browser's storage, so that closing the tab loses none of it.
    pub async fn stored(self) {
        if let Some(live) = self.engine.live() {
            live.all_stored().await;
        }
    }

    /// Whether closing the page now may lose a change: it is neither on the server nor in this browser's storage.
    #[must_use]
    pub fn would_lose(self) -> bool {
        self.engine.live().is_some_and(|live| live.would_lose())
    }

    /// The user's sessions, this device's first.
    ///
    /// # Errors
    /// As the server says, or no connection.
    pub async fn sessions(self) -> Result<Vec<SessionView>, ApiError> {
        let sessions = self.live()?.session.call(operations::sessions).await?;
        let view = |session: operations::Session| SessionView {
            id: session.id,
            device: session.device,
            created_at: session.created_at,
            last_seen_at: session.last_seen_at,
            current: session.current,
        };
        let mut sessions: Vec<_> = sessions.into_iter().map(view).collect();
        sessions.sort_by_key(|session| (!session.current, std::cmp::Reverse(session.last_seen_at)));
        Ok(sessions)
    }

    /// Ends one session.
    ///
    /// # Errors
    /// As the server says, or no connection.
    pub async fn revoke(self, session: SessionId) -> Result<(), ApiError> {
        let mutation = MutationId::fresh();
        self.live()?.session.call(|token| operations::revoke_session(token, mutation, session)).await
    }

    /// Ends every session of the user but this one.
    ///
    /// # Errors
    /// As the server says, or no connection.
    pub async fn sign_out_elsewhere(self) -> Result<(), ApiError> {
        let mutation = MutationId::fresh();
        self.live()?.session.call(|token| operations::sign_out_elsewhere(token, mutation)).await
    }

    /// Ends every session of the user, this one too, and takes the user's data off this device with all
    /// changes that were not sent; ask first where [`Store::unsaved_count`] says that there are some.
    ///
    /// # Errors
    /// As the server says, or no connection; then nothing happened here either.
    pub async fn sign_out_everywhere(self) -> Result<(), ApiError> {
        let (live, mutation) = (self.live()?, MutationId::fresh());
        live.session.call(|token| operations::sign_out_everywhere(token, mutation)).await?;
        live.forget().await;
        Ok(())
    }

    /// Deletes the account with everything in it, for good. `email` is typed by the user to confirm.
    ///
    /// # Errors
    /// `BAD_INPUT` where the address is another; as the server says, or no connection.
    pub async fn delete_account(self, email: String) -> Result<(), ApiError> {
        let (live, mutation) = (self.live()?, MutationId::fresh());
        live.session.call(|token| operations::delete_account(token, mutation, email.clone())).await?;
        live.forget().await;
        Ok(())
    }

    pub(super) fn live(self) -> Result<Rc<Live>, ApiError> {
        self.engine.live().ok_or_else(|| ApiError::new(Code::Unauthenticated))
    }
}
