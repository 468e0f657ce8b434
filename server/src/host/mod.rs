//! The whole stack in one process: the routes, the gateway over subgraphs in memory, and the embedded adapters
//! of the ports.

mod background;
mod error;
mod form;
mod graphql;
mod layers;
mod mail;
mod media;
mod options;
mod request_id;
mod routes;
mod socket;
mod storage;
mod stores;
mod transport;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use ::media::{
    Medias,
    access::Access,
    files::Files,
    process::{Ffmpeg, Pipeline},
    work,
};
use account::{Accounts, Keys};
use cleaner::Cleaner;
use gateway::{Gateway, Limits};
use platform::{LocalPokes, Mailbox, Table, blob::Blobs};
use todo::Lists;
use tokio::{
    net::TcpListener,
    sync::{Semaphore, watch},
    task::JoinHandle,
};

pub use error::HostError;
pub use options::{Deployed, Options, SiteFolder};
pub use routes::ROUTES;

use crate::import;
use stores::Stores;
use transport::InMemory;

/// The supergraph, composed by `cargo xtask schema`.
const SUPERGRAPH: &str = include_str!("../../gateway/supergraph.graphql");
/// How long requests that are under way may take to end when the server stops.
const GRACE: Duration = Duration::from_secs(10);
/// Sockets open at once, those that have not said who they are included.
const SOCKETS: usize = 4_096;

/// What the routes share.
#[derive(Clone)]
pub(crate) struct Stack {
    pub(crate) accounts: Accounts,
    pub(crate) gateway: Arc<Gateway>,
    pub(crate) pokes: LocalPokes,
    pub(crate) mailbox: Mailbox,
    pub(crate) sockets: Arc<Semaphore>,
    pub(crate) stopping: watch::Receiver<bool>,
}

/// A host that is serving.
pub struct Host {
    /// Where it listens.
    pub address: SocketAddr,
    /// Its table.
    pub table: Table,
    /// Its files.
    pub blobs: Blobs,
    /// Who may read them.
    pub access: Access,
    /// Its gateway's API schema.
    pub api_schema: String,
    stop: watch::Sender<bool>,
    serving: JoinHandle<std::io::Result<()>>,
    background: Vec<JoinHandle<()>>,
}

impl Host {
    /// Opens everything and begins to serve.
    ///
    /// # Errors
    /// Where the data folder, the address, the site or the supergraph can't be used.
    pub async fn start(options: Options) -> Result<Self, HostError> {
        let Stores { table, blobs } = stores::open(&options).await?;
        let Options { address, data, deployed, worker, site, clock, mailbox, rate_limits, .. } = options;
        let access = Access::local(&data.join("media-key"))?;
        let pipeline = Pipeline::new(blobs.clone(), worker, Ffmpeg::find());
        let keys = Keys::load_or_create(&data.join("signing-key"))?;
        let pokes = LocalPokes::default();
        let (mailer, signals) = (Arc::new(mailbox.clone()), Arc::new(pokes.clone()));
        let accounts =
            Accounts::new(table.clone(), Arc::clone(&clock), mailer, signals.clone(), keys, rate_limits);
        let lists = Lists::new(table.clone(), Arc::clone(&clock), signals.clone());
        let medias =
            Medias::new(table.clone(), Arc::clone(&clock), signals.clone(), blobs.clone(), access.clone());
        let subgraphs = InMemory::new(
            account::schema(accounts.clone()),
            todo::schema(lists.clone()),
            ::media::schema(medias.clone()),
        );
        let gateway = Arc::new(Gateway::new(SUPERGRAPH, Arc::new(subgraphs), Limits::default())?);
        let api_schema = gateway.api_schema();
        let pages = site.router(blobs.upload_origin().into_iter().collect())?;
        let listener = TcpListener::bind(address).await;
        let listener = listener.map_err(|source| HostError::Address { address, source })?;
        let address = listener.local_addr().map_err(|source| HostError::Address { address, source })?;

        let (stop, stopping) = watch::channel(false);
        let sockets = Arc::new(Semaphore::new(SOCKETS));
        // What waits in a deployment's table is done by its functions, which are of the version that noted it.
        let background = match deployed {
            Some(_) => Vec::new(),
            None => vec![
                tokio::spawn(background::clean(
                    Cleaner::new(table.clone(), Arc::clone(&clock), signals.clone()),
                    table.clone(),
                    medias.clone(),
                    stopping.clone(),
                )),
                tokio::spawn(work::run(medias, Arc::new(pipeline.clone()), stopped(stopping.clone()))),
                tokio::spawn(background::imports(
                    data,
                    import::Services::new(table.clone(), lists),
                    stopping.clone(),
                )),
            ],
        };
        let stack = Stack { accounts, gateway, pokes, mailbox, sockets, stopping: stopping.clone() };
        let reading =
            media::Reading { files: Files::new(blobs.clone(), pipeline), access: access.clone(), clock };
        let files = storage::router(blobs.clone()).merge(media::router(reading));
        let service = routes::all(stack, files, pages).into_make_service_with_connect_info::<SocketAddr>();
        let serving = axum::serve(listener, service).with_graceful_shutdown(stopped(stopping));
        let serving = tokio::spawn(serving.into_future());
        Ok(Self { address, table, blobs, access, api_schema, stop, serving, background })
    }

    /// Lets requests under way end, ends sockets and background work, and closes the table.
    ///
    /// # Errors
    /// Where serving had failed.
    pub async fn stop(self) -> std::io::Result<()> {
        // An error says that nobody listens any more.
        let _ = self.stop.send(true);
        let ended = tokio::time::timeout(GRACE, self.serving).await;
        for task in self.background {
            // An error says that the task had panicked, which was logged.
            let _ = task.await;
        }
        self.table.close().await;
        match ended {
            Ok(Ok(result)) => result,
            Ok(Err(failure)) => Err(std::io::Error::other(failure)),
            Err(_) => {
                tracing::warn!("some requests did not end in time");
                Ok(())
            }
        }
    }
}

/// Waits until the host is told to stop, or is gone.
pub(crate) async fn stopped(mut stopping: watch::Receiver<bool>) {
    // An error says that the host is gone.
    let _ = stopping.wait_for(|stop| *stop).await;
}
