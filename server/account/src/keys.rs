//! The server's secret: one Ed25519 key, made at first start, that signs access tokens and from which the key
//! for hashing sign-in codes is derived.

use std::path::Path;

use ed25519_dalek::{
    SigningKey,
    pkcs8::{DecodePrivateKey, EncodePrivateKey, spki::der::pem::LineEnding},
};
use hmac::{Hmac, Mac};
use jsonwebtoken::{DecodingKey, EncodingKey};
use platform::secret::{SecretError, load_or_create};
use rand::{TryRngCore, rngs::OsRng};
use sha2::Sha256;

/// Characters of a secret that keys are made from: 43 random letters and digits are 256 bits.
const SECRET_CHARS: usize = 43;

/// The keys in use.
#[derive(Clone)]
pub struct Keys {
    pub(crate) signing: EncodingKey,
    pub(crate) verifying: DecodingKey,
    hashing: [u8; 32],
}

impl Keys {
    /// Reads the key from a file that only its owner can read, or makes it there.
    ///
    /// # Errors
    /// Where the file can't be read or made, or holds something else. An unreadable key is never replaced:
    /// that would end every session.
    pub fn load_or_create(path: &Path) -> Result<Self, SecretError> {
        let pem = load_or_create(path, || {
            let failed = |error: &dyn ToString| SecretError::Randomness(error.to_string());
            let mut seed = [0; 32];
            OsRng.try_fill_bytes(&mut seed).map_err(|error| failed(&error))?;
            let pem = SigningKey::from_bytes(&seed).to_pkcs8_pem(LineEnding::LF);
            Ok(pem.map_err(|error| failed(&error))?.to_string())
        })?;
        let key = SigningKey::from_pkcs8_pem(&pem).ok().and_then(|key| Self::of(&key));
        let expected = "an Ed25519 key in PKCS#8 PEM";
        key.ok_or_else(|| SecretError::Damaged { path: path.to_owned(), expected })
    }

    /// The keys that a random secret stands for, the same ones each time: for hosts that keep secrets but no files.
    /// `None` where the secret is too short to have been made at random.
    #[must_use]
    pub fn from_secret(secret: &str) -> Option<Self> {
        if secret.len() < SECRET_CHARS {
            return None;
        }
        Self::of(&SigningKey::from_bytes(&keyed_hash(secret.as_bytes(), &[b"stack: signing key"])?))
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

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn the_key_is_made_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("data").join("signing-key");
        let first = Keys::load_or_create(&path).unwrap();
        let second = Keys::load_or_create(&path).unwrap();
        assert_eq!(first.hash_code("a@b.example", "123456"), second.hash_code("a@b.example", "123456"));
        assert_ne!(first.hash_code("a@b.example", "123456"), first.hash_code("a@c.example", "123456"));
    }

    #[test]
    fn a_secret_stands_for_one_key() {
        let hashed = |secret: &str| Keys::from_secret(secret).unwrap().hash_code("a@b.example", "123456");
        let (one, other) = ("a".repeat(64), "b".repeat(64));
        assert_eq!(hashed(&one), hashed(&one));
        assert_ne!(hashed(&one), hashed(&other));
        assert!(Keys::from_secret("short").is_none());
    }

    #[test]
    fn a_damaged_key_is_reported_and_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("signing-key");
        fs::write(&path, "not a key").unwrap();
        assert!(matches!(Keys::load_or_create(&path), Err(SecretError::Damaged { .. })));
        assert_eq!(fs::read_to_string(&path).unwrap(), "not a key");
    }
}
