//! The gateway's way to its subgraphs.

use std::{collections::HashMap, sync::Arc};

use aws_sdk_lambda::Client;
use domain::{
    id::{SessionId, UserId},
    trace::{TRACE_HEADER, TraceId},
};
use gateway::{Context, SubgraphRequest, Transport, TransportError};
use lambda::invoke::{Call, Invoke};
use platform::{CALLER_HEADER, Caller};
use serde_json::{Map, json};

use crate::service::{Asked, service};

const VERSION: &str = "arn:aws:lambda:eu-west-1:000000000002:function:todo:12";

fn transport(status: u16, answer: &'static str) -> (Invoke, Asked) {
    let (config, asked) = service(move |_, _| (status, answer.to_owned()));
    (Invoke::over(Client::new(&config), HashMap::from([("todo".to_owned(), VERSION.to_owned())])), asked)
}

fn request() -> SubgraphRequest {
    SubgraphRequest {
        query: Arc::from("{ heads { id } }"),
        variables: Map::from_iter([("a".to_owned(), json!(1))]),
    }
}

#[tokio::test]
async fn the_very_version_is_invoked_with_the_caller_the_trace_and_nothing_else() {
    let (transport, asked) = transport(200, r#"{"data":{}}"#);
    let caller = Caller { user: UserId::fresh(), session: SessionId::fresh(), request_id: "r".to_owned() };
    let trace = TraceId::fresh();
    let context = Context {
        headers: vec![
            (CALLER_HEADER.to_owned(), caller.to_header().unwrap()),
            (TRACE_HEADER.to_owned(), trace.to_header()),
        ],
        ..Context::default()
    };
    let answer = transport.call("todo", request(), &context).await.unwrap();
    assert_eq!(&*answer, br#"{"data":{}}"#);
    let asked = asked.lock().unwrap();
    let [(path, body)] = asked.as_slice() else { panic!("{asked:?}") };
    assert!(path.contains("function%3Atodo%3A12") || path.contains("function:todo:12"), "{path}");
    let call: Call = serde_json::from_str(body).unwrap();
    assert_eq!(
        call,
        Call {
            query: "{ heads { id } }".to_owned(),
            variables: request().variables,
            caller: Some(caller),
            trace: Some(trace)
        }
    );
}

#[tokio::test]
async fn a_subgraph_that_is_not_there_or_not_allowed_is_a_transport_error() {
    let (refusing, _) = transport(403, r#"{"Message":"not authorized"}"#);
    let context = Context::default();
    assert!(matches!(refusing.call("todo", request(), &context).await, Err(TransportError::Unreachable(_))));
    assert!(matches!(refusing.call("media", request(), &context).await, Err(TransportError::Unknown(_))));
}
