//! One trace from the browser to the table: the client's id goes into the log, and along with every request to a service.
//!
//! Lambda gives each call an id of its own where nobody before it did, and the SDK passes that one on. What the client
//! said counts, so that a request is found by one id in all places.

use aws_lambda_events::http::HeaderMap;
use aws_sdk_dynamodb::config::{SharedHttpClient, http::HttpRequest};
use domain::trace::{TRACE_HEADER, TraceId};

use crate::tap::tapped;

tokio::task_local! {
    static CURRENT: Option<TraceId>;
}

/// What a call's log lines say of the client's request that it belongs to.
#[derive(Debug, Default)]
pub struct Requested<'e> {
    /// The request's id.
    pub id: Option<&'e str>,
    /// The trace's.
    pub trace: Option<TraceId>,
}

impl<'e> Requested<'e> {
    /// Of an event that has a request's headers.
    #[must_use]
    pub fn over_http(id: Option<&'e str>, headers: &HeaderMap) -> Self {
        Self { id, trace: in_headers(headers) }
    }
}

/// The trace that these headers name.
#[must_use]
pub fn in_headers(headers: &HeaderMap) -> Option<TraceId> {
    TraceId::in_header(headers.get(TRACE_HEADER)?.to_str().ok()?)
}

/// Does this as a part of the trace.
pub(crate) async fn within<T>(trace: Option<TraceId>, work: impl Future<Output = T>) -> T {
    CURRENT.scope(trace, work).await
}

/// The same way to services, on which requests say which trace they are part of.
pub(crate) fn passing_on(client: SharedHttpClient) -> SharedHttpClient {
    tapped(client, |request| {
        let _ = CURRENT.try_with(|trace| trace.as_ref().map(|trace| say(trace, request)));
    })
}

/// The header isn't signed. What the SDK put into it stays where that is the same trace: it names the step, too.
fn say(trace: &TraceId, request: &mut HttpRequest) {
    let said = request.headers().get(TRACE_HEADER).and_then(TraceId::in_header);
    if said.as_ref() != Some(trace) {
        request.headers_mut().insert(TRACE_HEADER, trace.to_header());
    }
}
