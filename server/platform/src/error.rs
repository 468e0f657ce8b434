//! What can go wrong between the server and its table.

use std::path::PathBuf;

use aws_sdk_dynamodb::{
    error::{DisplayErrorContext, ProvideErrorMetadata, SdkError},
    operation::transact_write_items::TransactWriteItemsError,
};

/// Why a read or a write of the table did not happen.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// The condition of one or more writes did not hold, so nothing was written.
    #[error("the conditions of writes {failed:?} did not hold")]
    ConditionFailed {
        /// Which writes, by their place in the request, counted from 0.
        failed: Vec<usize>,
    },
    /// Another transaction holds an item, or the table is throttled: the same request may be tried again.
    #[error("the table is busy: {0}")]
    Busy(String),
    /// The table can't be reached, or the answer was lost: a write may have happened or not.
    #[error("the table does not answer: {0}")]
    Unavailable(String),
    /// The table refused the request for a reason that trying again does not change.
    #[error("the table refused the request: {0}")]
    Refused(String),
    /// An item does not have the shape that its kind has.
    #[error("the attribute `{attribute}` of a {kind} is not as it should be")]
    Corrupt {
        /// The kind of the item.
        kind: String,
        /// Which attribute.
        attribute: &'static str,
    },
}

impl StorageError {
    /// Whether a write's condition did not hold.
    #[must_use]
    pub const fn is_condition_failed(&self) -> bool {
        matches!(self, Self::ConditionFailed { .. })
    }

    pub(crate) fn from_sdk<E, R>(error: SdkError<E, R>) -> Self
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
        R: std::fmt::Debug,
    {
        let SdkError::ServiceError(service) = &error else {
            return Self::Unavailable(DisplayErrorContext(&error).to_string());
        };
        let metadata = service.err().meta();
        let text = || format!("{}: {}", metadata.code().unwrap_or("?"), metadata.message().unwrap_or(""));
        match metadata.code() {
            Some("ConditionalCheckFailedException") => Self::ConditionFailed { failed: vec![0] },
            Some(
                "TransactionConflictException"
                | "TransactionInProgressException"
                | "ProvisionedThroughputExceededException"
                | "RequestLimitExceeded"
                | "ThrottlingException"
                | "LimitExceededException",
            ) => Self::Busy(text()),
            Some("InternalServerError" | "InternalFailure" | "ServiceUnavailable") | None => {
                Self::Unavailable(text())
            }
            Some(_) => Self::Refused(text()),
        }
    }

    /// The reasons of a cancelled transaction, the gravest first: a refusal, then a failed condition, then a
    /// conflict.
    pub(crate) fn from_transaction<R: std::fmt::Debug>(error: SdkError<TransactWriteItemsError, R>) -> Self {
        let cancelled = match error.as_service_error() {
            Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) => cancelled,
            _ => return Self::from_sdk(error),
        };
        let (mut failed, mut busy) = (Vec::new(), false);
        for (place, reason) in cancelled.cancellation_reasons().iter().enumerate() {
            match reason.code() {
                None | Some("None") => {}
                Some("ConditionalCheckFailed") => failed.push(place),
                Some("TransactionConflict" | "ProvisionedThroughputExceeded" | "ThrottlingError") => {
                    busy = true
                }
                Some(code) => {
                    return Self::Refused(format!(
                        "write {place}: {code}: {}",
                        reason.message().unwrap_or("")
                    ));
                }
            }
        }
        match (failed.is_empty(), busy) {
            (false, _) => Self::ConditionFailed { failed },
            (true, true) => Self::Busy("transaction conflict".to_owned()),
            (true, false) => Self::Refused(cancelled.message().unwrap_or("transaction cancelled").to_owned()),
        }
    }
}

/// Why the table can't be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The folder can't be made or read.
    #[error("the data folder {path} can't be used: {source}")]
    Folder {
        /// The folder, or the file in it.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// Another process has it open.
    #[error(
        "another server is using the data folder {path}: stop it first, or give this one another folder with --data"
    )]
    InUse {
        /// The folder.
        path: PathBuf,
    },
    /// The file is not a database of this version.
    #[error("the database {path} can't be opened: {reason}")]
    Database {
        /// The file.
        path: PathBuf,
        /// What the database says.
        reason: String,
    },
    /// The table is not there and can't be made.
    #[error("the table `{name}` can't be made ready: {source}")]
    Table {
        /// The table's name.
        name: String,
        /// What went wrong.
        source: StorageError,
    },
}
