//! Failed answers: a status, and a JSON body with a stable code and a sentence for people.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::error::Code;
use serde::Serialize;

use crate::error::AccountError;

/// The body of every failed answer outside GraphQL.
#[derive(Debug, Serialize)]
pub struct ErrorBody {
    error: ErrorFields,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ErrorFields {
    code: Code,
    message: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after: Option<i64>,
}

/// The failed answer of this code.
#[must_use]
pub fn error_response(code: Code) -> Response {
    Refusal { code, message: code.message(), retry_after: None }.into_response()
}

/// Why a route said no.
pub(super) struct Refusal {
    pub(super) code: Code,
    pub(super) message: &'static str,
    pub(super) retry_after: Option<i64>,
}

impl From<Code> for Refusal {
    fn from(code: Code) -> Self {
        Self { code, message: code.message(), retry_after: None }
    }
}

impl From<AccountError> for Refusal {
    fn from(error: AccountError) -> Self {
        let retry_after = match &error {
            AccountError::Limited { retry_after } => Some(*retry_after),
            _ => None,
        };
        Self { retry_after, ..Self::from(error.code()) }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let Self { code, message, retry_after } = self;
        let body = ErrorBody { error: ErrorFields { code, message, retry_after } };
        let mut response = (status(code), Json(body)).into_response();
        if let Some(seconds) = retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

const fn status(code: Code) -> StatusCode {
    match code {
        Code::Unauthenticated | Code::SessionEnded => StatusCode::UNAUTHORIZED,
        Code::Forbidden => StatusCode::FORBIDDEN,
        Code::NotFound => StatusCode::NOT_FOUND,
        Code::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Code::RateLimited => StatusCode::TOO_MANY_REQUESTS,
        Code::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        Code::Busy | Code::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::BAD_REQUEST,
    }
}
