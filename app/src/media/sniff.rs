//! What a file is, by its first bytes: names and what the browser says of them prove nothing.

use domain::error::Code;

/// How many bytes from the start of a file are looked at.
pub(super) const HEAD_BYTES: u32 = 64;

/// The content type of a file that begins with these bytes.
///
/// # Errors
/// `MEDIA_EMPTY`, `HEIC`, or `MEDIA_TYPE` for all that is not a picture or video we take.
pub(super) fn content_type(head: &[u8]) -> Result<&'static str, Code> {
    match head {
        [] => Err(Code::MediaEmpty),
        [0xff, 0xd8, 0xff, ..] => Ok("image/jpeg"),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Ok("image/png"),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Ok("image/gif"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Ok("image/webp"),
        [_, _, _, _, b'f', b't', b'y', b'p', brands @ ..] => base_media(head, brands),
        // QuickTime files from before the `ftyp` box.
        [_, _, _, _, b'm', b'o', b'o', b'v', ..]
        | [_, _, _, _, b'm', b'd', b'a', b't', ..]
        | [_, _, _, _, b'w', b'i', b'd', b'e', ..] => Ok("video/quicktime"),
        // EBML; Matroska that is not WebM is not played by browsers.
        [0x1a, 0x45, 0xdf, 0xa3, rest @ ..] if rest.windows(4).any(|word| word == b"webm") => {
            Ok("video/webm")
        }
        _ => Err(Code::MediaType),
    }
}

/// Files of the ISO base media format (ISO/IEC 14496-12, 4.3) say what they are by brands: a major one, a version,
/// then those that they are compatible with.
fn base_media(head: &[u8], brands: &[u8]) -> Result<&'static str, Code> {
    let length = head.first_chunk().map_or(0, |length| u32::from_be_bytes(*length));
    // The box may end before the head does; the length counts the eight bytes before the brands too.
    let end = usize::try_from(length).unwrap_or(usize::MAX).saturating_sub(8).min(brands.len());
    let brands = brands.get(..end).unwrap_or(brands);
    let (major, others) = brands.split_at_checked(4).ok_or(Code::MediaType)?;
    let all = || std::iter::once(major).chain(others.get(4..).unwrap_or_default().chunks_exact(4));
    let any = |names: &[&[u8]]| all().any(|brand| names.contains(&brand));
    if any(&[b"avif", b"avis"]) {
        return Err(Code::MediaType);
    }
    if any(&[b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"]) {
        return Err(Code::Heic);
    }
    if major == b"qt  " {
        return Ok("video/quicktime");
    }
    let plays = any(&[
        b"isom", b"iso2", b"iso3", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"dash",
        b"3gp4", b"3gp5", b"3gp6",
    ]);
    if plays { Ok("video/mp4") } else { Err(Code::MediaType) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ftyp(brands: &[&str]) -> Vec<u8> {
        let mut brands = brands.iter();
        let mut body = b"ftyp".to_vec();
        body.extend(brands.next().unwrap().bytes());
        body.extend([0, 0, 2, 0]);
        brands.for_each(|brand| body.extend(brand.bytes()));
        let length = u32::try_from(body.len() + 4).unwrap();
        [length.to_be_bytes().as_slice(), &body].concat()
    }

    #[test]
    fn files_are_known_by_their_first_bytes() {
        for (head, expected) in [
            (b"\xff\xd8\xff\xe1\x1f\xfeExif".to_vec(), Ok("image/jpeg")),
            (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec(), Ok("image/png")),
            (b"GIF89a\x01\0".to_vec(), Ok("image/gif")),
            (b"RIFF\x24\0\0\0WEBPVP8 ".to_vec(), Ok("image/webp")),
            (b"RIFF\x24\0\0\0WAVEfmt ".to_vec(), Err(Code::MediaType)),
            (ftyp(&["isom", "isom", "iso2", "avc1", "mp41"]), Ok("video/mp4")),
            (ftyp(&["qt  ", "qt  "]), Ok("video/quicktime")),
            (b"\0\0\0\x08wide\0\0\0\0mdat".to_vec(), Ok("video/quicktime")),
            (b"\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm".to_vec(), Ok("video/webm")),
            (b"\x1a\x45\xdf\xa3\x9f\x42\x82\x88matroska".to_vec(), Err(Code::MediaType)),
            (ftyp(&["heic", "mif1", "heic"]), Err(Code::Heic)),
            (ftyp(&["mif1", "heic"]), Err(Code::Heic)),
            (ftyp(&["avif", "mif1", "miaf"]), Err(Code::MediaType)),
            (ftyp(&["M4A ", "M4A "]), Err(Code::MediaType)),
            (Vec::new(), Err(Code::MediaEmpty)),
            (b"MZ\x90\0\x03\0\0\0".to_vec(), Err(Code::MediaType)),
            (b"<svg xmlns='http://www.w3.org/2000/svg'>".to_vec(), Err(Code::MediaType)),
            (b"%PDF-1.7".to_vec(), Err(Code::MediaType)),
        ] {
            assert_eq!(content_type(&head), expected, "{head:?}");
        }
    }

    #[test]
    fn brands_after_the_box_do_not_count() {
        let mut head = ftyp(&["isom", "mp42"]);
        head.extend(b"avif");
        assert_eq!(content_type(&head), Ok("video/mp4"));
    }

    #[test]
    fn no_length_of_head_is_too_short_to_look_at() {
        let whole = ftyp(&["isom", "mp42"]);
        for length in 1..whole.len() {
            let known = content_type(&whole[..length]);
            assert!(matches!(known, Ok("video/mp4") | Err(Code::MediaType)), "{length}: {known:?}");
        }
    }
}
