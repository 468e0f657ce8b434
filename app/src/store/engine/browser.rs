//! What the browser gives: time, chance, waiting, and its events.

use crate::store::state::LocalDay;
use domain::time::{Day, Timestamp};
use futures::{
    channel::oneshot,
    future::{Either, select},
};
use gloo_timers::future::TimeoutFuture;
use js_sys::Date;
use leptos::prelude::request_animation_frame;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::EventTarget;

/// How long to wait for a frame: a page that is out of sight draws none.
const NO_FRAME_MILLIS: u32 = 100;

/// The time by the device's clock.
pub(in crate::store) fn now() -> Timestamp {
    #[expect(clippy::cast_possible_truncation, reason = "whole milliseconds within the range of dates")]
    Timestamp(Date::now() as i64)
}

/// Between 0 and 1.
pub(in crate::store) fn chance() -> f64 {
    js_sys::Math::random()
}

/// Any number.
pub(in crate::store) fn entropy() -> u64 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "32 bits each")]
    let half = || (chance() * f64::from(u32::MAX)) as u64;
    (half() << 32) | half()
}

/// The day that it is.
pub(in crate::store) fn local_day() -> Option<LocalDay> {
    let now = Date::new_0();
    let (year, month, day) = (now.get_full_year(), now.get_month(), now.get_date());
    let small = |number: u32| i8::try_from(number).ok();
    // By way of the calendar, since days with a change of clocks don't have 24 hours.
    let midnight = |day: u32| {
        #[expect(clippy::cast_possible_truncation, reason = "whole milliseconds within the range of dates")]
        Timestamp(
            Date::new_with_year_month_day(
                year,
                i32::try_from(month).unwrap_or(0),
                i32::try_from(day).unwrap_or(1),
            )
            .get_time() as i64,
        )
    };
    Some(LocalDay {
        day: Day::new(i16::try_from(year).ok()?, small(month + 1)?, small(day)?)?,
        start: midnight(day),
        end: midnight(day + 1),
    })
}

/// Waits for the future at most this long. `None` when the time is up.
pub(in crate::store) async fn within<T>(millis: u32, future: impl Future<Output = T>) -> Option<T> {
    match select(std::pin::pin!(future), TimeoutFuture::new(millis)).await {
        Either::Left((value, _)) => Some(value),
        Either::Right(_) => None,
    }
}

/// Ready when the next frame has been drawn; soon, where none is.
pub(in crate::store) async fn drawn() {
    let (done, frame) = oneshot::channel::<()>();
    request_animation_frame(move || drop(done));
    let _ = within(NO_FRAME_MILLIS, frame).await;
    // What is asked for in a frame still comes before it is drawn.
    TimeoutFuture::new(0).await;
}

/// Whether the user can see the page.
pub(in crate::store) fn is_visible() -> bool {
    let document = web_sys::window().and_then(|window| window.document());
    document.is_some_and(|document| !document.hidden())
}

/// Whether the browser knows itself to be without a network.
pub(in crate::store) fn is_offline() -> bool {
    web_sys::window().is_some_and(|window| !window.navigator().on_line())
}

/// What this device is called in the list of sessions, such as `Firefox on Linux`.
pub(in crate::store) fn device() -> String {
    let agent = web_sys::window().and_then(|window| window.navigator().user_agent().ok()).unwrap_or_default();
    let first = |names: &[(&str, &'static str)], other| {
        names.iter().find(|(mark, _)| agent.contains(mark)).map_or(other, |(_, name)| *name)
    };
    // In this order: each names those after it too, to be taken for them.
    let browser = [
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser", "Samsung Internet"),
        ("Firefox", "Firefox"),
        ("FxiOS", "Firefox"),
        ("CriOS", "Chrome"),
        ("Chrome", "Chrome"),
        ("Safari", "Safari"),
    ];
    let system = [
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "Mac"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ];
    format!("{} on {}", first(&browser, "A browser"), first(&system, "some device"))
}

/// Listens until it is dropped.
pub(crate) struct Listener {
    target: EventTarget,
    event: &'static str,
    callback: Closure<dyn FnMut(web_sys::Event)>,
}

impl Listener {
    /// Calls back on each such event.
    pub(crate) fn new(
        target: EventTarget,
        event: &'static str,
        callback: impl FnMut(web_sys::Event) + 'static,
    ) -> Self {
        let callback = Closure::new(callback);
        // This fails for no event name that is used here.
        let _ = target.add_event_listener_with_callback(event, callback.as_ref().unchecked_ref());
        Self { target, event, callback }
    }

    /// Calls back on each such event of the window.
    pub(crate) fn on_window(
        event: &'static str,
        callback: impl FnMut(web_sys::Event) + 'static,
    ) -> Option<Self> {
        Some(Self::new(web_sys::window()?.into(), event, callback))
    }

    /// Calls back whenever the page comes into view or goes out of it.
    pub(in crate::store) fn on_visibility(callback: impl FnMut(web_sys::Event) + 'static) -> Option<Self> {
        Some(Self::new(web_sys::window()?.document()?.into(), "visibilitychange", callback))
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let callback = self.callback.as_ref().unchecked_ref();
        let _ = self.target.remove_event_listener_with_callback(self.event, callback);
    }
}
