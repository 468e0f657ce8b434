//! One GraphQL request: its body, and what its answer says. Nothing here is generic but the last step, since
//! every type it is made for costs bytes.

use domain::error::Code;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{ApiError, http};

#[derive(Deserialize)]
struct Answer<'a> {
    #[serde(borrow)]
    data: Option<&'a RawValue>,
    #[serde(default)]
    errors: Vec<Failure>,
}

#[derive(Deserialize)]
struct Failure {
    message: String,
    #[serde(default)]
    extensions: Extensions,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Extensions {
    code: Option<String>,
    retry_after: Option<u32>,
}

/// Sends the request and gives the text of the answer's `data`.
pub(super) async fn post(token: &str, body: String) -> Result<String, ApiError> {
    data(&http::post("/graphql", Some(token), body).await?)
}

/// The text of `data`. Every operation here asks for one thing, so an error anywhere fails it all.
fn data(answer: &str) -> Result<String, ApiError> {
    let answer: Answer<'_> = serde_json::from_str(answer).map_err(|_| ApiError::unavailable())?;
    if let Some(failure) = answer.errors.into_iter().next() {
        let code = failure.extensions.code.as_deref().and_then(Code::from_name);
        return Err(ApiError {
            code: code.unwrap_or(Code::Internal),
            message: failure.message,
            retry_after: failure.extensions.retry_after,
        });
    }
    answer.data.map(|data| data.get().to_owned()).ok_or_else(ApiError::unavailable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_anywhere_fails_the_operation() {
        let answer = r#"{"data":{"heads":null},"errors":[{"message":"Please sign in.","path":["heads"],
            "extensions":{"code":"UNAUTHENTICATED"}}]}"#;
        assert_eq!(data(answer).unwrap_err().code, Code::Unauthenticated);
        assert_eq!(data(r#"{"errors":[{"message":"?"}]}"#).unwrap_err().code, Code::Internal);
    }

    #[test]
    fn data_comes_through_as_it_is() {
        assert_eq!(data(r#"{"data":{"heads":[]}}"#).unwrap(), r#"{"heads":[]}"#);
        assert_eq!(data("{}").unwrap_err(), ApiError::unavailable());
        assert_eq!(data("<html>").unwrap_err(), ApiError::unavailable());
    }
}
