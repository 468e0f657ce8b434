//! Names of blobs: which bucket, and a key that is safe as a path, a URL and a log field alike.

use std::fmt;

/// Longest key, in bytes. The embedded storage spells it in base64 as one file name of at most 255 bytes.
const KEY_BYTES: usize = 150;

/// Where a blob is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Bucket {
    /// What people uploaded, as it came: read by processing only, never handed out.
    Originals,
    /// What was made of it: read by whoever has access to the list.
    Variants,
}

/// The text is not a key that this product makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the key of a blob")]
pub struct InvalidBlobKey;

/// A blob's key: segments of `A–Z a–z 0–9 . _ -` between slashes, none empty and none that begins with a dot.
/// So there is no way up a folder, no hidden file, and nothing to escape.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlobKey(String);

impl BlobKey {
    /// Takes a key as it is, or not at all.
    ///
    /// # Errors
    /// Where it has any other form, or more than 150 bytes.
    pub fn parse(text: &str) -> Result<Self, InvalidBlobKey> {
        let plain = |segment: &str| {
            let known = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
            !segment.is_empty() && !segment.starts_with('.') && segment.bytes().all(known)
        };
        if text.len() <= KEY_BYTES && text.split('/').all(plain) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidBlobKey)
        }
    }

    /// The key as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for BlobKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_ours_are_taken() {
        for key in ["a", "0193-aa/f00d", "l/t/3/320.avif", "l/t/3/hls_720p/seg-001.m4s"] {
            assert_eq!(BlobKey::parse(key).unwrap().as_str(), key);
        }
    }

    #[test]
    fn whatever_leads_elsewhere_is_not() {
        let long = "a".repeat(KEY_BYTES + 1);
        let hostile = [
            "",
            "/",
            "/a",
            "a/",
            "a//b",
            ".",
            "..",
            "../a",
            "a/../b",
            "a/./b",
            ".hidden",
            "a/.hidden",
            "a\\b",
            "a b",
            "a\0b",
            "a\u{202e}gnp.exe",
            "ä",
            "a%2e%2e",
            "a?b",
            "a#b",
            "a\nb",
            &long,
        ];
        for key in hostile {
            assert!(BlobKey::parse(key).is_err(), "{key:?}");
        }
    }
}
