//! Doing work as it comes up.

use std::{collections::HashMap, sync::Arc, time::Duration};

use domain::time::Timestamp;
use tokio::{
    task::{Id, JoinSet},
    time::{Instant, interval_at, sleep},
};

use super::{Processor, Work, queue::LEASE};
use crate::{MediaError, Medias};

/// Pieces of work that are done at once. Processing has a narrower limit of its own; removing is quick.
const AT_ONCE: usize = 4;
/// How often work that nobody announced is looked for: what others left, and what was put off.
const LOOK: Duration = Duration::from_secs(2);
/// How often a lease is renewed.
const RENEW: Duration = Duration::from_secs(20);

/// Does work until it is told to stop. What is under way then is put back.
pub async fn run(medias: Medias, processor: Arc<dyn Processor>, stop: impl Future<Output = ()>) {
    tokio::pin!(stop);
    let (mut under_way, mut held) = (JoinSet::new(), HashMap::<Id, Work>::new());
    loop {
        while under_way.len() < AT_ONCE {
            match medias.take().await {
                Ok(Some(work)) => {
                    let task = hold(medias.clone(), work.clone(), Arc::clone(&processor));
                    held.insert(under_way.spawn(task).id(), work);
                }
                Ok(None) => break,
                Err(error) => {
                    tracing::warn!(%error, "work with files could not be taken");
                    break;
                }
            }
        }
        tokio::select! {
            () = &mut stop => break,
            // Where nothing is under way it has nothing to wait for, and the others decide.
            Some(ended) = under_way.join_next_with_id() => {
                held.remove(&ended.map_or_else(|failure| failure.id(), |(id, ())| id));
            }
            () = medias.work.notified(), if under_way.len() < AT_ONCE => {}
            () = sleep(LOOK) => {}
        }
    }
    under_way.shutdown().await;
    for work in held.values() {
        if let Err(error) = medias.keep(work, medias.now()).await {
            tracing::warn!(%error, "work is put back only when its lease has ended");
        }
    }
}

async fn hold(medias: Medias, work: Work, processor: Arc<dyn Processor>) {
    if let Err(error) = medias.hold(&work, processor.as_ref()).await {
        tracing::warn!(%error, "work with a file was not done: it is tried again");
    }
}

impl Medias {
    /// Does a piece of work, if one is due: for a function that is called now and then. Whether there was one.
    ///
    /// # Errors
    /// Where it was not done. It is done once more when its lease has ended.
    pub async fn work_once(&self, processor: &dyn Processor) -> Result<bool, MediaError> {
        let Some(work) = self.take().await? else { return Ok(false) };
        self.hold(&work, processor).await?;
        Ok(true)
    }

    /// Does all the work that is due, one piece after the other. Gives how many pieces that were.
    ///
    /// # Errors
    /// The first that one of them met; the rest is left for the next call.
    pub async fn work_off(&self, processor: &dyn Processor) -> Result<usize, MediaError> {
        let mut done = 0;
        while self.work_once(processor).await? {
            done += 1;
        }
        Ok(done)
    }

    /// Whether work was noted here since this was last asked.
    pub async fn has_news(&self) -> bool {
        tokio::select! {
            biased;
            () = self.work.notified() => true,
            () = std::future::ready(()) => false,
        }
    }

    /// Does a piece of work and keeps its lease meanwhile.
    async fn hold(&self, work: &Work, processor: &dyn Processor) -> Result<(), MediaError> {
        let doing = self.perform(work, processor);
        tokio::pin!(doing);
        let mut renewals = interval_at(Instant::now() + RENEW, RENEW);
        loop {
            tokio::select! {
                done = &mut doing => return done,
                _ = renewals.tick() => {
                    if let Err(error) = self.keep(work, Timestamp(self.now().0 + LEASE)).await {
                        tracing::warn!(%error, "a lease could not be renewed");
                    }
                }
            }
        }
    }
}
