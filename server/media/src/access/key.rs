//! The key that signs addresses: RSA with 2,048 bits and SHA-1, which is what CloudFront checks.

use std::path::Path;

use platform::secret::{SecretError, load_or_create};
use rsa::{
    RsaPrivateKey,
    pkcs1v15::{Signature, SigningKey, VerifyingKey},
    pkcs8::{DecodePrivateKey as _, EncodePrivateKey as _, LineEnding},
    rand_core::OsRng,
    signature::{Keypair as _, RandomizedSigner as _, SignatureEncoding as _, Verifier as _},
};
use sha1::Sha1;

const BITS: usize = 2_048;

/// A pair of keys.
#[derive(Clone)]
pub(super) struct Key {
    signing: SigningKey<Sha1>,
    verifying: VerifyingKey<Sha1>,
}

impl Key {
    /// Reads the key from a file that only its owner can read, or makes it there.
    pub(super) fn load_or_create(path: &Path) -> Result<Self, SecretError> {
        let pem = load_or_create(path, || {
            let failed = |error: &dyn ToString| SecretError::Randomness(error.to_string());
            let key = RsaPrivateKey::new(&mut OsRng, BITS).map_err(|error| failed(&error))?;
            Ok(key.to_pkcs8_pem(LineEnding::LF).map_err(|error| failed(&error))?.to_string())
        })?;
        Self::from_pem(path, &pem)
    }

    pub(super) fn from_pem(path: &Path, pem: &str) -> Result<Self, SecretError> {
        let expected = "an RSA key in PKCS#8 PEM";
        let key = RsaPrivateKey::from_pkcs8_pem(pem);
        let key = key.map_err(|_| SecretError::Damaged { path: path.to_owned(), expected })?;
        let signing = SigningKey::new(key);
        let verifying = signing.verifying_key();
        Ok(Self { signing, verifying })
    }

    /// Blinded, so that how long it takes tells nothing about the key.
    pub(super) fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.signing.sign_with_rng(&mut OsRng, message).to_vec()
    }

    pub(super) fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        Signature::try_from(signature)
            .is_ok_and(|signature| self.verifying.verify(message, &signature).is_ok())
    }
}
