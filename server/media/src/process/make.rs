//! All that is made of one picture, from a file to files. It blocks, and takes much memory and time.

use std::{fs, path::PathBuf};

use domain::{
    error::Code,
    limits::IMAGE_BYTES,
    media::{ANIMATION, Format, Rotation, Variant},
};
use image::DynamicImage;
use serde::{Deserialize, Serialize};

use super::{
    ProcessError,
    animation::animate,
    codec::{encode, placeholder},
    decode::{decode, resize},
    plan::{Size, sizes},
};

/// What is wanted of a picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// The uploaded file.
    pub source: PathBuf,
    /// What it was said to be.
    pub content_type: String,
    /// How the user has turned it.
    pub rotation: Rotation,
    /// A folder for what is made; each file is called as [`Variant::file_name`] says, or [`ANIMATION`].
    pub folder: PathBuf,
    /// How much of it.
    pub want: Want,
}

/// How much is wanted of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Want {
    /// Every size, as AVIF and as the smaller of WebP and JPEG, and the animation that it may be.
    All,
    /// One variant, if it is of one of the picture's sizes.
    One {
        /// Pixels across.
        width: u32,
        /// How it is encoded.
        format: Format,
    },
}

/// What was made of a picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Made {
    /// Pixels across, as it is shown.
    pub width: u32,
    /// Pixels down, as it is shown.
    pub height: u32,
    /// A tiny picture of it as a URL; empty where one variant was wanted.
    pub placeholder: String,
    /// The files, the largest first.
    pub variants: Vec<Variant>,
    /// Whether there is an animation of it.
    pub moves: bool,
}

/// Makes what is wanted of a picture.
///
/// # Errors
/// [`ProcessError::Unsuitable`] where the file is the reason, [`ProcessError::Failed`] where it is not.
pub fn make(request: &Request) -> Result<Made, ProcessError> {
    if fs::metadata(&request.source).map_err(ProcessError::failed)?.len() > IMAGE_BYTES {
        return Err(ProcessError::Unsuitable(Code::MediaTooLarge));
    }
    let file = fs::read(&request.source).map_err(ProcessError::failed)?;
    let picture = decode(&file, &request.content_type, request.rotation)?;
    let Size { width, height } = picture.size;
    let mut made = Made { width, height, placeholder: String::new(), variants: Vec::new(), moves: false };
    if request.want == Want::All
        && let Some(animation) = animate(&file, &picture, request.rotation)?
    {
        fs::write(request.folder.join(ANIMATION), animation).map_err(ProcessError::failed)?;
        made.moves = true;
    }
    drop(file);
    let mut pixels = picture.pixels;
    for size in sizes(picture.size) {
        // Each from the one before, which is much less work than from the whole picture.
        pixels = resize(&pixels, size)?;
        for (format, contents) in wanted(&pixels, size, request.want)? {
            let bytes = contents.len() as u64;
            let variant = Variant { width: size.width, height: size.height, format, bytes };
            fs::write(request.folder.join(variant.file_name()), contents).map_err(ProcessError::failed)?;
            made.variants.push(variant);
        }
    }
    if request.want == Want::All {
        made.placeholder = placeholder(&pixels)?;
    }
    Ok(made)
}

fn wanted(pixels: &DynamicImage, size: Size, want: Want) -> Result<Vec<(Format, Vec<u8>)>, ProcessError> {
    match want {
        Want::One { width, format } if width == size.width => Ok(vec![(format, encode(pixels, format)?)]),
        Want::One { .. } => Ok(Vec::new()),
        Want::All => {
            let mut common = (Format::Webp, encode(pixels, Format::Webp)?);
            if !pixels.color().has_alpha() {
                let jpeg = encode(pixels, Format::Jpeg)?;
                if jpeg.len() < common.1.len() {
                    common = (Format::Jpeg, jpeg);
                }
            }
            let avif = encode(pixels, Format::Avif)?;
            Ok(if avif.len() < common.1.len() { vec![(Format::Avif, avif), common] } else { vec![common] })
        }
    }
}
