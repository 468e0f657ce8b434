//! What goes on beside requests: removing what was deleted or has expired, and taking imports.

use std::{path::PathBuf, sync::Arc, time::Duration};

use cleaner::Cleaner;
use media::Medias;
use platform::Table;
use tokio::{
    sync::watch,
    time::{MissedTickBehavior, interval},
};

use super::stopped;
use crate::import;

/// How often deleted lists and accounts are looked for.
const PURGE: Duration = Duration::from_secs(10);
/// How many of those rounds come between removals of expired items.
const ROUNDS_PER_SWEEP: u32 = 360;

/// Removes what was deleted or has expired, until the host stops. Whatever fails is tried again the next time.
pub(super) async fn clean(cleaner: Cleaner, table: Table, medias: Medias, stopping: watch::Receiver<bool>) {
    let stopping = stopped(stopping);
    tokio::pin!(stopping);
    let mut rounds = interval(PURGE);
    rounds.set_missed_tick_behavior(MissedTickBehavior::Delay);
    for round in (0..ROUNDS_PER_SWEEP).cycle() {
        tokio::select! {
            () = &mut stopping => return,
            _ = rounds.tick() => {}
        }
        if let Err(error) = cleaner.clean().await {
            tracing::warn!(%error, "some of what was deleted is still there");
        }
        if round == 0 {
            match table.sweep().await {
                Ok(items) => tracing::debug!(items, "removed what had expired"),
                Err(error) => tracing::warn!(%error, "some of what has expired is still there"),
            }
            match medias.sweep().await {
                Ok(mismatches) => {
                    for mismatch in mismatches {
                        tracing::warn!(%mismatch, "table and files did not match");
                    }
                }
                Err(error) => tracing::warn!(%error, "table and files could not be compared"),
            }
        }
    }
}

/// Takes imports from this machine, until the host stops.
#[cfg(unix)]
pub(super) async fn imports(data: PathBuf, services: import::Services, stopping: watch::Receiver<bool>) {
    match import::Door::open(&data) {
        Ok(door) => tokio::select! {
            () = stopped(stopping) => {}
            () = door.serve(Arc::new(services)) => {}
        },
        Err(error) => tracing::warn!(%error, "imports into the running server are not possible"),
    }
}

/// Elsewhere imports go into a stopped server's folder.
#[cfg(not(unix))]
pub(super) async fn imports(_: PathBuf, _: import::Services, _: watch::Receiver<bool>) {}
