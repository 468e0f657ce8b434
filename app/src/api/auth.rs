//! The sign-in routes: `/auth/*`. The refresh token is a cookie that no script sees.

use domain::{error::Code, id::UserId};
use serde::{Deserialize, Serialize};

use super::{ApiError, http};

/// What the server gives for a right code or a good refresh cookie.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SignedIn {
    /// To be shown with every GraphQL request.
    pub(crate) access_token: String,
    /// How long it is good for, in seconds.
    pub(crate) expires_in: u32,
    pub(crate) user: SignedInUser,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct SignedInUser {
    pub(crate) id: UserId,
    pub(crate) email: String,
}

#[derive(Serialize)]
struct CodeRequest<'a> {
    email: &'a str,
}

#[derive(Serialize)]
struct VerifyRequest<'a> {
    email: &'a str,
    code: &'a str,
    device: &'a str,
}

/// Has a code sent.
pub(crate) async fn request_code(email: &str) -> Result<(), ApiError> {
    http::post("/auth/code", None, text(&CodeRequest { email })?).await.map(drop)
}

/// Signs in.
pub(crate) async fn verify(email: &str, code: &str, device: &str) -> Result<SignedIn, ApiError> {
    let answer = http::post("/auth/verify", None, text(&VerifyRequest { email, code, device })?).await?;
    signed_in(&answer)
}

/// A new access token for the cookie.
pub(crate) async fn refresh() -> Result<SignedIn, ApiError> {
    signed_in(&http::post("/auth/refresh", None, "{}".to_owned()).await?)
}

/// Ends the session that the cookie belongs to, and takes the cookie away.
pub(crate) async fn sign_out() -> Result<(), ApiError> {
    http::post("/auth/sign-out", None, "{}".to_owned()).await.map(drop)
}

fn text<T: Serialize>(body: &T) -> Result<String, ApiError> {
    serde_json::to_string(body).map_err(|_| ApiError::new(Code::BadInput))
}

fn signed_in(answer: &str) -> Result<SignedIn, ApiError> {
    serde_json::from_str(answer).map_err(|_| ApiError::unavailable())
}
