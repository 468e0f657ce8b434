//! Which sizes there are of a picture.

use domain::limits::VARIANT_WIDTHS;

/// How many times as high as wide a variant's box is: encoders take no more than some 16,000 pixels a side.
const HEIGHTS: f64 = 4.0;

/// A picture's size, as it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Size {
    pub(super) width: u32,
    pub(super) height: u32,
}

impl Size {
    /// How many pixels that are.
    pub(super) fn pixels(self) -> u64 {
        u64::from(self.width) * u64::from(self.height)
    }

    /// The largest size of the same shape inside a box; never larger than this one.
    pub(super) fn within(self, width: u32, height: f64) -> Self {
        let (own_width, own_height) = (f64::from(self.width), f64::from(self.height));
        let scale = (f64::from(width) / own_width).min(height / own_height).min(1.0);
        let scaled = |side: f64| ((side * scale).round() as u32).max(1);
        Self { width: scaled(own_width), height: scaled(own_height) }
    }
}

/// The sizes to make of a picture, the largest first, each of another width.
pub(super) fn sizes(of: Size) -> Vec<Size> {
    let mut sizes: Vec<Size> =
        VARIANT_WIDTHS.iter().map(|width| of.within(*width, f64::from(*width) * HEIGHTS)).collect();
    sizes.sort_by_key(|size| std::cmp::Reverse(size.width));
    sizes.dedup_by_key(|size| size.width);
    sizes
}
