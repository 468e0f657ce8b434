//! Parts of the screen whose code loads when they are first shown.

use leptos::{prelude::*, task::spawn_local_scoped};

use crate::{
    later::Part,
    store::{Phase, use_store},
};

/// A part of a signed-in user's screen, and `bones` until both the user's data and the part's code are there.
#[component]
pub(crate) fn Later(part: Part, #[prop(into)] bones: ViewFn) -> impl IntoView {
    let phase = use_store().phase();
    let ready = Memo::new(move |_| phase.get() == Phase::Ready);
    let loaded = RwSignal::new(false);
    let view = StoredValue::new_local(None::<AnyView>);
    Effect::new(move || {
        loaded.set(false);
        if ready.get() {
            spawn_local_scoped(async move {
                // What the part reads while it is made must not make it anew when it changes.
                let made = untrack(|| part.load()).await;
                if view.try_set_value(Some(made)).is_none() {
                    loaded.try_set(true);
                }
            });
        }
    });
    move || {
        let shown = if loaded.get() { view.try_update_value(Option::take).flatten() } else { None };
        shown.unwrap_or_else(|| bones.run())
    }
}
