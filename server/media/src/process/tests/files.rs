//! Files as cameras, programs and attackers make them.

use std::{io::Cursor, path::PathBuf};

use domain::media::{Format, Rotation};
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use jpeg_encoder::{ColorType, Encoder};
use tempfile::TempDir;

use crate::process::{Made, ProcessError, Request, Want, make};

/// Written into metadata; nothing of it may be in anything that is made.
pub(super) const SECRET: &str = "SECRET-PLACE";

pub(super) const RED: [u8; 3] = [220, 30, 30];
pub(super) const GREEN: [u8; 3] = [30, 200, 30];
pub(super) const BLUE: [u8; 3] = [30, 30, 220];
pub(super) const WHITE: [u8; 3] = [250, 250, 250];

/// Red and green above blue and white.
pub(super) fn quarters(width: u32, height: u32) -> DynamicImage {
    DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, |x, y| {
        Rgb(match (x < width / 2, y < height / 2) {
            (true, true) => RED,
            (false, true) => GREEN,
            (true, false) => BLUE,
            (false, false) => WHITE,
        })
    }))
}

/// The colours of the four quarters, in the same order.
pub(super) fn corners(picture: &DynamicImage) -> [[u8; 3]; 4] {
    let picture = picture.to_rgb8();
    let (x, y) = (picture.width() / 4, picture.height() / 4);
    [(x, y), (3 * x, y), (x, 3 * y), (3 * x, 3 * y)].map(|(x, y)| picture.get_pixel(x, y).0)
}

#[track_caller]
pub(super) fn assert_close(found: [[u8; 3]; 4], expected: [[u8; 3]; 4]) {
    let off = |(a, b): (&u8, &u8)| a.abs_diff(*b);
    let most = found.as_flattened().iter().zip(expected.as_flattened()).map(off).max().unwrap();
    assert!(most < 24, "{found:?} is not {expected:?}");
}

pub(super) fn encoded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    picture.write_to(&mut file, format).unwrap();
    file.into_inner()
}

/// A JPEG with Exif that says how it is turned, who made it and where.
pub(super) fn jpeg_with_exif(picture: &DynamicImage, orientation: u8) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, 95);
    encoder.add_app_segment(1, exif(orientation)).unwrap();
    encoder
        .add_app_segment(1, format!("http://ns.adobe.com/xap/1.0/\0<x>{SECRET}</x>").into_bytes())
        .unwrap();
    let (width, height) = (picture.width() as u16, picture.height() as u16);
    encoder.encode(picture.to_rgb8().as_raw(), width, height, ColorType::Rgb).unwrap();
    file
}

/// Big-endian TIFF: orientation, artist, and a GPS directory with a latitude.
fn exif(orientation: u8) -> Vec<u8> {
    let entry = |tag: u16, kind: u16, count: u32, value: [u8; 4]| {
        [&tag.to_be_bytes()[..], &kind.to_be_bytes(), &count.to_be_bytes(), &value].concat()
    };
    let (first, artist, gps) = (8_u32, 8_u32 + 2 + 3 * 12 + 4, 8_u32 + 2 + 3 * 12 + 4 + 16);
    let latitude = gps + 2 + 2 * 12 + 4;
    let mut exif = b"Exif\0\0MM\0\x2a".to_vec();
    exif.extend(first.to_be_bytes());
    exif.extend(3_u16.to_be_bytes());
    exif.extend(entry(0x0112, 3, 1, [0, orientation, 0, 0]));
    exif.extend(entry(0x013b, 2, 13, artist.to_be_bytes()));
    exif.extend(entry(0x8825, 4, 1, gps.to_be_bytes()));
    exif.extend([0; 4]);
    exif.extend(format!("{SECRET:\0<16}").into_bytes());
    exif.extend(2_u16.to_be_bytes());
    exif.extend(entry(1, 2, 2, *b"N\0\0\0"));
    exif.extend(entry(2, 5, 3, latitude.to_be_bytes()));
    exif.extend([0; 4]);
    for part in [52_u32, 1, 31, 1, 12, 1] {
        exif.extend(part.to_be_bytes());
    }
    exif
}

/// Makes all of a picture; gives what was made and the folder with it.
pub(super) fn process(
    file: &[u8],
    content_type: &str,
    rotation: Rotation,
) -> Result<(Made, TempDir), ProcessError> {
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("source");
    std::fs::write(&source, file).unwrap();
    let request = Request {
        source,
        content_type: content_type.to_owned(),
        rotation,
        folder: folder.path().to_owned(),
        want: Want::All,
    };
    make(&request).map(|made| (made, folder))
}

/// Reads back one of the files that every reader knows.
pub(super) fn common(made: &Made, folder: &TempDir, width: u32) -> DynamicImage {
    let of =
        |format| move |variant: &&domain::media::Variant| variant.width == width && variant.format == format;
    let variant = made.variants.iter().find(of(Format::Webp)).or(made.variants.iter().find(of(Format::Jpeg)));
    let path: PathBuf = folder.path().join(variant.unwrap().file_name());
    image::open(path).unwrap()
}
