//! The one way to the server: text goes out by POST, text comes back, or an [`ApiError`].

use domain::{
    error::Code,
    trace::{TRACE_HEADER, TraceId},
};
use serde::Deserialize;

use super::ApiError;

/// The body of every failed answer outside GraphQL.
#[derive(Deserialize)]
struct Failure {
    error: FailureBody,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FailureBody {
    code: String,
    message: String,
    retry_after: Option<u32>,
}

/// What a failed answer says; an answer that isn't ours (a proxy's page, say) counts as no answer.
fn failure(status: u16, body: &str) -> ApiError {
    let Ok(Failure { error }) = serde_json::from_str::<Failure>(body) else {
        return match status {
            401 => ApiError::new(Code::Unauthenticated),
            413 => ApiError::new(Code::TooLarge),
            _ => ApiError::unavailable(),
        };
    };
    ApiError {
        // A code that this version doesn't know yet.
        code: Code::from_name(&error.code).unwrap_or(Code::Internal),
        message: error.message,
        retry_after: error.retry_after,
    }
}

/// Sends the JSON text and gives the text of a good answer.
pub(super) async fn post(path: &str, token: Option<&str>, body: String) -> Result<String, ApiError> {
    /// Long enough for a full batch over a slow line.
    const TIMEOUT_MILLIS: u32 = 30_000;

    let mut request = gloo_net::http::Request::post(path)
        .header("content-type", "application/json")
        .header(TRACE_HEADER, &TraceId::fresh().to_header())
        .abort_signal(Some(&web_sys::AbortSignal::timeout_with_u32(TIMEOUT_MILLIS)));
    if let Some(token) = token {
        request = request.header("authorization", &format!("Bearer {token}"));
    }
    let unavailable = |_| ApiError::unavailable();
    let response = request.body(body).map_err(unavailable)?.send().await.map_err(unavailable)?;
    let text = response.text().await.map_err(unavailable)?;
    if response.ok() { Ok(text) } else { Err(failure(response.status(), &text)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_keeps_its_code_message_and_wait() {
        let error = failure(429, r#"{"error":{"code":"RATE_LIMITED","message":"Wait.","retryAfter":17}}"#);
        assert_eq!(error.code, Code::RateLimited);
        assert_eq!((error.message.as_str(), error.retry_after), ("Wait.", Some(17)));
    }

    #[test]
    fn an_answer_that_is_not_the_servers_counts_as_none() {
        for (status, body) in [(502, "<html>Bad Gateway</html>"), (503, ""), (500, "{}")] {
            assert_eq!(failure(status, body), ApiError::unavailable(), "{body}");
        }
        assert_eq!(failure(401, "").code, Code::Unauthenticated);
        assert_eq!(failure(413, "").code, Code::TooLarge);
        assert_eq!(failure(400, r#"{"error":{"code":"NEW_CODE","message":"?"}}"#).code, Code::Internal);
    }
}
