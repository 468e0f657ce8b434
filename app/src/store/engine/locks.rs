//! Web Locks: of all tabs that ask for a lock, one has it at a time, until it lets go or is closed.

use futures::{
    channel::oneshot,
    future::{Either, select},
};
use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, AbortSignal};

/// A lock that is held until this is dropped. Where the browser has no locks, everybody holds them.
pub(crate) struct Lock(Option<Function>);

impl Drop for Lock {
    fn drop(&mut self) {
        if let Some(release) = &self.0 {
            // A promise's own resolver doesn't fail.
            let _ = release.call0(&JsValue::NULL);
        }
    }
}

/// Takes back requests for locks that were not granted yet.
#[derive(Clone)]
pub(crate) struct Withdraw(Option<AbortController>);

impl Withdraw {
    pub(crate) fn new() -> Self {
        Self(AbortController::new().ok())
    }

    pub(crate) fn withdraw(&self) {
        if let Some(controller) = &self.0 {
            controller.abort();
        }
    }

    fn signal(&self) -> Option<AbortSignal> {
        self.0.as_ref().map(AbortController::signal)
    }
}

/// Waits for the lock. `None` where the request was withdrawn.
pub(crate) async fn acquire(name: &str, withdraw: Option<&Withdraw>) -> Option<Lock> {
    let Some((locks, request)) = locks() else { return Some(Lock(None)) };
    let mut release = None;
    let held = Promise::new(&mut |resolve, _| release = Some(resolve));
    let (granted, is_granted) = oneshot::channel();
    let callback = Closure::once_into_js(move |_: JsValue| {
        // Whoever asked may have gone away meanwhile; then the lock below is dropped, which lets go.
        let _ = granted.send(());
        held
    });
    let options = Object::new();
    if let Some(signal) = withdraw.and_then(Withdraw::signal) {
        Reflect::set(&options, &"signal".into(), &signal).ok()?;
    }
    let lock = Lock(release);
    let asked = request.call3(&locks, &name.into(), &options, &callback);
    // Pages without the right to locks (a sandboxed frame, say) do without.
    let Some(asked) = asked.ok().and_then(|promise| promise.dyn_into::<Promise>().ok()) else {
        return Some(Lock(None));
    };
    match select(is_granted, JsFuture::from(asked)).await {
        Either::Left((Ok(()), _)) => Some(lock),
        Either::Left((Err(_), _)) | Either::Right(_) => None,
    }
}

/// The browser's lock manager and its `request`; only secure pages have one.
fn locks() -> Option<(JsValue, Function)> {
    let navigator = web_sys::window()?.navigator();
    let locks = Reflect::get(&navigator, &"locks".into()).ok().filter(JsValue::is_object)?;
    let request = Reflect::get(&locks, &"request".into()).ok()?.dyn_into().ok()?;
    Some((locks, request))
}
