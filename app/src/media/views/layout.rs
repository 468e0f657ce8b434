//! Where everything in the gallery is, so that only what is in sight is in the page: pure geometry, in pixels.

/// One line of the gallery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Line {
    /// The heading of a month, by its number.
    Month(usize),
    /// Items from this one on, at most as many as there are columns, up to this one.
    Items { from: usize, to: usize },
}

/// A line and its place from the top.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Placed {
    pub(super) line: Line,
    pub(super) top: f64,
    pub(super) height: f64,
}

/// All lines of a gallery, from top to bottom.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Layout {
    pub(super) lines: Vec<Placed>,
    pub(super) height: f64,
    pub(super) columns: usize,
    /// The side of a tile.
    pub(super) tile: f64,
}

/// The gap between tiles.
pub(super) const GAP: f64 = 4.0;
const HEADING: f64 = 52.0;
/// Tiles are about as wide as this, on a phone and on a wide screen.
const TILE: (f64, f64) = (104.0, 176.0);

impl Layout {
    /// The layout of months with so many items each, in a page of this width.
    pub(super) fn new(months: &[usize], width: f64) -> Self {
        let wish = if width < 600.0 { TILE.0 } else { TILE.1 };
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a small positive number"
        )]
        let columns = (((width + GAP) / (wish + GAP)) as usize).max(3);
        #[expect(clippy::cast_precision_loss, reason = "a small number")]
        let count = columns as f64;
        let tile = ((width - GAP * (count - 1.0)) / count).max(1.0);
        let mut layout = Self { lines: Vec::new(), height: 0.0, columns, tile };
        let mut from = 0;
        for (month, items) in months.iter().enumerate() {
            layout.push(Line::Month(month), HEADING);
            let end = from + items;
            while from < end {
                let to = end.min(from + columns);
                layout.push(Line::Items { from, to }, tile + GAP);
                from = to;
            }
        }
        layout
    }

    fn push(&mut self, line: Line, height: f64) {
        self.lines.push(Placed { line, top: self.height, height });
        self.height += height;
    }

    /// The lines that show between two heights.
    pub(super) fn between(&self, from: f64, to: f64) -> &[Placed] {
        let first = self.lines.partition_point(|placed| placed.top + placed.height <= from);
        let last = self.lines.partition_point(|placed| placed.top < to).max(first);
        self.lines.get(first..last).unwrap_or_default()
    }

    /// Where the line with an item is, and how high.
    pub(super) fn line_of(&self, item: usize) -> Option<Placed> {
        let is_it =
            |placed: &&Placed| matches!(placed.line, Line::Items { from, to } if (from..to).contains(&item));
        self.lines.iter().find(is_it).copied()
    }

    /// The item above or below another, where there is one.
    pub(super) fn beside(&self, item: usize, down: bool) -> Option<usize> {
        let rows: Vec<_> = self
            .lines
            .iter()
            .filter_map(|placed| match placed.line {
                Line::Items { from, to } => Some((from, to)),
                Line::Month(_) => None,
            })
            .collect();
        let at = rows.iter().position(|(from, to)| (*from..*to).contains(&item))?;
        let (from, _) = rows.get(at)?;
        let (next, end) = rows.get(if down { at + 1 } else { at.checked_sub(1)? })?;
        Some((next + (item - from)).min(end - 1))
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_month_begins_on_a_line_of_its_own() {
        let layout = Layout::new(&[4, 1], 320.0);
        assert_eq!(layout.columns, 3);
        let lines: Vec<_> = layout.lines.iter().map(|placed| placed.line).collect();
        assert_eq!(
            lines,
            [
                Line::Month(0),
                Line::Items { from: 0, to: 3 },
                Line::Items { from: 3, to: 4 },
                Line::Month(1),
                Line::Items { from: 4, to: 5 },
            ]
        );
    }

    #[test]
    fn arrows_go_to_the_nearest_in_the_next_line() {
        let layout = Layout::new(&[4, 3], 320.0);
        assert_eq!(layout.beside(2, true), Some(3));
        assert_eq!(layout.beside(3, true), Some(4));
        assert_eq!(layout.beside(5, false), Some(3));
        assert_eq!(layout.beside(1, false), None);
        assert_eq!(layout.beside(6, true), None);
    }

    proptest! {
        #[test]
        fn lines_follow_each_other_and_hold_every_item_once(
            months in prop::collection::vec(1_usize..40, 0..12), width in 200.0_f64..2_000.0,
        ) {
            let layout = Layout::new(&months, width);
            let (mut top, mut item) = (0.0, 0);
            for placed in &layout.lines {
                prop_assert_eq!(placed.top, top);
                top += placed.height;
                if let Line::Items { from, to } = placed.line {
                    prop_assert_eq!(from, item);
                    prop_assert!(to > from && to - from <= layout.columns);
                    item = to;
                }
            }
            prop_assert_eq!(item, months.iter().sum::<usize>());
            prop_assert_eq!(layout.between(0.0, layout.height).len(), layout.lines.len());
            let seen = layout.between(layout.height / 3.0, layout.height / 2.0);
            for placed in &layout.lines {
                let shows = placed.top + placed.height > layout.height / 3.0 && placed.top < layout.height / 2.0;
                prop_assert_eq!(shows, seen.contains(placed));
            }
        }
    }
}
