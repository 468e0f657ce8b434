//! What functions make once: the clients of services, and what they are told by their deployment.

use std::{env, sync::Arc, time::Duration};

use account::{Accounts, Keys, RateLimits};
use aws_config::{BehaviorVersion, SdkConfig, retry::RetryConfig, timeout::TimeoutConfig};
use domain::id::UserId;
use media::access::Access;
use platform::{
    Key, LocalPokes, Mailbox, Mailer, Pokes, SystemClock, Table,
    blob::{Blobs, BucketNames},
};

use crate::{OriginCheck, SetupError, SocketPokes, secret, trace, usage::Usage};

/// One try of one request to a service. Callers wait at most some seconds in all, so a stuck try must end early.
const ATTEMPT: Duration = Duration::from_secs(3);
const CONNECT: Duration = Duration::from_secs(1);
/// Tries of a request, with back-off and jitter between them.
const ATTEMPTS: u32 = 3;

/// The clients' common configuration.
#[derive(Debug)]
pub struct Setup {
    config: SdkConfig,
    usage: Option<Usage>,
}

impl Setup {
    /// Reads the region and the credentials. What the clients consume is counted where there is a counter.
    pub async fn read(usage: Option<Usage>) -> Self {
        let client = trace::passing_on(platform::https_client());
        let client = match &usage {
            Some(usage) => usage.counting(client),
            None => client,
        };
        let loader = aws_config::defaults(BehaviorVersion::latest()).http_client(client);
        Self { usage, ..Self::over(&loader.load().await) }
    }

    /// Over this configuration, with our own times and tries.
    #[must_use]
    pub fn over(config: &SdkConfig) -> Self {
        let timeouts = TimeoutConfig::builder().connect_timeout(CONNECT).operation_attempt_timeout(ATTEMPT);
        let tries = RetryConfig::standard().with_max_attempts(ATTEMPTS);
        let config = config.to_builder().timeout_config(timeouts.build()).retry_config(tries).build();
        Self { config, usage: None }
    }

    /// The clients' configuration.
    #[must_use]
    pub const fn config(&self) -> &SdkConfig {
        &self.config
    }

    /// The table that the deployment made, connected: the first call need not wait for that.
    ///
    /// # Errors
    /// Where it does not say which one.
    pub async fn table(&self) -> Result<Table, SetupError> {
        let mut config = aws_sdk_dynamodb::config::Builder::from(&self.config);
        if let Some(usage) = &self.usage {
            config = config.interceptor(usage.meter().clone());
        }
        let client = aws_sdk_dynamodb::Client::from_conf(config.build());
        let table = Table::existing(client, &variable("TABLE")?);
        // Nobody's: every function may read below users.
        if let Err(error) = table.get(&Key::profile(UserId::fresh())).await {
            tracing::warn!(%error, "the table did not answer at the start");
        }
        Ok(table)
    }

    /// The buckets that the deployment made.
    ///
    /// # Errors
    /// Where it does not say which ones.
    pub fn blobs(&self) -> Result<Blobs, SetupError> {
        let names = BucketNames { originals: variable("ORIGINALS")?, variants: variable("VARIANTS")? };
        // A file takes longer than any other request.
        Ok(Blobs::existing(&self.patient(), names)?)
    }

    /// What subgraphs are invoked by. A slow one is waited for as long as there is time: begun anew it would only have
    /// more to do. One that was not reached, or not let in, is tried again.
    #[must_use]
    pub fn subgraphs(&self) -> aws_sdk_lambda::Client {
        aws_sdk_lambda::Client::new(&self.patient())
    }

    /// Without a limit for a single try.
    fn patient(&self) -> SdkConfig {
        let timeouts = TimeoutConfig::builder().connect_timeout(CONNECT).build();
        self.config.to_builder().timeout_config(timeouts).build()
    }

    /// The check that a request came through CloudFront.
    ///
    /// # Errors
    /// Where the secret can't be read.
    pub async fn origin(&self) -> Result<OriginCheck, SetupError> {
        OriginCheck::load(self.secrets(), variable("ORIGIN_SECRET")?).await
    }

    /// The way to connected devices.
    ///
    /// # Errors
    /// Where the deployment does not say where they connect.
    pub fn pokes(&self, table: Table) -> Result<Arc<SocketPokes>, SetupError> {
        Ok(Arc::new(SocketPokes::new(&self.config, &variable("SOCKETS")?, table)))
    }

    /// The account service for a function that only asks who a caller is: it neither sends mail nor pokes.
    ///
    /// # Errors
    /// Where the key can't be had.
    pub async fn authorising(&self, table: Table) -> Result<Accounts, SetupError> {
        self.accounts(table, Arc::new(Mailbox::quiet()), Arc::new(LocalPokes::default())).await
    }

    /// The account service over these ports.
    ///
    /// # Errors
    /// Where the key can't be had.
    pub async fn accounts(
        &self,
        table: Table,
        mailer: Arc<dyn Mailer>,
        pokes: Arc<dyn Pokes>,
    ) -> Result<Accounts, SetupError> {
        let secret = secret::read(&self.secrets(), &variable("SIGNING_SECRET")?).await?;
        let keys = Keys::from_secret(&secret).ok_or(SetupError::WeakSecret)?;
        Ok(Accounts::new(table, Arc::new(SystemClock), mailer, pokes, keys, RateLimits::default()))
    }

    /// What signs addresses of media, so that CloudFront lets them through.
    ///
    /// # Errors
    /// Where the key can't be had.
    pub async fn access(&self) -> Result<Access, SetupError> {
        let pem = secret::read(&self.secrets(), &variable("MEDIA_KEY")?).await?;
        Ok(Access::cdn(&variable("MEDIA_KEY_ID")?, &variable("MEDIA_ORIGIN")?, &pem)?)
    }

    fn secrets(&self) -> aws_sdk_secretsmanager::Client {
        aws_sdk_secretsmanager::Client::new(&self.config)
    }
}

/// What the deployment says under this name.
///
/// # Errors
/// Where it says nothing.
pub(crate) fn variable(name: &'static str) -> Result<String, SetupError> {
    env::var(name).map_err(|_| SetupError::Variable(name))
}

/// What the deployment says under this name, if it says anything.
pub(crate) fn variable_if_any(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}
