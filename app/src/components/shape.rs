//! How things that can be reordered lie: one under the other, or in the cells of a grid.

use leptos::prelude::*;
use web_sys::{Element, HtmlElement};

/// See the module's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Rows of one height, of which only some may be in the page.
    Column,
    /// Tiles of one size, all of them in the page.
    Grid,
}

impl Shape {
    /// The place of the thing that is pressed, and how far below its top the pointer is; `None` on a control.
    pub(super) fn grab(self, track: &HtmlElement, pressed: &Element, y: f64) -> Option<(usize, f64)> {
        let controls = match self {
            Self::Column => "button, input, textarea, select",
            Self::Grid => ".tile-act",
        };
        if pressed.closest(controls).ok().flatten().is_some() {
            return None;
        }
        match self {
            Self::Column => {
                let (height, below) = (row_height(track)?, y - track.get_bounding_client_rect().top());
                (below >= 0.0).then(|| (cell(below, height), below % height))
            }
            Self::Grid => Some((child_with(track, pressed)?, 0.0)),
        }
    }

    /// Where a thing would land that is held at a point by its grip, and where its top is in the track.
    pub(super) fn aim(
        self,
        track: &HtmlElement,
        last: usize,
        (x, y): (f64, f64),
        grip: f64,
    ) -> Option<(usize, f64)> {
        let bounds = track.get_bounding_client_rect();
        match self {
            Self::Column => {
                let height = row_height(track)?;
                #[expect(clippy::cast_precision_loss, reason = "rows are few")]
                let top = (y - bounds.top() - grip).clamp(0.0, last as f64 * height);
                Some((cell(top + height / 2.0, height).min(last), top))
            }
            Self::Grid => {
                let tile = track.first_element_child()?.get_bounding_client_rect();
                let columns = columns(track).max(1);
                #[expect(clippy::cast_precision_loss, reason = "small")]
                let across = cell(x - bounds.left(), bounds.width() / columns as f64).min(columns - 1);
                let row = cell(y - bounds.top(), tile.height());
                Some(((row * columns + across).min(last), 0.0))
            }
        }
    }
}

/// In which of the cells of one size a point is.
fn cell(at: f64, size: f64) -> usize {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "not negative, and small")]
    let cell = (at.max(0.0) / size.max(1.0)) as usize;
    cell
}

/// The place among an element's children of the one that another element is in.
fn child_with(parent: &Element, element: &Element) -> Option<usize> {
    let mut child = element.clone();
    while child.parent_element()? != *parent {
        child = child.parent_element()?;
    }
    let children = parent.children();
    let index = (0..children.length()).find(|index| children.item(*index).as_ref() == Some(&child))?;
    usize::try_from(index).ok()
}

/// How many columns a grid has just now.
pub(crate) fn columns(grid: &HtmlElement) -> usize {
    let style = window().get_computed_style(grid).ok().flatten();
    let columns = style.and_then(|style| style.get_property_value("grid-template-columns").ok());
    columns.map_or(1, |columns| columns.split_whitespace().count())
}

/// The height of the rows in an element, in pixels, as the style sheet has it.
pub(crate) fn row_height(element: &HtmlElement) -> Option<f64> {
    let style = window().get_computed_style(element).ok().flatten()?;
    let value = style.get_property_value("--row").ok()?;
    value.trim().trim_end_matches("px").parse().ok().filter(|height| *height > 0.0)
}
