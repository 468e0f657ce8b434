//! Apollo's codes, in those that the product's clients know.

use bytes::Bytes;
use domain::error::Code;
use gateway::Response;
use serde_json::{Value, json};

/// What is said of a fault that is ours.
pub(crate) const INTERNAL: &str = "Something went wrong on our side. Nothing was lost; please try again.";

/// The answer, with a code of ours for each error.
pub(crate) fn ours(status: u16, body: Bytes) -> Response {
    let Ok(mut answer) = serde_json::from_slice::<Value>(&body) else {
        tracing::error!(status, "Apollo Router's answer is not JSON");
        let errors = json!([{ "message": INTERNAL, "extensions": { "code": Code::Internal.name() } }]);
        return Response { status: 500, body: json!({ "errors": errors }).to_string().into_bytes().into() };
    };
    let Some(errors) = answer.get_mut("errors").and_then(Value::as_array_mut) else {
        return Response { status, body };
    };
    let codes: Vec<_> = errors.iter_mut().map(translate).collect();
    let status = match status {
        // A request that was not run has no data, and Apollo answers some of those with 200.
        200 if answer.get("data").is_none() && codes.contains(&Code::Internal) => 500,
        200 if answer.get("data").is_none() => 400,
        status => status,
    };
    Response { status, body: answer.to_string().into_bytes().into() }
}

/// Gives the error a code of ours, and says which.
fn translate(error: &mut Value) -> Code {
    let said = error.pointer("/extensions/code").and_then(Value::as_str).unwrap_or_default();
    if let Some(code) = Code::from_name(said) {
        return code;
    }
    let message = error.get("message").and_then(Value::as_str).unwrap_or_default();
    let code = code(said, message);
    if code == Code::Internal {
        tracing::error!(code = said, "Apollo Router failed");
    }
    let Some(error) = error.as_object_mut() else { return code };
    // Only the code: the rest says how we are built.
    error.insert("extensions".to_owned(), json!({ "code": code.name() }));
    if code == Code::Internal {
        error.insert("message".to_owned(), INTERNAL.into());
    }
    code
}

fn code(said: &str, message: &str) -> Code {
    match said {
        // Only its words tell a document that is too much from one that is wrong.
        "GRAPHQL_PARSING_FAILED" | "PARSING_ERROR" if message.contains("limit reached") => {
            Code::QueryTooCostly
        }
        "GRAPHQL_PARSING_FAILED"
        | "PARSING_ERROR"
        | "GRAPHQL_VALIDATION_FAILED"
        | "GRAPHQL_UNKNOWN_OPERATION_NAME"
        | "INTROSPECTION_DISABLED"
        | "MISSING_OPERATION" => Code::InvalidQuery,
        "MISSING_QUERY_STRING" | "INVALID_GRAPHQL_REQUEST" | "MALFORMED_REQUEST" | "BATCHING_NOT_ENABLED" => {
            Code::Malformed
        }
        "VALIDATION_INVALID_TYPE_VARIABLE" => Code::BadInput,
        "PARSER_LIMIT" | "MAX_INTROSPECTION_DEPTH" => Code::QueryTooCostly,
        _ => Code::Internal,
    }
}
