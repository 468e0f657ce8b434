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
    /// Another transaction holds an item: the same request may be tried again.
    #[error("the table is busy: {0}")]
    Busy(String),
    /// The table takes no more for now, and was asked several times: whoever waits for it is to try later.
    #[error("the table is throttled: {0}")]
    Throttled(String),
    /// The table can't be reached, its answer was lost, or our credentials are over: a write may have happened or
    /// not.
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
            Some("TransactionConflictException" | "TransactionInProgressException") => Self::Busy(text()),
            Some(
                "ProvisionedThroughputExceededException"
                | "RequestLimitExceeded"
                | "ThrottlingException"
                | "LimitExceededException",
            ) => Self::Throttled(text()),
            // Credentials that are over are made anew by whoever made them.
            Some(
                "InternalServerError" | "InternalFailure" | "ServiceUnavailable" | "ExpiredTokenException",
            )
            | None => Self::Unavailable(text()),
            Some(_) => Self::Refused(text()),
        }
    }

    /// The reasons of a cancelled transaction, the gravest first: a refusal, then a failed condition, then too much
    /// for the table, then a conflict.
    pub(crate) fn from_transaction<R: std::fmt::Debug>(error: SdkError<TransactWriteItemsError, R>) -> Self {
        let cancelled = match error.as_service_error() {
            Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) => cancelled,
            _ => return Self::from_sdk(error),
        };
        let (mut failed, mut throttled, mut busy) = (Vec::new(), false, false);
        for (place, reason) in cancelled.cancellation_reasons().iter().enumerate() {
            match reason.code() {
                None | Some("None") => {}
                Some("ConditionalCheckFailed") => failed.push(place),
                Some("TransactionConflict") => busy = true,
                Some("ProvisionedThroughputExceeded" | "ThrottlingError") => throttled = true,
                Some(code) => {
                    return Self::Refused(format!(
                        "write {place}: {code}: {}",
                        reason.message().unwrap_or("")
                    ));
                }
            }
        }
        if !failed.is_empty() {
            return Self::ConditionFailed { failed };
        }
        let text = cancelled.message().unwrap_or("transaction cancelled").to_owned();
        match (throttled, busy) {
            (true, _) => Self::Throttled(text),
            (false, true) => Self::Busy(text),
            (false, false) => Self::Refused(text),
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
    /// No deployment has made this table.
    #[error("there is no table `{name}` in {region}")]
    Missing {
        /// The table's name.
        name: String,
        /// Where it was looked for.
        region: String,
    },
    /// The table is not one of ours.
    #[error("the table `{0}` is not one of Stack's: it has no index `by-version`")]
    Foreign(String),
    /// The table is one that must not be lost.
    #[error(
        "the table `{0}` is protected from deletion, as production's is: code that is being worked on does not write to it"
    )]
    Protected(String),
}
