//! Carries changes to the server and back: one request at a time, the user's own changes first.

use std::rc::Rc;

use domain::{error::Code, id::MutationId, sync::Rejected};

use super::{
    backoff::Backoff,
    browser::{chance, drawn, is_offline, within},
    live::Live,
    wake::Reason,
};
use crate::{
    api::{ApiError, operations},
    store::types::Connection,
};

/// How often the server is asked what is new even where no poke comes.
const SAFETY_MILLIS: u32 = 5 * 60_000;

/// Runs until the user signs out or the server ends the session.
pub(super) async fn run(live: &Rc<Live>) {
    let mut backoff = Backoff::default();
    while live.is_open() {
        match round(live).await {
            Ok(()) => {
                backoff.reset();
                live.show(Connection::Online);
                if within(SAFETY_MILLIS, live.bell.rung(Reason::Work)).await.is_none() {
                    live.heads_due.set(true);
                }
                // What the user did shows first.
                drawn().await;
            }
            Err(error) if error.code == Code::SessionEnded => return super::session_ended(live).await,
            Err(error) => {
                live.show(if is_offline() || error.code == Code::Unavailable {
                    Connection::Offline
                } else {
                    Connection::Syncing
                });
                let wait = backoff.failed(chance(), error.retry_after);
                within(wait, live.bell.rung(Reason::Now)).await;
            }
        }
    }
}

/// Sends and fetches until there is nothing more to do.
async fn round(live: &Rc<Live>) -> Result<(), ApiError> {
    while live.is_open() {
        let worked = send(live).await? || ask_heads(live).await? || pull(live).await?;
        live.shorten().await;
        if !worked {
            return Ok(());
        }
    }
    Ok(())
}

/// Sends the next batch, if there is one.
async fn send(live: &Rc<Live>) -> Result<bool, ApiError> {
    let Some((Some(batch), sealed)) = live.change(|replica| replica.seal(MutationId::fresh())) else {
        return Ok(false);
    };
    live.show(Connection::Syncing);
    // Should this device stop now, it must know the batch again, to send it as the same.
    sealed.wait().await;
    let answer = live.session.call(|token| operations::commit(token, &batch)).await;
    let understood = match answer {
        Ok(receipt) => live.step(|replica| replica.receipt(&receipt)),
        Err(error) if error.is_temporary() || error.code == Code::SessionEnded => return Err(error),
        Err(error) => {
            let rejected = Rejected { batch: batch.id, code: error.code };
            live.step(|replica| replica.rejected(batch.list, rejected))
        }
    };
    // An answer that changes nothing would be asked for again and again.
    if understood { Ok(true) } else { Err(ApiError::new(Code::Internal)) }
}

/// Asks which lists moved, if it is time to.
async fn ask_heads(live: &Rc<Live>) -> Result<bool, ApiError> {
    if !live.heads_due.get() {
        return Ok(false);
    }
    let loads = live.loads.get();
    let Some(ticket) = live.ask(domain::sync::Replica::ask_heads) else { return Ok(false) };
    let heads = live.session.call(operations::heads).await?;
    if loads == live.loads.get() {
        live.heads_due.set(false);
        live.step(|replica| replica.heads(ticket, &heads));
    }
    Ok(true)
}

/// Fetches one page of a list that is behind, if there is one.
async fn pull(live: &Rc<Live>) -> Result<bool, ApiError> {
    let next = |live: &Live| live.ask(|replica| replica.pulls().into_iter().next()).flatten();
    let Some(pull) = next(live) else { return Ok(false) };
    live.show(Connection::Syncing);
    match live.session.call(|token| operations::changes(token, pull)).await {
        Ok(page) => {
            live.step(|replica| replica.page(pull, page));
        }
        Err(error) if error.code == Code::NotFound => {
            live.step(|replica| replica.gone(pull.list));
        }
        Err(error) if error.code == Code::BadCursor => {
            live.step(|replica| replica.reload(pull.list));
        }
        Err(error) => return Err(error),
    }
    // A page that leads nowhere would be asked for again and again.
    if next(live) == Some(pull) { Err(ApiError::new(Code::Internal)) } else { Ok(true) }
}
