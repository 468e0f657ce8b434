//! Secrets that a machine makes for itself at its first start: files that only their owner can read.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

/// Why there is no secret.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// The file can't be read or written.
    #[error("the secret {path} can't be used: {source}")]
    File {
        /// Where it is.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The file holds something else. It is never replaced: whatever was signed with it would be void.
    #[error("{path} does not hold {expected}")]
    Damaged {
        /// Where it is.
        path: PathBuf,
        /// What should be there.
        expected: &'static str,
    },
    /// The system has no randomness.
    #[error("no randomness: {0}")]
    Randomness(String),
}

/// Reads the secret at this path, or makes it there, whole or not at all and readable by its owner only.
///
/// # Errors
/// Where the file can't be read or written, or `make` fails.
pub fn load_or_create(
    path: &Path,
    make: impl FnOnce() -> Result<String, SecretError>,
) -> Result<String, SecretError> {
    let failed = |source| SecretError::File { path: path.to_owned(), source };
    match fs::read_to_string(path) {
        Ok(secret) => Ok(secret),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let secret = make()?;
            write_private(path, secret.as_bytes()).map_err(failed)?;
            Ok(secret)
        }
        Err(source) => Err(failed(source)),
    }
}

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
    fn a_secret_is_made_once_and_private() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("data").join("key");
        assert_eq!(load_or_create(&path, || Ok("first".to_owned())).unwrap(), "first");
        assert_eq!(load_or_create(&path, || Ok("second".to_owned())).unwrap(), "first");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn without_the_secret_there_is_no_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        let made = load_or_create(&path, || Err(SecretError::Randomness("none".to_owned())));
        assert!(matches!(made, Err(SecretError::Randomness(_))));
        assert!(!path.exists());
    }
}
