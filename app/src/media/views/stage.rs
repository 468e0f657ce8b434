//! What fingers, a mouse and a wheel do on the lightbox: swipe to the next, pinch or double-tap to zoom, drag to look
//! around, drag down to close.

use leptos::{html, prelude::*};
use web_sys::{MouseEvent, PointerEvent, WheelEvent};

use super::zoom::{self, Zoom};

/// How far a swipe has to go to count, in pixels.
const FAR: f64 = 60.0;
/// How far down closes.
const DOWN: f64 = 110.0;

#[derive(Debug, Clone, Copy, PartialEq)]
struct Finger {
    id: i32,
    x: f64,
    y: f64,
}

/// What a gesture asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wish {
    Previous,
    Next,
    Close,
}

/// The state of the stage.
#[derive(Clone, Copy)]
pub(super) struct Stage {
    pub(super) zoom: RwSignal<Zoom>,
    /// How far the whole is pulled aside, and down, in pixels.
    pub(super) pull: RwSignal<(f64, f64)>,
    fingers: StoredValue<Vec<Finger>>,
    frame: NodeRef<html::Div>,
    wish: Callback<Wish>,
}

impl Stage {
    pub(super) fn new(frame: NodeRef<html::Div>, wish: Callback<Wish>) -> Self {
        Self {
            zoom: RwSignal::new(Zoom::WHOLE),
            pull: RwSignal::new((0.0, 0.0)),
            fingers: StoredValue::new(Vec::new()),
            frame,
            wish,
        }
    }

    /// Whether something is held just now.
    pub(super) fn is_held(self) -> bool {
        self.pull.get() != (0.0, 0.0)
    }

    /// Another picture is shown.
    pub(super) fn reset(self) {
        self.zoom.set(Zoom::WHOLE);
        self.pull.set((0.0, 0.0));
        self.fingers.update_value(Vec::clear);
    }

    pub(super) fn down(self, event: &PointerEvent) {
        if event.button() != 0 {
            return;
        }
        let finger = finger(event);
        self.fingers.update_value(|fingers| {
            fingers.retain(|other| other.id != finger.id);
            fingers.push(finger);
        });
        if let Some(frame) = self.frame.get_untracked() {
            // The pointer may have gone by now; then its release was seen too.
            drop(frame.set_pointer_capture(finger.id));
        }
    }

    pub(super) fn moved(self, event: &PointerEvent) {
        let now = finger(event);
        let before = self.fingers.get_value();
        let Some(was) = before.iter().find(|finger| finger.id == now.id).copied() else { return };
        self.fingers.update_value(|fingers| {
            if let Some(finger) = fingers.iter_mut().find(|finger| finger.id == now.id) {
                *finger = now;
            }
        });
        let (dx, dy) = (now.x - was.x, now.y - was.y);
        let (Some(stage), zoom) = (self.size(), self.zoom.get_untracked()) else { return };
        match before.iter().find(|finger| finger.id != now.id) {
            Some(other) => {
                let spread = |one: Finger| (one.x - other.x).hypot(one.y - other.y).max(1.0);
                let middle = self.off_middle((now.x + other.x) / 2.0, (now.y + other.y) / 2.0);
                let pinched = zoom.by(spread(now) / spread(was), middle, stage);
                self.pull.set((0.0, 0.0));
                self.zoom.set(pinched.moved(dx / 2.0, dy / 2.0, stage));
            }
            None if zoom.is_in() => self.zoom.set(zoom.moved(dx, dy, stage)),
            None => self.pull.update(|pull| *pull = (pull.0 + dx, pull.1 + dy)),
        }
    }

    pub(super) fn up(self, event: &PointerEvent) {
        let id = event.pointer_id();
        self.fingers.update_value(|fingers| fingers.retain(|finger| finger.id != id));
        let (dx, dy) = self.pull.get_untracked();
        if self.fingers.with_value(Vec::is_empty) && (dx, dy) != (0.0, 0.0) {
            self.pull.set((0.0, 0.0));
            if let Some(wish) = wish(dx, dy) {
                self.wish.run(wish);
            }
        }
    }

    pub(super) fn double(self, event: &MouseEvent) {
        let at = self.off_middle(f64::from(event.client_x()), f64::from(event.client_y()));
        if let Some(stage) = self.size() {
            self.zoom.update(|zoom| *zoom = zoom.toggled(at, stage));
        }
    }

    pub(super) fn wheel(self, event: &WheelEvent) {
        event.prevent_default();
        let at = self.off_middle(f64::from(event.client_x()), f64::from(event.client_y()));
        if let Some(stage) = self.size() {
            self.zoom.update(|zoom| *zoom = zoom.by((-event.delta_y() / 300.0).exp(), at, stage));
        }
    }

    /// Zooms by keys, around the middle.
    pub(super) fn step(self, factor: f64) {
        if let Some(stage) = self.size() {
            self.zoom.update(|zoom| *zoom = zoom.by(factor, (0.0, 0.0), stage));
        }
    }

    fn size(self) -> Option<zoom::Stage> {
        let frame = self.frame.get_untracked()?;
        Some((f64::from(frame.client_width()), f64::from(frame.client_height())))
    }

    fn off_middle(self, x: f64, y: f64) -> (f64, f64) {
        let Some(frame) = self.frame.get_untracked() else { return (0.0, 0.0) };
        let bounds = frame.get_bounding_client_rect();
        (x - bounds.left() - bounds.width() / 2.0, y - bounds.top() - bounds.height() / 2.0)
    }
}

fn finger(event: &PointerEvent) -> Finger {
    Finger { id: event.pointer_id(), x: f64::from(event.client_x()), y: f64::from(event.client_y()) }
}

/// What a pull that was let go asks for.
fn wish(dx: f64, dy: f64) -> Option<Wish> {
    if dy > DOWN && dy > dx.abs() {
        Some(Wish::Close)
    } else if dx.abs() < FAR || dx.abs() < dy.abs() {
        None
    } else if dx < 0.0 {
        Some(Wish::Next)
    } else {
        Some(Wish::Previous)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pull_counts_when_it_goes_far_in_one_direction() {
        for (dx, dy, expected) in [
            (-80.0, 10.0, Some(Wish::Next)),
            (80.0, -10.0, Some(Wish::Previous)),
            (30.0, 0.0, None),
            (70.0, 100.0, None),
            (20.0, 130.0, Some(Wish::Close)),
            (0.0, -200.0, None),
        ] {
            assert_eq!(wish(dx, dy), expected, "{dx} {dy}");
        }
    }
}
