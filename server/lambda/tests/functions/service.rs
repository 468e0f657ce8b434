//! A stand-in for one service: it notes what it is asked, and answers as it is told.

use std::{
    fmt,
    sync::{Arc, Mutex},
};

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_dynamodb::config::{
    Credentials, HttpClient, RuntimeComponents, SharedCredentialsProvider, SharedHttpClient,
    http::{HttpRequest, HttpResponse},
};
use aws_smithy_runtime_api::{
    client::http::{HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector},
    http::StatusCode,
};

/// What a service was asked: path and body.
pub(crate) type Asked = Arc<Mutex<Vec<(String, String)>>>;

/// The configuration of clients whose service answers so, and what it is asked.
pub(crate) fn service(
    answer: impl Fn(&str, &str) -> (u16, String) + Send + Sync + 'static,
) -> (SdkConfig, Asked) {
    unsteady(move |path, body| Some(answer(path, body)))
}

/// The same of a service that leaves its client waiting where it gives nothing.
pub(crate) fn unsteady(
    answer: impl Fn(&str, &str) -> Option<(u16, String)> + Send + Sync + 'static,
) -> (SdkConfig, Asked) {
    let asked = Asked::default();
    let client = StandIn { answer: Arc::new(answer), asked: Arc::clone(&asked) };
    let config = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::from_static("eu-west-1"))
        .credentials_provider(SharedCredentialsProvider::new(Credentials::new("a", "s", None, None, "test")))
        .http_client(SharedHttpClient::new(client))
        .build();
    (config, asked)
}

type Answers = dyn Fn(&str, &str) -> Option<(u16, String)> + Send + Sync;

#[derive(Clone)]
struct StandIn {
    answer: Arc<Answers>,
    asked: Asked,
}

impl fmt::Debug for StandIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StandIn")
    }
}

impl HttpClient for StandIn {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for StandIn {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let path =
            request.uri().split_once("amazonaws.com").map_or(request.uri(), |(_, path)| path).to_owned();
        let body = String::from_utf8_lossy(request.body().bytes().unwrap_or_default()).into_owned();
        let answer = (self.answer)(&path, &body);
        self.asked.lock().unwrap().push((path, body));
        let Some((status, text)) = answer else { return HttpConnectorFuture::new(std::future::pending()) };
        HttpConnectorFuture::ready(Ok(HttpResponse::new(StatusCode::try_from(status).unwrap(), text.into())))
    }
}
