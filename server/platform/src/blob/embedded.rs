//! The embedded storage: S3's operations on a folder, in this process. The SDK client reaches it in memory;
//! browsers reach the two ways to upload through the host's own port. Either way signatures are checked.

use std::{fmt, path::Path};

use aws_sdk_s3::{
    config::{
        BehaviorVersion, Credentials, HttpClient, Region, RequestChecksumCalculation,
        ResponseChecksumValidation, RuntimeComponents, SharedHttpClient, StalledStreamProtectionConfig,
        http::{HttpRequest, HttpResponse},
    },
    primitives::SdkBody,
};
use aws_smithy_runtime_api::client::{
    http::{HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector},
    result::ConnectorError,
};
use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use domain::limits;
use http::{HeaderValue, header::HOST};
use rand::{TryRngCore as _, rngs::OsRng};
use s3s::{
    auth::SimpleAuth,
    config::{S3Config, StaticConfigProvider},
    service::{S3Service, S3ServiceBuilder},
};

use super::{FORM_LIFE, error::BlobOpenError, store::Store};
use crate::secret::{SecretError, load_or_create};

/// The name that requests to the embedded storage are signed for. It has none of its own: browsers reach it at
/// whatever name they have reached the server by.
pub(super) const NAME: &str = "storage.invalid";
pub(super) const REGION: &str = "local";

/// The embedded storage, and who may sign for it.
#[derive(Clone)]
pub(super) struct Embedded {
    service: S3Service,
    credentials: Credentials,
}

impl Embedded {
    pub(super) fn open(data: &Path) -> Result<Self, BlobOpenError> {
        let folder = data.join("files");
        let failed = |source| BlobOpenError::Folder { path: folder.clone(), source };
        crate::embedded::create_private(&folder).map_err(failed)?;
        let store = Store::open(&folder).map_err(failed)?;
        let credentials = credentials(&data.join("storage-key"))?;
        let mut builder = S3ServiceBuilder::new(store);
        builder.set_auth(SimpleAuth::from_single(
            credentials.access_key_id(),
            credentials.secret_access_key().to_owned(),
        ));
        let mut config = S3Config::default();
        config.post_object_max_file_size = limits::IMAGE_BYTES;
        config.form_max_field_size = 8 * 1_024;
        // It counts all that has come when the file begins, and that may be the whole form.
        config.form_max_fields_size = usize::try_from(limits::IMAGE_BYTES).unwrap_or(usize::MAX) + 64 * 1_024;
        config.form_max_parts = 32;
        config.xml_max_body_size = 2 * 1_024 * 1_024;
        // It also ends forms, whatever their policy says.
        config.presigned_url_max_skew_time_secs = u32::try_from(FORM_LIFE.as_secs()).unwrap_or(900);
        builder.set_config(std::sync::Arc::new(StaticConfigProvider::new(std::sync::Arc::new(config))));
        Ok(Self { service: builder.build(), credentials })
    }

    /// The client configuration that sends every request to this storage.
    pub(super) fn configure(&self) -> aws_sdk_s3::Config {
        aws_sdk_s3::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::from_static(REGION))
            .endpoint_url(format!("http://{NAME}"))
            .force_path_style(true)
            // In memory there is nothing that could change bytes or stall.
            .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
            .response_checksum_validation(ResponseChecksumValidation::WhenRequired)
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
            .credentials_provider(self.credentials.clone())
            .http_client(SharedHttpClient::new(self.clone()))
            .build()
    }

    pub(super) const fn credentials(&self) -> &Credentials {
        &self.credentials
    }

    /// Answers a request as S3 would, under the name that all are signed for.
    pub(super) async fn answer(
        &self,
        mut request: http::Request<s3s::Body>,
    ) -> Result<http::Response<s3s::Body>, s3s::HttpError> {
        request.headers_mut().insert(HOST, HeaderValue::from_static(NAME));
        self.service.call(request).await
    }
}

impl fmt::Debug for Embedded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Embedded")
    }
}

impl HttpClient for Embedded {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Embedded {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let storage = self.clone();
        HttpConnectorFuture::new(async move {
            let other = |error: Box<dyn std::error::Error + Send + Sync>| ConnectorError::other(error, None);
            let request = request.try_into_http1x().map_err(|error| other(error.into()))?;
            let response = storage.answer(request.map(s3s::Body::http_body_unsync)).await;
            let response = response.map_err(|error| other(format!("{error:?}").into()))?;
            HttpResponse::try_from(response.map(SdkBody::from_body_1_x)).map_err(|error| other(error.into()))
        })
    }
}

/// Made at first start: an access key's name and its secret of 240 bits, on a line each.
fn credentials(path: &Path) -> Result<Credentials, SecretError> {
    let text = load_or_create(path, || {
        let mut random = [0; 38];
        OsRng.try_fill_bytes(&mut random).map_err(|error| SecretError::Randomness(error.to_string()))?;
        let (name, secret) = random.split_at(8);
        let name = name.iter().map(|byte| format!("{byte:02X}")).collect::<String>();
        Ok(format!("{name}\n{}\n", STANDARD_NO_PAD.encode(secret)))
    })?;
    let damaged = || SecretError::Damaged { path: path.to_owned(), expected: "an access key and its secret" };
    let (name, secret) = text.trim_end().split_once('\n').ok_or_else(damaged)?;
    if name.len() == 16 && secret.len() == 40 {
        Ok(Credentials::new(name, secret, None, None, "data folder"))
    } else {
        Err(damaged())
    }
}
