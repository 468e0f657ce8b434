//! The check that a request came through CloudFront, and so through the firewall: it shows a secret that changes.

use std::time::{Duration, Instant};

use aws_sdk_secretsmanager::Client;
use sha2::{Digest, Sha256};
use tokio::sync::Mutex;

use crate::{SetupError, secret};

/// The header that CloudFront shows the secret in.
pub(crate) const HEADER: &str = "x-origin-verify";
/// While the secret changes, CloudFront's places show the last, the present or the coming one.
const LABELS: [&str; 3] = ["AWSCURRENT", "AWSPENDING", "AWSPREVIOUS"];
/// How long after a reading the secret is not read again, however many wrong ones are shown.
const PATIENCE: Duration = Duration::from_secs(30);

type Digested = [u8; 32];

/// Knows the secrets that are good now.
pub struct OriginCheck {
    client: Client,
    name: String,
    known: Mutex<Known>,
}

struct Known {
    digests: Vec<Digested>,
    read: Instant,
}

impl OriginCheck {
    /// Over the secret of this name.
    ///
    /// # Errors
    /// Where it can't be read.
    pub async fn load(client: Client, name: String) -> Result<Self, SetupError> {
        let known = Mutex::new(read(&client, &name).await?);
        Ok(Self { client, name, known })
    }

    /// Whether this is one of the good secrets. One that is not known may be new, so they are read again.
    pub async fn accepts(&self, shown: Option<&str>) -> bool {
        let Some(shown) = shown else { return false };
        // Digests are compared, so that the time it takes tells nothing of the secret.
        let shown: Digested = Sha256::digest(shown).into();
        let mut known = self.known.lock().await;
        if known.digests.contains(&shown) {
            return true;
        }
        if known.read.elapsed() < PATIENCE {
            return false;
        }
        match read(&self.client, &self.name).await {
            Ok(fresh) => *known = fresh,
            Err(error) => tracing::warn!(%error, "the origin's secret could not be read again"),
        }
        known.digests.contains(&shown)
    }
}

async fn read(client: &Client, name: &str) -> Result<Known, SetupError> {
    let mut digests = Vec::with_capacity(LABELS.len());
    for label in LABELS {
        if let Some(value) = secret::version(client, name, label).await? {
            digests.push(Sha256::digest(value).into());
        }
    }
    Ok(Known { digests, read: Instant::now() })
}
