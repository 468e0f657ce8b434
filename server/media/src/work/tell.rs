//! Telling how far processing is while it goes on.

use std::time::Duration;

use domain::sync::media::Event;

use super::{Processor, Work};
use crate::{
    Medias,
    process::{Gauge, Job, ProcessError, Processed},
};

/// How long processing goes on before it is told how far that is, and the pause before it is told again: each time is
/// a new version of the list, which everybody in it pulls.
const TELL: Duration = Duration::from_secs(2);

impl Medias {
    /// Has a file processed, and tells everybody in the list meanwhile how far that is.
    pub(super) async fn process_aloud(
        &self,
        work: &Work,
        job: &Job,
        processor: &dyn Processor,
    ) -> Result<Processed, ProcessError> {
        let (gauge, mut told) = (Gauge::default(), 0);
        let doing = processor.process(job, &gauge);
        tokio::pin!(doing);
        let processed = loop {
            tokio::select! {
                processed = &mut doing => break processed,
                () = tokio::time::sleep(TELL) => told = self.tell(work, job, told, &gauge).await,
            }
        };
        // Whoever does it elsewhere has been asked, and goes on.
        if let Ok(Processed::Elsewhere(_)) = processed {
            self.tell(work, job, told, &gauge).await;
        }
        processed
    }

    /// Writes what the gauge shows, if that is more than was told before and the work is still held. Gives what has
    /// been told by now.
    async fn tell(&self, work: &Work, job: &Job, told: u8, gauge: &Gauge) -> u8 {
        let percent = gauge.percent();
        if percent <= told {
            return told;
        }
        let event = Event::Working(percent);
        let written = self.store.write(job.list, async |head| {
            // Turned or deleted meanwhile, it is of other work that is told.
            if self.holds(work).await? { self.settled(None, head, job.media, &event).await } else { Ok(None) }
        });
        match written.await {
            Ok(_) => percent,
            // The processing is worth more than what is told of it.
            Err(error) => {
                tracing::warn!(list = %job.list, %error, "how far a file is could not be told");
                told
            }
        }
    }
}
