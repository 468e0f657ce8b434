//! A way to services on which something is done to, or learnt of, each request that is about to go out. Retries pass it
//! too, with their signature.

use std::{fmt, sync::Arc};

use aws_sdk_dynamodb::config::{
    ConfigBag, HttpClient, RuntimeComponents, RuntimeComponentsBuilder, SharedHttpClient, http::HttpRequest,
};
use aws_smithy_runtime_api::{
    box_error::BoxError,
    client::{
        connector_metadata::ConnectorMetadata,
        http::{HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector},
    },
};

type Tap = Arc<dyn Fn(&mut HttpRequest) + Send + Sync>;

/// The same way, tapped.
pub(crate) fn tapped(
    client: SharedHttpClient,
    tap: impl Fn(&mut HttpRequest) + Send + Sync + 'static,
) -> SharedHttpClient {
    SharedHttpClient::new(Tapped { way: client, tap: Arc::new(tap) })
}

struct Tapped<W> {
    way: W,
    tap: Tap,
}

impl<W: fmt::Debug> fmt::Debug for Tapped<W> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Tapped").field(&self.way).finish()
    }
}

impl HttpClient for Tapped<SharedHttpClient> {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        let way = self.way.http_connector(settings, components);
        SharedHttpConnector::new(Tapped { way, tap: Arc::clone(&self.tap) })
    }

    fn validate_base_client_config(
        &self,
        components: &RuntimeComponentsBuilder,
        config: &ConfigBag,
    ) -> Result<(), BoxError> {
        self.way.validate_base_client_config(components, config)
    }

    fn validate_final_config(
        &self,
        components: &RuntimeComponents,
        config: &ConfigBag,
    ) -> Result<(), BoxError> {
        self.way.validate_final_config(components, config)
    }

    fn connector_metadata(&self) -> Option<ConnectorMetadata> {
        self.way.connector_metadata()
    }
}

impl HttpConnector for Tapped<SharedHttpConnector> {
    fn call(&self, mut request: HttpRequest) -> HttpConnectorFuture {
        (self.tap)(&mut request);
        self.way.call(request)
    }
}
