//! Pictures as AVIF. A crate by itself, because the encoder is generic: its code is made where it is called, takes
//! minutes to compile, and is painfully slow unless it is optimised.

use image::DynamicImage;
use ravif::{Encoder, Img, RGB8, RGBA8};

pub use ravif::Error;

/// The picture as a file without metadata. `quality` is of 1 to 100; `speed` of 1 (smallest) to 10 (quickest).
///
/// # Errors
/// Where the picture has no pixels or the encoder fails.
pub fn encode(pixels: &DynamicImage, quality: f32, speed: u8) -> Result<Vec<u8>, Error> {
    let encoder = Encoder::new().with_quality(quality).with_speed(speed);
    let (width, height) = (pixels.width() as usize, pixels.height() as usize);
    let encoded = match pixels {
        DynamicImage::ImageRgba8(pixels) => {
            let samples: Vec<RGBA8> = pixels.pixels().map(|pixel| RGBA8::from(pixel.0)).collect();
            encoder.encode_rgba(Img::new(samples.as_slice(), width, height))
        }
        pixels => {
            let samples: Vec<RGB8> = pixels.to_rgb8().pixels().map(|pixel| RGB8::from(pixel.0)).collect();
            encoder.encode_rgb(Img::new(samples.as_slice(), width, height))
        }
    };
    Ok(encoded?.avif_file)
}
