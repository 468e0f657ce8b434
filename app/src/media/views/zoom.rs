//! How far a picture is zoomed in, and where: pure geometry. Points are pixels from the middle of the stage.

/// The most that a picture is enlarged.
const MOST: f64 = 8.0;
/// What a double tap enlarges to.
const TAP: f64 = 2.5;

/// A picture drawn `scale` times as large, its middle moved by `x` and `y`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Zoom {
    pub(super) scale: f64,
    pub(super) x: f64,
    pub(super) y: f64,
}

/// The stage's width and height.
pub(super) type Stage = (f64, f64);

impl Zoom {
    /// The whole picture.
    pub(super) const WHOLE: Self = Self { scale: 1.0, x: 0.0, y: 0.0 };

    pub(super) fn is_in(self) -> bool {
        self.scale > 1.01
    }

    /// So many times larger, with what is at the point staying there.
    pub(super) fn by(self, factor: f64, (at_x, at_y): (f64, f64), stage: Stage) -> Self {
        let scale = (self.scale * factor).clamp(1.0, MOST);
        let ratio = scale / self.scale;
        let moved = Self { scale, x: at_x - (at_x - self.x) * ratio, y: at_y - (at_y - self.y) * ratio };
        moved.held(stage)
    }

    /// Moved so far.
    pub(super) fn moved(self, dx: f64, dy: f64, stage: Stage) -> Self {
        Self { x: self.x + dx, y: self.y + dy, ..self }.held(stage)
    }

    /// In where it was whole, whole where it was in.
    pub(super) fn toggled(self, at: (f64, f64), stage: Stage) -> Self {
        if self.is_in() { Self::WHOLE } else { self.by(TAP, at, stage) }
    }

    /// Held so that the picture covers the stage's middle parts: it can't be lost out of sight.
    fn held(self, (width, height): Stage) -> Self {
        let (most_x, most_y) = (width * (self.scale - 1.0) / 2.0, height * (self.scale - 1.0) / 2.0);
        Self { x: self.x.clamp(-most_x, most_x), y: self.y.clamp(-most_y, most_y), ..self }
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const STAGE: Stage = (400.0, 800.0);

    /// The point of the picture that is drawn at a point of the stage.
    fn under(zoom: Zoom, (x, y): (f64, f64)) -> (f64, f64) {
        ((x - zoom.x) / zoom.scale, (y - zoom.y) / zoom.scale)
    }

    #[test]
    fn a_double_tap_goes_in_where_it_was_and_out_again() {
        let zoomed = Zoom::WHOLE.toggled((100.0, -50.0), STAGE);
        assert!(zoomed.is_in());
        let (x, y) = under(zoomed, (100.0, -50.0));
        assert!((x - 100.0).abs() < 1e-9 && (y + 50.0).abs() < 1e-9);
        assert_eq!(zoomed.toggled((0.0, 0.0), STAGE), Zoom::WHOLE);
    }

    proptest! {
        #[test]
        fn a_picture_is_never_smaller_than_the_stage_nor_out_of_sight(
            steps in prop::collection::vec((0.2_f64..5.0, -200.0_f64..200.0, -400.0_f64..400.0), 1..20),
        ) {
            let mut zoom = Zoom::WHOLE;
            for (factor, x, y) in steps {
                zoom = zoom.by(factor, (x, y), STAGE).moved(x, y, STAGE);
                prop_assert!((1.0..=MOST).contains(&zoom.scale));
                let (left, top) = (zoom.x - STAGE.0 * zoom.scale / 2.0, zoom.y - STAGE.1 * zoom.scale / 2.0);
                prop_assert!(left <= -STAGE.0 / 2.0 + 1e-6 && top <= -STAGE.1 / 2.0 + 1e-6);
            }
        }

        #[test]
        fn what_is_under_the_fingers_stays_there(
            factor in 1.0_f64..4.0, x in -200.0_f64..200.0, y in -400.0_f64..400.0,
        ) {
            let zoom = Zoom::WHOLE.by(factor, (x, y), STAGE);
            let (was_x, was_y) = under(zoom, (x, y));
            prop_assert!((was_x - x).abs() < 1e-6 && (was_y - y).abs() < 1e-6);
        }
    }
}
