//! Signing in and out, and the user's sessions.

use domain::{error::Code, id::SessionId};

use super::{
    Store,
    types::{SessionView, SignOutError, Unsent},
};
use crate::api::ApiError;

impl Store {
    /// Has a sign-in code sent to the address.
    ///
    /// # Errors
    /// `BAD_EMAIL`, `RATE_LIMITED` (with the seconds to wait), or no connection.
    pub async fn request_code(self, _email: String) -> Result<(), ApiError> {
        Err(ApiError::new(Code::Unavailable))
    }

    /// Signs in; [`Store::phase`] turns to ready by itself.
    ///
    /// # Errors
    /// `WRONG_CODE`, `EXPIRED_CODE`, `RATE_LIMITED`, or no connection.
    pub async fn verify_code(self, _email: String, _code: String) -> Result<(), ApiError> {
        Err(ApiError::new(Code::Unavailable))
    }

    /// Signs out in every tab and takes the user's data off this device, with or without a connection.
    ///
    /// # Errors
    /// [`SignOutError::Unsent`] where changes would be lost and `unsent` does not allow it.
    pub async fn sign_out(self, _unsent: Unsent) -> Result<(), SignOutError> {
        Ok(())
    }

    /// The user's sessions, this device's first.
    ///
    /// # Errors
    /// As the server says, or no connection.
    pub async fn sessions(self) -> Result<Vec<SessionView>, ApiError> {
        Err(ApiError::new(Code::Unavailable))
    }

    /// Ends one session.
    ///
    /// # Errors
    /// As the server says, or no connection.
    pub async fn revoke(self, _session: SessionId) -> Result<(), ApiError> {
        Err(ApiError::new(Code::Unavailable))
    }

    /// Ends every session of the user but this one.
    ///
    /// # Errors
    /// As the server says, or no connection.
    pub async fn sign_out_elsewhere(self) -> Result<(), ApiError> {
        Err(ApiError::new(Code::Unavailable))
    }

    /// Ends every session of the user, this one too, and takes the user's data off this device.
    ///
    /// # Errors
    /// As the server says, or no connection; then nothing happened here either.
    pub async fn sign_out_everywhere(self) -> Result<(), ApiError> {
        Err(ApiError::new(Code::Unavailable))
    }

    /// Deletes the account with everything in it, for good. `email` is typed by the user to confirm.
    ///
    /// # Errors
    /// `BAD_INPUT` where the address is another; as the server says, or no connection.
    pub async fn delete_account(self, _email: String) -> Result<(), ApiError> {
        Err(ApiError::new(Code::Unavailable))
    }
}
