//! Which uploads run, wait, rest, are paused or have failed: decided here without a browser, done by the
//! [driver](super::driver).

use std::collections::BTreeMap;

use domain::{error::Code, id::MediaId, time::Timestamp};
use serde::{Deserialize, Serialize};

use crate::store::Backoff;

/// Uploads at one time.
const AT_ONCE: usize = 3;

/// Why an upload does not go on by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Why {
    /// The server does not take the file.
    Refused(Code),
    /// The file is not on this device any more, or can't be read.
    Gone,
    /// The storage does not take the file, though the server said it would.
    Storage,
}

/// How one upload is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Phase {
    /// Its turn comes.
    Waiting,
    /// Its bytes are on their way.
    Sending,
    /// Something went wrong that may be over by then.
    Resting(Timestamp),
    /// The user stopped it.
    Paused,
    /// Only the user can set it going again.
    Failed(Why),
    /// All is there; the server's word for it comes with the next changes.
    Sent,
}

/// One upload, as it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Upload {
    pub(crate) phase: Phase,
    /// Bytes that have arrived, of all.
    pub(crate) sent: u64,
    pub(crate) bytes: u64,
}

/// What went wrong with an upload that ran.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Failure {
    /// It may well work later; the server may have said how many seconds that is.
    Temporary(Option<u32>),
    /// It won't work by itself.
    Final(Why),
}

/// A file that should be on the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) media: MediaId,
    pub(super) bytes: u64,
    pub(super) paused: bool,
}

struct Item {
    upload: Upload,
    backoff: Backoff,
}

/// All uploads of this device, in the order in which their media were added.
#[derive(Default)]
pub(super) struct Queue {
    items: BTreeMap<MediaId, Item>,
}

impl Queue {
    /// These files, and no others, should be on the server. Gives those whose uploads are to be broken off.
    pub(super) fn want(&mut self, wanted: &[Wanted]) -> Vec<MediaId> {
        let is_wanted = |id: &MediaId| wanted.iter().any(|one| one.media == *id);
        let unwanted = |(id, item): (&MediaId, &Item)| {
            (!is_wanted(id) && item.upload.phase == Phase::Sending).then_some(*id)
        };
        let broken_off = self.items.iter().filter_map(unwanted).collect();
        self.items.retain(|id, _| is_wanted(id));
        for one in wanted {
            self.items.entry(one.media).or_insert_with(|| Item {
                upload: Upload {
                    phase: if one.paused { Phase::Paused } else { Phase::Waiting },
                    sent: 0,
                    bytes: one.bytes,
                },
                backoff: Backoff::default(),
            });
        }
        broken_off
    }

    /// The uploads to begin now; they count as running from here on.
    pub(super) fn begin(&mut self, now: Timestamp) -> Vec<MediaId> {
        let running = self.items.values().filter(|item| item.upload.phase == Phase::Sending).count();
        let mut begun = Vec::new();
        for (id, item) in &mut self.items {
            if running + begun.len() >= AT_ONCE {
                break;
            }
            let due = match item.upload.phase {
                Phase::Waiting => true,
                Phase::Resting(until) => until <= now,
                Phase::Sending | Phase::Paused | Phase::Failed(_) | Phase::Sent => false,
            };
            if due {
                item.upload.phase = Phase::Sending;
                begun.push(*id);
            }
        }
        begun
    }

    /// When the next one that rests may begin.
    pub(super) fn next(&self) -> Option<Timestamp> {
        let until = |item: &Item| match item.upload.phase {
            Phase::Resting(until) => Some(until),
            _ => None,
        };
        self.items.values().filter_map(until).min()
    }

    /// So many bytes have arrived.
    pub(super) fn progress(&mut self, id: MediaId, sent: u64) {
        self.running(id, |item| {
            // What has once arrived is proof of a network: the next failure is a new one.
            if sent > item.upload.sent {
                item.backoff.reset();
            }
            item.upload.sent = sent.min(item.upload.bytes);
        });
    }

    /// All has arrived.
    pub(super) fn finished(&mut self, id: MediaId) {
        self.running(id, |item| {
            item.upload = Upload { phase: Phase::Sent, sent: item.upload.bytes, ..item.upload };
        });
    }

    /// It broke off. `chance` is between 0 and 1.
    pub(super) fn failed(&mut self, id: MediaId, failure: Failure, now: Timestamp, chance: f64) {
        self.running(id, |item| {
            item.upload.phase = match failure {
                Failure::Final(why) => Phase::Failed(why),
                Failure::Temporary(asked) => {
                    Phase::Resting(Timestamp(now.0 + i64::from(item.backoff.failed(chance, asked))))
                }
            };
        });
    }

    /// The user stops an upload. Says whether it ran, and so is to be broken off.
    pub(super) fn pause(&mut self, id: MediaId) -> bool {
        let Some(item) = self.items.get_mut(&id) else { return false };
        let phase = item.upload.phase;
        if matches!(phase, Phase::Waiting | Phase::Sending | Phase::Resting(_)) {
            item.upload.phase = Phase::Paused;
        }
        phase == Phase::Sending
    }

    /// The user sets it going, from wherever it stands.
    pub(super) fn resume(&mut self, id: MediaId) {
        if let Some(item) = self.items.get_mut(&id)
            && matches!(item.upload.phase, Phase::Paused | Phase::Failed(_) | Phase::Resting(_))
        {
            item.upload.phase = Phase::Waiting;
            item.backoff.reset();
        }
    }

    /// The network may be back: nothing rests any longer.
    pub(super) fn wake(&mut self) {
        for item in self.items.values_mut() {
            if matches!(item.upload.phase, Phase::Resting(_)) {
                item.upload.phase = Phase::Waiting;
            }
        }
    }

    /// How each is doing.
    pub(super) fn uploads(&self) -> Vec<(MediaId, Upload)> {
        self.items.iter().map(|(id, item)| (*id, item.upload)).collect()
    }

    /// Changes one that runs; an answer that comes after a pause changes nothing.
    fn running(&mut self, id: MediaId, change: impl FnOnce(&mut Item)) {
        if let Some(item) = self.items.get_mut(&id).filter(|item| item.upload.phase == Phase::Sending) {
            change(item);
        }
    }
}

/// How all uploads together are doing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Total {
    /// Those that run or wait for their turn.
    pub(crate) going: usize,
    pub(crate) paused: usize,
    pub(crate) failed: usize,
    pub(crate) done: usize,
    pub(crate) sent: u64,
    pub(crate) bytes: u64,
}

impl Total {
    pub(crate) fn of<'a>(uploads: impl IntoIterator<Item = &'a Upload>) -> Self {
        uploads.into_iter().fold(Self::default(), |mut total, upload| {
            match upload.phase {
                Phase::Waiting | Phase::Sending | Phase::Resting(_) => total.going += 1,
                Phase::Paused => total.paused += 1,
                Phase::Failed(_) => total.failed += 1,
                Phase::Sent => total.done += 1,
            }
            total.sent += upload.sent;
            total.bytes += upload.bytes;
            total
        })
    }

    /// How far they are, from 0 to 100.
    pub(crate) const fn percent(&self) -> u64 {
        percent(self.sent, self.bytes)
    }
}

/// So many of all, from 0 to 100.
pub(crate) const fn percent(sent: u64, bytes: u64) -> u64 {
    match (sent.saturating_mul(100)).checked_div(bytes) {
        Some(percent) if percent < 100 => percent,
        Some(_) => 100,
        None => 0,
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;
