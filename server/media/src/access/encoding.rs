//! Base64 as CloudFront has it in addresses: `-` for `+`, `_` for `=`, `~` for `/`.

use base64::{Engine as _, engine::general_purpose::STANDARD};

pub(super) fn encode(bytes: &[u8]) -> String {
    let text = STANDARD.encode(bytes);
    text.chars().map(|letter| swapped(letter, [('+', '-'), ('=', '_'), ('/', '~')])).collect()
}

/// Takes one spelling only.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    if text.contains(['+', '=', '/']) {
        return None;
    }
    let text: String =
        text.chars().map(|letter| swapped(letter, [('-', '+'), ('_', '='), ('~', '/')])).collect();
    STANDARD.decode(text).ok()
}

fn swapped(letter: char, pairs: [(char, char); 3]) -> char {
    pairs.into_iter().find(|(from, _)| *from == letter).map_or(letter, |(_, to)| to)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From the documentation's example of a signed address: the part of its policy in base64 that is not made
    /// unreadable there.
    const EXAMPLE: &str = "ICAgICAgICAgIklwQWRkcmVzcyI6eyJBV1M6U291cmNlSXAiOiIyMDcuMTcxLjE4MC4xMDEvMzIifSwNCiAgICAgICAg\
        ICJEYXRlR3JlYXRlclRoYW4iOnsiQVdTOkVwb2NoVGltZSI6MTI5Njg2MDE3Nn0sDQogICAgICAgICAiRGF0ZUxlc3NU\
        aGFuIjp7IkFXUzpFcG9jaFRpbWUiOjEyOTY4NjAyMjZ9DQogICAgICB9IA0KICAgfV0gDQp9DQo_";

    #[test]
    fn the_documented_example_is_read_and_written() {
        let policy = decode(EXAMPLE).unwrap();
        let text = String::from_utf8(policy.clone()).unwrap();
        assert!(text.contains(r#""DateLessThan":{"AWS:EpochTime":1296860226}"#), "{text}");
        assert_eq!(encode(&policy), EXAMPLE);
    }

    #[test]
    fn every_byte_survives_in_letters_that_an_address_takes() {
        let bytes: Vec<u8> = (0..=255).collect();
        for length in 0..bytes.len() {
            let text = encode(&bytes[..length]);
            assert!(
                text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_~".contains(&byte)),
                "{text}"
            );
            assert_eq!(decode(&text).unwrap(), &bytes[..length]);
        }
        assert_eq!(decode("ab+_"), None);
    }
}
