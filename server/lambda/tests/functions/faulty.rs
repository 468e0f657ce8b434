//! The embedded table behind a connection that fails as it is told.

use std::{
    fmt,
    sync::{Arc, Mutex},
    time::Duration,
};

use aws_sdk_dynamodb::{
    Client,
    config::{
        HttpClient, RuntimeComponents, SharedHttpClient,
        http::{HttpRequest, HttpResponse},
        retry::RetryConfig,
    },
};
use aws_smithy_runtime_api::{
    client::{
        http::{HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector},
        result::ConnectorError,
    },
    http::StatusCode,
};
use platform::Table;
use serde_json::Value;

/// What becomes of a request.
pub(crate) enum Fault {
    /// Nothing special.
    None,
    /// It does not get to the table, and this is the answer.
    Answer(u16, Value),
    /// It is carried out, and the answer is lost.
    Lost,
}

/// The operations that were asked for, in order.
pub(crate) type Operations = Arc<Mutex<Vec<String>>>;

type Plan = dyn Fn(&str, &Value) -> Fault + Send + Sync;

#[derive(Clone)]
struct Faulty<T> {
    behind: T,
    plan: Arc<Plan>,
    asked: Operations,
}

/// The same table, whose requests meet what the plan says of their operation and body.
pub(crate) fn faulty(
    table: &Table,
    plan: impl Fn(&str, &Value) -> Fault + Send + Sync + 'static,
) -> (Table, Operations) {
    let asked = Operations::default();
    let behind = table.client().config().http_client().unwrap();
    let client = Faulty { behind, plan: Arc::new(plan), asked: Arc::clone(&asked) };
    // As often as the functions try, with pauses that a test can wait for.
    let tries = RetryConfig::standard().with_max_attempts(3).with_initial_backoff(Duration::from_millis(1));
    let config = table.client().config().to_builder().http_client(client).retry_config(tries).build();
    (Table::existing(Client::from_conf(config), table.name()), asked)
}

impl<T> fmt::Debug for Faulty<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Faulty")
    }
}

impl HttpClient for Faulty<SharedHttpClient> {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        let behind = self.behind.http_connector(settings, components);
        let Self { plan, asked, .. } = self;
        SharedHttpConnector::new(Faulty { behind, plan: Arc::clone(plan), asked: Arc::clone(asked) })
    }
}

impl HttpConnector for Faulty<SharedHttpConnector> {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let operation = request.headers().get("x-amz-target").unwrap().rsplit('.').next().unwrap().to_owned();
        let body = serde_json::from_slice(request.body().bytes().unwrap()).unwrap();
        let fault = (self.plan)(&operation, &body);
        self.asked.lock().unwrap().push(operation);
        let behind = self.behind.clone();
        HttpConnectorFuture::new(async move {
            match fault {
                Fault::None => behind.call(request).await,
                Fault::Answer(status, body) => {
                    Ok(HttpResponse::new(StatusCode::try_from(status).unwrap(), body.to_string().into()))
                }
                Fault::Lost => {
                    behind.call(request).await?;
                    Err(ConnectorError::io("the connection broke".into()))
                }
            }
        })
    }
}
