//! From bytes to lines of text, without losing any: byte order marks, UTF-16, three kinds of line ends,
//! and bytes that are not UTF-8.

use std::borrow::Cow;

/// Windows-1252 where it differs from Latin-1: 0x80 to 0x9F. The five unused bytes keep their number.
const WINDOWS_1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8D}', 'Ž', '\u{8F}', '\u{90}',
    '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9D}', 'ž', 'Ÿ',
];

/// The bytes without a byte order mark, and as UTF-8 where they were UTF-16.
pub(super) fn utf8(bytes: &[u8]) -> Cow<'_, [u8]> {
    let utf16 = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        let units = bytes.chunks_exact(2).filter_map(|pair| pair.try_into().ok().map(unit));
        let text: String =
            char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
        Cow::Owned(text.into_bytes())
    };
    match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => Cow::Borrowed(rest),
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes),
        // Without a mark: the first two characters of every format are ASCII.
        [1..=255, 0, 1..=255, 0, ..] => utf16(bytes, u16::from_le_bytes),
        [0, 1..=255, 0, 1..=255, ..] => utf16(bytes, u16::from_be_bytes),
        _ => Cow::Borrowed(bytes),
    }
}

/// The lines with their numbers from 1, however they end: `\n`, `\r\n` or a lone `\r`.
pub(super) fn lines(bytes: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let mut rest = Some(bytes);
    std::iter::from_fn(move || {
        let bytes = rest?;
        match bytes.iter().position(|byte| matches!(byte, b'\n' | b'\r')) {
            Some(end) => {
                let (line, tail) = bytes.split_at(end);
                let tail = tail.strip_prefix(b"\r\n").or_else(|| tail.get(1..)).unwrap_or_default();
                rest = (!tail.is_empty()).then_some(tail);
                Some(line)
            }
            None => {
                rest = None;
                Some(bytes)
            }
        }
    })
    .enumerate()
    .map(|(index, line)| (index + 1, line))
}

/// One line's text, and whether its bytes were not UTF-8 and were read as Windows-1252, in which every byte
/// means something.
pub(super) fn line(bytes: &[u8]) -> (Cow<'_, str>, bool) {
    match std::str::from_utf8(bytes) {
        Ok(text) => (Cow::Borrowed(text), false),
        Err(_) => (bytes.iter().map(|&byte| windows_1252(byte)).collect::<String>().into(), true),
    }
}

fn windows_1252(byte: u8) -> char {
    let special = byte.checked_sub(0x80).and_then(|index| WINDOWS_1252.get(usize::from(index)));
    special.copied().unwrap_or_else(|| char::from(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_in_three_ways() {
        let numbered: Vec<_> = lines(b"a\nb\r\nc\rd\n\ne").collect();
        let expected: [(usize, &[u8]); 6] = [(1, b"a"), (2, b"b"), (3, b"c"), (4, b"d"), (5, b""), (6, b"e")];
        assert_eq!(numbered, expected);
        assert_eq!(lines(b"a\n").count(), 1);
    }

    #[test]
    fn marks_and_utf16_go_and_other_bytes_stay() {
        assert_eq!(&*utf8(b"\xEF\xBB\xBFx"), b"x");
        assert_eq!(&*utf8(b"\xFF\xFEx\0\xE9\0"), "xé".as_bytes());
        assert_eq!(&*utf8(b"\xFE\xFF\0x\0\xE9"), "xé".as_bytes());
        assert_eq!(&*utf8(b"x\0y\0"), b"xy");
        assert_eq!(line(b"caf\xE9 \x80").0, "café €");
        assert_eq!(line("café".as_bytes()), ("café".into(), false));
    }
}
