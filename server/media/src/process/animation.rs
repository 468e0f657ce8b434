//! Pictures that move: each frame upright, in sRGB and as small as there is room for, all of them as one WebP.

use std::io::Cursor;

use domain::media::Rotation;
use image::{
    AnimationDecoder, DynamicImage, Frame, ImageDecoder,
    codecs::{gif::GifDecoder, webp::WebPDecoder},
};
use webp::{AnimEncoder, AnimFrame, WebPConfig};

use super::{
    ProcessError,
    codec::WEBP_QUALITY,
    decode::{Look, Picture, resize, unsuitable},
    plan::Size,
    sniff::FileKind,
};

/// Pixels of all frames together that are decoded: a longer animation stays a still picture, rather than taking all the
/// time that there is.
const DECODED: u64 = 1_000_000_000;
/// Pixels of one frame in the file: decoders hold a few of them at once.
const FRAME: u64 = 25_000_000;
/// Pixels of all frames together that are made. All of them are in memory, twice.
const MADE: u64 = 50_000_000;
/// The most pixels across, and down.
const WIDTH: u32 = 960;
const HEIGHT: f64 = 2_160.0;

/// The animation that a picture is; `None` where it is none, or too large for one.
pub(super) fn animate(
    file: &[u8],
    picture: &Picture,
    rotation: Rotation,
) -> Result<Option<Vec<u8>>, ProcessError> {
    let frames = u64::from(picture.frames);
    let pixels = picture.size.pixels();
    if frames < 2 || pixels > FRAME || frames * pixels > DECODED {
        return Ok(None);
    }
    let size = room(picture.size, frames);
    let reader = Cursor::new(file);
    match picture.kind {
        FileKind::Gif => encode(GifDecoder::new(reader).map_err(unsuitable)?, rotation, size),
        FileKind::Webp => encode(WebPDecoder::new(reader).map_err(unsuitable)?, rotation, size),
        _ => Ok(None),
    }
}

/// The largest size of which so many frames have room.
fn room(size: Size, frames: u64) -> Size {
    let fitted = size.within(WIDTH, HEIGHT);
    let scale = (MADE as f64 / (fitted.pixels() * frames) as f64).sqrt().min(1.0);
    let width = (f64::from(fitted.width) * scale) as u32;
    fitted.within(width.max(1), f64::from(fitted.height) * scale)
}

fn encode<'a>(
    mut decoder: impl ImageDecoder + AnimationDecoder<'a>,
    rotation: Rotation,
    size: Size,
) -> Result<Option<Vec<u8>>, ProcessError> {
    let look = Look::of(&mut decoder, rotation)?;
    let (mut frames, mut at) = (Vec::new(), 0.0);
    // It ends where it can't be read any further, as browsers show it.
    for frame in decoder.into_frames().map_while(Result::ok) {
        let begins = at as i32;
        at += milliseconds(&frame);
        let pixels = DynamicImage::ImageRgba8(frame.into_buffer());
        frames.push((look.upright(resize(&pixels, look.stored(size))?), begins));
    }
    if frames.len() < 2 {
        return Ok(None);
    }
    let mut config =
        WebPConfig::new().map_err(|()| ProcessError::Failed("no settings for WebP".to_owned()))?;
    config.quality = WEBP_QUALITY;
    let mut encoder = AnimEncoder::new(size.width, size.height, &config);
    for (pixels, begins) in &frames {
        encoder.add_frame(AnimFrame::from_image(pixels, *begins).map_err(ProcessError::failed)?);
    }
    let encoded = encoder.try_encode();
    Ok(Some(encoded.map_err(|error| ProcessError::Failed(format!("{error:?}")))?.to_vec()))
}

/// How long a frame is shown.
fn milliseconds(frame: &Frame) -> f64 {
    let (numerator, denominator) = frame.delay().numer_denom_ms();
    f64::from(numerator) / f64::from(denominator.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_frames_have_room_and_none_is_enlarged() {
        for (width, height, frames) in [(10, 7, 1_000), (480, 270, 30), (4_000, 3_000, 83), (9, 9_000, 1_000)]
        {
            let whole = Size { width, height };
            let size = room(whole, frames);
            assert!(size.pixels() * frames <= MADE + MADE / 50, "{size:?}");
            assert!(size.width <= width.min(WIDTH) && size.height <= height, "{size:?}");
        }
        assert_eq!(room(Size { width: 480, height: 270 }, 30), Size { width: 480, height: 270 });
        assert_eq!(room(Size { width: 1_920, height: 1_080 }, 30), Size { width: 960, height: 540 });
    }
}
