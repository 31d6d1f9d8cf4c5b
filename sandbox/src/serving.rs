//! Binding, serving and stopping: loopback only.

use std::future::Future;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::line::{Line, Lines};
use crate::{Sandbox, Settings, router};

/// How long a request may finish after the stop signal. Slow faults would otherwise hold a stop for minutes.
const GRACE: Duration = Duration::from_millis(500);

/// Binds a loopback address; port 0 takes a free one.
///
/// # Errors
/// `InvalidInput` for any other address, before anything is bound; otherwise what the system says.
pub async fn bind(addr: SocketAddr) -> io::Result<TcpListener> {
    refuse_unless_loopback(addr)?;
    TcpListener::bind(addr).await
}

/// Serves until `stop` resolves, then at most half a second longer.
///
/// # Errors
/// `InvalidInput` when the listener is not on a loopback address.
pub async fn serve(listener: TcpListener, sandbox: Sandbox, stop: impl Future<Output = ()> + Send + 'static) -> io::Result<()> {
    refuse_unless_loopback(listener.local_addr()?)?;
    let (told, hear) = oneshot::channel();
    let service = router(sandbox).into_make_service_with_connect_info::<Line>();
    let serving = axum::serve(Lines::new(listener), service).with_graceful_shutdown(async move {
        stop.await;
        // Nobody listens any more only when serving is over.
        let _ = told.send(());
    });
    let out_of_patience = async {
        // The sender lives inside `serving`, which this races with.
        if hear.await.is_ok() {
            tokio::time::sleep(GRACE).await;
        }
    };
    tokio::select! {
        served = serving => served,
        () = out_of_patience => Ok(()),
    }
}

/// A sandbox at work in this process. Dropping it stops it too, without waiting.
pub struct Running {
    /// Such as `http://127.0.0.1:41234`, without a slash at its end.
    pub base_url: String,
    /// The same sandbox, for setting faults and reading messages without HTTP.
    pub sandbox: Sandbox,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<()>,
}

impl Running {
    /// Stops listening, lets requests finish for at most half a second, and returns when the port is free.
    pub async fn stop(mut self) {
        if let Some(stop) = self.stop.take() {
            // It may have ended by itself.
            let _ = stop.send(());
        }
        let _ = (&mut self.task).await;
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Dropping the sender is the stop signal; the task ends within the grace.
        self.stop.take();
    }
}

/// Starts a sandbox on 127.0.0.1 and a port of its own, with the default key, no magic and no journal.
///
/// # Errors
/// When no port can be bound.
pub async fn start() -> io::Result<Running> {
    start_with(Settings::default()).await
}

/// Starts a sandbox on 127.0.0.1 and a port of its own.
///
/// # Errors
/// When no port can be bound or the journal can't be read.
pub async fn start_with(settings: Settings) -> io::Result<Running> {
    let sandbox = Sandbox::open(settings)?;
    let listener = bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await?;
    let base_url = format!("http://{}", listener.local_addr()?);
    let (stop, stopped) = oneshot::channel::<()>();
    let served = sandbox.clone();
    let task = tokio::spawn(async move {
        let stopped = async {
            // A dropped sender means stop as well.
            let _ = stopped.await;
        };
        if let Err(error) = serve(listener, served, stopped).await {
            tracing::error!(%error, "the sandbox stopped serving");
        }
    });
    Ok(Running { base_url, sandbox, stop: Some(stop), task })
}

fn refuse_unless_loopback(addr: SocketAddr) -> io::Result<()> {
    if addr.ip().is_loopback() {
        return Ok(());
    }
    Err(io::Error::new(io::ErrorKind::InvalidInput, format!("the sandbox serves loopback addresses only, not {addr}")))
}
