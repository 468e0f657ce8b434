//! From pixels to files, without any metadata: AVIF, WebP and JPEG, and the placeholder.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::{limits::PLACEHOLDER_BYTES, media::Format};
use image::{DynamicImage, Rgb, RgbImage, RgbaImage, codecs::jpeg::JpegEncoder};

use super::{ProcessError, decode::resize, plan::Size};

/// Qualities that look alike, on the scale that each encoder has.
const AVIF_QUALITY: f32 = 62.0;
pub(super) const WEBP_QUALITY: f32 = 78.0;
const JPEG_QUALITY: u8 = 80;
/// Of 1 to 10: what the last steps save in bytes they cost many times over in time.
const AVIF_SPEED: u8 = 9;
/// Longest side of a placeholder, and its quality: it is shown blurred.
const PLACEHOLDER_SIDE: u32 = 24;
const PLACEHOLDER_QUALITY: f32 = 30.0;

/// The picture in a format. JPEG has no transparency: what shows through is white.
pub(super) fn encode(pixels: &DynamicImage, format: Format) -> Result<Vec<u8>, ProcessError> {
    match format {
        Format::Avif => avif::encode(pixels, AVIF_QUALITY, AVIF_SPEED).map_err(ProcessError::failed),
        Format::Webp => webp(pixels, WEBP_QUALITY),
        Format::Jpeg => jpeg(pixels),
    }
}

fn webp(pixels: &DynamicImage, quality: f32) -> Result<Vec<u8>, ProcessError> {
    let encoder = webp::Encoder::from_image(pixels).map_err(ProcessError::failed)?;
    let encoded = encoder.encode_simple(false, quality);
    Ok(encoded.map_err(|error| ProcessError::Failed(format!("{error:?}")))?.to_vec())
}

fn jpeg(pixels: &DynamicImage) -> Result<Vec<u8>, ProcessError> {
    let solid = match pixels {
        DynamicImage::ImageRgba8(pixels) => over_white(pixels),
        pixels => pixels.to_rgb8(),
    };
    let mut file = Vec::new();
    let encoded = JpegEncoder::new_with_quality(&mut file, JPEG_QUALITY).encode_image(&solid);
    encoded.map_err(ProcessError::failed)?;
    Ok(file)
}

fn over_white(pixels: &RgbaImage) -> RgbImage {
    let mut solid = RgbImage::new(pixels.width(), pixels.height());
    for (to, from) in solid.pixels_mut().zip(pixels.pixels()) {
        let [red, green, blue, alpha] = from.0.map(u32::from);
        *to = Rgb([red, green, blue]
            .map(|channel| u8::try_from((channel * alpha + 255 * (255 - alpha)) / 255).unwrap_or(u8::MAX)));
    }
    solid
}

/// A tiny picture as a URL that holds all of it, of at most [`PLACEHOLDER_BYTES`].
pub(super) fn placeholder(pixels: &DynamicImage) -> Result<String, ProcessError> {
    let whole = Size { width: pixels.width(), height: pixels.height() };
    let mut side = PLACEHOLDER_SIDE;
    loop {
        let small = resize(pixels, whole.within(side, f64::from(side)))?;
        let text = format!("data:image/webp;base64,{}", STANDARD.encode(webp(&small, PLACEHOLDER_QUALITY)?));
        if text.len() <= PLACEHOLDER_BYTES || side <= 1 {
            return Ok(text);
        }
        side /= 2;
    }
}
