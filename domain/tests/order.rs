//! Order keys: always strictly between, always short, never stuck.
#![expect(clippy::unwrap_used, reason = "tests")]

use domain::{
    limits::ORDER_CHARS,
    order::{OrderKey, place},
};
use proptest::prelude::*;

/// Any key that the parser takes, whoever made it.
fn any_key() -> impl Strategy<Value = OrderKey> {
    prop_oneof!["[0-9A-Za-z]{0,6}[1-9A-Za-z]", "0{0,40}[0-9A-Za-z]{0,3}1", "z{1,40}"]
        .prop_map(|text| text.parse().unwrap())
}

fn check(before: Option<&OrderKey>, key: &OrderKey, after: Option<&OrderKey>) {
    assert!(before.is_none_or(|before| before < key), "{before:?} {key:?}");
    assert!(after.is_none_or(|after| key < after), "{key:?} {after:?}");
    assert_eq!(key.as_str().parse::<OrderKey>().as_ref(), Ok(key));
}

proptest! {
    #[test]
    fn a_key_lies_strictly_between_any_two(a in any_key(), b in any_key(), entropy: u64) {
        prop_assume!(a != b);
        let (low, high) = if a < b { (&a, &b) } else { (&b, &a) };
        check(Some(low), &OrderKey::between(Some(low), Some(high), entropy).unwrap(), Some(high));
        check(None, &OrderKey::between(None, Some(low), entropy).unwrap(), Some(low));
        check(Some(high), &OrderKey::between(Some(high), None, entropy).unwrap(), None);
        prop_assert_eq!(OrderKey::between(Some(high), Some(low), entropy), None);
        prop_assert_eq!(OrderKey::between(Some(low), Some(low), entropy), None);
    }

    #[test]
    fn random_inserts_keep_the_order(places in prop::collection::vec((any::<prop::sample::Index>(), any::<u64>()), 1..400)) {
        let mut keys: Vec<OrderKey> = Vec::new();
        for (place, entropy) in places {
            let at = place.index(keys.len() + 1);
            let key = OrderKey::between(at.checked_sub(1).map(|i| &keys[i]), keys.get(at), entropy).unwrap();
            prop_assert!(key.as_str().len() <= 40, "{key}");
            keys.insert(at, key);
            prop_assert!(keys.is_sorted());
        }
    }

    #[test]
    fn a_series_is_in_order_and_within_its_bounds(a in any_key(), b in any_key(), count in 0_usize..300, entropy: u64) {
        prop_assume!(a < b);
        for (before, after) in [(Some(&a), Some(&b)), (None, Some(&a)), (Some(&b), None), (None, None)] {
            let keys = OrderKey::series(before, after, count, entropy).unwrap();
            prop_assert_eq!(keys.len(), count);
            prop_assert!(keys.windows(2).all(|pair| pair[0] < pair[1]));
            for key in &keys {
                check(before, key, after);
            }
        }
    }

    #[test]
    fn placing_works_among_ties_too(texts in prop::collection::vec("[1-3]", 0..12), at in 0_usize..14, entropy: u64) {
        let mut keys: Vec<OrderKey> = texts.iter().map(|text| text.parse().unwrap()).collect();
        keys.sort();
        let placed = place(&keys.iter().collect::<Vec<_>>(), at, entropy).unwrap();
        let (before, after) = (at.min(keys.len()), keys.clone());
        let tied = before > 0 && before < keys.len() && keys[before - 1] == keys[before];
        prop_assert_eq!(placed.moved.is_empty(), !tied);
        for (position, key) in placed.moved {
            keys[position] = key;
        }
        // Only what was tied may stay tied, and nothing passes another.
        prop_assert!(keys.is_sorted(), "{after:?} became {keys:?}");
        check(before.checked_sub(1).map(|i| &keys[i]), &placed.key, keys.get(before));
    }
}

#[test]
fn ten_thousand_at_either_end_stay_short() {
    let (mut last, mut first) = (None, None);
    for entropy in 0..10_000 {
        last = OrderKey::between(last.as_ref(), None, entropy);
        first = OrderKey::between(None, first.as_ref(), entropy);
    }
    assert!(last.unwrap().as_str().len() < 12);
    assert!(first.unwrap().as_str().len() < 12);
}

#[test]
fn ten_thousand_between_two_neighbours_stay_short() {
    let ends = OrderKey::series(None, None, 2, 7).unwrap();
    let keys = OrderKey::series(ends.first(), ends.last(), 10_000, 8).unwrap();
    assert!(keys.iter().all(|key| key.as_str().len() < 16));
}

#[test]
fn a_full_gap_says_so_and_placing_makes_room() {
    let (low, mut high) = (OrderKey::between(None, None, 1).unwrap(), None);
    for entropy in 0.. {
        match OrderKey::between(Some(&low), high.as_ref(), entropy) {
            Some(key) => high = Some(key),
            None => break,
        }
    }
    let high = high.unwrap();
    assert!(high.as_str().len() <= ORDER_CHARS);
    let placed = place(&[&low, &high], 1, 9).unwrap();
    assert!(!placed.moved.is_empty());
    let key_of = |position| placed.moved.iter().find(|(at, _)| *at == position).map(|(_, key)| key);
    assert!(key_of(0).unwrap_or(&low) < &placed.key && &placed.key < key_of(1).unwrap_or(&high));
}
