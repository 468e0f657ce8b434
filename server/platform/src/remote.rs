//! Clients of services that are not in this process.

use aws_config::{Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_sdk_dynamodb::config::SharedHttpClient;
use aws_smithy_http_client::{
    Builder,
    tls::{Provider, rustls_provider::CryptoMode},
};

/// What clients send their requests by, with the roots of trust of the machine.
#[must_use]
pub fn https_client() -> SharedHttpClient {
    Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https()
}

/// For services at this address, such as an emulator's. Region and credentials come from the usual places; an
/// emulator over plain HTTP needs neither.
pub(crate) async fn configure(endpoint: &str) -> SdkConfig {
    let mut loader = aws_config::from_env().http_client(https_client()).endpoint_url(endpoint);
    if endpoint.starts_with("http://") && std::env::var_os("AWS_ACCESS_KEY_ID").is_none() {
        loader = loader.credentials_provider(placeholder_credentials());
    }
    let region = std::env::var("AWS_REGION").or_else(|_| std::env::var("AWS_DEFAULT_REGION"));
    loader.region(Region::new(region.unwrap_or_else(|_| "us-east-1".to_owned()))).load().await
}

/// The credentials that an emulator takes: any.
pub(crate) fn placeholder_credentials() -> Credentials {
    Credentials::new("local", "local", None, None, "local")
}
