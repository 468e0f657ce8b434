//! The server's secret: one Ed25519 key, made at first start, that signs access tokens and from which the key
//! for hashing sign-in codes is derived.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

use ed25519_dalek::{
    SigningKey,
    pkcs8::{DecodePrivateKey, EncodePrivateKey, spki::der::pem::LineEnding},
};
use hmac::{Hmac, Mac};
use jsonwebtoken::{DecodingKey, EncodingKey};
use rand::{TryRngCore, rngs::OsRng};
use sha2::Sha256;

/// The keys in use.
#[derive(Clone)]
pub struct Keys {
    pub(crate) signing: EncodingKey,
    pub(crate) verifying: DecodingKey,
    hashing: [u8; 32],
}

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file can't be read or written.
    #[error("the signing key {path} can't be used: {source}")]
    File {
        /// Where it is.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The file does not hold such a key.
    #[error("{path} does not hold an Ed25519 key in PKCS#8 PEM")]
    NotAKey {
        /// Where it is.
        path: PathBuf,
    },
    /// The system has no randomness.
    #[error("no randomness: {0}")]
    Randomness(String),
}

impl Keys {
    /// Reads the key from a file that only its owner can read, or makes it there.
    ///
    /// # Errors
    /// Where the file can't be read or made, or holds something else. An unreadable key is never replaced:
    /// that would end every session.
    pub fn load_or_create(path: &Path) -> Result<Self, KeyError> {
        match fs::read_to_string(path) {
            Ok(pem) => {
                let key = SigningKey::from_pkcs8_pem(&pem);
                Self::of(&key.map_err(|_| KeyError::NotAKey { path: path.to_owned() })?)
                    .ok_or_else(|| KeyError::NotAKey { path: path.to_owned() })
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Self::create(path),
            Err(source) => Err(KeyError::File { path: path.to_owned(), source }),
        }
    }

    fn create(path: &Path) -> Result<Self, KeyError> {
        let mut seed = [0; 32];
        OsRng.try_fill_bytes(&mut seed).map_err(|error| KeyError::Randomness(error.to_string()))?;
        let key = SigningKey::from_bytes(&seed);
        let not_a_key = || KeyError::NotAKey { path: path.to_owned() };
        let pem = key.to_pkcs8_pem(LineEnding::LF).map_err(|_| not_a_key())?;
        write_private(path, pem.as_bytes())
            .map_err(|source| KeyError::File { path: path.to_owned(), source })?;
        Self::of(&key).ok_or_else(not_a_key)
    }

    fn of(key: &SigningKey) -> Option<Self> {
        let der = key.to_pkcs8_der().ok()?;
        Some(Self {
            signing: EncodingKey::from_ed_der(der.as_bytes()),
            verifying: DecodingKey::from_ed_der(key.verifying_key().as_bytes()),
            hashing: keyed_hash(key.as_bytes(), &[b"stack: sign-in codes"])?,
        })
    }

    /// The hash of a sign-in code. It is keyed, since six digits alone are soon guessed by whoever reads the
    /// table. `None` never happens: any key length is fine.
    pub(crate) fn hash_code(&self, email: &str, code: &str) -> Option<[u8; 32]> {
        keyed_hash(&self.hashing, &[email.as_bytes(), b"\n", code.as_bytes()])
    }
}

fn keyed_hash(key: &[u8], parts: &[&[u8]]) -> Option<[u8; 32]> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
    parts.iter().for_each(|part| mac.update(part));
    Some(mac.finalize().into_bytes().into())
}

/// Writes the file whole or not at all, readable by its owner only.
fn write_private(path: &Path, contents: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let unfinished = path.with_extension("new");
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&unfinished)?;
    file.write_all(contents)?;
    file.sync_all()?;
    fs::rename(&unfinished, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_made_once_and_private() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("data").join("signing-key");
        let first = Keys::load_or_create(&path).unwrap();
        let second = Keys::load_or_create(&path).unwrap();
        assert_eq!(first.hash_code("a@b.example", "123456"), second.hash_code("a@b.example", "123456"));
        assert_ne!(first.hash_code("a@b.example", "123456"), first.hash_code("a@c.example", "123456"));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn a_damaged_key_is_reported_and_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("signing-key");
        fs::write(&path, "not a key").unwrap();
        assert!(matches!(Keys::load_or_create(&path), Err(KeyError::NotAKey { .. })));
        assert_eq!(fs::read_to_string(&path).unwrap(), "not a key");
    }
}
