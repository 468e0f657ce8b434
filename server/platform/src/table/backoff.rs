//! The pause before the rest of a batch is asked for again. It grows, since a throttled table needs room, and it is
//! chosen by chance, so that many who were turned away at once do not come back at once.

use std::time::Duration;

use rand::Rng as _;

/// The longest first pause; each further one may be twice as long.
const FIRST: Duration = Duration::from_millis(50);
/// No pause is longer.
const LONGEST: Duration = Duration::from_secs(1);

/// Waits before a round; the first one begins at once.
pub(super) async fn before(round: u32) {
    if let Some(pauses) = round.checked_sub(1) {
        let chance = rand::rng().random::<f64>();
        tokio::time::sleep(pause(pauses, chance)).await;
    }
}

/// The pause after this many others, for a chance from 0 to 1.
fn pause(others: u32, chance: f64) -> Duration {
    let longest = FIRST.saturating_mul(2_u32.saturating_pow(others)).min(LONGEST);
    longest.mul_f64(chance)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_pause_is_anything_up_to_a_bound_that_grows_to_a_second(others in 0..40_u32, chance in 0.0..1.0) {
            let bound = pause(others, 1.0);
            prop_assert!(pause(others, chance) <= bound);
            prop_assert!(bound <= pause(others + 1, 1.0));
            prop_assert!(bound <= LONGEST);
            prop_assert!(pause(others, chance / 2.0) < pause(others, chance / 2.0 + 0.1));
        }
    }

    #[test]
    fn the_bound_doubles() {
        let bounds = [0, 1, 2, 3, 4, 5].map(|others| pause(others, 1.0).as_millis());
        assert_eq!(bounds, [50, 100, 200, 400, 800, 1_000]);
    }
}
