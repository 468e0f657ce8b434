//! `POST /graphql`: the supergraph, over subgraphs that are functions.

use std::{collections::HashMap, sync::Arc, time::Duration};

use account::error_response;
use aws_lambda_events::apigw::{ApiGatewayV2httpRequest as Event, ApiGatewayV2httpResponse as Answer};
use domain::{error::Code, trace::TRACE_HEADER};
use gateway::{Context, Limits, Response, SupergraphError, Transport};
use lambda_runtime::Error;
use platform::{CALLER_HEADER, Caller};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    Answered, Function, Invocation, Setup, SetupError, http,
    invoke::Invoke,
    size::{self, fits},
    trace::{Requested, in_headers},
};

/// The supergraph, composed by `cargo xtask schema`.
pub const SUPERGRAPH: &str = include_str!("../../../gateway/supergraph.graphql");
/// The operations of the product's own client (`app/graphql`), by which calls are counted: clients may send any name,
/// and each one that is counted costs.
pub const OPERATIONS: [&str; 15] = [
    "Changes",
    "Commit",
    "CommitMedia",
    "ConfirmUpload",
    "DeleteAccount",
    "Heads",
    "MediaAccess",
    "MediaUsage",
    "RevokeSession",
    "Sessions",
    "SignOutElsewhere",
    "SignOutEverywhere",
    "SignParts",
    "SignUpload",
    "UploadedParts",
];

/// What the answer needs of a call's time, when subgraphs have taken the rest.
const ANSWERING: Duration = Duration::from_millis(500);
/// What all others count as.
const OTHER: &str = "other";

/// What plans and runs operations: the product's own gateway, or another one in its place.
pub trait Engine: Sync {
    /// Answers the request with this body. The context's headers and deadline are the subgraphs' too.
    fn execute(&self, body: &[u8], context: &Context) -> impl Future<Output = Response>;
}

impl Engine for gateway::Gateway {
    fn execute(&self, body: &[u8], context: &Context) -> impl Future<Output = Response> {
        Self::execute(self, body, context)
    }
}

/// Answers GraphQL requests.
pub struct Gateway<E = gateway::Gateway>(E);

impl<E> Gateway<E> {
    /// With this engine.
    pub const fn with(engine: E) -> Self {
        Self(engine)
    }
}

impl Gateway {
    /// As deployed.
    ///
    /// # Errors
    /// Where the supergraph that is built in can't be used.
    pub async fn new(setup: Setup) -> Result<Self, SetupError> {
        let subgraphs = Invoke::connected(setup.subgraphs()).await;
        Ok(Self::over(Arc::new(subgraphs))?)
    }

    /// Over these subgraphs.
    ///
    /// # Errors
    /// Where the supergraph that is built in can't be used.
    pub fn over(subgraphs: Arc<dyn Transport>) -> Result<Self, SupergraphError> {
        gateway::Gateway::new(SUPERGRAPH, subgraphs, Limits::default()).map(Self)
    }
}

impl<E: Engine> Function for Gateway<E> {
    type Event = Event;
    type Answer = Answer;

    fn requested(event: &Event) -> Requested<'_> {
        http::requested(event)
    }

    async fn answer(&self, event: Event, invocation: Invocation) -> Result<Answered<Answer>, Error> {
        let id = event.request_context.request_id.clone().unwrap_or_default();
        let refused = async |code| {
            let answer = http::answer(error_response(code), &id).await;
            Ok(Answered::operation(answer, OTHER, false))
        };
        let known = event.request_context.authorizer.as_ref().map(|authorizer| &authorizer.fields);
        let caller = match known.map_or(Err(Code::Unauthenticated), |fields| caller(fields, &id)) {
            Ok(caller) => caller,
            Err(code) => return refused(code).await,
        };
        let Some(body) = http::body(&event) else { return refused(Code::Malformed).await };
        let mut headers = vec![(CALLER_HEADER.to_owned(), caller.to_header()?)];
        if let Some(trace) = in_headers(&event.headers) {
            headers.push((TRACE_HEADER.to_owned(), trace.to_header()));
        }
        let operation = operation(&body);
        let deadline = invocation.deadline.checked_sub(ANSWERING);
        let response = self.0.execute(&body, &Context { headers, deadline }).await;
        let (status, failed) = (response.status, is_fault(&response));
        let body = String::from_utf8(response.in_both_shapes().into())?;
        let answer = http::json(status, body, &id);
        if fits(&answer) {
            return Ok(Answered::operation(answer, operation, failed));
        }
        tracing::warn!(operation, "an answer was too large to be sent");
        Ok(Answered::operation(too_large(&id), operation, false))
    }
}

/// The operation's name, as it is counted.
fn operation(body: &[u8]) -> &'static str {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Named<'a> {
        operation_name: Option<&'a str>,
    }
    let named = serde_json::from_slice::<Named<'_>>(body).ok().and_then(|named| named.operation_name);
    OPERATIONS.into_iter().find(|known| Some(*known) == named).unwrap_or(OTHER)
}

/// What is said instead of an answer that Lambda would not pass on, in both shapes of refusals.
fn too_large(id: &str) -> Answer {
    let (code, message) = (Code::QueryTooCostly.name(), size::TOO_LARGE);
    let errors = json!([{ "message": message, "extensions": { "code": code } }]);
    let body = json!({ "errors": errors, "error": { "code": code, "message": message } });
    http::json(400, body.to_string(), id)
}

/// Whether something of the answer is missing by our own fault.
fn is_fault(response: &Response) -> bool {
    #[derive(Deserialize)]
    struct Body {
        #[serde(default)]
        errors: Vec<Told>,
    }
    #[derive(Deserialize)]
    struct Told {
        extensions: Option<Extensions>,
    }
    #[derive(Deserialize)]
    struct Extensions {
        code: Option<String>,
    }
    let body: Option<Body> = serde_json::from_slice(&response.body).ok();
    let codes = body.into_iter().flat_map(|body| body.errors).filter_map(|told| told.extensions?.code);
    let mut codes = codes.map(|code| Code::from_name(&code));
    response.status >= 500 || codes.any(|code| matches!(code, Some(Code::Internal | Code::Unavailable)))
}

/// Who the authorizer said this is, or why it is nobody.
fn caller(fields: &HashMap<String, Value>, id: &str) -> Result<Caller, Code> {
    let read = |name| fields.get(name).cloned();
    if let Some(refusal) = read("refusal") {
        return Err(serde_json::from_value(refusal).unwrap_or(Code::Unauthenticated));
    }
    let parsed = |name| read(name).ok_or(Code::Unauthenticated);
    let user = serde_json::from_value(parsed("user")?).map_err(|_| Code::Unauthenticated)?;
    let session = serde_json::from_value(parsed("session")?).map_err(|_| Code::Unauthenticated)?;
    Ok(Caller { user, session, request_id: id.to_owned() })
}
