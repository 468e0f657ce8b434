//! Keeps the socket open and heeds what it says, while this tab is the one that talks to the server.

use std::rc::Rc;

use super::{
    backoff::Backoff,
    browser::{chance, within},
    live::Live,
    socket::{News, Socket},
    wake::Reason,
};

/// Listens until this tab no longer leads.
pub(super) async fn listen(live: Rc<Live>) {
    let mut backoff = Backoff::default();
    while live.leads.get() {
        if let Ok(token) = live.session.token().await
            && let Some(socket) = Socket::open(&token).await
        {
            heed(&live, socket, &mut backoff).await;
        }
        if live.leads.get() {
            within(backoff.failed(chance(), None), live.reconnect.rung(Reason::Now)).await;
        }
    }
}

/// Takes the news until the socket closes.
async fn heed(live: &Rc<Live>, mut socket: Socket, backoff: &mut Backoff) {
    while let Some(news) = until_closing(live, socket.next()).await {
        match news {
            News::Ready => {
                backoff.reset();
                // Whatever was missed while there was no socket.
                live.sync_now();
            }
            News::Poke { list, version } => {
                live.step(|replica| {
                    replica.poke(list, version);
                    domain::sync::Step::default()
                });
                live.bell.ring(Reason::Work);
            }
            News::Ended => {
                // What this means for the data here is decided where the next request is refused.
                live.session.forget();
                live.sync_now();
            }
            News::Unknown => {}
        }
    }
}

async fn until_closing(live: &Live, next: impl Future<Output = Option<News>>) -> Option<News> {
    use futures::future::{Either, select};
    match select(std::pin::pin!(next), std::pin::pin!(live.closing.rung(Reason::Now))).await {
        Either::Left((news, _)) => news,
        Either::Right(_) => None,
    }
}

impl Live {
    /// Asks the server what is new, without waiting for any back-off.
    pub(in crate::store) fn sync_now(&self) {
        if self.leads.get() {
            self.heads_due.set(true);
            self.bell.ring(Reason::Now);
        } else {
            self.tell(&super::message::Message::SyncNow);
        }
    }

    /// The network may be back: tries the socket too.
    pub(super) fn network_may_be_back(&self) {
        self.reconnect.ring(Reason::Now);
        self.sync_now();
    }
}
