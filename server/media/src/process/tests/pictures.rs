//! Pictures come out upright, in the planned sizes, in the right colours, and without a word of metadata.

use std::io::Cursor;

use domain::{
    limits::PLACEHOLDER_BYTES,
    media::{ANIMATION, Format, Rotation},
};
use image::{
    AnimationDecoder as _, Delay, DynamicImage, ExtendedColorType, Frame, GrayImage, ImageEncoder as _,
    ImageFormat, Luma, Rgba, RgbaImage,
    codecs::{gif::GifEncoder, png::PngEncoder, webp::WebPDecoder},
    metadata::Orientation,
};
use jpeg_encoder::{ColorType, Encoder};
use moxcms::ColorProfile;

use super::files::*;

const UPRIGHT: [[u8; 3]; 4] = [RED, GREEN, BLUE, WHITE];

#[test]
fn every_orientation_comes_out_upright() {
    for value in 1..=8 {
        let orientation = Orientation::from_exif(value).unwrap();
        let inverse = match orientation {
            Orientation::Rotate90 => Orientation::Rotate270,
            Orientation::Rotate270 => Orientation::Rotate90,
            own => own,
        };
        let mut stored = quarters(240, 120);
        stored.apply_orientation(inverse);
        let (made, folder) = process(&jpeg_with_exif(&stored, value), "image/jpeg", Rotation::None).unwrap();
        assert_eq!((made.width, made.height), (240, 120), "{value}");
        assert_close(corners(&common(&made, &folder, 240)), UPRIGHT);
    }
}

#[test]
fn the_user_turns_it_on_top_of_that() {
    let turned = [
        (Rotation::None, 80, 40, [RED, GREEN, BLUE, WHITE]),
        (Rotation::Right, 40, 80, [BLUE, RED, WHITE, GREEN]),
        (Rotation::Half, 80, 40, [WHITE, BLUE, GREEN, RED]),
        (Rotation::Left, 40, 80, [GREEN, WHITE, RED, BLUE]),
    ];
    // Stored a quarter to the left, which the file says (6).
    let file = jpeg_with_exif(&quarters(80, 40).rotate270(), 6);
    for (rotation, width, height, expected) in turned {
        let (made, folder) = process(&file, "image/jpeg", rotation).unwrap();
        assert_eq!((made.width, made.height), (width, height), "{rotation:?}");
        assert_close(corners(&common(&made, &folder, width)), expected);
    }
}

#[test]
fn sizes_are_the_planned_ones_and_never_larger_than_the_picture() {
    type Size = (u32, u32);
    let cases: [(Size, &[Size]); 4] = [
        ((2500, 1250), &[(2048, 1024), (960, 480), (320, 160)]),
        ((500, 300), &[(500, 300), (320, 192)]),
        ((10, 7), &[(10, 7)]),
        // As high as encoders take.
        ((90, 9_000), &[(82, 8_192), (38, 3_840), (13, 1_280)]),
    ];
    for ((width, height), sizes) in cases {
        let file = encoded(&quarters(width, height), ImageFormat::Png);
        let (made, folder) = process(&file, "image/png", Rotation::None).unwrap();
        assert_eq!((made.width, made.height), (width, height));
        let mut found: Vec<_> = made.variants.iter().map(|variant| (variant.width, variant.height)).collect();
        found.dedup();
        assert_eq!(found, sizes);
        for variant in &made.variants {
            let file = std::fs::read(folder.path().join(variant.file_name())).unwrap();
            assert_eq!(file.len() as u64, variant.bytes);
            let start: (usize, &[u8]) = match variant.format {
                Format::Avif => (4, b"ftypavif"),
                Format::Webp => (8, b"WEBP"),
                Format::Jpeg => (0, b"\xff\xd8\xff"),
            };
            assert!(file[start.0..].starts_with(start.1), "{variant:?}");
        }
        for (width, height) in sizes {
            let read = common(&made, &folder, *width);
            assert_eq!((read.width(), read.height()), (*width, *height));
        }
    }
}

