//! Clients of services that are not in this process.

use aws_config::{Region, SdkConfig};
use aws_credential_types::{Credentials, provider::ProvideCredentials as _};
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

/// AWS as this machine's environment and profiles say: for a table and buckets that a deployment made.
#[derive(Debug, Clone)]
pub struct Aws {
    config: SdkConfig,
    region: String,
}

/// Why AWS can't be used from here.
#[derive(Debug, thiserror::Error)]
pub enum AwsError {
    /// Nothing says in which region to look.
    #[error("there is no region: say which with --region, or set AWS_REGION")]
    NoRegion,
    /// Nothing says as whom to look, or what does so is over.
    #[error(
        "there are no credentials for AWS ({0}): set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
    )]
    NoCredentials(String),
}

impl Aws {
    /// Finds the credentials, and the region where none is given.
    ///
    /// # Errors
    /// Where there are none.
    pub async fn find(region: Option<&str>) -> Result<Self, AwsError> {
        let mut loader = aws_config::from_env().http_client(https_client());
        if let Some(region) = region {
            loader = loader.region(Region::new(region.to_owned()));
        }
        let config = loader.load().await;
        let region = config.region().ok_or(AwsError::NoRegion)?.to_string();
        let none = |reason: &dyn ToString| AwsError::NoCredentials(reason.to_string());
        let provider = config.credentials_provider().ok_or_else(|| none(&"none are set up"))?;
        provider.provide_credentials().await.map_err(|error| none(&error))?;
        Ok(Self { config, region })
    }

    /// The region in which tables and buckets are looked for.
    #[must_use]
    pub fn region(&self) -> &str {
        &self.region
    }

    /// The configuration of a client, for services at another address where one is given.
    pub(crate) fn at(&self, endpoint: Option<&str>) -> SdkConfig {
        match endpoint {
            Some(endpoint) => self.config.to_builder().endpoint_url(endpoint).build(),
            None => self.config.clone(),
        }
    }
}

/// The credentials that an emulator takes: any.
pub(crate) fn placeholder_credentials() -> Credentials {
    Credentials::new("local", "local", None, None, "local")
}
