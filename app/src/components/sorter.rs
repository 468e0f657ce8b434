//! Reordering things by dragging: with a mouse at once, with a finger after a long press.

use std::time::Duration;

use leptos::{attr::Attribute, ev, html, prelude::*, tachys::html::event::on, wasm_bindgen::JsCast};
use web_sys::{Element, HtmlElement, PointerEvent};

use super::shape::Shape;

const LONG_PRESS: Duration = Duration::from_millis(380);
/// Pixels that a mouse may move before a press is a drag, and a finger before it is a scroll.
const SLACK: f64 = 6.0;
/// How near to an edge a lifted thing makes the list scroll, and how fast, in pixels a frame.
const EDGE: f64 = 56.0;
const EDGE_SPEED: f64 = 12.0;

/// The thing that was lifted: where it came from, where it would land, and, in a column, where its top is.
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
    start: (f64, f64),
    now: (f64, f64),
    /// From the thing's top to the pointer.
    grip: f64,
    pointer: i32,
    touch: bool,
}

/// Reorders the first `count` children of a track.
#[derive(Clone, Copy)]
pub(crate) struct Sorter {
    shape: Shape,
    lift: RwSignal<Option<Lift>>,
    press: StoredValue<Option<Press>>,
    timer: StoredValue<Option<TimeoutHandle>>,
    track: NodeRef<html::Div>,
    count: Signal<usize>,
    dropped: Callback<(usize, usize)>,
    /// What a long press without a move is for, if anything.
    held: Option<Callback<usize>>,
}

impl Sorter {
    /// `track` holds the things and nothing above them; `dropped` gets the thing's place before and after.
    pub(crate) fn new(
        shape: Shape,
        track: NodeRef<html::Div>,
        count: Signal<usize>,
        dropped: Callback<(usize, usize)>,
    ) -> Self {
        let (press, timer) = (StoredValue::new(None), StoredValue::new(None));
        Self { shape, lift: RwSignal::new(None), press, timer, track, count, dropped, held: None }
    }

    /// `held` gets the place of a thing that a finger pressed for long and did not move, one that can't be moved too.
    pub(crate) fn with_hold(self, held: Callback<usize>) -> Self {
        Self { held: Some(held), ..self }
    }

    /// What the track listens to.
    pub(crate) fn listeners(self) -> impl Attribute {
        (
            on(ev::pointerdown, move |event| self.down(&event)),
            on(ev::pointermove, move |event| self.moved(&event)),
            on(ev::pointerup, move |_| self.up()),
            on(ev::pointercancel, move |_| self.forget()),
            on(ev::touchmove, move |event| self.hold(&event)),
            on(ev::contextmenu, move |event| self.no_menu(&event)),
            on(ev::dragstart, move |event| event.prevent_default()),
        )
    }

    /// The lifted thing, while there is one.
    pub(crate) fn lift(self) -> Option<Lift> {
        self.lift.get()
    }

    pub(crate) fn is_lifted(self) -> bool {
        self.lift.with_untracked(Option::is_some)
    }

    /// Where a thing shows while one is lifted.
    pub(crate) fn place(self, index: usize) -> usize {
        self.lift.get().map_or(index, |lift| place(lift.from, lift.to, index))
    }

    /// While something is lifted, a finger does not scroll.
    fn hold(self, event: &web_sys::Event) {
        if self.is_lifted() {
            event.prevent_default();
        }
    }

    /// A long press means something else here than the browser's menu.
    fn no_menu(self, event: &web_sys::Event) {
        if self.press.with_value(|press| press.is_some_and(|press| press.touch)) {
            event.prevent_default();
        }
    }

    fn down(self, event: &PointerEvent) {
        if event.button() != 0 || !event.is_primary() {
            return;
        }
        let pressed = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let (Some(track), Some(pressed)) = (self.track.get_untracked(), pressed) else { return };
        let start = (f64::from(event.client_x()), f64::from(event.client_y()));
        let Some((from, grip)) = self.shape.grab(&track, &pressed, start.1) else { return };
        let touch = event.pointer_type() == "touch";
        if from >= self.count.get_untracked() && !(touch && self.held.is_some()) {
            return;
        }
        let press = Press { from, start, now: start, grip, pointer: event.pointer_id(), touch };
        self.press.set_value(Some(press));
        if touch {
            let handle = set_timeout_with_handle(move || self.begin(), LONG_PRESS);
            self.timer.set_value(handle.ok());
        }
    }

    fn moved(self, event: &PointerEvent) {
        let press = self.press.get_value().filter(|press| press.pointer == event.pointer_id());
        let Some(mut press) = press else { return };
        press.now = (f64::from(event.client_x()), f64::from(event.client_y()));
        self.press.set_value(Some(press));
        if self.is_lifted() {
            event.prevent_default();
            self.follow();
        } else if (press.now.0 - press.start.0).hypot(press.now.1 - press.start.1) > SLACK {
            if press.touch { self.forget() } else { self.begin() }
        }
    }

    fn up(self) {
        let lift = self.lift.get_untracked();
        let touched = self.press.get_value().is_some_and(|press| press.touch);
        self.forget();
        match (lift, self.held) {
            (Some(lift), _) if lift.from != lift.to => self.dropped.run((lift.from, lift.to)),
            (Some(lift), Some(held)) if touched => held.run(lift.from),
            _ => {}
        }
    }

    /// Puts the thing back where it was.
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
        if press.from >= self.count.get_untracked() {
            if let Some(held) = self.held {
                held.run(press.from);
            }
            return;
        }
        // The pointer may have gone by now; then its release was seen too.
        drop(track.set_pointer_capture(press.pointer));
        self.lift.set(Some(Lift { from: press.from, to: press.from, top: 0.0 }));
        self.follow();
        self.keep_scrolling();
    }

    fn follow(self) {
        let (Some(press), Some(track)) = (self.press.get_value(), self.track.get_untracked()) else { return };
        let last = self.count.get_untracked().saturating_sub(1);
        let Some((to, top)) = self.shape.aim(&track, last, press.now, press.grip) else { return };
        self.lift.update(|lift| {
            if let Some(lift) = lift {
                (lift.to, lift.top) = (to, top);
            }
        });
    }

    /// Scrolls as long as the lifted thing is held near an edge.
    fn keep_scrolling(self) {
        let lifted = self.lift.try_with_untracked(Option::is_some).unwrap_or_default();
        let (true, Some(press)) = (lifted, self.press.try_get_value().flatten()) else { return };
        if let Some(scroller) = self.scroller() {
            let bounds = scroller.get_bounding_client_rect();
            let step = if press.now.1 < bounds.top() + EDGE {
                -EDGE_SPEED
            } else if press.now.1 > bounds.bottom() - EDGE {
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
}

/// Where a thing shows while one is on its way.
fn place(from: usize, to: usize, index: usize) -> usize {
    if index == from {
        to
    } else if from < index && index <= to {
        index - 1
    } else if to <= index && index < from {
        index + 1
    } else {
        index
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_is_taken_once_wherever_a_thing_goes() {
        for from in 0..6 {
            for to in 0..6 {
                let mut places: Vec<_> = (0..6).map(|index| place(from, to, index)).collect();
                assert_eq!(places.get(from), Some(&to));
                places.sort_unstable();
                assert_eq!(places, [0, 1, 2, 3, 4, 5]);
            }
        }
    }
}
