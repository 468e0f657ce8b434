//! Why an import did not happen, or not wholly.

use std::path::PathBuf;

use domain::{error::Code, limits::LISTS_PER_USER, transfer::ReadError};
use platform::{OpenError, StorageError};

/// What `server import` says when it fails; each text says what to do.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file can't be opened or read.
    #[error("{path} can't be read: {source}", path = .path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The file holds nothing that can be imported.
    #[error("{path}: {source}", path = .path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: ReadError,
    },
    /// `--user` is no e-mail address.
    #[error("`{0}` is not an e-mail address")]
    BadEmail(String),
    /// Nobody signed in with this address yet.
    #[error("there is no account for {0}: sign in with this address once, then import again")]
    NoAccount(String),
    /// There is no data folder.
    #[error("there is no data in {0}: start the server once, or name its folder with --data")]
    NoData(PathBuf),
    /// Another process has the data folder and takes no imports.
    #[error(
        "another process uses the data folder {0} and takes no imports: \
         wait until it is ready, or stop it, then import again"
    )]
    InUse(PathBuf),
    /// The table can't be opened.
    #[error(transparent)]
    Open(OpenError),
    /// The table failed.
    #[error("{0}. Run the same command again: it goes on where it stopped")]
    Storage(#[from] StorageError),
    /// The running server went away.
    #[error("the server stopped answering: {0}. Run the same command again: it goes on where it stopped")]
    Lost(std::io::Error),
    /// The lists would be more than a user can have. Nothing was changed.
    #[error(
        "the account has {there} lists and this file brings {new} more, but {LISTS_PER_USER} are as many \
         as there can be: nothing was imported"
    )]
    TooManyLists {
        /// Lists of the account.
        there: usize,
        /// Lists in the file that it does not have yet.
        new: usize,
    },
    /// A batch as a whole was refused.
    #[error("{code}: {message} Run the same command again: it goes on where it stopped", code = .0.name(), message = .0.message())]
    Refused(Code),
    /// Some todos were refused; they were named in the report.
    #[error("{0} todos were refused; they are named above")]
    Partly(usize),
}
