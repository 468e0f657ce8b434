//! Runs the uploads that the [queue](super::queue) decides on. The files that the browser keeps are sent by the one
//! tab that holds the lock; a file that it does not keep is sent by the tab that has it.

mod hand;

use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    rc::Rc,
};

use domain::id::{MediaId, UserId};
use futures::{
    channel::oneshot,
    future::{AbortHandle, abortable},
};
use gloo_timers::future::TimeoutFuture;
use leptos::{logging, prelude::*, task::spawn_local};
use web_sys::{Blob, Url};

use super::{
    fate::Fate,
    job,
    queue::{Failure, Phase, Queue, Upload, Wanted, Why},
    tabs::{Command, Message},
};
use crate::{
    media::{
        files::{Files, Kept},
        shelf::Shelf,
    },
    store::{Channel, Listener, Store, Withdraw, acquire},
};

/// How often, in milliseconds, progress is shown.
const SHOW_MILLIS: u32 = 200;
/// How long, in milliseconds, a file outlives its need: what takes its place on the screen has to load first.
const SWAP_MILLIS: u32 = 10_000;

/// See the module's text.
pub(crate) struct Uploader {
    user: UserId,
    store: Store,
    shelf: Shelf,
    /// `None` until they are open, or where the browser keeps none.
    files: RefCell<Option<Rc<Files>>>,
    /// Files of this tab's memory alone.
    loose: RefCell<HashMap<MediaId, Blob>>,
    queue: RefCell<Queue>,
    jobs: RefCell<HashMap<MediaId, AbortHandle>>,
    /// Whether this tab sends the files that the browser keeps.
    leads: Cell<bool>,
    channel: RefCell<Option<Channel<Message>>>,
    /// What the tab that leads says of its uploads.
    elsewhere: RefCell<Vec<(MediaId, Upload)>>,
    leaving: RefCell<Vec<MediaId>>,
    showing: Cell<bool>,
    timers: Cell<u32>,
    withdraw: Withdraw,
    closed: Cell<bool>,
    online: RefCell<Option<Listener>>,
    /// Dropped when this closes, which ends the tab's lead.
    open: RefCell<Option<oneshot::Sender<()>>>,
}

impl Uploader {
    /// Starts for a user; everything shows on the shelf.
    pub(crate) fn start(user: UserId, store: Store, shelf: Shelf) -> Rc<Self> {
        let uploader = Rc::new(Self {
            user,
            store,
            shelf,
            files: RefCell::default(),
            loose: RefCell::default(),
            queue: RefCell::default(),
            jobs: RefCell::default(),
            leads: Cell::new(false),
            channel: RefCell::default(),
            elsewhere: RefCell::default(),
            leaving: RefCell::default(),
            showing: Cell::new(false),
            timers: Cell::new(0),
            withdraw: Withdraw::new(),
            closed: Cell::new(false),
            online: RefCell::default(),
            open: RefCell::default(),
        });
        let weak = Rc::downgrade(&uploader);
        let channel = Channel::open(&format!("stack-media-{user}"), move |message| {
            if let Some(uploader) = weak.upgrade() {
                uploader.hear(message);
            }
        });
        let weak = Rc::downgrade(&uploader);
        let online = Listener::on_window("online", move |_| {
            if let Some(uploader) = weak.upgrade() {
                uploader.network_may_be_back();
            }
        });
        set(&uploader.channel, Some(channel));
        set(&uploader.online, online);
        spawn_local(Rc::clone(&uploader).run());
        uploader
    }

    /// Stops everything; what is kept stays.
    pub(crate) fn close(&self) {
        self.closed.set(true);
        self.leads.set(false);
        self.withdraw.withdraw();
        let jobs = self.jobs.try_borrow_mut().map(|mut jobs| std::mem::take(&mut *jobs)).unwrap_or_default();
        jobs.values().for_each(AbortHandle::abort);
        set(&self.channel, None);
        set(&self.online, None);
        set(&self.open, None);
        let locals = self.shelf.locals.try_update(std::mem::take).unwrap_or_default();
        locals.iter().for_each(|local| revoke(&local.url));
        self.shelf.uploads.try_update(HashMap::clear);
    }

