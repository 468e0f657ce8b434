//! Says what a chore is doing: a line when a step begins, a line with its time when it is done.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};

/// Runs one step of a chore between its two lines.
pub(crate) fn step<T>(name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    eprintln!("\u{2192} {name}");
    let started = Instant::now();
    let done = work().with_context(|| format!("{name}: failed"))?;
    eprintln!("\u{2713} {name} ({})", seconds(started.elapsed()));
    Ok(done)
}

/// A duration for people: `0.4 s`, `3 min 12 s`.
pub(crate) fn seconds(time: Duration) -> String {
    let whole = time.as_secs();
    if whole >= 60 {
        format!("{} min {:02} s", whole / 60, whole % 60)
    } else {
        format!("{:.1} s", time.as_secs_f64())
    }
}
