//! From a file to pixels: upright, in sRGB with 8 bits a channel, at most as large as the largest variant.

use std::io::Cursor;

use domain::{
    error::Code,
    limits::{FRAMES, IMAGE_PIXELS},
    media::Rotation,
};
use fast_image_resize::{FilterType, ResizeAlg, ResizeOptions, Resizer};
use image::{
    DynamicImage, ImageDecoder, ImageError, Limits,
    codecs::{gif::GifDecoder, jpeg::JpegDecoder, png::PngDecoder, webp::WebPDecoder},
    metadata::Orientation,
};
use moxcms::{ColorProfile, DataColorSpace, Layout, TransformOptions};

use super::{
    ProcessError, jpeg,
    plan::{Size, sizes},
    sniff::{self, FileKind},
};

/// Bytes that a decoder may take: 100 megapixels with 16 bits in each of four channels, and some.
const DECODER_BYTES: u64 = 1_000_000_000;

/// A picture ready to be encoded.
#[derive(Debug)]
pub(super) struct Picture {
    /// What its file is.
    pub(super) kind: FileKind,
    /// How many it has: more than one, where it is an animation.
    pub(super) frames: u32,
    /// Of the whole picture, as it is shown.
    pub(super) size: Size,
    /// RGB, or RGBA where something of it is transparent; as large as the largest variant.
    pub(super) pixels: DynamicImage,
}

/// Reads a picture and turns it as its file and its user say. Of an animation it is the first frame,
/// and how many there are.
pub(super) fn decode(file: &[u8], declared: &str, rotation: Rotation) -> Result<Picture, ProcessError> {
    let start = file.get(..sniff::SNIFFED_BYTES.min(file.len())).unwrap_or_default();
    let kind = sniff::check(start, declared).map_err(ProcessError::Unsuitable)?;
    let reader = Cursor::new(file);
    match kind {
        FileKind::Jpeg if !jpeg::is_whole(file) => Err(ProcessError::Unsuitable(Code::MediaBroken)),
        FileKind::Jpeg => decode_by(JpegDecoder::new(reader).map_err(unsuitable)?, rotation, kind, 1),
        FileKind::Png => decode_by(PngDecoder::new(reader).map_err(unsuitable)?, rotation, kind, 1),
        FileKind::Gif => {
            let frames = check_gif(file)?;
            decode_by(GifDecoder::new(reader).map_err(unsuitable)?, rotation, kind, frames)
        }
        FileKind::Webp => {
            let frames = check_webp(file)?;
            decode_by(WebPDecoder::new(reader).map_err(unsuitable)?, rotation, kind, frames)
        }
        _ => Err(ProcessError::Unsuitable(Code::MediaMismatch)),
    }
}

fn decode_by(
    mut decoder: impl ImageDecoder,
    rotation: Rotation,
    kind: FileKind,
    frames: u32,
) -> Result<Picture, ProcessError> {
    let (width, height) = decoder.dimensions();
    if width == 0 || height == 0 {
        return Err(ProcessError::Unsuitable(Code::MediaBroken));
    }
    if u64::from(width) * u64::from(height) > IMAGE_PIXELS {
        return Err(ProcessError::Unsuitable(Code::TooManyPixels));
    }
    let look = Look::of(&mut decoder, rotation)?;
    let pixels = DynamicImage::from_decoder(decoder).map_err(unsuitable)?;
    let size = look.stored(Size { width, height });
    let largest = sizes(size).into_iter().next().unwrap_or(size);
    let small = resize(&pixels, look.stored(largest))?;
    drop(pixels);
    Ok(Picture { kind, frames, size, pixels: look.upright(small) })
}

/// How a file's pixels are to be shown.
pub(super) struct Look {
    orientation: Orientation,
    rotation: Rotation,
    profile: Option<Vec<u8>>,
}

impl Look {
    /// What the file says, and its user on top of that. Limits the decoder.
    pub(super) fn of(decoder: &mut impl ImageDecoder, rotation: Rotation) -> Result<Self, ProcessError> {
        let mut limits = Limits::no_limits();
        limits.max_alloc = Some(DECODER_BYTES);
        decoder.set_limits(limits).map_err(unsuitable)?;
        let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
        Ok(Self { orientation, rotation, profile: decoder.icc_profile().ok().flatten() })
    }

    /// The size in which pixels are stored that are shown in this one; the same the other way round.
    pub(super) const fn stored(&self, Size { width, height }: Size) -> Size {
        if is_across(self.orientation) == matches!(self.rotation, Rotation::Right | Rotation::Left) {
            Size { width, height }
        } else {
            Size { width: height, height: width }
        }
    }