    async fn run(self: Rc<Self>) {
        match Files::open(self.user).await {
            Ok(files) => {
                let files = Rc::new(files);
                set(&self.files, Some(Rc::clone(&files)));
                match files.all().await {
                    Ok(all) => {
                        for kept in all {
                            self.take_in(kept).await;
                        }
                    }
                    Err(error) => logging::warn!("The kept files can't be listed: {error}"),
                }
            }
            Err(error) => logging::warn!("This browser keeps no files: {error}"),
        }
        self.tell(&Message::Hello);
        let lock = acquire(&format!("stack-media-{}", self.user), Some(&self.withdraw)).await;
        if lock.is_none() || self.closed.get() {
            return;
        }
        self.leads.set(true);
        self.look_again();
        // The lock is held as long as this waits; it goes with the page, or when the user signs out.
        let (open, closed) = oneshot::channel();
        set(&self.open, Some(open));
        drop(self);
        // It is dropped rather than used.
        let _ = closed.await;
    }

    /// Whether this tab works for all of them.
    pub(crate) fn leads(&self) -> bool {
        self.leads.get()
    }

    /// Does what the user wants, here or in the tab that sends.
    pub(crate) fn act(self: &Rc<Self>, command: Command) {
        self.obey(command);
        self.tell(&Message::Do(command));
    }

    /// The replica or the files changed: decides anew what becomes of each file. To be called where signals are
    /// tracked.
    pub(crate) fn look(self: &Rc<Self>) {
        let now = self.store.now();
        let mut wanted = Vec::new();
        let locals = self.shelf.locals.get();
        for local in &locals {
            let kept = &local.kept;
            let media = self.store.media_item(kept.list, kept.media).get();
            match Fate::of(media.as_ref(), kept.kept_at, now) {
                // The server can't take a file for what it has not heard of.
                Fate::Send if self.store.unsaved_media(kept.list, kept.media).get() => {}
                Fate::Send if local.loose || self.leads.get() => {
                    wanted.push(Wanted { media: kept.media, bytes: kept.bytes, paused: kept.paused });
                }
                Fate::LetGo if local.loose || self.leads.get() => self.let_go(kept.media, SWAP_MILLIS),
                Fate::Send | Fate::Hold | Fate::LetGo => {}
            }
        }
        let broken_off = self.with_queue(|queue| queue.want(&wanted)).unwrap_or_default();
        broken_off.into_iter().for_each(|media| self.break_off(media));
        self.turn();
    }

    fn look_again(self: &Rc<Self>) {
        // Wakes the effect that looks.
        self.shelf.locals.try_update(|_| ());
    }

    /// Begins what is due and shows how things are.
    fn turn(self: &Rc<Self>) {
        if self.closed.get() {
            return;
        }
        let now = self.store.now();
        let offline = web_sys::window().is_some_and(|window| !window.navigator().on_line());
        if !offline {
            for media in self.with_queue(|queue| queue.begin(now)).unwrap_or_default() {
                self.begin(media);
            }
            if let Some(next) = self.with_queue(|queue| queue.next()).flatten() {
                self.turn_in((next.0 - now.0).clamp(0, 60_000));
            }
        }
        self.show();
    }

    fn turn_in(self: &Rc<Self>, millis: i64) {
        let timer = self.timers.get().wrapping_add(1);
        self.timers.set(timer);
        let uploader = Rc::clone(self);
        spawn_local(async move {
            TimeoutFuture::new(u32::try_from(millis).unwrap_or(0)).await;
            if uploader.timers.get() == timer {
                uploader.turn();
            }
        });
    }

    fn begin(self: &Rc<Self>, media: MediaId) {
        let uploader = Rc::clone(self);
        let (job, handle) = abortable(async move {
            let result = uploader.upload(media).await;
            let now = uploader.store.now();
            uploader.with_queue(|queue| match result {
                Ok(()) => queue.finished(media),
                Err(failure) => queue.failed(media, failure, now, js_sys::Math::random()),
            });
            if let Ok(mut jobs) = uploader.jobs.try_borrow_mut() {
                jobs.remove(&media);
            }
            if result.is_ok() {
                // The server's word comes with the list's changes.
                uploader.store.sync_now();
            }
            uploader.turn();
        });
        if let Ok(mut jobs) = self.jobs.try_borrow_mut() {
            jobs.insert(media, handle);
        }
        spawn_local(async move {
            // Broken off is as good as done.
            let _ = job.await;
        });
    }

    async fn upload(self: &Rc<Self>, media: MediaId) -> Result<(), Failure> {
        let kept = self.kept(media).ok_or(Failure::Final(Why::Gone))?;
        let loose = self.loose.try_borrow().ok().and_then(|loose| loose.get(&media).cloned());
        let file = match (loose, self.files()) {
            (Some(file), _) => file,
            (None, Some(files)) => files.file(media).await?,
            (None, None) => return Err(Failure::Final(Why::Gone)),
        };
        let weak = Rc::downgrade(self);
        let progress = Rc::new(move |sent| {
            if let Some(uploader) = weak.upgrade() {
                uploader.with_queue(|queue| queue.progress(media, sent));
                uploader.show();
            }
        });
        job::run(self.store, &kept, &file, progress).await
    }