#[test]
fn avif_is_there_only_where_it_is_smaller() {
    let noise = image::RgbImage::from_fn(160, 120, |x, y| {
        image::Rgb([(x * 7) ^ (y * 31), x * y, x ^ y].map(|n| n as u8))
    });
    for picture in [noise.into(), quarters(160, 120)] {
        let file = encoded(&picture, ImageFormat::Png);
        let (made, _folder) = process(&file, "image/png", Rotation::None).unwrap();
        match made.variants.as_slice() {
            [avif, common] => assert!(avif.format == Format::Avif && avif.bytes < common.bytes, "{made:?}"),
            [common] => assert_ne!(common.format, Format::Avif),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn no_metadata_is_in_anything_that_is_made() {
    let file = jpeg_with_exif(&quarters(400, 300), 1);
    let holds = |file: &[u8], text: &str| file.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(holds(&file, SECRET) && holds(&file, "Exif"));
    let (made, folder) = process(&file, "image/jpeg", Rotation::None).unwrap();
    assert!(made.variants.len() >= 2);
    for variant in &made.variants {
        let file = std::fs::read(folder.path().join(variant.file_name())).unwrap();
        for word in [SECRET, "Exif", "EXIF", "xap/1.0", "XMP ", "ICC_PROFILE"] {
            assert!(!holds(&file, word), "{word} in {variant:?}");
        }
    }
}

#[test]
fn the_placeholder_is_a_tiny_picture_of_it() {
    let file = encoded(&quarters(800, 400), ImageFormat::Png);
    let (made, _folder) = process(&file, "image/png", Rotation::None).unwrap();
    assert!(made.placeholder.len() <= PLACEHOLDER_BYTES);
    let data = made.placeholder.strip_prefix("data:image/webp;base64,").unwrap();
    let data = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, data).unwrap();
    let picture = image::load_from_memory(&data).unwrap();
    assert_eq!((picture.width(), picture.height()), (24, 12));
    let [red, .., white] = corners(&picture);
    assert!(red[0] > 150 && red[1] < 100 && white.iter().all(|channel| *channel > 200), "{red:?} {white:?}");
}

#[test]
fn unusual_pictures_are_read() {
    let picture = quarters(64, 64);
    let rgb = picture.to_rgb8();
    let jpeg = |set: &dyn Fn(&mut Encoder<&mut Vec<u8>>), samples: &[u8], colour| {
        let mut file = Vec::new();
        let mut encoder = Encoder::new(&mut file, 95);
        set(&mut encoder);
        encoder.encode(samples, 64, 64, colour).unwrap();
        file
    };
    let cmyk: Vec<u8> = rgb
        .pixels()
        .flat_map(|pixel| {
            let [red, green, blue] = pixel.0.map(|channel| 255 - channel);
            [red, green, blue, 0]
        })
        .collect();
    let mut gif = Vec::new();
    let second = DynamicImage::new_rgba8(64, 64).to_rgba8();
    GifEncoder::new(&mut gif).encode_frames([Frame::new(picture.to_rgba8()), Frame::new(second)]).unwrap();
    let files = [
        (
            "progressive",
            jpeg(&|encoder| encoder.set_progressive(true), rgb.as_raw(), ColorType::Rgb),
            "image/jpeg",
        ),
        ("CMYK", jpeg(&|_| {}, &cmyk, ColorType::Cmyk), "image/jpeg"),
        ("YCCK", jpeg(&|_| {}, &cmyk, ColorType::CmykAsYcck), "image/jpeg"),
        ("16 bits", encoded(&DynamicImage::ImageRgb16(picture.to_rgb16()), ImageFormat::Png), "image/png"),
        ("WebP", encoded(&picture, ImageFormat::WebP), "image/webp"),
        ("animated GIF", gif, "image/gif"),
    ];
    for (what, file, content_type) in files {
        let (made, folder) =
            process(&file, content_type, Rotation::None).unwrap_or_else(|e| panic!("{what}: {e}"));
        println!("{what}");
        assert_close(corners(&common(&made, &folder, 64)), UPRIGHT);
    }
    let grey = GrayImage::from_fn(64, 64, |x, _| Luma([if x < 32 { 10 } else { 240 }]));
    let (made, folder) =
        process(&encoded(&grey.into(), ImageFormat::Png), "image/png", Rotation::None).unwrap();
    assert_close(corners(&common(&made, &folder, 64)), [[10; 3], [240; 3], [10; 3], [240; 3]]);
}

#[test]
fn transparency_stays() {
    let picture = RgbaImage::from_fn(64, 64, |x, _| Rgba([200, 40, 40, if x < 32 { 0 } else { 255 }]));
    let (made, folder) =
        process(&encoded(&picture.into(), ImageFormat::Png), "image/png", Rotation::None).unwrap();
    assert!(made.variants.iter().all(|variant| variant.format != Format::Jpeg));
    let read = common(&made, &folder, 64).to_rgba8();
    assert!(read.get_pixel(8, 8).0[3] < 8 && read.get_pixel(56, 8).0[3] > 247);
}

#[test]
fn wide_colours_become_those_of_every_screen() {
    let picture = image::RgbImage::from_pixel(32, 32, image::Rgb([200, 100, 100]));
    let with_profile = |profile: Vec<u8>| {
        let mut file = Vec::new();
        let mut encoder = PngEncoder::new(&mut file);
        encoder.set_icc_profile(profile).unwrap();
        encoder.write_image(picture.as_raw(), 32, 32, ExtendedColorType::Rgb8).unwrap();
        let (made, folder) = process(&file, "image/png", Rotation::None).unwrap();
        corners(&common(&made, &folder, 32))[0]
    };
    let [red, green, blue] = with_profile(ColorProfile::new_display_p3().encode().unwrap());
    // Display P3's red is deeper: in sRGB the same colour has more red and less of the others.
    assert!(red >= 210 && green <= 98 && blue <= 100, "{:?}", [red, green, blue]);
    let plain = with_profile(ColorProfile::new_srgb().encode().unwrap());
    assert_close([plain; 4], [[200, 100, 100]; 4]);
    // A profile that is none does no harm.
    assert_close([with_profile(b"not a profile".to_vec()); 4], [[200, 100, 100]; 4]);
}

#[test]
fn an_animation_moves_as_the_user_turned_it_and_at_its_own_pace() {
    let gif = |pauses: &[u32]| {
        let frames = pauses.iter().enumerate().map(|(number, pause)| {
            let picture = if number == 1 { DynamicImage::new_rgba8(120, 60) } else { quarters(120, 60) };
            Frame::from_parts(picture.to_rgba8(), 0, 0, Delay::from_numer_denom_ms(*pause, 1))
        });
        let mut file = Vec::new();
        GifEncoder::new(&mut file).encode_frames(frames).unwrap();
        file
    };
    let (made, folder) = process(&gif(&[200, 100, 300]), "image/gif", Rotation::Right).unwrap();
    assert!(made.moves);
    let file = std::fs::read(folder.path().join(ANIMATION)).unwrap();
    let frames = WebPDecoder::new(Cursor::new(&file)).unwrap().into_frames().collect_frames().unwrap();
    assert_eq!(frames.len(), 3);
    let pauses: Vec<_> = frames.iter().map(|frame| frame.delay().numer_denom_ms()).collect();
    assert_eq!(pauses[..2], [(200, 1), (100, 1)]);
    let first = DynamicImage::ImageRgba8(frames[0].buffer().clone());
    assert_eq!((first.width(), first.height()), (60, 120));
    assert_close(corners(&first), [BLUE, RED, WHITE, GREEN]);

    // What was made of it can be sent in again.
    let (again, _folder) = process(&file, "image/webp", Rotation::None).unwrap();
    assert!(again.moves && (again.width, again.height) == (60, 120));
    let (still, folder) = process(&gif(&[100]), "image/gif", Rotation::None).unwrap();
    assert!(!still.moves && !folder.path().join(ANIMATION).exists());
}