    /// Stored pixels as they are shown, with 8 bits a channel.
    pub(super) fn upright(&self, stored: DynamicImage) -> DynamicImage {
        let mut pixels = eight_bits(stored);
        if let Some(profile) = &self.profile {
            to_srgb(&mut pixels, profile);
        }
        pixels.apply_orientation(self.orientation);
        match self.rotation {
            Rotation::None => pixels,
            Rotation::Right => pixels.rotate90(),
            Rotation::Half => pixels.rotate180(),
            Rotation::Left => pixels.rotate270(),
        }
    }
}

/// Whether the file's rows are shown as columns.
const fn is_across(orientation: Orientation) -> bool {
    matches!(
        orientation,
        Orientation::Rotate90
            | Orientation::Rotate270
            | Orientation::Rotate90FlipH
            | Orientation::Rotate270FlipH
    )
}

/// The picture in another size.
pub(super) fn resize(pixels: &DynamicImage, to: Size) -> Result<DynamicImage, ProcessError> {
    if (pixels.width(), pixels.height()) == (to.width, to.height) {
        return Ok(pixels.clone());
    }
    let mut small = DynamicImage::new(to.width, to.height, pixels.color());
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3));
    Resizer::new().resize(pixels, &mut small, &options).map_err(ProcessError::failed)?;
    Ok(small)
}

fn eight_bits(pixels: DynamicImage) -> DynamicImage {
    if !pixels.color().has_alpha() {
        return DynamicImage::ImageRgb8(pixels.into_rgb8());
    }
    let pixels = pixels.into_rgba8();
    if pixels.pixels().all(|pixel| pixel.0[3] == u8::MAX) {
        DynamicImage::ImageRgb8(DynamicImage::ImageRgba8(pixels).into_rgb8())
    } else {
        DynamicImage::ImageRgba8(pixels)
    }
}

/// Turns the colours of a picture with a profile, as phones and cameras have them, into those that every screen
/// knows. A profile that can't be read, or is of another kind than the pixels are by now (grey, CMYK), is
/// dropped: the picture is shown a little off rather than not at all.
fn to_srgb(pixels: &mut DynamicImage, profile: &[u8]) {
    let Ok(profile) = ColorProfile::new_from_slice(profile) else { return };
    if profile.color_space != DataColorSpace::Rgb {
        return;
    }
    let (samples, layout): (&mut [u8], _) = match pixels {
        DynamicImage::ImageRgb8(pixels) => (pixels, Layout::Rgb),
        DynamicImage::ImageRgba8(pixels) => (pixels, Layout::Rgba),
        _ => return,
    };
    let srgb = ColorProfile::new_srgb();
    let transform = profile.create_transform_8bit(layout, &srgb, layout, TransformOptions::default());
    let mut turned = vec![0; samples.len()];
    if transform.is_ok_and(|transform| transform.transform(samples, &mut turned).is_ok()) {
        samples.copy_from_slice(&turned);
    }
}

/// Counts the frames without decoding them, which also finds a file that ends early.
fn check_gif(file: &[u8]) -> Result<u32, ProcessError> {
    let broken = |_| ProcessError::Unsuitable(Code::MediaBroken);
    let mut options = gif::DecodeOptions::new();
    options.skip_frame_decoding(true);
    let mut decoder = options.read_info(file).map_err(broken)?;
    let mut frames = 0_u32;
    while decoder.next_frame_info().map_err(broken)?.is_some() {
        frames += 1;
        if frames > FRAMES {
            return Err(ProcessError::Unsuitable(Code::TooManyFrames));
        }
    }
    if frames == 0 { Err(ProcessError::Unsuitable(Code::MediaBroken)) } else { Ok(frames) }
}

fn check_webp(file: &[u8]) -> Result<u32, ProcessError> {
    let broken = || ProcessError::Unsuitable(Code::MediaBroken);
    let length = file.get(4..8).and_then(|bytes| bytes.try_into().ok()).map(u32::from_le_bytes);
    if length.is_none_or(|length| u64::from(length) + 8 > file.len() as u64) {
        return Err(broken());
    }
    let decoder = image_webp::WebPDecoder::new(Cursor::new(file)).map_err(|_| broken())?;
    // None are counted where it is no animation.
    match decoder.num_frames().max(1) {
        frames if frames > FRAMES => Err(ProcessError::Unsuitable(Code::TooManyFrames)),
        frames => Ok(frames),
    }
}

pub(super) fn unsuitable(error: ImageError) -> ProcessError {
    ProcessError::Unsuitable(match error {
        ImageError::Limits(_) => Code::TooManyPixels,
        _ => Code::MediaBroken,
    })
}
