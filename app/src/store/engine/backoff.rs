//! How long to wait before the server is tried again.

/// Doubles from one second to a minute, with a random part so that devices don't come back in step.
#[derive(Debug, Default)]
pub(crate) struct Backoff {
    tries: u32,
}

const FIRST_MILLIS: u32 = 1_000;
const LONGEST_MILLIS: u32 = 60_000;

impl Backoff {
    /// It worked.
    pub(crate) const fn reset(&mut self) {
        self.tries = 0;
    }

    /// It failed: milliseconds to wait, at least what the server asked for. `chance` is between 0 and 1.
    pub(crate) fn failed(&mut self, chance: f64, asked_seconds: Option<u32>) -> u32 {
        let whole = FIRST_MILLIS.saturating_mul(1 << self.tries.min(16)).min(LONGEST_MILLIS);
        self.tries = self.tries.saturating_add(1);
        let half = whole / 2;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most a minute")]
        let jitter = (f64::from(half) * chance.clamp(0.0, 1.0)) as u32;
        (half + jitter).max(asked_seconds.unwrap_or(0).saturating_mul(1_000))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_grows_to_a_minute_and_starts_over() {
        let mut backoff = Backoff::default();
        assert_eq!([backoff.failed(1.0, None), backoff.failed(0.0, None)], [1_000, 1_000]);
        for _ in 0..40 {
            let wait = backoff.failed(0.5, None);
            assert!((500..=60_000).contains(&wait), "{wait}");
        }
        assert_eq!(backoff.failed(1.0, None), 60_000);
        backoff.reset();
        assert_eq!(backoff.failed(0.0, None), 500);
    }

    #[test]
    fn the_servers_wish_is_the_least() {
        assert_eq!(Backoff::default().failed(0.0, Some(30)), 30_000);
    }
}
