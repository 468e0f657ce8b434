//! Rate counters in the table, so that a limit holds across restarts and across servers.

use domain::time::Timestamp;

use crate::{
    error::StorageError,
    expression::Expression,
    key::Key,
    table::{TTL, Table},
};

/// How often something may happen to one subject (an address, a peer) in fixed windows of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// Names the counter.
    pub kind: &'static str,
    /// Times in one window.
    pub times: u32,
    /// Seconds of one window.
    pub window: i64,
}

/// Why something may not happen now.
#[derive(Debug, thiserror::Error)]
pub enum RateError {
    /// It happened too often.
    #[error("too often: again in {retry_after} s")]
    Limited {
        /// Seconds until the next window.
        retry_after: i64,
    },
    /// The counter can't be read.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl Limit {
    /// Counts one more, unless the window is full.
    ///
    /// # Errors
    /// [`RateError::Limited`] where it is full.
    pub async fn count(&self, table: &Table, subject: &str, now: Timestamp) -> Result<(), RateError> {
        let seconds = now.0.div_euclid(1_000);
        let start = seconds - seconds.rem_euclid(self.window);
        let end = start + self.window;
        let update = Expression::new("SET #ttl = :ttl ADD #count :one")
            .value(TTL, end + self.window)
            .value("one", 1_u32);
        let room =
            Expression::new("attribute_not_exists(#count) OR #count < :times").value("times", self.times);
        match table.update(Key::rate(self.kind, subject, start), update, Some(room)).await {
            Ok(_) => Ok(()),
            Err(StorageError::ConditionFailed { .. }) => {
                Err(RateError::Limited { retry_after: end - seconds })
            }
            Err(error) => Err(error.into()),
        }
    }
}
