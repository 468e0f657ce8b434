//! Parts of the screen whose code loads when they are first shown.

use leptos::{prelude::*, task::spawn_local_scoped};

use super::{empty::Empty, icon::Glyph};
use crate::{
    later::{NotLoaded, Part},
    store::{Phase, use_store},
    ui::use_ui,
    words,
};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Waiting,
    There,
    Missing,
}

/// A part of a signed-in user's screen, and `bones` until both the user's data and the part's code are there.
/// Where the code can't be fetched, `missing` stands in its place.
#[component]
pub(crate) fn Later(
    part: Part,
    #[prop(into)] bones: ViewFn,
    #[prop(into, optional)] missing: Option<ViewFn>,
) -> impl IntoView {
    let (phase, tries) = (use_store().phase(), use_ui().tries);
    let phase = Memo::new(move |_| phase.get());
    let stage = RwSignal::new(Stage::Waiting);
    let view = StoredValue::new_local(None::<AnyView>);
    Effect::new(move |last: Option<Phase>| {
        tries.track();
        let phase = phase.get();
        if phase != Phase::Ready {
            stage.set(if phase == Phase::Missing { Stage::Missing } else { Stage::Waiting });
        } else if last != Some(Phase::Ready) || stage.get_untracked() == Stage::Missing {
            stage.set(Stage::Waiting);
            spawn_local_scoped(async move {
                // What the part reads while it is made must not make it anew when it changes.
                match untrack(|| part.load()).await {
                    Ok(made) => {
                        if view.try_set_value(Some(made)).is_none() {
                            stage.try_set(Stage::There);
                        }
                    }
                    Err(NotLoaded) => drop(stage.try_set(Stage::Missing)),
                }
            });
        }
        phase
    });
    move || match stage.get() {
        Stage::There => view.try_update_value(Option::take).flatten().unwrap_or_else(|| bones.run()),
        Stage::Missing => missing.as_ref().unwrap_or(&bones).run(),
        Stage::Waiting => bones.run(),
    }
}

/// In place of a screen whose code could not be fetched.
#[component]
pub(crate) fn Missing() -> impl IntoView {
    let (store, ui) = (use_store(), use_ui());
    let try_again = move |_| {
        store.try_again();
        ui.tries.update(|tries| *tries += 1);
    };
    view! {
        <section class="pane list-pane" role="alert">
            <Empty glyph=Glyph::Warning title=words::MISSING why=words::MISSING_WHY>
                <button type="button" class="button primary" on:click=try_again>{words::RETRY}</button>
            </Empty>
        </section>
    }
    .into_any()
}
