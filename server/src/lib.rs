//! The process: Pay+ put together. What it does is written elsewhere (rules in `domain`, memory in `store`, pages and server
//! functions in `app`); here it gets its settings, its address and its connections to the outside.
//!
//! A walk through the files:
//!
//! - [`config`] reads the settings, `server_key` the one secret that everything stored is hashed with.
//! - [`start`] opens the store, starts the jobs, listens. [`Running::stop`] (`leaving`) ends it in the right order.
//! - `router` says who answers which address. Before it stand `observe` (log and counts), `headers` (what browsers are told),
//!   `trouble` (words for what no page tells of), `shedding` (what is refused when it is too much) and `door` (cross-site requests, sizes, time, panics).
//! - `exports` writes a shop's payments as files, and a person's year.
//! - `streams` tells shops of payments as they happen. `health` answers machines.
//! - `rooms` keeps the waiting rooms of sales.
//! - `outside` speaks to bank, identity provider, SMS gateway and tax service. `jobs` asks the bank again, empties the outbox, forgets.
//! - `photos` takes pictures of shops and shows them.
//! - `telling` pushes payments to the devices of a shop's staff, and has an SMS sent for what no device acknowledged.
//! - [`partner`] is the API of partner apps; `payplus --partner` makes them.
//! - `operator` makes those who work at the city's console, on the command line.
//! - `demo` fills an empty database with people, shops and sales to try.

mod at_shop;
pub mod config;
mod demo;
mod door;
mod exports;
mod headers;
mod health;
mod jobs;
mod leaving;
mod observe;
pub mod operator;
mod outside;
pub mod partner;
mod photos;
mod qr_files;
mod rooms;
mod router;
mod server_key;
mod serving;
mod shedding;
mod streams;
mod telling;
mod trouble;

pub use config::{BadConfig, Config};
pub use shedding::Limits;

use app::web::Services;
use config::Demo;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use store::{Keys, Store};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Why the server did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(transparent)]
    Config(#[from] BadConfig),
    #[error(transparent)]
    Store(#[from] store::Error),
    #[error("can't listen on {0}: {1}")]
    Listen(SocketAddr, io::Error),
    #[error("no connections to the outside can be made: {0}")]
    Outside(#[from] reqwest::Error),
    #[error("the demo can't be set up: {0}")]
    Demo(#[from] demo::DemoError),
}

/// A server at work in this process.
pub struct Running {
    pub addr: SocketAddr,
    pub store: Store,
    /// `/ready` says no.
    leaving: CancellationToken,
    notice: Duration,
    /// Nobody is let in any more, and streams end.
    closing: CancellationToken,
    serving: JoinHandle<()>,
    debits: TaskTracker,
    /// Jobs end.
    stop: CancellationToken,
    tasks: TaskTracker,
    rooms: Arc<rooms::Rooms>,
}

/// Starts everything. Nothing listens before database, till and demo are ready.
pub async fn start(config: Config) -> Result<Running, StartError> {
    health::recorder();
    let store = Store::open(&config.database_url, Keys::new(config.server_key.expose())).await?;
    jobs::catch_up(&store).await?;
    let (bank, identity, sms, tax) = outside::connect(&config.outside)?;
    let (leaving, closing, stop, tasks) =
        (CancellationToken::new(), CancellationToken::new(), CancellationToken::new(), TaskTracker::new());
    let rooms = rooms::Rooms::open(&store, &stop, &tasks).await?;
    let loopback = partner::manage::loopback(&config);
    let push = outside::HttpPush::new(&store, loopback, &config.outside.contact)?;
    let services = Services {
        store: store.clone(),
        push_key: Arc::from(push.public_key()),
        bank: Arc::new(bank),
        identity: Arc::new(identity),
        finding: Arc::new(app::finding::Finding::new(Arc::default())),
        tax: Arc::new(tax),
        rooms: Arc::clone(&rooms) as Arc<dyn app::waiting::Rooms>,
        sandbox: config.outside.sandbox.as_deref().map(Arc::from),
        cookies: config.cookies,
        debits: TaskTracker::new(),
        outbox: Arc::default(),
        ending: Arc::default(),
        gifts: Arc::default(),
        address: Arc::from(config.public_url),
    };
    let hub = streams::Hub::new(&store, closing.clone());
    let webhooks = outside::Webhooks::new(loopback)?;
    jobs::start(&services, sms, webhooks, &stop, &tasks);
    tasks.spawn(Arc::clone(&hub).run(store.clone(), stop.clone()));
    streams::start_nodes(&hub, &store, &stop, &tasks);
    telling::start(&store, push, &stop, &tasks);
    tasks.spawn(until(stop.clone(), streams::guard(Arc::clone(&hub), store.clone())));
    if config.demo != Demo::None {
        demo::set_up(&services, &config.data_dir, config.demo_shops).await?;
    }
    if config.demo == Demo::SaleDay {
        let window = demo::crowd::sale(&services, domain::Timestamp::now()).await?;
        demo::crowd::come(&services, &rooms, window, &stop, &tasks).await?;
    }
    jobs::find_shops(&services, &stop, &tasks);
    jobs::start_with_the_past(&services, &stop, &tasks);
    let shedding = shedding::Shedding::new(config.shedding);
    tasks.spawn(shedding::watch(Arc::clone(&shedding), store.clone(), stop.clone()));
    let health = health::Health { store: store.clone(), hub: Arc::clone(&hub), leaving: leaving.clone(), shedding: Arc::clone(&shedding) };
    let router = router::build(&services, &health, &rooms, &config.site);
    let listen = |error| StartError::Listen(config.addr, error);
    let listener = TcpListener::bind(config.addr).await.map_err(listen)?;
    let addr = listener.local_addr().map_err(listen)?;
    let serving = tokio::spawn(serving::serve(listener, router, closing.clone()));
    tokio::spawn(until(stop.clone(), health::upkeep()));
    tracing::info!("Pay+ on http://{addr}");
    let (notice, debits) = (config.notice, services.debits);
    Ok(Running { addr, store, leaving, notice, closing, serving, debits, stop, tasks, rooms })
}

async fn until(stop: CancellationToken, work: impl Future<Output = ()>) {
    stop.run_until_cancelled(work).await;
}
