//! The simulated devices of the domain against the real storage: at the end all are alike, and nothing that
//! was acknowledged is lost.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::sync::Arc;

use cleaner::Cleaner;
use domain::{
    action::Batch,
    error::Code,
    id::{ListId, MediaId, UserId},
    model::Version,
    simulation::{Server, run},
    sync::{ListHead, Page, Pull, Receipt, media::Event},
    time::Timestamp,
};
use media::{Medias, access::Access};
use platform::{Clock, Item, Key, LocalPokes, ManualClock, Table, blob::Blobs, list::ListError};
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use todo::Changes;
use tokio::runtime::Runtime;

const DAY: i64 = 86_400_000;

struct Stored {
    runtime: Runtime,
    table: Table,
    lists: todo::Lists,
    medias: Medias,
    cleaner: Cleaner,
    clock: Arc<ManualClock>,
    known: std::collections::HashSet<UserId>,
}

impl Stored {
    fn open(folder: &std::path::Path) -> Self {
        let runtime = Runtime::new().unwrap();
        let table = runtime.block_on(Table::embedded(folder)).unwrap();
        // From now, since the table removes what has expired by the machine's own clock.
        let clock = Arc::new(ManualClock::at(platform::SystemClock.now()));
        let pokes = Arc::new(LocalPokes::default());
        let lists = todo::Lists::new(table.clone(), clock.clone(), pokes.clone());
        let cleaner = Cleaner::new(table.clone(), clock.clone(), pokes.clone());
        let blobs = runtime.block_on(Blobs::embedded(folder)).unwrap();
        let access = Access::local(&folder.join("media-key")).unwrap();
        let medias = Medias::new(table.clone(), clock.clone(), pokes, blobs, access);
        Self { runtime, table, lists, medias, cleaner, clock, known: Default::default() }
    }

    /// A user has a profile before any list.
    fn welcome(&mut self, user: UserId) {
        if self.known.insert(user) {
            self.runtime.block_on(self.table.put(Item::new(Key::profile(user)), None)).unwrap();
        }
    }
}

impl Server for Stored {
    fn commit(&mut self, caller: UserId, batch: &Batch) -> Result<Receipt, Code> {
        self.welcome(caller);
        let done = if batch.is_media() {
            self.runtime.block_on(self.medias.commit(caller, batch))
        } else {
            self.runtime.block_on(self.lists.commit(caller, batch))
        };
        done.map_err(|error| error.code())
    }

    fn heads(&mut self, caller: UserId) -> Vec<ListHead> {
        self.runtime.block_on(self.lists.heads(caller)).unwrap()
    }

    fn changes(&mut self, caller: UserId, pull: Pull, limit: usize) -> Result<Page, Code> {
        self.runtime
            .block_on(async {
                // As the gateway puts a page together.
                let Changes { page, media } = self.lists.changes(caller, pull, limit).await?;
                let media = self.medias.media(caller, pull.list, &media).await?;
                Ok(Page { media, ..page })
            })
            .map_err(|error: ListError| error.code())
    }

    /// Nobody here keeps media: the batches about them are refused.
    fn happen(&mut self, list: ListId, media: MediaId, event: &Event) -> Option<Version> {
        self.runtime.block_on(self.medias.happen(list, media, event)).unwrap()
    }

    fn pass(&mut self, days: u32) {
        self.clock.advance(i64::from(days) * DAY);
        self.runtime.block_on(self.cleaner.clean()).unwrap();
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

#[test]
fn devices_converge_over_the_real_storage() {
    let folder = tempfile::tempdir().unwrap();
    let server = std::cell::RefCell::new(Stored::open(folder.path()));
    let config =
        Config { cases: 60, max_shrink_time: 20_000, failure_persistence: None, ..Config::default() };
    let scripts = prop::collection::vec(any::<[u8; 4]>(), 20..160);
    let result = TestRunner::new(config).run(&scripts, |script| {
        run(&mut *server.borrow_mut(), &script);
        Ok(())
    });
    result.unwrap();
}
