//! How a long file is cut into parts, and which of them are still to be sent.

use std::ops::Range;

use crate::api::media::Arrived;

/// A part that is to be sent: its number, from 1, and its bytes in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) number: u32,
    pub(super) bytes: Range<u64>,
}

impl Part {
    pub(super) const fn len(&self) -> u64 {
        self.bytes.end - self.bytes.start
    }
}

/// The parts of a file of `length` bytes that have not arrived whole. A part of another length than it should have
/// was cut otherwise, or broke off, and is sent again.
pub(super) fn missing(length: u64, part_bytes: u64, arrived: &[Arrived]) -> Vec<Part> {
    let part_bytes = part_bytes.max(1);
    let parts = (1_u32..).map_while(|number| {
        let start = u64::from(number - 1).checked_mul(part_bytes).filter(|start| *start < length)?;
        Some(Part { number, bytes: start..length.min(start.saturating_add(part_bytes)) })
    });
    let is_there = |part: &Part| arrived.contains(&Arrived { number: part.number, bytes: part.len() });
    parts.filter(|part| !is_there(part)).collect()
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_has_arrived_is_not_sent_again() {
        let arrived = [Arrived { number: 1, bytes: 10 }, Arrived { number: 3, bytes: 5 }];
        assert_eq!(missing(25, 10, &arrived), [Part { number: 2, bytes: 10..20 }]);
    }

    #[test]
    fn a_part_that_broke_off_is_sent_again() {
        let arrived = [Arrived { number: 1, bytes: 9 }, Arrived { number: 2, bytes: 10 }];
        assert_eq!(missing(20, 10, &arrived), [Part { number: 1, bytes: 0..10 }]);
    }

    proptest! {
        #[test]
        fn parts_cover_every_byte_once(length in 1_u64..5_000, part_bytes in 1_u64..700) {
            let parts = missing(length, part_bytes, &[]);
            let mut at = 0;
            for (part, number) in parts.iter().zip(1..) {
                prop_assert_eq!((part.number, part.bytes.start), (number, at));
                prop_assert!(part.len() > 0 && part.len() <= part_bytes);
                at = part.bytes.end;
            }
            prop_assert_eq!(at, length);
            let arrived: Vec<_> =
                parts.iter().map(|part| Arrived { number: part.number, bytes: part.len() }).collect();
            prop_assert!(missing(length, part_bytes, &arrived).is_empty());
        }
    }
}