    fn break_off(&self, media: MediaId) {
        let job = self.jobs.try_borrow_mut().ok().and_then(|mut jobs| jobs.remove(&media));
        if let Some(job) = job {
            job.abort();
        }
    }

    fn obey(self: &Rc<Self>, command: Command) {
        let uploads = self.with_queue(|queue| queue.uploads()).unwrap_or_default();
        let all = || uploads.iter().map(|(media, _)| *media);
        match command {
            Command::Pause(media) => self.pause(media),
            Command::Resume(media) => self.resume(media),
            Command::PauseAll => all().for_each(|media| self.pause(media)),
            Command::ResumeAll => all().for_each(|media| self.resume(media)),
        }
        self.turn();
    }

    fn pause(self: &Rc<Self>, media: MediaId) {
        if self.with_queue(|queue| queue.pause(media)) == Some(true) {
            self.break_off(media);
        }
        self.note(media, true);
    }

    fn resume(self: &Rc<Self>, media: MediaId) {
        self.with_queue(|queue| queue.resume(media));
        self.note(media, false);
    }

    /// Remembers a pause past the tab's end.
    fn note(self: &Rc<Self>, media: MediaId, paused: bool) {
        let is_ours = self.with_queue(|queue| queue.uploads().iter().any(|(other, _)| *other == media));
        let changed = self.kept(media).filter(|kept| is_ours == Some(true) && kept.paused != paused);
        if let (Some(kept), Some(files)) = (changed, self.files()) {
            let kept = Kept { paused, ..kept };
            let noted = kept.clone();
            self.shelf.locals.try_update(|locals| {
                if let Some(local) = locals.iter_mut().find(|local| local.kept.media == media) {
                    local.kept = kept;
                }
            });
            spawn_local(async move {
                if let Err(error) = files.note(&noted).await {
                    logging::warn!("A pause is not remembered: {error}");
                }
            });
        }
    }

    fn network_may_be_back(self: &Rc<Self>) {
        self.with_queue(Queue::wake);
        self.shelf.access.wake(self.store);
        self.turn();
    }

    fn hear(self: &Rc<Self>, message: Message) {
        match message {
            Message::Hello if self.leads.get() => self.publish(),
            Message::Kept(kept) => {
                let uploader = Rc::clone(self);
                spawn_local(async move { uploader.take_in(kept).await });
            }
            Message::LetGo(media) => self.take_out(media),
            Message::Uploads(uploads) => {
                set(&self.elsewhere, uploads);
                self.show();
            }
            Message::Do(command) => self.obey(command),
            Message::Hello => {}
        }
    }

    /// Shows how the uploads are, now and then.
    fn show(self: &Rc<Self>) {
        if self.showing.replace(true) {
            return;
        }
        let uploader = Rc::clone(self);
        spawn_local(async move {
            TimeoutFuture::new(SHOW_MILLIS).await;
            uploader.showing.set(false);
            uploader.publish();
        });
    }

    fn publish(&self) {
        if self.closed.get() {
            return;
        }
        let own = self.with_queue(|queue| queue.uploads()).unwrap_or_default();
        if self.leads.get() {
            self.tell(&Message::Uploads(own.clone()));
        }
        let others = match self.elsewhere.try_borrow() {
            Ok(others) if !self.leads.get() => others.clone(),
            _ => Vec::new(),
        };
        let all: HashMap<_, _> = others.into_iter().chain(own).collect();
        if self.shelf.uploads.try_with_untracked(|shown| *shown != all) == Some(true) {
            self.shelf.uploads.try_set(all);
        }
    }

    fn tell(&self, message: &Message) {
        if let Ok(channel) = self.channel.try_borrow()
            && let Some(channel) = channel.as_ref()
        {
            channel.tell(message);
        }
    }

    fn with_queue<T>(&self, run: impl FnOnce(&mut Queue) -> T) -> Option<T> {
        self.queue.try_borrow_mut().ok().map(|mut queue| run(&mut queue))
    }
}

fn set<T>(slot: &RefCell<T>, value: T) {
    if let Ok(mut slot) = slot.try_borrow_mut() {
        *slot = value;
    }
}

fn revoke(url: &str) {
    // Fails for no URL that the browser made itself.
    drop(Url::revoke_object_url(url));
}
