//! A text that is being typed. It is kept a moment after each pause, and changes from elsewhere wait while
//! the field has the focus, so that nothing moves under the user's fingers.

use std::time::Duration;

use leptos::prelude::*;

use super::leaving::on_leaving;

const PAUSE: Duration = Duration::from_millis(700);

/// What a field shows, and when it is kept.
#[derive(Clone, Copy)]
pub(crate) struct Draft {
    /// What the field shows.
    pub(crate) text: RwSignal<String>,
    kept: Signal<String>,
    focused: RwSignal<bool>,
    timer: StoredValue<Option<TimeoutHandle>>,
    keep: Callback<String, bool>,
}

impl Draft {
    /// `kept` is the text as it is outside; `keep` keeps another, and says whether it did.
    pub(crate) fn new(kept: Signal<String>, keep: impl Fn(String) -> bool + Send + Sync + 'static) -> Self {
        let draft = Self {
            text: RwSignal::new(kept.get_untracked()),
            kept,
            focused: RwSignal::new(false),
            timer: StoredValue::new(None),
            keep: Callback::new(keep),
        };
        Effect::new(move || {
            let kept = kept.get();
            if !draft.focused.get_untracked() && draft.text.with_untracked(|text| *text != kept) {
                draft.text.set(kept);
            }
        });
        on_cleanup(move || draft.flush());
        on_leaving(move || draft.flush());
        draft
    }

    pub(crate) fn begin(self) {
        self.focused.set(true);
    }

    pub(crate) fn write(self, text: String) {
        self.text.set(text);
        self.stop();
        self.timer.set_value(set_timeout_with_handle(move || self.flush(), PAUSE).ok());
    }

    /// The field lost the focus.
    pub(crate) fn end(self) {
        self.flush();
        self.focused.set(false);
    }

    /// Takes back what is not kept yet.
    pub(crate) fn revert(self) {
        self.stop();
        self.text.set(self.kept.get_untracked());
    }

    fn flush(self) {
        self.stop();
        let (Some(text), Some(kept)) = (self.text.try_get_untracked(), self.kept.try_get_untracked()) else {
            return;
        };
        if text != kept {
            self.keep.run(text);
        }
    }

    fn stop(self) {
        if let Some(timer) = self.timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    }
}
