//! A row that a finger can push aside: to the right completes, to the left shows what else can be done.

use leptos::prelude::*;
use web_sys::PointerEvent;

/// How far to the right a row is pushed before letting go completes it.
pub(crate) const COMPLETE_AT: f64 = 84.0;
/// How wide the buttons to its right are.
pub(crate) const BUTTONS: f64 = 144.0;
/// Pixels before a touch is a swipe.
const SLACK: f64 = 10.0;

#[derive(Clone, Copy)]
struct Touch {
    pointer: i32,
    x: f64,
    y: f64,
    /// How far the row was aside when the finger came.
    from: f64,
    swiping: bool,
}

/// One row's place sideways.
#[derive(Clone, Copy)]
pub(crate) struct Swipe {
    /// Pixels to the right.
    pub(crate) dx: RwSignal<f64>,
    touch: RwSignal<Option<Touch>>,
}

impl Swipe {
    pub(crate) fn new() -> Self {
        Self { dx: RwSignal::new(0.0), touch: RwSignal::new(None) }
    }

    /// Whether the finger moves the row, so that it must follow at once.
    pub(crate) fn is_held(self) -> bool {
        self.touch.with(|touch| touch.is_some_and(|touch| touch.swiping))
    }

    pub(crate) fn down(self, event: &PointerEvent) {
        if event.pointer_type() == "touch" && event.is_primary() {
            let (x, y) = (f64::from(event.client_x()), f64::from(event.client_y()));
            let from = self.dx.get_untracked();
            self.touch.set(Some(Touch { pointer: event.pointer_id(), x, y, from, swiping: false }));
        }
    }

    pub(crate) fn moved(self, event: &PointerEvent) {
        let Some(mut touch) = self.touch.get_untracked().filter(|touch| touch.pointer == event.pointer_id())
        else {
            return;
        };
        let (dx, dy) = (f64::from(event.client_x()) - touch.x, f64::from(event.client_y()) - touch.y);
        if !touch.swiping {
            if dy.abs() > SLACK {
                self.touch.set(None);
                return;
            }
            if dx.abs() <= SLACK {
                return;
            }
            touch.swiping = true;
            self.touch.set(Some(touch));
        }
        self.dx.set((touch.from + dx).clamp(-BUTTONS * 1.15, COMPLETE_AT * 1.6));
    }

    /// The finger has gone. Says whether the row was pushed far enough to complete it.
    pub(crate) fn up(self) -> bool {
        let Some(touch) = self.touch.get_untracked() else { return false };
        self.touch.set(None);
        if !touch.swiping {
            return false;
        }
        let dx = self.dx.get_untracked();
        let open = dx < -BUTTONS / 2.0;
        self.dx.set(if open { -BUTTONS } else { 0.0 });
        dx >= COMPLETE_AT
    }

    pub(crate) fn close(self) {
        self.touch.set(None);
        if self.dx.get_untracked() != 0.0 {
            self.dx.set(0.0);
        }
    }
}
