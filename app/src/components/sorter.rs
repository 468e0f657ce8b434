//! Reordering rows of one height by dragging: with a mouse at once, with a finger after a long press.

use std::time::Duration;

use leptos::{html, prelude::*, wasm_bindgen::JsCast};
use web_sys::{HtmlElement, PointerEvent};

const LONG_PRESS: Duration = Duration::from_millis(380);
/// Pixels that a mouse may move before a press is a drag, and a finger before it is a scroll.
const SLACK: f64 = 6.0;
/// How near to an edge a lifted row makes the list scroll, and how fast, in pixels a frame.
const EDGE: f64 = 56.0;
const EDGE_SPEED: f64 = 12.0;

/// The row that was lifted: where it came from, where it would land, and where its top is in the track.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Lift {
    pub(crate) from: usize,
    pub(crate) to: usize,
    pub(crate) top: f64,
}

#[derive(Clone, Copy)]
struct Press {
    from: usize,
    /// Where the press began, and where the pointer is now, in the window.
    x: f64,
    y: f64,
    now_y: f64,
    /// From the row's top to the pointer.
    grip: f64,
    pointer: i32,
    touch: bool,
}

/// Reorders the first `count` rows of a track.
#[derive(Clone, Copy)]
pub(crate) struct Sorter {
    lift: RwSignal<Option<Lift>>,
    press: StoredValue<Option<Press>>,
    timer: StoredValue<Option<TimeoutHandle>>,
    track: NodeRef<html::Div>,
    count: Signal<usize>,
    dropped: Callback<(usize, usize)>,
}

impl Sorter {
    /// `track` holds the rows and nothing above them; `dropped` gets the row's place before and after.
    pub(crate) fn new(
        track: NodeRef<html::Div>,
        count: Signal<usize>,
        dropped: Callback<(usize, usize)>,
    ) -> Self {
        Self {
            lift: RwSignal::new(None),
            press: StoredValue::new(None),
            timer: StoredValue::new(None),
            track,
            count,
            dropped,
        }
    }

    /// The lifted row, while there is one.
    pub(crate) fn lift(self) -> Option<Lift> {
        self.lift.get()
    }

    pub(crate) fn is_lifted(self) -> bool {
        self.lift.with_untracked(Option::is_some)
    }

    /// Where a row shows while another is lifted over it.
    pub(crate) fn place(self, index: usize) -> usize {
        match self.lift.get() {
            Some(lift) if lift.from < index && index <= lift.to => index - 1,
            Some(lift) if lift.to <= index && index < lift.from => index + 1,
            _ => index,
        }
    }

    pub(crate) fn down(self, event: &PointerEvent) {
        let on_control = event
            .target()
            .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
            .and_then(|target| target.closest("button, input, textarea, select").ok().flatten())
            .is_some();
        if event.button() != 0 || !event.is_primary() || on_control {
            return;
        }
        let (Some(track), Some(height)) = (self.track.get_untracked(), self.row_height()) else { return };
        let (x, y) = (f64::from(event.client_x()), f64::from(event.client_y()));
        let from_top = y - track.get_bounding_client_rect().top();
        if from_top < 0.0 {
            return;
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "not negative, and rows are few"
        )]
        let from = (from_top / height) as usize;
        if from >= self.count.get_untracked() {
            return;
        }
        let touch = event.pointer_type() == "touch";
        let grip = from_top % height;
        let press = Press { from, x, y, now_y: y, grip, pointer: event.pointer_id(), touch };
        self.press.set_value(Some(press));
        if touch {
            let handle = set_timeout_with_handle(move || self.begin(), LONG_PRESS);
            self.timer.set_value(handle.ok());
        }
    }

    pub(crate) fn moved(self, event: &PointerEvent) {
        let Some(mut press) = self.press.get_value() else { return };
        if press.pointer != event.pointer_id() {
            return;
        }
        let (x, y) = (f64::from(event.client_x()), f64::from(event.client_y()));
        press.now_y = y;
        self.press.set_value(Some(press));
        if self.is_lifted() {
            event.prevent_default();
            self.follow();
        } else if (x - press.x).hypot(y - press.y) > SLACK {
            if press.touch { self.forget() } else { self.begin() }
        }
    }

    pub(crate) fn up(self) {
        let lift = self.lift.get_untracked();
        self.forget();
        if let Some(lift) = lift.filter(|lift| lift.from != lift.to) {
            self.dropped.run((lift.from, lift.to));
        }
    }

    /// Puts the row back where it was.
    pub(crate) fn forget(self) {
        if let Some(timer) = self.timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
        self.press.set_value(None);
        if self.is_lifted() {
            self.lift.set(None);
        }
    }

    fn begin(self) {
        let (Some(press), Some(track)) = (self.press.try_get_value().flatten(), self.track.get_untracked())
        else {
            return;
        };
        // The pointer may have gone by now; then its release was seen too.
        drop(track.set_pointer_capture(press.pointer));
        self.lift.set(Some(Lift { from: press.from, to: press.from, top: 0.0 }));
        self.follow();
        self.keep_scrolling();
    }

    fn follow(self) {
        let (Some(press), Some(track), Some(height)) =
            (self.press.get_value(), self.track.get_untracked(), self.row_height())
        else {
            return;
        };
        let last = self.count.get_untracked().saturating_sub(1);
        #[expect(clippy::cast_precision_loss, reason = "rows are few")]
        let lowest = last as f64 * height;
        let top = (press.now_y - track.get_bounding_client_rect().top() - press.grip).clamp(0.0, lowest);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "clamped to the rows there are"
        )]
        let to = ((top / height).round() as usize).min(last);
        self.lift.update(|lift| {
            if let Some(lift) = lift {
                (lift.to, lift.top) = (to, top);
            }
        });
    }

    /// Scrolls as long as the lifted row is held near an edge.
    fn keep_scrolling(self) {
        let lifted = self.lift.try_with_untracked(Option::is_some).unwrap_or_default();
        let (true, Some(press)) = (lifted, self.press.try_get_value().flatten()) else { return };
        if let Some(scroller) = self.scroller() {
            let bounds = scroller.get_bounding_client_rect();
            let step = if press.now_y < bounds.top() + EDGE {
                -EDGE_SPEED
            } else if press.now_y > bounds.bottom() - EDGE {
                EDGE_SPEED
            } else {
                0.0
            };
            if step != 0.0 {
                scroller.scroll_by_with_x_and_y(0.0, step);
                self.follow();
            }
        }
        request_animation_frame(move || self.keep_scrolling());
    }

    fn scroller(self) -> Option<HtmlElement> {
        let element = self.track.get_untracked()?.closest(".scroll").ok().flatten()?;
        element.dyn_into().ok()
    }

    fn row_height(self) -> Option<f64> {
        let track = self.track.get_untracked()?;
        row_height(&track)
    }
}

/// The height of the rows in an element, in pixels, as the style sheet has it.
pub(crate) fn row_height(element: &HtmlElement) -> Option<f64> {
    let style = window().get_computed_style(element).ok().flatten()?;
    let value = style.get_property_value("--row").ok()?;
    value.trim().trim_end_matches("px").parse().ok().filter(|height| *height > 0.0)
}
