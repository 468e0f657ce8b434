//! Files that are not what they seem, and what is said of them.

use domain::{error::Code, media::Rotation};
use image::{DynamicImage, Frame, ImageFormat, codecs::gif::GifEncoder};

use super::files::*;
use crate::process::{FileKind, ProcessError, Request, Want, Worker, sniff};

fn refused(file: &[u8], content_type: &str) -> Code {
    match process(file, content_type, Rotation::None) {
        Err(ProcessError::Unsuitable(code)) => code,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_file_that_ends_early_is_damaged_wherever_it_ends() {
    let picture = quarters(64, 64);
    let mut gif = Vec::new();
    GifEncoder::new(&mut gif).encode_frames([0, 1].map(|_| Frame::new(picture.to_rgba8()))).unwrap();
    let files = [
        (jpeg_with_exif(&picture, 1), "image/jpeg"),
        (encoded(&picture, ImageFormat::Png), "image/png"),
        (encoded(&picture, ImageFormat::WebP), "image/webp"),
        (gif, "image/gif"),
    ];
    for (file, content_type) in files {
        process(&file, content_type, Rotation::None).unwrap();
        // PNG's last chunk is empty and says only that it is the last.
        let last = if content_type == "image/png" { file.len() - 13 } else { file.len() - 2 };
        for length in (16..last).step_by(file.len() / 40 + 1).chain([last]) {
            assert_eq!(refused(&file[..length], content_type), Code::MediaBroken, "{content_type} {length}");
        }
    }
}

#[test]
fn what_a_file_is_called_does_not_count() {
    let png = encoded(&quarters(8, 8), ImageFormat::Png);
    let heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic".as_slice();
    let files: [(&[u8], &str, Code); 9] = [
        (&png, "image/jpeg", Code::MediaMismatch),
        (b"MZ\x90\0\x03\0\0\0 a program", "image/png", Code::MediaMismatch),
        (b"\x7fELF\x02\x01\x01", "image/jpeg", Code::MediaMismatch),
        (b"<html><script>alert(1)</script>", "image/gif", Code::MediaMismatch),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml", Code::MediaType),
        (b"", "image/png", Code::MediaMismatch),
        (heic, "image/jpeg", Code::Heic),
        (heic, "image/heic", Code::Heic),
        (b"\0\0\0\x20ftypisom\0\0\0\0", "image/png", Code::MediaMismatch),
    ];
    for (file, content_type, code) in files {
        assert_eq!(refused(file, content_type), code, "{content_type}");
    }
    assert_eq!(sniff(b"\0\0\0\x14ftypqt  "), FileKind::QuickTime);
    assert_eq!(sniff(b"\x1a\x45\xdf\xa3\x01\0\0\0\0\0\0\x1f\x42\x82\x84webm"), FileKind::Webm);
}

#[test]
fn a_bomb_is_refused_by_its_header() {
    // Signature and header of a PNG of 60,000 by 60,000, with nothing behind.
    let mut bomb = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
    bomb.extend([60_000_u32.to_be_bytes(), 60_000_u32.to_be_bytes()].concat());
    bomb.extend([1, 0, 0, 0, 0]);
    bomb.extend(crc32(&bomb[12..]).to_be_bytes());
    bomb.extend(b"\0\0\0\0IDAT");
    bomb.extend(crc32(b"IDAT").to_be_bytes());
    assert_eq!(refused(&bomb, "image/png"), Code::TooManyPixels);

    let mut gif = Vec::new();
    let mut encoder = GifEncoder::new_with_speed(&mut gif, 30);
    for _ in 0..1_001 {
        encoder.encode_frame(Frame::new(DynamicImage::new_rgba8(1, 1).to_rgba8())).unwrap();
    }
    drop(encoder);
    assert_eq!(refused(&gif, "image/gif"), Code::TooManyFrames);
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, byte| {
        (0..8).fold(
            crc ^ u32::from(*byte),
            |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 },
        )
    })
}

#[cfg(unix)]
#[tokio::test]
async fn a_worker_that_is_ended_by_a_limit_blames_the_file_and_one_that_fails_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let request = Request {
        source: folder.path().join("source"),
        content_type: "image/png".to_owned(),
        rotation: Rotation::None,
        folder: folder.path().to_owned(),
        want: Want::All,
    };
    let shell = |script: &str| Worker::Process {
        program: "/bin/sh".into(),
        arguments: vec!["-c".to_owned(), format!("cat > /dev/null; {script}")],
    };
    for signal in ["XCPU", "ABRT", "KILL", "SEGV"] {
        let ended = shell(&format!("kill -{signal} $$")).make(request.clone()).await;
        assert!(matches!(ended, Err(ProcessError::Unsuitable(Code::ProcessingLimit))), "{signal}: {ended:?}");
    }
    let failed = shell("exit 3").make(request.clone()).await;
    assert!(matches!(failed, Err(ProcessError::Failed(_))), "{failed:?}");
    let missing = Worker::Here.make(request).await;
    assert!(matches!(missing, Err(ProcessError::Failed(_))), "{missing:?}");
}
