//! Who may read a list's pictures and videos: signed addresses as CloudFront defines them, each good for all
//! files of one list and for [`domain::limits::ACCESS_SECONDS`] at most. The CDN checks them on AWS; on one
//! machine the host does, by the code here.
//!
//! <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-creating-signed-url-custom-policy.html>

mod encoding;
mod key;
mod policy;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use domain::{id::ListId, limits::ACCESS_SECONDS, time::Timestamp};
use platform::secret::SecretError;
use tokio::sync::OnceCell;

use key::Key;
use policy::Policy;

/// What the signing key of a single machine is called.
const LOCAL_ID: &str = "local";
/// Stands for the names that a single machine is reached by: it signs for itself, whatever it is called.
const LOCAL_ORIGIN: &str = "http://media.invalid";
/// The folder that every address begins with.
pub const FOLDER: &str = "media";

/// Why an address is not signed, or may not be read.
#[derive(Debug, thiserror::Error)]
pub enum AccessError {
    /// There is no key to sign or check with.
    #[error(transparent)]
    Key(#[from] SecretError),
    /// Making the key or a signature broke off.
    #[error("nothing can be signed: {0}")]
    Signing(String),
    /// The address is not signed, or not as it should be.
    #[error("the address is not signed")]
    Unsigned,
    /// It is signed, but by somebody else or for something else.
    #[error("the signature is not for this")]
    Mismatch,
    /// The signature has ended.
    #[error("the signature has ended")]
    Expired,
}

impl AccessError {
    /// Whether it is our own fault, rather than the address's.
    #[must_use]
    pub const fn is_fault(&self) -> bool {
        matches!(self, Self::Key(_) | Self::Signing(_))
    }
}

/// A grant of reading everything in one list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// What to append to an address after `?`.
    pub query: String,
    /// When it ends.
    pub expires: Timestamp,
}

/// Signs and checks addresses; clones share the key.
#[derive(Clone)]
pub struct Access {
    shared: Arc<Shared>,
}

struct Shared {
    id: String,
    origin: String,
    /// Where the key is made, at its first use: that takes a good part of a second.
    path: PathBuf,
    key: OnceCell<Key>,
}

impl Access {
    /// Signs with this machine's own key, which is made at its first use where it is missing.
    ///
    /// # Errors
    /// Where there is a file that holds no such key.
    pub fn local(path: &Path) -> Result<Self, SecretError> {
        let key = if path.exists() {
            OnceCell::new_with(Some(Key::load_or_create(path)?))
        } else {
            OnceCell::new()
        };
        Ok(Self::of(LOCAL_ID, LOCAL_ORIGIN, path, key))
    }

    /// Signs for a CDN at this origin (`https://stack.example`) with the key pair that it knows by this id.
    ///
    /// # Errors
    /// Where the text is not an RSA key in PKCS#8 PEM.
    pub fn cdn(id: &str, origin: &str, pem: &str) -> Result<Self, SecretError> {
        let key = Key::from_pem(Path::new("the CDN's key"), pem)?;
        Ok(Self::of(id, origin.trim_end_matches('/'), Path::new(""), OnceCell::new_with(Some(key))))
    }

    fn of(id: &str, origin: &str, path: &Path, key: OnceCell<Key>) -> Self {
        let (id, origin, path) = (id.to_owned(), origin.to_owned(), path.to_owned());
        Self { shared: Arc::new(Shared { id, origin, path, key }) }
    }

    /// Lets the holder of the answer read everything in a list, for [`ACCESS_SECONDS`] from now. Whoever calls
    /// this has made sure that the caller may see the list.
    ///
    /// # Errors
    /// [`AccessError::Key`], [`AccessError::Signing`].
    pub async fn grant(&self, list: ListId, now: Timestamp) -> Result<Grant, AccessError> {
        let key = self.key().await?.clone();
        let until = now.0.div_euclid(1_000) + i64::from(ACCESS_SECONDS);
        let policy = Policy::new(format!("{}/{FOLDER}/{list}/*", self.shared.origin), until).to_json();
        let id = self.shared.id.clone();
        let signed = tokio::task::spawn_blocking(move || {
            let signature = encoding::encode(&key.sign(policy.as_bytes()));
            format!("Policy={}&Signature={signature}&Key-Pair-Id={id}", encoding::encode(policy.as_bytes()))
        });
        let query = signed.await.map_err(|error| AccessError::Signing(error.to_string()))?;
        Ok(Grant { query, expires: Timestamp(until * 1_000) })
    }

    /// Whether an address (path and query as they came) may be read now.
    ///
    /// # Errors
    /// Where it may not; whoever asked is told nothing but that.
    pub async fn check(&self, path: &str, query: &str, now: Timestamp) -> Result<(), AccessError> {
        let mut fields = [("Policy", None), ("Signature", None), ("Key-Pair-Id", None)];
        for (name, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
            if let Some(field) = fields.iter_mut().find(|(known, _)| *known == name)
                && field.1.replace(value).is_some()
            {
                return Err(AccessError::Unsigned);
            }
        }
        let [(_, Some(policy)), (_, Some(signature)), (_, Some(id))] = fields else {
            return Err(AccessError::Unsigned);
        };
        if id != self.shared.id {
            return Err(AccessError::Mismatch);
        }
        let policy = encoding::decode(policy).ok_or(AccessError::Unsigned)?;
        let signature = encoding::decode(signature).ok_or(AccessError::Unsigned)?;
        if !self.key().await?.verify(&policy, &signature) {
            return Err(AccessError::Mismatch);
        }
        // From here on the policy is one that we made.
        let policy = Policy::parse(&policy).ok_or(AccessError::Unsigned)?;
        if !policy.covers(&format!("{}{path}", self.shared.origin)) {
            return Err(AccessError::Mismatch);
        }
        if policy.until() <= now.0.div_euclid(1_000) { Err(AccessError::Expired) } else { Ok(()) }
    }

    async fn key(&self) -> Result<&Key, AccessError> {
        let shared = &self.shared;
        let made = shared.key.get_or_try_init(|| async {
            let path = shared.path.clone();
            let made = tokio::task::spawn_blocking(move || Key::load_or_create(&path)).await;
            Ok(made.map_err(|error| AccessError::Signing(error.to_string()))??)
        });
        made.await
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
