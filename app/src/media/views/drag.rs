//! Putting tiles of a grid in another order by dragging: with a mouse at once, with a finger after a long press.

use std::time::Duration;

use leptos::{html, prelude::*, wasm_bindgen::JsCast};
use web_sys::{Element, HtmlElement, PointerEvent};

const LONG_PRESS: Duration = Duration::from_millis(380);
/// Pixels that a mouse may move before a press is a drag, and a finger before it is a scroll.
const SLACK: f64 = 6.0;

#[derive(Clone, Copy)]
struct Press {
    from: usize,
    x: f64,
    y: f64,
    pointer: i32,
    touch: bool,
}

/// Where the lifted tile came from and where it would land.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Lift {
    pub(super) from: usize,
    pub(super) to: usize,
}

/// Reorders the children of a grid.
#[derive(Clone, Copy)]
pub(super) struct Drag {
    lift: RwSignal<Option<Lift>>,
    press: StoredValue<Option<Press>>,
    timer: StoredValue<Option<TimeoutHandle>>,
    grid: NodeRef<html::Div>,
    /// How many of the first children can be moved.
    count: Signal<usize>,
    dropped: Callback<(usize, usize)>,
}

impl Drag {
    pub(super) fn new(
        grid: NodeRef<html::Div>,
        count: Signal<usize>,
        dropped: Callback<(usize, usize)>,
    ) -> Self {
        let (press, timer) = (StoredValue::new(None), StoredValue::new(None));
        Self { lift: RwSignal::new(None), press, timer, grid, count, dropped }
    }

    pub(super) fn lift(self) -> Option<Lift> {
        self.lift.get()
    }

    pub(super) fn is_lifted(self) -> bool {
        self.lift.with_untracked(Option::is_some)
    }

    /// Where a tile shows while another is lifted over it.
    pub(super) fn place(self, index: usize) -> usize {
        self.lift.get().map_or(index, |lift| place(lift, index))
    }

    pub(super) fn down(self, event: &PointerEvent) {
        if event.button() != 0 || !event.is_primary() {
            return;
        }
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let on_control =
            target.as_ref().is_some_and(|target| target.closest(".tile-act").ok().flatten().is_some());
        let (false, Some(from)) = (on_control, target.and_then(|target| self.index_of(&target))) else {
            return;
        };
        if from >= self.count.get_untracked() {
            return;
        }
        let touch = event.pointer_type() == "touch";
        let (x, y) = (f64::from(event.client_x()), f64::from(event.client_y()));
        self.press.set_value(Some(Press { from, x, y, pointer: event.pointer_id(), touch }));
        if touch {
            self.timer.set_value(set_timeout_with_handle(move || self.begin(), LONG_PRESS).ok());
        }
    }

    pub(super) fn moved(self, event: &PointerEvent) {
        let Some(press) = self.press.get_value().filter(|press| press.pointer == event.pointer_id()) else {
            return;
        };
        let (x, y) = (f64::from(event.client_x()), f64::from(event.client_y()));
        if self.is_lifted() {
            event.prevent_default();
            self.follow(x, y);
        } else if (x - press.x).hypot(y - press.y) > SLACK {
            if press.touch { self.forget() } else { self.begin() }
        }
    }

    pub(super) fn up(self) {
        let lift = self.lift.get_untracked();
        self.forget();
        if let Some(lift) = lift.filter(|lift| lift.from != lift.to) {
            self.dropped.run((lift.from, lift.to));
        }
    }

    /// Puts the tile back where it was.
    pub(super) fn forget(self) {
        if let Some(timer) = self.timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
        self.press.set_value(None);
        if self.is_lifted() {
            self.lift.set(None);
        }
    }

    fn begin(self) {
        let (Some(press), Some(grid)) = (self.press.try_get_value().flatten(), self.grid.get_untracked())
        else {
            return;
        };
        // The pointer may have gone by now; then its release was seen too.
        drop(grid.set_pointer_capture(press.pointer));
        self.lift.set(Some(Lift { from: press.from, to: press.from }));
    }

    /// The tile goes where the pointer is: among tiles of one size that is a matter of counting.
    fn follow(self, x: f64, y: f64) {
        let Some(grid) = self.grid.get_untracked() else { return };
        let Some(first) = grid.first_element_child() else { return };
        let (bounds, tile) = (grid.get_bounding_client_rect(), first.get_bounding_client_rect());
        let columns = columns(&grid).max(1);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "not negative, and small"
        )]
        let cell = |at: f64, start: f64, size: f64| ((at - start).max(0.0) / size.max(1.0)) as usize;
        #[expect(clippy::cast_precision_loss, reason = "small")]
        let across = cell(x, bounds.left(), bounds.width() / columns as f64).min(columns - 1);
        let row = cell(y, bounds.top(), tile.height());
        let to = (row * columns + across).min(self.count.get_untracked().saturating_sub(1));
        self.lift.update(|lift| {
            if let Some(lift) = lift {
                lift.to = to;
            }
        });
    }

    /// The place among the grid's children of the one that an element is in.
    fn index_of(self, element: &Element) -> Option<usize> {
        let grid: Element = (**self.grid.get_untracked()?).clone();
        let mut tile = element.clone();
        while tile.parent_element()? != grid {
            tile = tile.parent_element()?;
        }
        let children = grid.children();
        let index = (0..children.length()).find(|index| children.item(*index).as_ref() == Some(&tile))?;
        usize::try_from(index).ok()
    }
}

/// Where a tile shows while another is on its way.
fn place(lift: Lift, index: usize) -> usize {
    if index == lift.from {
        lift.to
    } else if lift.from < index && index <= lift.to {
        index - 1
    } else if lift.to <= index && index < lift.from {
        index + 1
    } else {
        index
    }
}

/// How many columns a grid has just now.
pub(super) fn columns(grid: &HtmlElement) -> usize {
    let style = window().get_computed_style(grid).ok().flatten();
    let columns = style.and_then(|style| style.get_property_value("grid-template-columns").ok());
    columns.map_or(1, |columns| columns.split_whitespace().count())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_is_taken_once_wherever_a_tile_goes() {
        for from in 0..6 {
            for to in 0..6 {
                let mut places: Vec<_> = (0..6).map(|index| place(Lift { from, to }, index)).collect();
                assert_eq!(places.get(from), Some(&to));
                places.sort_unstable();
                assert_eq!(places, [0, 1, 2, 3, 4, 5]);
            }
        }
    }
}
