//! Pulling a list down with a finger asks the server what is new.

use leptos::{attr::Attribute, ev, html, prelude::*, tachys::html::event::on};
use web_sys::PointerEvent;

use super::icon::{Glyph, Icon};
use crate::store::{Connection, Store};

/// How far the mark comes down before letting go asks, and how far it comes at most, in pixels.
const ASK_AT: f64 = 56.0;
const MOST: f64 = 96.0;
/// How far the finger goes for each pixel of the mark.
const WEIGHT: f64 = 2.0;
/// Degrees that it turns for each pixel.
const TURN: f64 = 3.0;
/// Pixels before a touch is a pull.
const SLACK: f64 = 8.0;

/// How far one list is pulled.
#[derive(Clone, Copy)]
pub(crate) struct Pull {
    store: Store,
    scroller: NodeRef<html::Div>,
    /// Where the finger came down, while this may be a pull.
    from: StoredValue<Option<(f64, f64)>>,
    /// Pixels that the mark has come down.
    by: RwSignal<f64>,
    /// Whether the server was asked and has not answered.
    asked: RwSignal<bool>,
}

impl Pull {
    pub(crate) fn new(store: Store, scroller: NodeRef<html::Div>) -> Self {
        let pull = Self {
            store,
            scroller,
            from: StoredValue::new(None),
            by: RwSignal::new(0.0),
            asked: RwSignal::new(false),
        };
        let connection = store.connection();
        Effect::new(move || {
            if connection.get() != Connection::Syncing && pull.asked.get_untracked() {
                pull.asked.set(false);
            }
        });
        pull
    }

    /// What the scrolling element listens to.
    pub(crate) fn listeners(self) -> impl Attribute {
        (
            on(ev::pointerdown, move |event| self.down(&event)),
            on(ev::pointermove, move |event| self.moved(&event)),
            on(ev::pointerup, move |_| self.up()),
            on(ev::pointercancel, move |_| self.forget()),
            // Or the browser takes the finger for its own.
            on(ev::touchmove, move |event| {
                if self.by.get_untracked() > 0.0 {
                    event.prevent_default();
                }
            }),
        )
    }

    fn down(self, event: &PointerEvent) {
        let at_top = self.scroller.get_untracked().is_some_and(|scroller| scroller.scroll_top() <= 0);
        let is_finger = event.pointer_type() == "touch" && event.is_primary();
        self.from.set_value((at_top && is_finger).then(|| place(event)));
    }

    fn moved(self, event: &PointerEvent) {
        let Some(from) = self.from.get_value().filter(|_| event.is_primary()) else { return };
        let (x, y) = place(event);
        let (aside, down) = ((x - from.0).abs(), y - from.1);
        let pulling = self.by.get_untracked() > 0.0;
        // It scrolls, or moves a row: then something else has it until the finger goes.
        if !pulling && (event.default_prevented() || down < -SLACK || aside > SLACK.max(down)) {
            return self.forget();
        }
        if pulling || down > SLACK {
            self.by.set(((down - SLACK) / WEIGHT).clamp(0.0, MOST));
        }
    }

    fn up(self) {
        let ask = self.by.get_untracked() >= ASK_AT;
        self.forget();
        if ask {
            self.asked.set(true);
            self.store.refresh();
        }
    }

    fn forget(self) {
        self.from.set_value(None);
        if self.by.get_untracked() != 0.0 {
            self.by.set(0.0);
        }
    }
}

fn place(event: &PointerEvent) -> (f64, f64) {
    (f64::from(event.client_x()), f64::from(event.client_y()))
}

/// Comes down as the list is pulled, and turns while the server is asked.
#[component]
pub(crate) fn PullMark(pull: Pull) -> impl IntoView {
    let shows = Memo::new(move |_| pull.by.get() > 0.0 || pull.asked.get());
    view! {
        <div class="pull" aria-hidden="true">
            <Show when=move || shows.get()>
                <div
                    class="pull-mark"
                    class:armed=move || { pull.by.get() >= ASK_AT }
                    class:asked=move || pull.asked.get()
                    style=("--turn", move || format!("{}deg", pull.by.get() * TURN))
                    style=("--by", move || format!("{}px", if pull.asked.get() { ASK_AT } else { pull.by.get() }))
                >
                    <Icon glyph=Glyph::Retry/>
                </div>
            </Show>
        </div>
    }
    .into_any()
}
