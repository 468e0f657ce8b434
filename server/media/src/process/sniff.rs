//! What a file is, by its first bytes: neither its name nor what it was said to be counts.

use domain::{
    error::Code,
    media::{ACCEPTED, kind_of},
};

/// The kinds of files that are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "they are names of formats")]
pub enum FileKind {
    Jpeg,
    Png,
    Webp,
    Gif,
    Mp4,
    QuickTime,
    Webm,
    Heic,
    Other,
}

/// How many bytes [`sniff`] looks at.
pub(super) const SNIFFED_BYTES: usize = 64;

/// ISO base media brands of pictures in HEVC.
const HEIC: [&[u8]; 8] = [b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"];
const MP4: [&[u8]; 12] = [
    b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"M4VP", b"MSNV",
    b"dash",
];

/// Tells by the first [`SNIFFED_BYTES`], or fewer if the file has no more.
#[must_use]
pub fn sniff(start: &[u8]) -> FileKind {
    let at = |from: usize, to: usize| start.get(from..to).unwrap_or_default();
    if start.starts_with(b"\xff\xd8\xff") {
        FileKind::Jpeg
    } else if start.starts_with(b"\x89PNG\r\n\x1a\n") {
        FileKind::Png
    } else if start.starts_with(b"GIF87a") || start.starts_with(b"GIF89a") {
        FileKind::Gif
    } else if start.starts_with(b"RIFF") && at(8, 12) == b"WEBP" {
        FileKind::Webp
    } else if at(4, 8) == b"ftyp" {
        match at(8, 12) {
            b"qt  " => FileKind::QuickTime,
            brand if HEIC.contains(&brand) => FileKind::Heic,
            brand if MP4.contains(&brand) || brand.starts_with(b"3gp") => FileKind::Mp4,
            _ => FileKind::Other,
        }
    } else if matches!(at(4, 8), b"moov" | b"mdat" | b"wide" | b"free" | b"skip") {
        // QuickTime before it had brands.
        FileKind::QuickTime
    } else if start.starts_with(b"\x1a\x45\xdf\xa3") && start.windows(4).any(|bytes| bytes == b"webm") {
        FileKind::Webm
    } else {
        FileKind::Other
    }
}

/// Holds a file against what it was said to be.
///
/// # Errors
/// [`Code::Heic`], [`Code::MediaType`] for a type that is not taken, [`Code::MediaMismatch`] for another.
pub(super) fn check(start: &[u8], declared: &str) -> Result<FileKind, Code> {
    kind_of(declared)?;
    let kind = sniff(start);
    let names: &[&str] = match kind {
        FileKind::Jpeg => &["image/jpeg"],
        FileKind::Png => &["image/png"],
        FileKind::Webp => &["image/webp"],
        FileKind::Gif => &["image/gif"],
        // Cameras and systems mix these two up, and players take both.
        FileKind::Mp4 | FileKind::QuickTime => &["video/mp4", "video/quicktime"],
        FileKind::Webm => &["video/webm"],
        FileKind::Heic => return Err(Code::Heic),
        FileKind::Other => &[],
    };
    debug_assert!(names.iter().all(|name| ACCEPTED.iter().any(|(accepted, _)| accepted == name)));
    if names.contains(&declared) { Ok(kind) } else { Err(Code::MediaMismatch) }
}
