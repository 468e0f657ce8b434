//! How much of a piece of work is done, for whoever waits for it.

use std::sync::atomic::{AtomicU8, Ordering};

/// Where work shows how much of it is done, in percent; 0 until it knows.
#[derive(Debug, Default)]
pub struct Gauge(AtomicU8);

impl Gauge {
    /// Shows that so much is done: never less than before.
    pub fn show(&self, percent: u8) {
        self.0.fetch_max(percent.min(100), Ordering::Relaxed);
    }

    /// How much is done.
    #[must_use]
    pub fn percent(&self) -> u8 {
        self.0.load(Ordering::Relaxed)
    }
}
